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
  /** Ends what was made for the call alone, when C has returned. */
  readonly end?: () => void;
}

/** The `finish` of a call whose result needs no conversion. */
export const asIs: Prepared['finish'] = (answer) => answer;

/**
 * Makes a function that prepares each of its calls, and otherwise has the properties of `fn`. `batch` is
 * its own; `short`, if given, makes the calls without options.
 */
export function wrapped(
  fn: Wrappable,
  prepare: (args: unknown[]) => Prepared,
  batch: AnyFunction,
  short?: AnyFunction,
): Wrappable {
  const call =
    short ??
    ((...args: unknown[]): unknown => {
      const prepared = prepare(args);
      if (prepared.end !== undefined) return run(prepared, prepared.fn, false);
      return prepared.finish(Reflect.apply(prepared.fn, undefined, prepared.args), false);
    });
  const callWith = (options: unknown): AnyFunction => {
    fn.with(options); // throws at once if they are wrong
    return (...args) => {
      const prepared = prepare(args);
      return run(prepared, prepared.fn.with(options), givesPair(options));
    };
  };
  const start = (...args: unknown[]): Promise<unknown> =>
    attempt(() => {
      const prepared = prepare(args);
      return runLater(prepared, prepared.fn.async, false);
    });
  const startWith =
    (options: unknown) =>
    (...args: unknown[]): Promise<unknown> =>
      attempt(() => {
        const prepared = prepare(args);
        return runLater(prepared, prepared.fn.async.with(options), givesPair(options));
      });

  const { name, ptr, signature } = fn;
  defineOwn(call, 'name', { value: name });
  defineOwn(start, 'name', { value: name });
  const async = assignOwn(start, { with: startWith });
  const properties = { with: callWith, async, batch, ptr, signature };
  return sharePlace(assignOwn(call, properties), fn);
}

/** Makes a prepared call by one of the ways to call its function. */
function run({ args, finish, end }: Prepared, call: AnyFunction, isPair: boolean): unknown {
  try {
    return finish(Reflect.apply(call, undefined, args), isPair);
  } finally {
    if (end !== undefined) end();
  }
}

function runLater(
  { args, finish, end }: Prepared,
  call: (...args: unknown[]) => Promise<unknown>,
  isPair: boolean,
): Promise<unknown> {
  const answer: Promise<unknown> = Reflect.apply(call, undefined, args);
  if (end === undefined) return then(answer, (value) => finish(value, isPair));
  // C may still run after a call that was cancelled. Then the arguments keep what it uses until they are collected.
  return then(answer, (value) => (end(), finish(value, isPair)));
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
export function refuseBatch(name: string, why: () => string): (() => never) & { async: () => Promise<never> } {
  const refusal = (): Error => ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: batch: ${why()}`);
  const batch = (): never => {
    throw refusal();
  };
  return assignOwn(batch, { async: () => Promise.reject(refusal()) });
}
