/** C functions as JavaScript functions: what the symbols of a library are, and what is made from bare addresses. */

import type { BoundFunction } from './bridge';
import { asyncWith, syncWith, withOptions } from './options';
import type { AsyncCallOptions, CallOptions, WithErrno } from './options';
import { makeDisposable } from './disposable';
import type { Closable } from './disposable';
import { wrongType } from './errors';
import { fastest } from './engine';
import { native } from './native';
import { addressOf } from './pointer';
import type { AddressLike } from './pointer';
import { checkKeys, readSignature } from './signature';
import type { Signature } from './signature';
import type { AllToC, ArgumentType, FromC, TypeName } from './types';

/**
 * A C function. Calling it runs C on this thread and gives its result.
 *
 * Values are checked as strictly in the first call as in the millionth: a wrong type throws a TypeError
 * (`ERR_FFI_INVALID_ARG_TYPE`), a number that does not fit a RangeError (`ERR_FFI_OUT_OF_RANGE`), a wrong count a
 * TypeError (`ERR_FFI_ARG_COUNT`), and a call after closing an Error (`ERR_FFI_LIBRARY_CLOSED`).
 *
 * Thread rule: belongs to the JavaScript thread that made it.
 */
export interface ForeignFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  /** The same function on a worker thread. */
  readonly async: AsyncFunction<Args, Result>;
  /** The same function with options: `f.with({ errno: true })(…)` gives `{ value, errno }`. */
  with(options: CallOptions & { readonly errno: true }): (...args: Args) => WithErrno<Result>;
  with(options: CallOptions): (...args: Args) => Result;
  /** The function's address, so that it may itself be passed to C. Valid until its library is closed. */
  readonly ptr: number;
  /** Its types. */
  readonly signature: Signature;
}

/**
 * A C function on a worker thread. Never throws: whatever is wrong rejects the Promise. Numbers and strings are copied
 * before the call returns; buffers are kept until C is done with them.
 */
export interface AsyncFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /**
   * The same function with options: `f.async.with({ signal, timeout, errno })(…)`. When the signal is aborted or the
   * time is over, the Promise rejects at once; a call that has begun runs out, one that has not never will.
   */
  with(options: AsyncCallOptions & { readonly errno: true }): (...args: Args) => Promise<WithErrno<Result>>;
  with(options: AsyncCallOptions): (...args: Args) => Promise<Result>;
}

/** A C function made from an address. Closing it makes new calls fail; those in flight finish. */
export interface CFunction<Args extends readonly unknown[], Result> extends ForeignFunction<Args, Result>, Closable {}

/** A `CFunction` whose plain call runs on a worker thread, as `.async` does, and gives a Promise. */
export interface AsyncCFunction<Args extends readonly unknown[], Result> extends AsyncFunction<Args, Result>, Closable {
  /** The same function once more, so that both kinds can be used alike. */
  readonly async: AsyncFunction<Args, Result>;
  /** The function's address. */
  readonly ptr: number;
  /** Its types. */
  readonly signature: Signature;
}

/** The types of a C function and where it is. */
export interface CFunctionDefinition<A extends readonly ArgumentType[], R> {
  /** The type of each argument, in order. None when absent. */
  readonly args?: readonly [...A];
  /** The type of the result. `void` when absent. */
  readonly returns?: R;
  /** The function's address, or something that has it: a symbol, a callback. Whatever is there must stay there. */
  readonly ptr: AddressLike;
  /** What messages call it. */
  readonly name?: string;
}

/** Makes a `CFunction`, called with `new` or without. */
export interface CFunctionConstructor {
  <A extends readonly ArgumentType[] = [], R extends TypeName = 'v'>(
    definition: CFunctionDefinition<A, R>,
  ): CFunction<AllToC<A>, FromC<R>>;
  new <A extends readonly ArgumentType[] = [], R extends TypeName = 'v'>(
    definition: CFunctionDefinition<A, R>,
  ): CFunction<AllToC<A>, FromC<R>>;
}

/** Makes an `AsyncCFunction`, called with `new` or without. */
export interface AsyncCFunctionConstructor {
  <A extends readonly ArgumentType[] = [], R extends TypeName = 'v'>(
    definition: CFunctionDefinition<A, R>,
  ): AsyncCFunction<AllToC<A>, FromC<R>>;
  new <A extends readonly ArgumentType[] = [], R extends TypeName = 'v'>(
    definition: CFunctionDefinition<A, R>,
  ): AsyncCFunction<AllToC<A>, FromC<R>>;
}

/**
 * Makes the C function at an address callable. The types must be the true ones: nothing can check them.
 *
 * @example
 * const add = CFunction({ args: ['d', 'd'], returns: 'd', ptr: ffi.getSymbolPtr(handle, 'add') });
 * add(2, 3); // 5
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for types that are not understood, `ERR_FFI_NULL_POINTER` for address 0.
 */
export const CFunction: CFunctionConstructor = function CFunction(definition: unknown): unknown {
  const { bound, signature } = bindDefinition(definition, 'CFunction');
  return closable(callable(bound, signature), bound);
} as unknown as CFunctionConstructor;

/**
 * Makes the C function at an address callable on worker threads.
 *
 * @example
 * const add = AsyncCFunction({ args: ['d', 'd'], returns: 'd', ptr: ffi.getSymbolPtr(handle, 'add') });
 * await add(2, 3); // 5
 *
 * @throws as `CFunction` does; what is wrong with a call rejects its Promise.
 */
export const AsyncCFunction: AsyncCFunctionConstructor = function AsyncCFunction(definition: unknown): unknown {
  const { bound, signature } = bindDefinition(definition, 'AsyncCFunction');
  const async = withOptions(bound.async, bound, asyncWith);
  return closable(Object.assign(async, { async, ptr: bound.ptr, signature }), bound);
} as unknown as AsyncCFunctionConstructor;

/** The function that a program calls, with what every C function has hung onto it. */
export function callable(bound: BoundFunction, signature: Signature, fast = true): object {
  const call = fast ? fastest(bound, signature) : bound.call;
  const async = withOptions(bound.async, bound, asyncWith);
  return Object.assign(withOptions(call, bound, syncWith), { async, ptr: bound.ptr, signature });
}

function closable(fn: object, bound: BoundFunction): object {
  const closing = Object.assign(fn, { close: bound.more().close });
  makeDisposable(closing);
  return closing;
}

function bindDefinition(definition: unknown, maker: string): { bound: BoundFunction; signature: Signature } {
  const signature = readSignature(definition, maker);
  const { name = maker, ptr } = checkKeys(definition as object, ['args', 'returns', 'ptr', 'name'], maker) as {
    name?: unknown;
    ptr?: unknown;
  };
  if (typeof name !== 'string') throw wrongType(`${maker}: name`, 'a string', name);
  const address = addressOf(ptr, `${maker}: ptr`);
  return { bound: native.bindAddress(address, name, signature.args.join(''), signature.returns), signature };
}
