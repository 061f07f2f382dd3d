/** Plain functions whose C function pointer belongs to data: to a struct's memory, or to one call. */

import type { CallbackHandle } from '../host/bridge';
import { ffiError, inNameOf } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import type { Declaration } from '../signatures/declaration';
import { withValues } from './by_value';

type AnyFunction = (...args: unknown[]) => unknown;

/** `WeakRef` and `FinalizationRegistry`, which some JavaScript engines lack. */
interface Weak<T> {
  deref(): T | undefined;
}
declare const WeakRef: (new <T extends object>(target: T) => Weak<T>) | undefined;
interface Registry {
  register(owner: object, handle: CallbackHandle): void;
}
declare const FinalizationRegistry: (new (collected: (handle: CallbackHandle) => void) => Registry) | undefined;

const closer =
  typeof FinalizationRegistry === 'function' && typeof WeakRef === 'function'
    ? new FinalizationRegistry((handle) => native.destroyCallback(handle))
    : undefined;

/**
 * Makes a callback that is closed when `owner` has been collected, and does not keep `owner` alive: `call` gets it. Where
 * a JavaScript engine does not report collected objects, the callback stays open.
 */
export function weakCallback<T extends object>(
  owner: T,
  name: string,
  call: (owner: T, args: unknown[]) => unknown,
  declaration: Declaration,
  threadsafe: boolean | 'post',
  place: string,
): CallbackHandle {
  const called = calledWeakly(weakly(owner), name, call);
  const { parameters, returns } = declaration.signature;
  const callable = declaration.converts ? withValues(called, declaration) : called;
  const handle = inNameOf(place, () => native.bindCallback(callable, parameters, returns, threadsafe));
  if (closer) closer.register(owner, handle);
  return handle;
}

// These are functions of their own, because a function that is made beside a variable may keep its value alive.

function weakly<T extends object>(owner: T): Weak<T> {
  return closer ? new WeakRef!(owner) : { deref: () => owner };
}

function calledWeakly<T>(weak: Weak<T>, name: string, call: (owner: T, args: unknown[]) => unknown): AnyFunction {
  const called: AnyFunction = (...args) => {
    const owner = weak.deref();
    if (owner !== undefined) return call(owner, args);
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
    this.handle = weakCallback<OwnedCallback>(this, fn.name, callOwned, declaration, true, place);
    this.ptr = native.getCallbackPtr(this.handle);
  }

  /** Closes it; a second time does nothing. */
  close(): void {
    native.destroyCallback(this.handle);
  }
}

function callOwned({ fn }: OwnedCallback, args: unknown[]): unknown {
  return Reflect.apply(fn, undefined, args);
}
