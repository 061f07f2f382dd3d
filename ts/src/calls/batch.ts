/** Batches: a C function called for each row of typed arrays, in one crossing. */

import type { CancelOptions } from '../signatures/answers';
import type { Address } from '../host/bridge';
import type { CodeOf, TypeName } from '../types/types';
import type { ArgumentTypes } from '../types/types.generated';

/** The typed array that the values of each type stand in. Types that are not here have no batches. */
interface ColumnTypes {
  readonly v: undefined;
  readonly b: Uint8Array;
  readonly c: Int8Array;
  readonly C: Uint8Array | Uint8ClampedArray;
  readonly h: Int16Array;
  readonly H: Uint16Array;
  readonly i: Int32Array;
  readonly I: Uint32Array;
  readonly l: BigInt64Array;
  readonly L: BigUint64Array;
  readonly q: BigInt64Array;
  readonly Q: BigUint64Array;
  readonly f: Float32Array;
  readonly d: Float64Array;
  readonly p: BigUint64Array;
}

/** What is no type of a column. */
type Unbatched<T> = T extends TypeName ? (CodeOf<T> extends keyof ColumnTypes ? never : T) : T;

/** The typed array that the values of a type stand in. */
type ArrayOf<T> = T extends TypeName ? (CodeOf<T> extends keyof ColumnTypes ? ColumnTypes[CodeOf<T>] : never) : never;

type ScalarOf<T> = T extends TypeName ? (CodeOf<T> extends 'p' ? Address | null : ArgumentTypes[CodeOf<T>]) : never;

type ColumnsOf<A extends readonly unknown[]> = { readonly [I in keyof A]: ArrayOf<A[I]> | ScalarOf<A[I]> };

/** `batch` of a function with these types; `never` where it has none. */
export type BatchOf<A extends readonly unknown[], R> = [Unbatched<A[number] | R>] extends [never]
  ? BatchFunction<ColumnsOf<A>, ArrayOf<R>>
  : never;

/**
 * A C function for many values at once. Each column is a typed array of the argument's C type, or one value that all calls
 * get; all typed arrays have the same length. C is called for one row after the other, on this thread.
 *
 * A callback that throws ends it: what it threw is thrown, and the results so far are in `out`.
 *
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for another kind of array, or one that is detached; RangeError `ERR_FFI_OUT_OF_RANGE` for lengths that differ, or arrays without a row; TypeError
 *   `ERR_FFI_BAD_SIGNATURE` for functions with strings, callbacks, structs, out-parameters or variable arguments.
 */
export interface BatchFunction<Columns extends readonly unknown[], Result> {
  /** Gives a new typed array with the result of each row; undefined where the function returns nothing. */
  (columns: Columns): Exclude<Result, Uint8ClampedArray>;
  /** Puts the results into `out`, which may be one of the columns, and gives it. */
  <Out extends Result>(columns: Columns, out: Out): Out;
  /** The same on worker threads, which share the rows. */
  readonly async: AsyncBatchFunction<Columns, Result>;
}

/**
 * A batch on worker threads: the host's pool, or the threads that the library has of its own. Rows are called for in no
 * order, several at the same time. It never throws: whatever is wrong rejects the Promise.
 *
 * The typed arrays are C's until the Promise has settled. `out` may be one of the columns; another overlap of both is
 * refused with `ERR_FFI_INVALID_ARG_TYPE`, and so are resizable buffers.
 *
 * When a callback throws, the signal is aborted or the time is over, rows at hand run out and no other is begun. Which
 * results are in `out` then is open.
 */
export interface AsyncBatchFunction<Columns extends readonly unknown[], Result> {
  /** Gives a new typed array with the result of each row; undefined where the function returns nothing. */
  (columns: Columns, out?: undefined, options?: CancelOptions): Promise<Exclude<Result, Uint8ClampedArray>>;
  /** Puts the results into `out`, and gives it. */
  <Out extends Result>(columns: Columns, out: Out, options?: CancelOptions): Promise<Out>;
}
