/** C functions as JavaScript functions: the symbols of libraries, and functions at bare addresses. */

import type { BoundFunction } from '../host/bridge';
import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { describe, ffiError, inNamesOf, wrongType } from '../base/errors';
import { native } from '../base/native';
import { memoryAddressOf, sharePlace } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { assignOwn, optionIn, optionsIn } from '../base/own';
import type {
  AsyncCallOptions,
  AsyncErrnoOptions,
  CallOptions,
  ErrnoOptions,
  PairOf,
  WithErrno,
  WithOut,
} from '../signatures/answers';
import type { IfKnownIn } from '../signatures/exact';
import { checkKeys, readDeclaration } from '../signatures/declaration';
import type { Declaration } from '../signatures/declaration';
import { releasesOf } from '../signatures/out';
import type { Releases } from '../signatures/out';
import type {
  ArgumentsOf,
  HasPointers,
  OutsOf,
  ParameterType,
  ResultOf,
  ResultType,
  WithOuts,
} from '../signatures/parameters';
import type { Abi, Signature } from '../signatures/signature';
import type { VariadicArgument } from '../signatures/typed';
import type { BatchOf } from './batch';
import { callable } from './callable';
import { Numbered } from './numbered';

/**
 * A C function. A call runs C on this thread and returns its result.
 *
 * Every call checks its values: a wrong type throws a TypeError (`ERR_FFI_INVALID_ARG_TYPE`), a number that does not
 * fit a RangeError (`ERR_FFI_OUT_OF_RANGE`), a wrong number of arguments a TypeError (`ERR_FFI_ARG_COUNT`), and a call
 * after closing an Error (`ERR_FFI_LIBRARY_CLOSED`). Buffers that are passed remain the caller's.
 *
 * Thread rule: belongs to the JavaScript thread that made it.
 */
export interface ForeignFunction<Args extends readonly unknown[], Result, Batch = any> {
  (...args: Args): Result;
  /** The same function on a worker thread. */
  readonly async: AsyncFunction<Args, Result>;
  /** Calls the function for each row of typed arrays: `f.batch([xs, ys])` returns the results as a typed array. */
  readonly batch: Batch;
  /** The same function with options: `f.with({ errno: true })(…)` returns `{ value, errno }`. */
  with(options: ErrnoOptions): (...args: Args) => PairOf<Result>;
  with(options: CallOptions): (...args: Args) => Result;
  /**
   * The function's address as a number, which is valid until the library is closed. Pass the function itself to C rather
   * than the number: then a call that comes after the closing fails with `ERR_FFI_LIBRARY_CLOSED`.
   */
  readonly ptr: number;
  /** The function's types. */
  readonly signature: Signature;
}

/**
 * A C function that runs on a worker thread. It never throws: errors reject the Promise. Numbers and strings are copied
 * before the call returns; buffers are kept alive until C has finished.
 */
export interface AsyncFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Promise<Result>;
  /**
   * The same function with options: `f.async.with({ signal, timeout, errno })(…)`. When the signal is aborted or the
   * timeout expires, the Promise rejects at once; C finishes if it has begun, and otherwise never begins.
   */
  with(options: AsyncErrnoOptions): (...args: Args) => Promise<PairOf<Result>>;
  with(options: AsyncCallOptions): (...args: Args) => Promise<Result>;
}

/**
 * A C function that takes pointers, for each of which a call may pass `out(type)` or `[inout(type), value]`. `A` are its
 * declared types.
 */
export interface PointerFunction<
  Args extends readonly unknown[],
  Result,
  Batch,
  A extends readonly unknown[],
> extends ForeignFunction<Args, Result, Batch> {
  <Given extends WithOuts<Args>>(...args: Given): Answer<ValueOf<Result>, OutsOf<A, Given>, false>;
  readonly async: AsyncPointerFunction<Args, Result, A>;
  with(options: ErrnoOptions): PointerCall<Args, PairOf<Result>, ValueOf<Result>, A, true>;
  with(options: CallOptions): PointerCall<Args, Result, ValueOf<Result>, A>;
}

/** Such a function that runs on a worker thread. */
export interface AsyncPointerFunction<
  Args extends readonly unknown[],
  Result,
  A extends readonly unknown[],
