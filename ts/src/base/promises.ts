/** Promises of calls. `then` is that of the time when arkffi was loaded. */

const { then: thenOf } = Promise.prototype;

/** `promise.then(give, fail)`. */
export function then<T, R>(promise: Promise<T>, give: (value: T) => R, fail?: (error: unknown) => R): Promise<R> {
  return Reflect.apply(thenOf, promise, [give, fail]) as Promise<R>;
}
