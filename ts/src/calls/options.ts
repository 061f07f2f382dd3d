/** The calls with options: `f.with(…)` and `f.async.with(…)`. */

import type { BoundExtras, BoundFunction } from '../host/bridge';
import { ffiError, suggestion, wrongType } from '../base/errors';
import { mustHaveThis } from '../base/methods';
import { native } from '../base/native';
import { assignOwn, defineOwn, optionIn, optionsIn } from '../base/own';
import { HELD } from '../base/pointer';
import type { AbortSignalLike, AsyncCallOptions, CallOptions, SetErrno } from '../signatures/answers';
import type { Signature } from '../signatures/signature';
import { follow } from './cancelling';
import { inWaves } from './waves';

/** The key of the property that holds what `with` and `async` of a function need. */
const BOUND = Symbol('arkffi.bound');

/** The keys of what is made when a program first asks for it. */
const ASYNC = Symbol('arkffi.async');
const ADDRESS = Symbol('arkffi.address');
const CANCELLABLE = Symbol('arkffi.cancellable');
const BATCH = Symbol('arkffi.batch');

interface Bound extends BoundFunction {
  /** The function on a worker thread. */
  [ASYNC]?: AnyFunction;
  /** Gives the address. */
  [ADDRESS]?: () => number;
  /** The function as a finalizer. */
  [HELD]?: AnyFunction;
  /** The function on a worker thread, for calls in groups. */
  [CANCELLABLE]?: BoundExtras['cancellable'];
  /** The function for rows of typed arrays. */
  [BATCH]?: object;
}

