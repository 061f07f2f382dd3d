/** What a call can be asked for, and what its answer is then. */

/** What a synchronous call can be asked for. */
export interface CallOptions {
  /** Answer with `{ value, errno }`. `errno` is as the C function left it, on its own thread; 0 where it left it alone. */
  readonly errno?: boolean;
}

/** What ends the Promise of an asynchronous call or batch before C has ended. */
export interface CancelOptions {
  /** Rejects the Promise with the signal's reason when it is aborted. */
  readonly signal?: AbortSignalLike;
  /** Rejects the Promise with a `TimeoutError` (`ERR_FFI_TIMEOUT`) after so many milliseconds, 0 to 2^31 - 1. */
  readonly timeout?: number;
}

/** What an asynchronous call can be asked for. */
export interface AsyncCallOptions extends CallOptions, CancelOptions {}

/** The part of an `AbortSignal` that is used here. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The result of a call with `errno: true`. */
export interface WithErrno<Result> {
  readonly value: Result;
  /** The number that the C function left in `errno`, and 0 where it did not touch it. */
  readonly errno: number;
}

/** The answer of a call with `errno: true`: of one that has out-parameters, what they hold stands there as well. */
export type PairOf<Result> = [Result] extends [WithOut<infer Value, infer Values>]
  ? { readonly value: Value; readonly errno: number; readonly out: Values }
  : WithErrno<Result>;

/** What a call with out-parameters gives. */
export interface WithOut<Result, Values extends readonly unknown[]> {
  /** What the C function returned. */
  readonly value: Result;
  /** What it wrote, in the order of the arguments. */
  readonly out: Values;
}
