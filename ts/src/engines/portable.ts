/**
 * The portable engine: numbers travel in memory that JavaScript shares with the native module.
 *
 * Values that are plainly right are written to that memory, and C is then entered by a function without arguments. All
 * other values, whether wrong or just rare, take the slow path, which converts them or throws, so only one place says
 * what is wrong. No code of the program runs between the first write and the entry, because the values are known to be
 * primitive.
 */

import type { BoundFunction, Scalars } from '../host/bridge';
import { native } from '../base/native';
import type { QuickAccess } from '../memory/quick_access';
import type { Signature } from '../signatures/signature';
import { choose, enter, places, singles, slots, slowly } from './slots';

type AnyFunction = (...args: unknown[]) => unknown;

/** The values that a type takes besides numbers that are written unchanged. */
const enum Other {
  Nothing,
  Float,
  Bool,
  Null,
}

/** The rules for the values of a type. */
interface Passing {
  /**
   * Whether every number is written unchanged. Otherwise only integers from `least` to `greatest` are; if `least` is
   * greater, none.
   */
  readonly isFree: boolean;
  readonly least: number;
  readonly greatest: number;
  readonly other: Other;
}

function range(least: number, greatest: number, other = Other.Nothing): Passing {
  return { isFree: false, least, greatest, other };
}

const LARGEST = Number.MAX_SAFE_INTEGER;

const passings: { readonly [letter: string]: Passing } = {
  d: { isFree: true, least: 0, greatest: 0, other: Other.Nothing },
  f: range(1, 0, Other.Float),
  i: range(-(2 ** 31), 2 ** 31 - 1),
  I: range(0, 2 ** 32 - 1),
  h: range(-(2 ** 15), 2 ** 15 - 1),
  H: range(0, 2 ** 16 - 1),
  c: range(-(2 ** 7), 2 ** 7 - 1),
  C: range(0, 2 ** 8 - 1),
  l: range(-LARGEST, LARGEST),
  q: range(-LARGEST, LARGEST),
  L: range(0, LARGEST),
  Q: range(0, LARGEST),
  b: range(0, 1, Other.Bool),
  p: range(0, LARGEST, Other.Null),
  k: range(0, LARGEST, Other.Null),
  // On some hosts writing text takes longer than the slow path.
  s: range(1, 0, Other.Null),
};

/** A parameter of a C function. */
export interface Parameter extends Passing {
  /** The index of the slot that its values are written to. */
  readonly slot: number;
}

/** The parameter with the type of that letter whose values are written to that slot. */
export function parameterAt(letter: string, slot: number): Parameter {
  return { ...passings[letter], slot };
}

const { floor } = Math;

/**
 * Writes an argument to its slot. Returns false if the call must take the slow path. This is a small function of its
 * own because JavaScript engines inline only a limited amount of code into a caller, and some callers have many
 * arguments.
 */
export function put(parameter: Parameter, value: unknown): boolean {
  if (
    typeof value === 'number' &&
    (parameter.isFree || (floor(value) === value && value >= parameter.least && value <= parameter.greatest))
  ) {
    slots[parameter.slot] = value;
    return true;
  }
  return putOther(parameter, value);
}

function putOther({ other, slot }: Parameter, value: unknown): boolean {
  if (other === Other.Float && typeof value === 'number') singles[2 * slot] = value;
  else if (other === Other.Bool && typeof value === 'boolean') slots[slot] = value ? 1 : 0;
  else if (other === Other.Null && value === null) slots[slot] = 0;
  else return false;
  return true;
}

/** The place and form of a result. */
export const enum Result {
  None,
  Number,
  Bool,
  /** In slot 0, unless `enter` returns it because a double cannot hold it. */
  Either,
}

export function resultOf(letter: string): Result {
  if (letter === 'v') return Result.None;
  if (letter === 'b') return Result.Bool;
  return 'cChHiIfd'.includes(letter) ? Result.Number : Result.Either;
}