> extends AsyncFunction<Args, Result> {
  <Given extends WithOuts<Args>>(...args: Given): Promise<Answer<ValueOf<Result>, OutsOf<A, Given>, false>>;
  with(options: AsyncErrnoOptions): AsyncPointerCall<Args, PairOf<Result>, ValueOf<Result>, A, true>;
  with(options: AsyncCallOptions): AsyncPointerCall<Args, Result, ValueOf<Result>, A>;
}

/**
 * The call of such a function. `Errno` is true if the result includes `errno`. `Value` is the C function's own result,
 * and `Result` that of a call which passes no out-parameter.
 */
export interface PointerCall<
  Args extends readonly unknown[],
  Result,
  Value,
  A extends readonly unknown[],
  Errno = false,
> {
  <Given extends WithOuts<Args>>(...args: Given): Answer<Value, OutsOf<A, Given>, Errno>;
  (...args: Args): Result;
}

export interface AsyncPointerCall<
  Args extends readonly unknown[],
  Result,
  Value,
  A extends readonly unknown[],
  Errno = false,
> {
  <Given extends WithOuts<Args>>(...args: Given): Promise<Answer<Value, OutsOf<A, Given>, Errno>>;
  (...args: Args): Promise<Result>;
}

/** The C function's own result. */
type ValueOf<Result> = [Result] extends [WithOut<infer Value, any>] ? Value : Result;

/** A C function with `'...'`. `Fixed` are its declared arguments, and `A` its declared types. */
export interface VariadicFunction<
  Fixed extends readonly unknown[],
  Result,
  A extends readonly unknown[],
> extends VariadicCall<Fixed, Result, A> {
  readonly async: AsyncVariadicFunction<Fixed, Result, A>;
  readonly batch: never;
  with(options: ErrnoOptions): VariadicCall<Fixed, Result, A, true>;
  with(options: CallOptions): VariadicCall<Fixed, Result, A>;
  readonly ptr: number;
  readonly signature: Signature;
}

/** A C function with `'...'` that runs on a worker thread. */
export interface AsyncVariadicFunction<
  Fixed extends readonly unknown[],
  Result,
  A extends readonly unknown[],
> extends AsyncVariadicCall<Fixed, Result, A> {
  with(options: AsyncErrnoOptions): AsyncVariadicCall<Fixed, Result, A, true>;
  with(options: AsyncCallOptions): AsyncVariadicCall<Fixed, Result, A>;
}

/** The call of such a function. `Errno` is true if the result includes `errno`. */
export interface VariadicCall<Fixed extends readonly unknown[], Result, A extends readonly unknown[], Errno = false> {
  <Given extends readonly [...WithOuts<Fixed>, ...VariadicArgument[]]>(
    ...args: Given
  ): Answer<Result, OutsOf<A, Given>, Errno>;
  (...args: [...Fixed, ...VariadicArgument[]]): Answer<Result, OutsOf<A>, Errno>;
}

export interface AsyncVariadicCall<
  Fixed extends readonly unknown[],
  Result,
  A extends readonly unknown[],
  Errno = false,
> {
  <Given extends readonly [...WithOuts<Fixed>, ...VariadicArgument[]]>(
    ...args: Given
  ): Promise<Answer<Result, OutsOf<A, Given>, Errno>>;
  (...args: [...Fixed, ...VariadicArgument[]]): Promise<Answer<Result, OutsOf<A>, Errno>>;
}

/**
 * A C function whose types the compiler does not know, because those of its definition are not literal: those of a
 * variable of type `FunctionDefinition`, for example. Each call still checks its values.
 */
export interface LooseFunction {
  (...args: any[]): any;
  readonly async: LooseAsyncFunction;
  readonly batch: any;
  with(options: ErrnoOptions): (...args: any[]) => WithErrno<any>;
  with(options: CallOptions): (...args: any[]) => any;
  readonly ptr: number;
  readonly signature: Signature;
}

/** A `LooseFunction` that runs on a worker thread. */
export interface LooseAsyncFunction {
  (...args: any[]): Promise<any>;
  with(options: AsyncErrnoOptions): (...args: any[]) => Promise<WithErrno<any>>;
  with(options: AsyncCallOptions): (...args: any[]) => Promise<any>;
}

/** The result of a call, with `out` if there are out-parameters. */
type Answer<Result, Outs extends readonly unknown[], Errno> = Outs extends readonly []
  ? Errno extends true
    ? PairOf<Result>
    : Result
  : Errno extends true
    ? PairOf<WithOut<Result, Outs>>
    : WithOut<Result, Outs>;

