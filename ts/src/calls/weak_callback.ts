/** Callbacks that are closed when what they belong to has been collected. */

import type { CallbackHandle } from '../host/bridge';
import { whenCollected } from '../base/collected';
import { native } from '../base/native';

const closer = whenCollected<CallbackHandle>((handle) => native.destroyCallback(handle));

/**
 * Whether a callback can be weak: not where a JavaScript engine does not report collected objects. There it stays open
 * until it is closed.
 */
export const canBeWeak = closer !== undefined;

/** The functions of weak callbacks, which the native module does not keep alive, by what keeps them. */
const kept = new WeakMap<object, unknown>();

/** Makes `owner` keep the function of a weak callback, and closes the callback when `owner` has been collected. */
export function closeWhenCollected(owner: object, handle: CallbackHandle, fn: unknown): void {
  kept.set(owner, fn);
  closer?.register(owner, handle);
}

/** Lets the function of a weak callback go, which has been closed. */
export function forget(owner: object): void {
  kept.delete(owner);
}
