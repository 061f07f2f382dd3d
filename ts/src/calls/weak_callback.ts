/** Callbacks that are closed when what they belong to has been collected. */

import type { CallbackHandle } from '../host/bridge';
import { whenCollected } from '../base/collected';
import { native } from '../base/native';
import { defineOwn } from '../base/own';

const { bind } = Function.prototype;

const closer = whenCollected<CallbackHandle>((handle) => native.destroyCallback(handle));

/**
 * Whether a callback can be weak: not where a JavaScript engine does not report collected objects. There it stays open
 * until it is closed.
 */
export const canBeWeak = closer !== undefined;

/** The functions of weak callbacks, which the native module does not keep alive, by what keeps them, and the other way. */
const kept = new WeakMap<object, unknown>();

/** Makes `owner` keep the function of a weak callback, and closes the callback when `owner` has been collected. */
export function closeWhenCollected(owner: object, handle: CallbackHandle, fn: unknown): void {
  kept.set(owner, fn);
  closer?.register(owner, handle);
}

/**
 * A function of its own for a weak callback whose calls are posted. While the native module keeps it alive, because calls
 * wait to run, `bindToOwner` makes it keep what keeps it, so that the callback is not closed meanwhile.
 */
export function ownFunction<F extends (...args: unknown[]) => unknown>(fn: F): F {
  const made = Reflect.apply(bind, fn, [undefined]) as F;
  return defineOwn(made, 'name', { value: (fn as { readonly name?: unknown }).name });
}

/** Makes a function that `ownFunction` has made keep its owner. */
export function bindToOwner(fn: object, owner: object): void {
  kept.set(fn, owner);
}

/** Lets the function of a weak callback go, which has been closed. */
export function forget(owner: object): void {
  kept.delete(owner);
}
