/**
 * The portable engine: numbers travel in memory that JavaScript shares with the native module, which every host has.
 *
 * What is plainly right is written there and C is entered with no argument at all. Anything else, be it wrong or only
 * rare, takes the ordinary route, which converts it or throws: so there is one place that says what is wrong. Between
 * the first write and the entry no JavaScript of anybody else's runs, because the values are known to be primitive.
 */

import type { BoundFunction } from './bridge';
import { cells, enter, places, singles } from './cells';
import type { Signature } from './signature';

type AnyFunction = (...args: unknown[]) => unknown;

/** What a value must be to be written as it is. */
const enum Check {
  Double,
  Float,
  Int32,
  /** An integer between two others. */
  Range,
  Bool,
  Address,
  /** Null alone: to write text takes some hosts longer than the ordinary route. */
  Text,
}

/** What is the same for all arguments of a type. */
interface Passing {
  readonly check: Check;
  /** The least and the greatest number; of the others but floats, which are never numbers, none fits. */
  readonly least: number;
  readonly greatest: number;
}

function range(least: number, greatest: number, check = Check.Range): Passing {
  return { check, least, greatest };
}

const LARGEST = Number.MAX_SAFE_INTEGER;

const passings: { readonly [letter: string]: Passing } = {
  d: range(0, 0, Check.Double),
  f: range(0, 0, Check.Float),
  i: range(-(2 ** 31), 2 ** 31 - 1, Check.Int32),
  I: range(0, 2 ** 32 - 1),
  h: range(-(2 ** 15), 2 ** 15 - 1),
  H: range(0, 2 ** 16 - 1),
  c: range(-(2 ** 7), 2 ** 7 - 1),
  C: range(0, 2 ** 8 - 1),
  l: range(-LARGEST, LARGEST),
  q: range(-LARGEST, LARGEST),
  L: range(0, LARGEST),
  Q: range(0, LARGEST),
  b: range(0, 1, Check.Bool),
  p: range(0, LARGEST, Check.Address),
  k: range(0, LARGEST, Check.Address),
  s: range(1, 0, Check.Text),
};

/** One argument of a function. */
export interface Slot extends Passing {
  readonly cell: number;
}

/** The slot of an argument with the type of that letter. */
export function slotAt(letter: string, cell: number): Slot {
  return { ...passings[letter], cell };
}

/** Writes an argument into its cell; false where the ordinary route must look at it. */
export function put(slot: Slot, value: unknown): boolean {
  if (typeof value !== 'number') return putOther(slot, value);
  const check = slot.check;
  if (check === Check.Float) singles[2 * slot.cell] = value;
  else if (check === Check.Double || (check === Check.Int32 ? (value | 0) === value : isInside(slot, value)))
    cells[slot.cell] = value;
  else return false;
  return true;
}

function isInside(slot: Slot, value: number): boolean {
  return value >= slot.least && value <= slot.greatest && Math.floor(value) === value;
}

function putOther({ check, cell }: Slot, value: unknown): boolean {
  if (check === Check.Bool && typeof value === 'boolean') cells[cell] = value ? 1 : 0;
  else if (value === null && (check === Check.Address || check === Check.Text)) cells[cell] = 0;
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
type Maker = (name: string, callee: number, result: Result, slow: AnyFunction, slots: readonly Slot[]) => AnyFunction;

/** For each number of arguments: the first few in full, because that is what most functions have. */
const makers: readonly Maker[] = [
  (name, callee, result, slow) =>
    ({
      [name](): unknown {
        if (arguments.length === 0) return call(callee, result);
        return Reflect.apply(slow, undefined, arguments);
      },
    })[name],
  (name, callee, result, slow, [s1]) =>
    ({
      [name](a1: unknown): unknown {
        if (arguments.length === 1 && put(s1, a1)) return call(callee, result);
        return Reflect.apply(slow, undefined, arguments);
      },
    })[name],
  (name, callee, result, slow, [s1, s2]) =>
    ({
      [name](a1: unknown, a2: unknown): unknown {
        if (arguments.length === 2 && put(s1, a1) && put(s2, a2)) return call(callee, result);
        return Reflect.apply(slow, undefined, arguments);
      },
    })[name],
  (name, callee, result, slow, [s1, s2, s3]) =>
    ({
      [name](a1: unknown, a2: unknown, a3: unknown): unknown {
        if (arguments.length === 3 && put(s1, a1) && put(s2, a2) && put(s3, a3)) return call(callee, result);
        return Reflect.apply(slow, undefined, arguments);
      },
    })[name],
];

const makeForMany: Maker = (name, callee, result, slow, slots) =>
  ({
    [name](): unknown {
      const count = slots.length;
      let i = 0;
      if (arguments.length === count) while (i < count && put(slots[i], arguments[i])) i++;
      return i === count ? call(callee, result) : Reflect.apply(slow, undefined, arguments);
    },
  })[name];

/** The slots of functions by the letters of their arguments: one for as many kinds of functions as a program has. */
const kept = new Map<string, readonly Slot[]>();

function slotsOf(letters: readonly string[], number: number): readonly Slot[] {
  const key = letters.join('');
  let slots = kept.get(key);
  if (!slots) {
    const cellOf = places(number);
    slots = letters.map((letter, i) => slotAt(letter, cellOf[i]));
    kept.set(key, slots);
  }
  return slots;
}

/** The function by this engine, or undefined where it takes what a cell does not hold. */
export function portable(bound: BoundFunction, signature: Signature): AnyFunction | undefined {
  const { number, call: slow } = bound;
  if (!number) return undefined;
  const letters = signature.args.map((type) => type[0]);
  const make = makers[letters.length] || makeForMany;
  return make(slow.name, number, resultOf(signature.returns), slow, slotsOf(letters, number));
}
