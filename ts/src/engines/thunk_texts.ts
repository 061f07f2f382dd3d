/**
 * The text of calls through thunks, which both engines write that work in V8: `v8`, and `deno`. A thunk takes a 64-bit
 * integer or an address as a double, and stores the result in the slots if it is not returned.
 */

import type { Signature } from '../signatures/signature';
import { MOST_WIDE, wide } from './texts';

/** The JavaScript expressions that the code for one argument consists of. */
export interface Argument {
  /** The parameter that holds the argument. */
  readonly value: string;
  /** A local variable for the number that is passed to C. */
  readonly number: string;
  /** The argument as a number for a 64-bit integer: NaN if it is not a number. */
  readonly wide: string;
}

/** The expressions for each argument of a function. */
export function argumentsOf({ args }: Signature): Argument[] {
  const takesBigints = args.filter((type) => 'plqLQ'.includes(type)).length <= MOST_WIDE;
  return args.map((_, i) => ({ value: `a${i}`, number: `x${i}`, wide: takesBigints ? `wide(a${i})` : `a${i}` }));
}

/** The code for the arguments of a type: an expression that checks an argument, and the one that is passed on. */
export interface Passing<Expressions extends Argument = Argument> {
  readonly check: (argument: Expressions) => string;
  readonly pass: (argument: Expressions) => string;
}

export const passNumber = ({ number }: Argument): string => number;

/**
 * The code for integers of up to 32 bits. `wrap` gives an expression that wraps a number into the range of the type: a
 * number in that range equals its wrapped value.
 */
function integer(wrap: (value: string) => string): Passing {
  return {
    check: ({ value, number }) => `typeof ${value} === 'number' && (${number} = ${wrap(value)}) === ${value}`,
    pass: passNumber,
  };
}

const float: Passing = { check: ({ value }) => `typeof ${value} === 'number'`, pass: ({ value }) => value };
const signed: Passing = { check: ({ number, wide }) => `isSafe(${number} = ${wide})`, pass: passNumber };
const unsigned: Passing = {
  check: ({ number, wide }) => `isSafe(${number} = ${wide}) && ${number} >= 0`,
  pass: passNumber,
};

/** The types that are passed as numbers, by their letters. `p` is missing: each engine finds bytes in its own way. */
export const passings: { readonly [letter: string]: Passing } = {
  b: {
    check: ({ value }) => `(${value} === true || ${value} === false || ${value} === 1 || ${value} === 0)`,
    pass: ({ value }) => `${value} ? 1 : 0`,
  },
  c: integer((value) => `${value} << 24 >> 24`),
  C: integer((value) => `${value} & 255`),
  h: integer((value) => `${value} << 16 >> 16`),
  H: integer((value) => `${value} & 65535`),
  i: integer((value) => `${value} | 0`),
  I: integer((value) => `${value} >>> 0`),
  f: float,
  d: float,
  l: signed,
  q: signed,
  L: unsigned,
  Q: unsigned,
};

/** The code for the results of a type: JavaScript expressions. */
export interface Returning {
  /**
   * The result that the program gets. `r` is what the thunk has returned or stored: of a narrow integer C sets only the
   * low bits.
   */
  readonly value: string;
  /** The value for `r` if the thunk returns nothing. */
  readonly stored: string;
  /**
   * An operator that is applied to a number that the slow path gives. It does not change the value, but lets V8 know that both
   * results are numbers of the same kind, so V8 allocates no object for them.
   */
  readonly slow?: string;
  /** The slow path may give a bigint. */
  readonly mayBeBigint?: boolean;
}

const NUMBER_OR_SIGNED = 'r >= -9007199254740991 && r <= 9007199254740991 ? r : signed[0]';
const NUMBER_OR_UNSIGNED = 'r >= 0 && r <= 9007199254740991 ? r : unsigned[0]';

/** The types of results that are numbers or nothing, by their letters. */
export const returnings: { readonly [letter: string]: Returning } = {
  v: { value: 'undefined', stored: 'undefined' },
  b: { value: '(r & 255) !== 0', stored: 'ints[0]' },
  c: { value: 'r << 24 >> 24', stored: 'ints[0]', slow: '| 0' },
  C: { value: 'r & 255', stored: 'ints[0]', slow: '| 0' },
  h: { value: 'r << 16 >> 16', stored: 'ints[0]', slow: '| 0' },
  H: { value: 'r & 65535', stored: 'ints[0]', slow: '| 0' },
  i: { value: 'r | 0', stored: 'ints[0]', slow: '| 0' },
  I: { value: 'r >>> 0', stored: 'ints[0]', slow: '>>> 0' },
  f: { value: 'r', stored: 'floats[0]', slow: '* 1' },
  d: { value: 'r', stored: 'doubles[0]', slow: '* 1' },
  // The thunk returns a 64-bit integer as a double, which may be rounded; it is exact within these bounds.
  l: { value: NUMBER_OR_SIGNED, stored: 'doubles[1]', slow: '* 1', mayBeBigint: true },
  q: { value: 'signed[0]', stored: 'undefined' },
  L: { value: NUMBER_OR_UNSIGNED, stored: 'doubles[1]', slow: '* 1', mayBeBigint: true },
  Q: { value: 'unsigned[0]', stored: 'undefined' },
  p: { value: NUMBER_OR_UNSIGNED, stored: 'doubles[1]', slow: '* 1', mayBeBigint: true },
};

/**
 * An expression for the result of a call by another way. It may be a bigint, or an object if the call may pass
 * out-parameters, which it does for pointers. While that has not happened, V8 makes no code for `tools.answer`, so that
 * it knows as much about the numbers as without: it has not seen yet how the property is read. (Of a mere call of a
 * known function V8 14 makes code nevertheless.)
 */
export function resultOf(call: string, { args, returns }: Signature): string {
  const { slow = '', mayBeBigint } = returnings[returns] ?? {};
  const mayHaveOut = args.some((type) => type === 'p' || type === 's');
  if (slow === '' || !(mayHaveOut || mayBeBigint)) return `${call} ${slow}`;
  return `typeof (r = ${call}) === 'number' ? r ${slow} : tools.answer(r)`;
}

/** Values that the code of every function uses, by the names that the code has for them. */
export const commonTools = {
  ...{ wide, isSafe: Number.isSafeInteger as (value: unknown) => boolean, apply: Reflect.apply },
  answer: (result: unknown): unknown => result,
};