/** The type of a C function with these argument and result types. */
export type FunctionOf<A extends readonly unknown[], R> = A extends readonly [
  ...infer Fixed extends readonly unknown[],
  '...',
]
  ? VariadicFunction<ArgumentsOf<Fixed>, ResultOf<[], R>, A>
  : HasPointers<ArgumentsOf<A>> extends true
    ? PointerFunction<ArgumentsOf<A>, ResultOf<A, R>, BatchOf<A, R>, A>
    : ForeignFunction<ArgumentsOf<A>, ResultOf<A, R>, BatchOf<A, R>>;

type CFunctionOf<A extends readonly unknown[], R> = A extends readonly [...unknown[], '...']
  ? FunctionOf<A, R> & Closable
  : HasPointers<ArgumentsOf<A>> extends true
    ? FunctionOf<A, R> & CFunction<ArgumentsOf<A>, ResultOf<A, R>, BatchOf<A, R>>
    : CFunction<ArgumentsOf<A>, ResultOf<A, R>, BatchOf<A, R>>;

type AsyncCFunctionOf<A extends readonly unknown[], R> = A extends readonly [
  ...infer Fixed extends readonly unknown[],
  '...',
]
  ? AsyncVariadicFunction<ArgumentsOf<Fixed>, ResultOf<[], R>, A> &
      Omit<AsyncCFunction<[], unknown>, 'with' | 'async'> & {
        readonly async: AsyncVariadicFunction<ArgumentsOf<Fixed>, ResultOf<[], R>, A>;
      }
  : HasPointers<ArgumentsOf<A>> extends true
    ? AsyncPointerFunction<ArgumentsOf<A>, ResultOf<A, R>, A> & {
        readonly async: AsyncPointerFunction<ArgumentsOf<A>, ResultOf<A, R>, A>;
      } & AsyncCFunction<ArgumentsOf<A>, ResultOf<A, R>>
    : AsyncCFunction<ArgumentsOf<A>, ResultOf<A, R>>;

/** A C function made from an address. After closing, new calls throw; calls that have started finish. */
export interface CFunction<Args extends readonly unknown[], Result, Batch = any>
  extends ForeignFunction<Args, Result, Batch>, Closable {}

/** A `CFunction` that runs on a worker thread when it is called, and returns a Promise. */
export interface AsyncCFunction<Args extends readonly unknown[], Result> extends AsyncFunction<Args, Result>, Closable {
  /** The same function, so that both kinds of `CFunction` can be used in the same way. */
  readonly async: AsyncFunction<Args, Result>;
  /** The function's address. */
  readonly ptr: number;
  /** The function's types. */
  readonly signature: Signature;
}

/** Options of a function's calls. */
export interface CallBehaviour {
  /**
   * `'pump'`: a sync call runs C on a thread of arkffi's own. Meanwhile the JavaScript thread waits, and runs the
   * callbacks that other threads call. It is for functions that wait for threads which call back: without it such a
   * call never returns. It costs about 10 µs for each call.
   */
  readonly callbacks?: 'pump';
  /**
   * False if the function may come back to JavaScript in a way that arkffi does not see: through Node-API, through a
   * callback of another addon, or by running the host's event loop. Each call then takes the slow path. True when
   * absent.
   */
  readonly fast?: boolean;
}

/** The types of a C function, and its address. */
export interface CFunctionDefinition<A extends readonly ParameterType[], R> extends CallBehaviour {
  /** The type of each argument, in order. No arguments when absent. */
  readonly args?: readonly [...A];
  /** The type of the result. `void` when absent. */
  readonly returns?: R;
  /**
   * The calling convention. `'ms'` is that of 64-bit Windows, which C code elsewhere asks for by
   * `__attribute__((ms_abi))`; `'sysv'` is that of Linux. Both are known on x86-64 Linux. The platform's own when absent.
   */
  readonly abi?: Abi;
  /**
   * The function's address, or a value that has it: a symbol, a callback. The code must stay valid while the function
   * is used.
   */
  readonly ptr: AddressLike;
  /** The name of the function in messages. */
  readonly name?: string;
}

/** Makes a `CFunction`, with `new` or without. */
export interface CFunctionConstructor {
  <A extends readonly ParameterType[] = [], R extends ResultType = 'v'>(
    definition: CFunctionDefinition<A, R> & IfKnownIn<A>,
  ): CFunctionOf<A, R>;
  new <A extends readonly ParameterType[] = [], R extends ResultType = 'v'>(
    definition: CFunctionDefinition<A, R> & IfKnownIn<A>,
  ): CFunctionOf<A, R>;
}