interface Optional {
  readonly name: string;
  [BOUND]: Bound;
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Adds `with`, `async`, `batch` and its place to a function. Their code is shared by all functions. What they need is made
 * when a program first asks for it, so that a library of many symbols opens quickly and takes little memory.
 */
export function withOptions(fn: AnyFunction, bound: BoundFunction): object {
  return withAccessors(bindTo(bound, assignOwn(fn, { with: syncWith })));
}

/** Gives a function its bound function, which `console.log` does not show. */
function bindTo<F extends object>(bound: Bound, fn: F): F {
  return defineOwn(fn, BOUND, { value: bound, writable: true, configurable: true });
}

const accessors: PropertyDescriptorMap = {
  [native.placeKey]: {
    get(this: Optional): number {
      return addressOfBound(this[BOUND]);
    },
  },
  [HELD]: {
    get(this: Optional): AnyFunction {
      const bound = this[BOUND];
      if (!bound[HELD]) bound[HELD] = bound.more().held().call;
      return bound[HELD];
    },
  },
  async: {
    get(this: Optional & { readonly signature?: Signature }): AnyFunction {
      return asyncOf(this[BOUND], this.signature);
    },
    enumerable: true,
  },
  batch: {
    get(this: Optional): object {
      const bound = this[BOUND];
      if (!bound[BATCH]) bound[BATCH] = batchOf(this.name, bound);
      return bound[BATCH];
    },
    enumerable: true,
  },
};

const accessorKeys = Reflect.ownKeys(accessors);

function withAccessors(fn: object): object {
  // Bun 1.4 leaves a key out of a loop that it has optimised.
  accessorKeys.forEach((key) => defineOwn(fn, key, accessors[key as string]));
  return fn;
}

/**
 * The address of a function that is passed to C.
 * @throws Error `ERR_FFI_LIBRARY_CLOSED` if it is closed, so that C never gets the address of code that has gone.
 */
function addressOfBound(bound: Bound): number {
  if (!bound[ADDRESS]) bound[ADDRESS] = bound.more().address;
  return bound[ADDRESS]();
}

function asyncOf(bound: Bound, signature?: Signature): AnyFunction {
  if (!bound[ASYNC]) {
    const slow = bound.more().async;
    bound[ASYNC] = bindTo(bound, assignOwn(signature ? inWaves(bound, signature, slow) : slow, { with: asyncWith }));
  }
  return bound[ASYNC];
}

/** Makes `f.batch` with `f.batch.async(columns, out, options)`. */
function batchOf(name: string, bound: Bound): object {
  const { batch, batchAsync } = bound.more();
  const async = (columns: readonly unknown[], out?: unknown, options: unknown = {}): Promise<unknown> => {
    try {
      const read = readAsyncOptions(options, ['signal', 'timeout'], `${name}.batch.async`);
      return follow(name, read, (groups) => Reflect.apply(batchAsync, groups, [columns, out]));
    } catch (error) {
      return Promise.reject(error);
    }
  };
  return assignOwn(batch, { async });
}

/** Implements `f.with(options)`. */
function syncWith(this: Optional, options: unknown): AnyFunction {
  mustHaveThis(this, 'function.with');
  const { errno } = readOptions(options, ['errno'], `${this.name}.with`);
  return errno ? errnoVariant(this, errno).call : this[BOUND].call;
}

/** Implements `f.async.with(options)`. Wrong options reject the Promise, like all errors of an async call. */
function asyncWith(this: Optional, options: unknown): AnyFunction {
  try {
    mustHaveThis(this, 'async.with');
    return asyncVariant(this, readAsyncOptions(options, ['signal', 'timeout', 'errno'], `${this.name}.async.with`));
  } catch (error) {
    return () => Promise.reject(error);
  }
}

const variants = new WeakMap<BoundFunction, Map<number, BoundFunction>>();

/** The maximum number of variants of a function that are kept, for as many values of `errno` before the call. */
const MOST_VARIANTS = 16;

/** Made only once for each function, because programs write `f.with({ errno: true })(…)` at each call. */
function errnoVariant(fn: Optional, errno: true | SetErrno): BoundFunction {
  const bound = fn[BOUND];
  const before = errno === true ? 0 : errno.set;
  let made = variants.get(bound);
  if (!made) variants.set(bound, (made = new Map()));
  let variant = made.get(before);
  if (!variant) {
    if (made.size === MOST_VARIANTS) made.clear();
    made.set(before, (variant = bound.more().withErrno(before)));
  }
  return variant;
}

function asyncVariant(fn: Optional, options: AsyncCallOptions): AnyFunction {
  const bound: Bound = options.errno ? errnoVariant(fn, options.errno) : fn[BOUND];
  if (!options.signal && options.timeout === undefined) return asyncOf(bound);
  const { name } = fn;
  const cancellable = (bound[CANCELLABLE] ??= bound.more().cancellable);
  return (...args) => {
    try {
      return follow(name, options, (groups) => Reflect.apply(cancellable, groups, args));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** The longest time that the host's timers accept, in milliseconds: about 24 days. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

function readAsyncOptions(given: unknown, known: readonly string[], place: string): AsyncCallOptions {
  const options = readOptions(given, known, place);
  const { signal, timeout } = options as { signal?: unknown; timeout?: unknown };
  if (timeout !== undefined && typeof timeout !== 'number') throw wrongType(`${place}: timeout`, 'a number', timeout);
  if (timeout !== undefined && !(timeout >= 0 && timeout <= LONGEST_TIMEOUT)) {
    const range = `0 to ${LONGEST_TIMEOUT} milliseconds`;
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: timeout: ${timeout} is out of range (${range})`);
  }
  if (signal !== undefined && !isSignal(signal)) throw wrongType(`${place}: signal`, 'an AbortSignal', signal);
  return options as AsyncCallOptions;
}

function isSignal(value: unknown): value is AbortSignalLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as AbortSignalLike).aborted === 'boolean' &&
    typeof (value as AbortSignalLike).addEventListener === 'function' &&
    typeof (value as AbortSignalLike).removeEventListener === 'function'
  );
}

function readOptions(given: unknown, known: readonly string[], place: string): CallOptions {
  if (typeof given !== 'object' || given === null) throw wrongType(place, 'an object of options', given);
  const keys = Object.keys(given);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (known.includes(key)) continue;
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: unknown option '${key}'${suggestion(key, known)}`);
  }
  const read: { [key: string]: unknown } = optionsIn(given, known);
  const { errno } = read;
  if (typeof errno === 'object' && errno !== null) read.errno = { set: readSet(errno, `${place}: errno`) };
  else if (errno !== undefined && typeof errno !== 'boolean')
    throw wrongType(`${place}: errno`, 'a boolean or { set }', errno);
  return read;
}

/** Reads `{ set }`: the value of `errno` before the call. */
function readSet(given: object, place: string): number {
  const keys = Object.keys(given);
  const unknown = keys.find((key) => key !== 'set');
  if (unknown !== undefined) {
    const near = suggestion(unknown, ['set']);
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: unknown option '${unknown}'${near}`);
  }
  const set = optionIn(given, 'set');
  if (typeof set !== 'number') throw wrongType(`${place}: set`, 'a number', set);
  if ((set | 0) === set) return set;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: set: ${set} is no int`);
}
