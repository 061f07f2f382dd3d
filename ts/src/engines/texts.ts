/** What the engines share that write the code of calls as text, for the types of each signature. */

import type { Signature } from '../signatures/signature';

/**
 * V8 inlines a function only up to a limit of bytecode. At most this many 64-bit and pointer arguments fit into it if
 * their checks also accept bigints. In functions with more of them, bigints take the slow path.
 */
export const MOST_WIDE = 4;

/** The number for a 64-bit integer; NaN if the value is not one. A bigint beyond 2^53 is rounded. */
export const wide = (value: unknown): number => (typeof value === 'number' ? +value : +ofBigint(value));
export const ofBigint = (value: unknown): number => (typeof value === 'bigint' ? Number(value) : NaN);

/** The same function, which writes the text for each signature only once. */
export function remembered(textOf: (signature: Signature) => string): typeof textOf {
  const texts = new Map<string, string>();
  return (signature) => {
    const key = `${signature.args.join('')}:${signature.returns}`;
    let text = texts.get(key);
    if (text === undefined) texts.set(key, (text = textOf(signature)));
    return text;
  };
}

/** Whether JavaScript has checked an argument well enough for the host, by the letter of its type. */
export const checks: { readonly [letter: string]: (value: string) => string } = {
  b: (a) => `(typeof ${a} === 'boolean' || ${a} === 1 || ${a} === 0)`,
  c: (a) => `typeof ${a} === 'number' && ${a} << 24 >> 24 === ${a}`,
  C: (a) => `typeof ${a} === 'number' && (${a} & 255) === ${a}`,
  h: (a) => `typeof ${a} === 'number' && ${a} << 16 >> 16 === ${a}`,
  H: (a) => `typeof ${a} === 'number' && (${a} & 65535) === ${a}`,
  i: (a) => `typeof ${a} === 'number' && (${a} | 0) === ${a}`,
  I: (a) => `typeof ${a} === 'number' && ${a} >>> 0 === ${a}`,
  f: (a) => `typeof ${a} === 'number'`,
  d: (a) => `typeof ${a} === 'number'`,
};

/**
 * The statements of a call by the host itself, inside which C may come back to JavaScript in ways of which arkffi knows
 * nothing. The code has variables `gates`, `end`, `number` and `outer`, and the given parameters.
 *
 * Where the stack has overflowed nothing can be called, and nothing has to be: the call has not been made. JavaScript
 * engines inline a function only up to a limit of bytecode, and `finally` would take more of it.
 */
export function hostCallText(call: string, parameters: readonly string[]): string {
  const end = `if (gates[1] === 1) gates[1] = 0; else end(${['number'].concat(parameters).join()});`;
  return `outer = gates[2];
      gates[1] = gates[2] = 1;
      try {
        ${call};
      } catch (thrown) {
        gates[2] = outer;
        ${end}
        throw thrown;
      }
      gates[2] = outer;
      ${end}`;
}

/** Ends a call by the host inside which C has come back to JavaScript. */
export function endBy(settle: (number: number) => void, gates: Uint8Array): (number: number) => void {
  return (number) => {
    settle(number);
    gates[1] = 0;
  };
}

/** A call of the native module's sample with an argument of each kind, in registers and on the stack, and its result. */
export const ALL_KINDS = {
  args: 'cChHiIlLfdbpidcH',
  given: [-1, 200, -3, 40000, -5, 2 ** 32 - 1, -(2 ** 33), 2 ** 34, 0.5, 1, true, 64, -7, 2.5, -2, 50000],
  sum: -1 + 600 - 15 + 280000 - 55 + 13 * (2 ** 32 - 1) + 2 ** 33 + 68.25 - 119 - 38 + 1150000,
};
