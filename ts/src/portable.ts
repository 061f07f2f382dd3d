/**
 * The portable engine: numbers travel in memory that JavaScript shares with the native module, which every host has.
 *
 * What is plainly right is written there and C is entered with no argument at all. Anything else, be it wrong or only
 * rare, takes the ordinary route, which converts it or throws: so there is one place that says what is wrong. Between
 * the first write and the entry no JavaScript of anybody else's runs, because the values are known to be primitive.
 */

import type { BoundFunction } from './bridge';
import { cells, enter } from './cells';
import type { Signature } from './signature';

type AnyFunction = (...args: unknown[]) => unknown;

/** What a value must be to be written as it is. A number, so that the check is a jump and not a call. */
export const enum Check {
  Any,
  Int32,
  Uint32,
  Int16,
  Uint16,
  Int8,
  Uint8,
  Int64,
  Uint64,
  Bool,
  Pointer,
  /** Null alone: to write text takes some hosts longer than the ordinary route. */
  Text,
}

export const checks: { readonly [letter: string]: Check } = {
  d: Check.Any,
  f: Check.Any,
  i: Check.Int32,
  I: Check.Uint32,
  h: Check.Int16,
  H: Check.Uint16,
  c: Check.Int8,
  C: Check.Uint8,
  l: Check.Int64,
  q: Check.Int64,
  L: Check.Uint64,
  Q: Check.Uint64,
  b: Check.Bool,
  p: Check.Pointer,
  k: Check.Pointer,
  s: Check.Text,
};

/** Writes an argument into its cell; false where the ordinary route must look at it. */
export function put(check: Check, cell: number, value: unknown): boolean {
  if (typeof value !== 'number') return putOther(check, cell, value);
  switch (check) {
    case Check.Any:
      break;
    case Check.Int32:
      if ((value | 0) !== value) return false;
      break;
    case Check.Uint32:
      if (value >>> 0 !== value) return false;
      break;
    case Check.Int16:
      if ((value << 16) >> 16 !== value) return false;
      break;
    case Check.Uint16:
      if ((value & 0xffff) !== value) return false;
      break;
    case Check.Int8:
      if ((value << 24) >> 24 !== value) return false;
      break;
    case Check.Uint8:
      if ((value & 0xff) !== value) return false;
      break;
    case Check.Int64:
      if (!Number.isSafeInteger(value)) return false;
      break;
    case Check.Bool:
      if (value !== 0 && value !== 1) return false;
      break;
    case Check.Text:
      return false;
    default:
      if (!(value >= 0 && Number.isSafeInteger(value))) return false;
  }
  cells[cell] = value;
  return true;
}

function putOther(check: Check, cell: number, value: unknown): boolean {
  if (check === Check.Bool && typeof value === 'boolean') cells[cell] = value ? 1 : 0;
  else if (value === null && (check === Check.Pointer || check === Check.Text)) cells[cell] = 0;
  else return false;
  return true;
}

/** Where the result is. */
export const enum Result {
  None,
  Number,
  Bool,
  /** In the cell, unless the entry gives it because a number does not hold it. */
  Either,
}

export function resultOf(letter: string): Result {
  if (letter === 'v') return Result.None;
  if (letter === 'b') return Result.Bool;
  return 'cChHiIfd'.includes(letter) ? Result.Number : Result.Either;
}

/** Enters C by what the cells say, and takes the result. */
function call(callee: number, result: Result): unknown {
  cells[0] = callee;
  return take(result, enter());
}

/** The result, once C has been entered; `given` is what the entry gave. */
export function take(result: Result, given: unknown): unknown {
  switch (result) {
    case Result.None:
      return undefined;
    case Result.Number:
      return cells[0];
    case Result.Bool:
      return cells[0] !== 0;
    default:
      return given === undefined ? cells[0] : given;
  }
}

/** What a function is made from. Its own name is that of the C function, as messages and stack traces have it. */
type Maker = (name: string, callee: number, result: Result, slow: AnyFunction, ...checks: Check[]) => AnyFunction;

/** For each number of arguments: the first few in full, because that is what most functions have. */
const makers: readonly Maker[] = [
  (name, callee, result, slow) =>
    ({
      [name](): unknown {
        if (arguments.length === 0) return call(callee, result);
        return Reflect.apply(slow, undefined, arguments);
      },
    })[name],
  (name, callee, result, slow, c1) =>
    ({
      [name](a1: unknown): unknown {
        if (arguments.length === 1 && put(c1, 1, a1)) return call(callee, result);
        return Reflect.apply(slow, undefined, arguments);
      },
    })[name],
  (name, callee, result, slow, c1, c2) =>
    ({
      [name](a1: unknown, a2: unknown): unknown {
        if (arguments.length === 2 && put(c1, 1, a1) && put(c2, 2, a2)) return call(callee, result);
        return Reflect.apply(slow, undefined, arguments);
      },
    })[name],
  (name, callee, result, slow, c1, c2, c3) =>
    ({
      [name](a1: unknown, a2: unknown, a3: unknown): unknown {
        if (arguments.length === 3 && put(c1, 1, a1) && put(c2, 2, a2) && put(c3, 3, a3)) return call(callee, result);
        return Reflect.apply(slow, undefined, arguments);
      },
    })[name],
];

const makeForMany: Maker = (name, callee, result, slow, ...checks) =>
  ({
    [name](): unknown {
      const count = checks.length;
      let i = 0;
      if (arguments.length === count) while (i < count && put(checks[i], i + 1, arguments[i])) i++;
      return i === count ? call(callee, result) : Reflect.apply(slow, undefined, arguments);
    },
  })[name];

/** The function by this engine, or undefined where it takes what a cell does not hold. */
export function portable(bound: BoundFunction, signature: Signature): AnyFunction | undefined {
  if (!bound.number) return undefined;
  const needed = signature.args.map((type) => checks[type[0]]);
  const make = makers[needed.length] || makeForMany;
  return make(bound.call.name, bound.number, resultOf(signature.returns), bound.call, ...needed);
}