/** Makes an `AsyncCFunction`, with `new` or without. */
export interface AsyncCFunctionConstructor {
  <A extends readonly ParameterType[] = [], R extends ResultType = 'v'>(
    definition: CFunctionDefinition<A, R> & IfKnownIn<A>,
  ): AsyncCFunctionOf<A, R>;
  new <A extends readonly ParameterType[] = [], R extends ResultType = 'v'>(
    definition: CFunctionDefinition<A, R> & IfKnownIn<A>,
  ): AsyncCFunctionOf<A, R>;
}

/**
 * Makes the C function at an address callable. Its types must be right: arkffi cannot check them.
 *
 * @example
 * const add = CFunction({ args: ['d', 'd'], returns: 'd', ptr: ffi.getSymbolPtr(handle, 'add') });
 * add(2, 3); // 5
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for a type or key that is unknown; TypeError `ERR_FFI_INVALID_ARG_TYPE` if
 *   `ptr` is not an address; TypeError `ERR_FFI_NULL_POINTER` for address 0.
 */
export const CFunction: CFunctionConstructor = function CFunction(definition: unknown): unknown {
  const { bound, declaration, fast, releases } = bindDefinition(definition, 'CFunction');
  return closable(callable(bound, declaration, fast, releases), bound);
} as unknown as CFunctionConstructor;

/**
 * Makes the C function at an address callable on worker threads.
 *
 * @example
 * const add = AsyncCFunction({ args: ['d', 'd'], returns: 'd', ptr: ffi.getSymbolPtr(handle, 'add') });
 * await add(2, 3); // 5
 *
 * @throws as `CFunction` does. Errors in a call reject its Promise.
 */
export const AsyncCFunction: AsyncCFunctionConstructor = function AsyncCFunction(definition: unknown): unknown {
  const { bound, declaration, releases } = bindDefinition(definition, 'AsyncCFunction');
  const fn = callable(bound, declaration, false, releases);
  const { async, ptr, signature } = fn;
  return closable(sharePlace(assignOwn(async, { async, ptr, signature }), fn), bound);
} as unknown as AsyncCFunctionConstructor;

function closable(fn: object, bound: BoundFunction): object {
  const closing = assignOwn(fn, { close: bound.more().close });
  makeDisposable(closing);
  return closing;
}

interface BoundDefinition {
  readonly bound: BoundFunction;
  readonly declaration: Declaration;
  readonly fast: boolean;
  readonly releases: Releases;
}

function bindDefinition(definition: unknown, maker: string): BoundDefinition {
  const declaration = readDeclaration(definition, maker);
  checkKeys(definition as object, ['args', 'returns', 'abi', 'ptr', 'name', 'callbacks', 'fast'], maker);
  const { name = maker, ptr } = optionsIn(definition as object, ['name', 'ptr']);
  if (typeof name !== 'string') throw wrongType(`${maker}: name`, 'a string', name);
  const isPumped = readPump(definition as object, maker);
  const fast = readFlag(definition as object, 'fast', maker, true) && !isPumped;
  const address = memoryAddressOf(ptr, `${maker}: ptr`);
  const { signature } = declaration;
  const releases = releasesOf(declaration, name);
  const bound = inNamesOf([{ from: 'bindAddress: argument 2: ', to: `${maker}: name: ` }], () =>
    native.bindAddress(
      address,
      name,
      signature.parameters,
      signature.returns,
      releases.text,
      new Numbered(name, signature),
    ),
  );
  return { bound: isPumped ? bound.more().pumped() : bound, declaration, fast, releases };
}

/**
 * Reads a boolean key of a definition, which is `absent` if it is not there.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for other values; the message begins with `place`.
 */
export function readFlag(definition: object, key: string, place: string, absent = false): boolean {
  const given = optionIn(definition, key);
  const flag = given === undefined ? absent : given;
  if (typeof flag === 'boolean') return flag;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: ${key}: expected a boolean, got ${describe(flag)}`);
}

/**
 * Reads `callbacks` of a definition: whether it is `'pump'`.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for other values; the message begins with `place`.
 */
export function readPump(definition: object, place: string): boolean {
  const callbacks = optionIn(definition, 'callbacks');
  if (callbacks === undefined || callbacks === 'pump') return callbacks === 'pump';
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: callbacks: expected 'pump', got ${describe(callbacks)}`);
}
