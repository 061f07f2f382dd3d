/** Plain functions whose C function pointer belongs to data: to a struct's memory, or to one call. */

import type { CallbackHandle } from '../host/bridge';
import { whenCollected } from '../base/collected';
import { ffiError, inNameOf } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import type { Declaration } from '../signatures/declaration';
import { withValues } from './by_value';

type AnyFunction = (...args: unknown[]) => unknown;

/** `WeakRef`, which some JavaScript engines lack. */
interface Weak<T> {
  deref(): T | undefined;
}
declare const WeakRef: (new <T extends object>(target: T) => Weak<T>) | undefined;

/** undefined where a JavaScript engine does not report collected objects: the callbacks stay open there. */
const closer =
  typeof WeakRef === 'function' ? whenCollected<CallbackHandle>((handle) => native.destroyCallback(handle)) : undefined;

// These are functions of their own, because a function that is made beside a variable may keep its value alive.

function weakly(owner: OwnedCallback): Weak<OwnedCallback> {
  return closer ? new WeakRef!(owner) : { deref: () => owner };
}

function calledWeakly(weak: Weak<OwnedCallback>, name: string): AnyFunction {
  const called: AnyFunction = (...args) => {
    const owner = weak.deref();
    if (owner !== undefined) return Reflect.apply(owner.fn, undefined, args);
    throw ffiError('ERR_FFI_CALLBACK_CLOSED', `callback '${name}': what it belonged to has been collected`);
  };
  return defineOwn(called, 'name', { value: name });
}

/**
 * The C function pointer of a plain function. The memory in which its address is stored keeps it; it is closed when it
 * has been collected, or with the call that it was made for. Other threads may call it, because C keeps data for any.
 */
export class OwnedCallback {
  /** The C function pointer. */
  readonly ptr: number;
  private readonly handle: CallbackHandle;

  constructor(
    readonly fn: AnyFunction,
    declaration: Declaration,
    place: string,
  ) {
    const called = calledWeakly(weakly(this), fn.name);
    const { parameters, returns } = declaration.signature;
    const callable = declaration.converts ? withValues(called, declaration) : called;
    this.handle = inNameOf(place, () => native.bindCallback(callable, parameters, returns, true));
    closer?.register(this, this.handle);
    this.ptr = native.getCallbackPtr(this.handle);
  }

  /** Closes it; a second time does nothing. */
  close(): void {
    native.destroyCallback(this.handle);
  }
}
