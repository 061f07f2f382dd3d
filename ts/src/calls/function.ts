/** C functions as JavaScript functions: what the symbols of a library are, and what is made from bare addresses. */

import type { AsyncCallOptions, CallOptions, PairOf, WithOut } from '../signatures/answers';
import type { BatchOf } from './batch';
import type { BoundFunction } from '../host/bridge';
import { preparesStructs } from './by_value';
import { checkKeys, readDeclaration } from '../signatures/declaration';
import type { Declaration } from '../signatures/declaration';
import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { fastest } from '../engines/engine';
import { describe, ffiError, wrongType } from '../base/errors';
import { native } from '../base/native';
import { withOptions } from './options';
import { hasOut, preparesOut } from './out_call';
import { releaseOf } from '../signatures/owned';
import type { ArgumentsOf, OutsIn, OutsOf, ParameterType, ResultOf, ResultType } from '../signatures/parameters';
import { addressOf } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import type { Signature } from '../signatures/signature';
import { structCall } from './struct_call';
import type { VariadicArgument } from '../signatures/typed';
import { preparesVariadic } from './variadic';
import { asIs, wrapped } from './wrapped';
import type { Wrappable } from './wrapped';

/**
 * A C function. Calling it runs C on this thread and gives its result.
 *
 * Values are checked as strictly in the first call as in the millionth: a wrong type throws a TypeError
 * (`ERR_FFI_INVALID_ARG_TYPE`), a number that does not fit a RangeError (`ERR_FFI_OUT_OF_RANGE`), a wrong count a
 * TypeError (`ERR_FFI_ARG_COUNT`), and a call after closing an Error (`ERR_FFI_LIBRARY_CLOSED`).
 *
 * Thread rule: belongs to the JavaScript thread that made it.
 */
export interface ForeignFunction<Args extends readonly unknown[], Result, Batch = any> {
  (...args: Args): Result;
  /** The same function on a worker thread. */
  readonly async: AsyncFunction<Args, Result>;
  /** The same function for rows of typed arrays: `f.batch([xs, ys])` gives the results in one. */
  readonly batch: Batch;
  /** The same function with options: `f.with({ errno: true })(…)` gives `{ value, errno }`. */
  with(options: CallOptions & { readonly errno: true }): (...args: Args) => PairOf<Result>;
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
  with(options: AsyncCallOptions & { readonly errno: true }): (...args: Args) => Promise<PairOf<Result>>;
  with(options: AsyncCallOptions): (...args: Args) => Promise<Result>;
}

/**
 * A C function with `'...'`. Where out-parameters are among the arguments behind its declared ones, `Fixed`, what C has
 * written comes back behind what the declared ones hold, `Outs`.
 */
export interface VariadicFunction<
  Fixed extends readonly unknown[],
  Result,
  Outs extends readonly unknown[],
> extends VariadicCall<Fixed, Result, Outs> {
  readonly async: AsyncVariadicFunction<Fixed, Result, Outs>;
  readonly batch: never;
  with(options: CallOptions & { readonly errno: true }): VariadicCall<Fixed, Result, Outs, true>;
  with(options: CallOptions): VariadicCall<Fixed, Result, Outs>;
  readonly ptr: number;
  readonly signature: Signature;
}

/** A C function with `'...'` on a worker thread. */
export interface AsyncVariadicFunction<
  Fixed extends readonly unknown[],
  Result,
  Outs extends readonly unknown[],
> extends AsyncVariadicCall<Fixed, Result, Outs> {
  with(options: AsyncCallOptions & { readonly errno: true }): AsyncVariadicCall<Fixed, Result, Outs, true>;
  with(options: AsyncCallOptions): AsyncVariadicCall<Fixed, Result, Outs>;
}

/** How such a function is called; `Errno` says that `errno` is asked for. */
interface VariadicCall<Fixed extends readonly unknown[], Result, Outs extends readonly unknown[], Errno = false> {
  <Extra extends readonly VariadicArgument[]>(
    ...args: [...Fixed, ...Extra]
  ): Answer<Result, [...Outs, ...OutsIn<Extra>], Errno>;
  (...args: [...Fixed, ...VariadicArgument[]]): Answer<Result, Outs, Errno>;
}

interface AsyncVariadicCall<Fixed extends readonly unknown[], Result, Outs extends readonly unknown[], Errno = false> {
  <Extra extends readonly VariadicArgument[]>(
    ...args: [...Fixed, ...Extra]
  ): Promise<Answer<Result, [...Outs, ...OutsIn<Extra>], Errno>>;
  (...args: [...Fixed, ...VariadicArgument[]]): Promise<Answer<Result, Outs, Errno>>;
}

/** What a call gives, with or without out-parameters. */
type Answer<Result, Outs extends readonly unknown[], Errno> = Outs extends readonly []
  ? Errno extends true
    ? PairOf<Result>
    : Result
  : Errno extends true
    ? PairOf<WithOut<Result, Outs>>
    : WithOut<Result, Outs>;

/** What TypeScript makes of a C function with such types. */
export type FunctionOf<A extends readonly unknown[], R> = A extends readonly [
  ...infer Fixed extends readonly unknown[],
  '...',
]
  ? VariadicFunction<ArgumentsOf<Fixed>, ResultOf<[], R>, OutsOf<Fixed>>
  : ForeignFunction<ArgumentsOf<A>, ResultOf<A, R>, BatchOf<A, R>>;

type CFunctionOf<A extends readonly unknown[], R> = A extends readonly [...unknown[], '...']
  ? FunctionOf<A, R> & Closable
  : CFunction<ArgumentsOf<A>, ResultOf<A, R>, BatchOf<A, R>>;

