/** The types of batches: a C function called for each row of typed arrays, in one call from JavaScript. */

import type { Address, BufferLike } from '../host/bridge';
import type { CodeOf, TypeName } from '../types/types';
import type { ArgumentTypes } from '../types/types.generated';
import type { CancelOptions } from '../signatures/answers';
import type { PointerInput, PointerType } from '../struct/fields';
import type { Handle, OpaqueType } from '../struct/opaque';

/** The typed array for the values of each type. Functions with other types have no batches. */
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

/** The types that cannot be columns. */
type Unbatched<T> = T extends TypeName
  ? CodeOf<T> extends keyof ColumnTypes
    ? never
    : T
  : T extends PointerType<any> | OpaqueType<any>
    ? never
    : T;

/** The typed array for the values of a type. Of typed pointers it has the addresses. */
type ArrayOf<T> = T extends TypeName
  ? CodeOf<T> extends keyof ColumnTypes
    ? ColumnTypes[CodeOf<T>]
    : never
  : T extends PointerType<any> | OpaqueType<any>
    ? BigUint64Array
    : never;

type ScalarOf<T> = T extends TypeName
  ? CodeOf<T> extends 'p'
    ? Address | null
    : ArgumentTypes[CodeOf<T>]
  : T extends OpaqueType<infer Name>
    ? Handle<Name> | null
    : T extends PointerType<infer To>
      ? Exclude<PointerInput<To>, BufferLike>
      : never;

type ColumnsOf<A extends readonly unknown[]> = { readonly [I in keyof A]: ArrayOf<A[I]> | ScalarOf<A[I]> };

/** The `batch` of a function with these types; `never` if it has none. */
export type BatchOf<A extends readonly unknown[], R> = [Unbatched<A[number] | R>] extends [never]
  ? BatchFunction<ColumnsOf<A>, ArrayOf<R>>
  : never;

/**
 * Calls a C function for many values at once. Each column is a typed array of the argument's C type, or a single value
 * that all calls get; all typed arrays have the same length. C is called for one row after the other, on this thread.
 *
 * The addresses of typed pointers are a BigUint64Array, as argument and as result. A single value may be a handle, a value
 * in C's memory, or a plain object or list, which is copied for the batch.
 *
 * If a callback throws, the batch ends: its error is thrown, and `out` holds the results so far.
 *
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for an array of another type or one that is detached; RangeError
 *   `ERR_FFI_OUT_OF_RANGE` if the lengths differ or are 0; TypeError `ERR_FFI_BAD_SIGNATURE` for a function with
 *   strings, callbacks, structs by value, out-parameters or variable arguments.
 */
export interface BatchFunction<Columns extends readonly unknown[], Result> {
  /** Returns a new typed array with the result of each row; undefined if the function returns nothing. */
  (columns: Columns): Exclude<Result, Uint8ClampedArray>;
  /** Writes the results to `out`, which may be one of the columns, and returns it. */
  <Out extends Result>(columns: Columns, out: Out): Out;
  /** The same batch on worker threads, which share the rows. */
  readonly async: AsyncBatchFunction<Columns, Result>;
}

/**
 * Runs a batch on worker threads: those of the host's pool, or the library's own. The rows are called in no particular
 * order, several at the same time. It never throws: errors reject the Promise.
 *
 * C uses the typed arrays until the Promise has settled. `out` may be one of the columns; if it overlaps one in any
 * other way, or a buffer is resizable, the Promise rejects with `ERR_FFI_INVALID_ARG_TYPE`.
 *
 * If a callback throws, the signal is aborted or the timeout expires, the rows that are running finish and no others
 * begin. It is then not defined which results are in `out`.
 */
export interface AsyncBatchFunction<Columns extends readonly unknown[], Result> {
  /** Resolves to a new typed array with the result of each row; undefined if the function returns nothing. */
  (columns: Columns, out?: undefined, options?: CancelOptions): Promise<Exclude<Result, Uint8ClampedArray>>;
  /** Writes the results to `out`, and resolves to it. */
  <Out extends Result>(columns: Columns, out: Out, options?: CancelOptions): Promise<Out>;
}
