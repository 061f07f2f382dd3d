/**
 * C functions whose JavaScript calls differ from C's. A function that prepares one call serves all four ways to call:
 * `f`, `f.with`, `f.async` and `f.async.with`.
 */

import { ffiError } from '../base/errors';
import { assignOwn, defineOwn } from '../base/own';
import { sharePlace } from '../base/pointer';
import { then } from '../base/promises';
import type { Signature } from '../signatures/signature';

type AnyFunction = (...args: unknown[]) => unknown;

/** A function with the properties that every C function has. */
export interface Wrappable extends AnyFunction {
  with(options: unknown): AnyFunction;
  readonly async: AsyncWrappable;
  readonly batch: AnyFunction;
  readonly ptr: number;
  readonly signature: Signature;
}

interface AsyncWrappable {
  (...args: unknown[]): Promise<unknown>;
  with(options: unknown): (...args: unknown[]) => Promise<unknown>;
}

/** A prepared call: the function, its arguments, and what converts its result. */
export interface Prepared {
  readonly fn: Wrappable;
  readonly args: readonly unknown[];
  /** Converts the result. `isPair` is true if it is `{ value, errno }`. */
  readonly finish: (answer: unknown, isPair: boolean) => unknown;
}

/** The `finish` of a call whose result needs no conversion. */
export const asIs: Prepared['finish'] = (answer) => answer;

/**
 * Makes a function that prepares each of its calls, and otherwise has the properties of `fn`. `short`, if given, makes
 * the calls without options.
 */
export function wrapped(fn: Wrappable, prepare: (args: unknown[]) => Prepared, short?: AnyFunction): Wrappable {
  const call =
    short ??
    ((...args: unknown[]): unknown => {
      const prepared = prepare(args);
      return prepared.finish(Reflect.apply(prepared.fn, undefined, prepared.args), false);
    });
  const callWith = (options: unknown): AnyFunction => {
    fn.with(options); // throws at once if they are wrong
    return (...args) => {
      const prepared = prepare(args);
      return prepared.finish(Reflect.apply(prepared.fn.with(options), undefined, prepared.args), givesPair(options));
    };
  };
  const start = (...args: unknown[]): Promise<unknown> =>
    attempt(() => {
      const { finish, ...prepared } = prepare(args);
      const answer: Promise<unknown> = Reflect.apply(prepared.fn.async, undefined, prepared.args);
      return then(answer, (value) => finish(value, false));
    });
  const startWith =
    (options: unknown) =>
    (...args: unknown[]): Promise<unknown> =>
      attempt(() => {
        const { finish, ...prepared } = prepare(args);
        const answer = Reflect.apply(prepared.fn.async.with(options), undefined, prepared.args);
        return then(answer, (value) => finish(value, givesPair(options)));
      });

  const { name, ptr, signature } = fn;
  defineOwn(call, 'name', { value: name });
  defineOwn(start, 'name', { value: name });
  const async = assignOwn(start, { with: startWith });
  const properties = { with: callWith, async, batch: refuseBatch(name), ptr, signature };
  return sharePlace(assignOwn(call, properties), fn);
}

function givesPair(options: unknown): boolean {
  const { errno } = options as { errno?: unknown };
  return errno !== undefined && errno !== false;
}

/** Calls a function that starts an async call. If it throws, the error rejects the Promise. */
function attempt(start: () => Promise<unknown>): Promise<unknown> {
  try {
    return start();
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The `batch` of a function that has none: it always throws. */
function refuseBatch(name: string): (() => never) & { async: () => Promise<never> } {
  const refusal = (): Error => {
    const what = 'functions with structs, out-parameters or variable arguments are called one by one';
    return ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: batch: ${what}`);
  };
  const batch = (): never => {
    throw refusal();
  };
  return assignOwn(batch, { async: () => Promise.reject(refusal()) });
}