type AsyncCFunctionOf<A extends readonly unknown[], R> = A extends readonly [
  ...infer Fixed extends readonly unknown[],
  '...',
]
  ? AsyncVariadicFunction<ArgumentsOf<Fixed>, ResultOf<[], R>, OutsOf<Fixed>> &
      Omit<AsyncCFunction<[], unknown>, 'with' | 'async'> & {
        readonly async: AsyncVariadicFunction<ArgumentsOf<Fixed>, ResultOf<[], R>, OutsOf<Fixed>>;
      }
  : AsyncCFunction<ArgumentsOf<A>, ResultOf<A, R>>;

/** A C function made from an address. Closing it makes new calls fail; those in flight finish. */
export interface CFunction<Args extends readonly unknown[], Result, Batch = any>
  extends ForeignFunction<Args, Result, Batch>, Closable {}

/** A `CFunction` whose plain call runs on a worker thread, as `.async` does, and gives a Promise. */
export interface AsyncCFunction<Args extends readonly unknown[], Result> extends AsyncFunction<Args, Result>, Closable {
  /** The same function once more, so that both kinds can be used alike. */
  readonly async: AsyncFunction<Args, Result>;
  /** The function's address. */
  readonly ptr: number;
  /** Its types. */
  readonly signature: Signature;
}

/** How a function is called. */
export interface CallBehaviour {
  /**
   * `'pump'`: a synchronous call runs C on a thread of arkffi's own, and the JavaScript thread, while it waits, runs the
   * callbacks that other threads call meanwhile. For functions that wait for threads that call back: without it such a
   * call never returns. Costs some 10 µs a call.
   */
  readonly callbacks?: 'pump';
}

/** The types of a C function and where it is. */
export interface CFunctionDefinition<A extends readonly ParameterType[], R> extends CallBehaviour {
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
  <A extends readonly ParameterType[] = [], R extends ResultType = 'v'>(
    definition: CFunctionDefinition<A, R>,
  ): CFunctionOf<A, R>;
  new <A extends readonly ParameterType[] = [], R extends ResultType = 'v'>(
    definition: CFunctionDefinition<A, R>,
  ): CFunctionOf<A, R>;
}

/** Makes an `AsyncCFunction`, called with `new` or without. */
export interface AsyncCFunctionConstructor {
  <A extends readonly ParameterType[] = [], R extends ResultType = 'v'>(
    definition: CFunctionDefinition<A, R>,
  ): AsyncCFunctionOf<A, R>;
  new <A extends readonly ParameterType[] = [], R extends ResultType = 'v'>(
    definition: CFunctionDefinition<A, R>,
  ): AsyncCFunctionOf<A, R>;
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
  const { bound, declaration } = bindDefinition(definition, 'CFunction');
  return closable(callable(bound, declaration), bound);
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
  const { bound, declaration } = bindDefinition(definition, 'AsyncCFunction');
  const { async, ptr, signature } = callable(bound, declaration, false);
  return closable(Object.assign(async, { async, ptr, signature }), bound);
} as unknown as AsyncCFunctionConstructor;

/** What a program calls for a C function, with what every one has hung onto it. */
export function callable(bound: BoundFunction, declaration: Declaration, fast = true): Wrappable {
  const { args, signature } = declaration;
  const isVariadic = signature.args.includes('.');
  const make = declaration.hasStructs ? withStructs(declaration) : plain;
  const fn = make(bound, signature, fast && !isVariadic);
  if (!isVariadic) return hasOut(args) ? wrapped(fn, preparesOut(fn, args)) : fn;
  const outs = preparesOut(fn, args);
  const extras = preparesVariadic(fn, bound, (shape) => make(shape, signature, false));
  return wrapped(fn, (given) => {
    const { args: passed, finish } = outs(given);
    const prepared = extras(passed);
    if (finish === asIs) return prepared;
    return { ...prepared, finish: (answer, isPair) => finish(prepared.finish(answer, isPair), isPair) };
  });
}

function withStructs(declaration: Declaration): typeof plain {
  return (bound, signature, fast) => {
    const fn = plain(bound, signature, false);
    return wrapped(fn, preparesStructs(fn, declaration), structCall(bound, declaration, fast));
  };
}

/** The function as C has it. */
function plain(bound: BoundFunction, signature: Signature, fast: boolean): Wrappable {
  const call = fast ? fastest(bound, signature) : bound.call;
  return Object.assign(withOptions(call, bound), { ptr: bound.ptr, signature }) as Wrappable;
}

function closable(fn: object, bound: BoundFunction): object {
  const closing = Object.assign(fn, { close: bound.more().close });
  makeDisposable(closing);
  return closing;
}

interface BoundDefinition {
  readonly bound: BoundFunction;
  readonly declaration: Declaration;
}

function bindDefinition(definition: unknown, maker: string): BoundDefinition {
  const declaration = readDeclaration(definition, maker);
  checkKeys(definition as object, ['args', 'returns', 'ptr', 'name', 'callbacks'], maker);
  const { name = maker, ptr } = definition as { readonly name?: unknown; readonly ptr?: unknown };
  if (typeof name !== 'string') throw wrongType(`${maker}: name`, 'a string', name);
  const isPumped = readPump(definition as object, maker);
  const address = addressOf(ptr, `${maker}: ptr`);
  const { signature, returns } = declaration;
  const release = releaseOf(returns, name);
  const bound = native.bindAddress(address, name, signature.args.join(''), signature.returns, release);
  return { bound: isPumped ? bound.more().pumped() : bound, declaration };
}

/** Whether a definition says `callbacks: 'pump'`. */
export function readPump(definition: object, place: string): boolean {
  const { callbacks } = definition as { callbacks?: unknown };
  if (callbacks === undefined || callbacks === 'pump') return callbacks === 'pump';
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: callbacks: expected 'pump', got ${describe(callbacks)}`);
}
