/** What the engines share that write the code of calls as text, for the types of each signature: `v8`, `bun`, `deno`. */

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

/** A call of the native module's sample with an argument of each kind, in registers and on the stack, and its result. */
export const ALL_KINDS = {
  args: 'cChHiIlLfdbpidcH',
  given: [-1, 200, -3, 40000, -5, 2 ** 32 - 1, -(2 ** 33), 2 ** 34, 0.5, 1, true, 64, -7, 2.5, -2, 50000],
  sum: -1 + 600 - 15 + 280000 - 55 + 13 * (2 ** 32 - 1) + 2 ** 33 + 68.25 - 119 - 38 + 1150000,
};
