/** Options of calls, and the results that they lead to. */

/** Options of a sync call. */
export interface CallOptions {
  /**
   * Whether the result is `{ value, errno }`. `errno` is read on the thread that ran the C function; it is 0 if the
   * function has not set it. `{ set: n }` sets it to `n` before the call, for functions that read it.
   */
  readonly errno?: boolean | SetErrno;
}

/** The value of `errno` before a call, whose result has the value afterwards. */
export interface SetErrno {
  readonly set: number;
}

/** Options of a sync call whose result is `{ value, errno }`. */
export interface ErrnoOptions extends CallOptions {
  readonly errno: true | SetErrno;
}

/** Options that end the Promise of an async call or batch before C has finished. */
export interface CancelOptions {
  /** Rejects the Promise with the signal's reason when the signal is aborted. */
  readonly signal?: AbortSignalLike;
  /** Rejects the Promise with a `TimeoutError` (`ERR_FFI_TIMEOUT`) after this many milliseconds, 0 to 2^31 - 1. */
  readonly timeout?: number;
}

/** Options of an async call. */
export interface AsyncCallOptions extends CallOptions, CancelOptions {}

/** Options of an async call whose result is `{ value, errno }`. */
export interface AsyncErrnoOptions extends AsyncCallOptions {
  readonly errno: true | SetErrno;
}

/** The part of an `AbortSignal` that arkffi uses. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The result of a call with `errno: true`. */
export interface WithErrno<Result> {
  readonly value: Result;
  /** The value of C's `errno` after the call; 0 if the C function has not set it. */
  readonly errno: number;
  /** On Windows, what `GetLastError` gives after the call; 0 if the C function has not set it. Absent elsewhere. */
  readonly lastError?: number;
}

/** The result of a call with `errno: true`, together with the values of out-parameters if the function has some. */
export type PairOf<Result> = 0 extends 1 & Result // any
  ? WithErrno<Result>
  : [Result] extends [WithOut<infer Value, infer Values>]
    ? { readonly value: Value; readonly errno: number; readonly lastError?: number; readonly out: Values }
    : WithErrno<Result>;

/** The result of a call of a function with out-parameters. */
export interface WithOut<Result, Values extends readonly unknown[]> {
  /** The C function's own result. */
  readonly value: Result;
  /** The values that the C function wrote, in the order of the parameters. */
  readonly out: Values;
}