/** Calls C with the arguments in the slots, and returns its result. */
function call(callee: number, result: Result): unknown {
  slots[0] = callee;
  return take(result, enter());
}

/** The result after a call; `given` is the return value of `enter`. */
export function take(result: Result, given: unknown): unknown {
  switch (result) {
    case Result.None:
      return undefined;
    case Result.Number:
      return slots[0];
    case Result.Bool:
      return slots[0] !== 0;
    default:
      return given === undefined ? slots[0] : given;
  }
}

/** Makes the function that a program calls. It has the C function's name, for messages and stack traces. */
type Maker = (name: string, callee: number, result: Result, parameters: readonly Parameter[]) => AnyFunction;

/**
 * A maker for each number of arguments from 0 to 8. Each is written out without a loop, so that JavaScript engines know
 * at each call which parameter it is, and can treat its rules as constants.
 */
const makers: readonly Maker[] = [
  (name, callee, result) =>
    ({
      [name](): unknown {
        if (arguments.length === 0) return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
  (name, callee, result, { 0: p1 }) =>
    ({
      [name](a1: unknown): unknown {
        if (arguments.length === 1 && put(p1, a1)) return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
  (name, callee, result, { 0: p1, 1: p2 }) =>
    ({
      [name](a1: unknown, a2: unknown): unknown {
        if (arguments.length === 2 && put(p1, a1) && put(p2, a2)) return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
  (name, callee, result, { 0: p1, 1: p2, 2: p3 }) =>
    ({
      [name](a1: unknown, a2: unknown, a3: unknown): unknown {
        if (arguments.length === 3 && put(p1, a1) && put(p2, a2) && put(p3, a3)) return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
  (name, callee, result, { 0: p1, 1: p2, 2: p3, 3: p4 }) =>
    ({
      [name](a1: unknown, a2: unknown, a3: unknown, a4: unknown): unknown {
        if (arguments.length === 4 && put(p1, a1) && put(p2, a2) && put(p3, a3) && put(p4, a4))
          return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
  (name, callee, result, { 0: p1, 1: p2, 2: p3, 3: p4, 4: p5 }) =>
    ({
      [name](a1: unknown, a2: unknown, a3: unknown, a4: unknown, a5: unknown): unknown {
        if (arguments.length === 5 && put(p1, a1) && put(p2, a2) && put(p3, a3) && put(p4, a4) && put(p5, a5))
          return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
  (name, callee, result, { 0: p1, 1: p2, 2: p3, 3: p4, 4: p5, 5: p6 }) =>
    ({
      [name](a1: unknown, a2: unknown, a3: unknown, a4: unknown, a5: unknown, a6: unknown): unknown {
        if (
          arguments.length === 6 &&
          put(p1, a1) &&
          put(p2, a2) &&
          put(p3, a3) &&
          put(p4, a4) &&
          put(p5, a5) &&
          put(p6, a6)
        )
          return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
  (name, callee, result, { 0: p1, 1: p2, 2: p3, 3: p4, 4: p5, 5: p6, 6: p7 }) =>
    ({
      [name](a1: unknown, a2: unknown, a3: unknown, a4: unknown, a5: unknown, a6: unknown, a7: unknown): unknown {
        if (
          arguments.length === 7 &&
          put(p1, a1) &&
          put(p2, a2) &&
          put(p3, a3) &&
          put(p4, a4) &&
          put(p5, a5) &&
          put(p6, a6) &&
          put(p7, a7)
        )
          return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
  (name, callee, result, { 0: p1, 1: p2, 2: p3, 3: p4, 4: p5, 5: p6, 6: p7, 7: p8 }) =>
    ({
      [name](
        a1: unknown,
        a2: unknown,
        a3: unknown,
        a4: unknown,
        a5: unknown,
        a6: unknown,
        a7: unknown,
        a8: unknown,
      ): unknown {
        if (
          arguments.length === 8 &&
          put(p1, a1) &&
          put(p2, a2) &&
          put(p3, a3) &&
          put(p4, a4) &&
          put(p5, a5) &&
          put(p6, a6) &&
          put(p7, a7) &&
          put(p8, a8)
        )
          return call(callee, result);
        return Reflect.apply(slowly, choose(callee), arguments);
      },
    })[name],
];

/** The maker for 9 to 16 arguments; functions with more cannot be called by way of the slots. */
const makeForMany: Maker = (name, callee, result, parameters) => {
  const count = parameters.length;
  const {
    0: p1,
    1: p2,
    2: p3,
    3: p4,
    4: p5,
    5: p6,
    6: p7,
    7: p8,
    8: p9,
    9: p10,
    10: p11,
    11: p12,
    12: p13,
    13: p14,
    14: p15,
    15: p16,
  } = parameters;
  return {
    [name](): unknown {
      if (
        arguments.length === count &&
        put(p1, arguments[0]) &&
        put(p2, arguments[1]) &&
        put(p3, arguments[2]) &&
        put(p4, arguments[3]) &&
        put(p5, arguments[4]) &&
        put(p6, arguments[5]) &&
        put(p7, arguments[6]) &&
        put(p8, arguments[7]) &&
        put(p9, arguments[8]) &&
        (count < 10 || put(p10, arguments[9])) &&
        (count < 11 || put(p11, arguments[10])) &&
        (count < 12 || put(p12, arguments[11])) &&
        (count < 13 || put(p13, arguments[12])) &&
        (count < 14 || put(p14, arguments[13])) &&
        (count < 15 || put(p15, arguments[14])) &&
        (count < 16 || put(p16, arguments[15]))
      )
        return call(callee, result);
      return Reflect.apply(slowly, choose(callee), arguments);
    },
  }[name];
};

/** The parameters of functions by the letters of their arguments. Functions of the same types share them. */
const kept = new Map<string, readonly Parameter[]>();

function parametersOf(letters: readonly string[], number: number): readonly Parameter[] {
  const key = letters.join('');
  let parameters = kept.get(key);
  if (!parameters) {
    const slotOf = places(number);
    parameters = letters.map((letter, i) => parameterAt(letter, slotOf[i]));
    kept.set(key, parameters);
  }
  return parameters;
}

/** The parameters of a function whose arguments and result are numbers, booleans or addresses; else undefined. */
export function numericParameters({ args, returns }: Signature, number: number): readonly Parameter[] | undefined {
  const letters = args.map((type) => type[0]);
  const isNumeric = (letter: string): boolean => letter !== 's' && passings[letter] !== undefined;
  if (!letters.every(isNumeric) || !(returns === 'v' || isNumeric(returns))) return undefined;
  return parametersOf(letters, number);
}

/** The function by this engine, or undefined if its types cannot be passed in slots. */
export function portable(bound: BoundFunction, signature: Signature): AnyFunction | undefined {
  const { number, name } = bound;
  if (name === undefined) return undefined;
  const letters = signature.args.map((type) => type[0]);
  const make = makers[letters.length] || makeForMany;
  return make(name, number, resultOf(signature.returns), parametersOf(letters, number));
}

/** Numbers at addresses by this engine. */
export function accessBySlots({ loadAddress, storeAddress }: Scalars): QuickAccess {
  const loader = native.bindAddress(loadAddress, 'load', 'idi', 'd');
  const storer = native.bindAddress(storeAddress, 'store', 'iddi', 'i');
  const load = makers[3]('load', loader.number, Result.Number, parametersOf(['i', 'd', 'i'], loader.number));
  const store = makers[4]('store', storer.number, Result.Number, parametersOf(['i', 'd', 'd', 'i'], storer.number));
  const access = {
    load: (address: number, code: number) => load(0, address, code) as number,
    store: (address: number, value: number, code: number) => store(0, address, value, code) as number,
    kept: [loader, storer], // their numbers are theirs for as long as they live
  };
  return access;
}
