/** Numbers at addresses, read and written by the engine in use, as it calls C. */

import { plainlyMovedFrom } from '../base/pointer';

/** The functions of `Scalars` in the native module. Addresses have been checked, and no other code runs meanwhile. */
export interface QuickAccess {
  /** The number at an address; NaN if it has read nothing. */
  readonly load: (address: number, code: number) => number;
  /** Writes a number, and gives 1; 0 if it has written nothing. */
  readonly store: (address: number, value: number, code: number) => number;
}

let open: () => QuickAccess | undefined;

/** Undefined until an engine is in use. A variable that is called, once it is set, is always the same, as V8 likes it. */
let quick: QuickAccess | undefined;

/** Sets what gives the functions. The engines do, which lie in a room above. */
export function openQuickAccessBy(opener: typeof open): void {
  open = opener;
}

/** To be called by each access that was not quick, so that the next ones are, once there have been some. */
export function seekQuickAccess(): void {
  quick ??= open();
}

/** The number at a plain address plus an offset; NaN for all that has to be looked at closely. */
export function readQuickly(base: unknown, byteOffset: unknown, code: number): number {
  const at = plainlyMovedFrom(base, byteOffset);
  return at === 0 || quick === undefined ? NaN : quick.load(at, code);
}

/** Writes a number that is plainly one of the type's at such an address, and says whether it has. */
export function writeQuickly(base: unknown, byteOffset: unknown, value: unknown, code: number): boolean {
  const at = plainlyMovedFrom(base, byteOffset);
  return at !== 0 && typeof value === 'number' && quick !== undefined && quick.store(at, value, code) === 1;
}

const { isNaN } = Number;

/** Reads a value at an address plus an offset. */
export type Reader = (base: unknown, byteOffset?: unknown) => unknown;

/**
 * The functions that read the types of each letter. `closely` reads whatever `readQuickly` does not. What is done to its
 * result lets V8 know that both results are of the same kind, so that it allocates no object for them.
 */
const readers: { readonly [letters: string]: (closely: Reader, code: number) => Reader } = {
  fd:
    (closely, code) =>
    (base, byteOffset = 0) => {
      const got = readQuickly(base, byteOffset, code);
      return isNaN(got) ? (closely(base, byteOffset) as number) * 1 : got;
    },
  cChHi:
    (closely, code) =>
    (base, byteOffset = 0) => {
      const got = readQuickly(base, byteOffset, code);
      return isNaN(got) ? (closely(base, byteOffset) as number) | 0 : got | 0;
    },
  I:
    (closely, code) =>
    (base, byteOffset = 0) => {
      const got = readQuickly(base, byteOffset, code);
      return isNaN(got) ? (closely(base, byteOffset) as number) >>> 0 : got >>> 0;
    },
  b:
    (closely, code) =>
    (base, byteOffset = 0) => {
      const got = readQuickly(base, byteOffset, code);
      return isNaN(got) ? closely(base, byteOffset) : got !== 0;
    },
  lLpk:
    (closely, code) =>
    (base, byteOffset = 0) => {
      const got = readQuickly(base, byteOffset, code);
      return isNaN(got) ? closely(base, byteOffset) : got;
    },
  qQ:
    (closely, code) =>
    (base, byteOffset = 0) => {
      const got = readQuickly(base, byteOffset, code);
      return isNaN(got) ? closely(base, byteOffset) : BigInt(got);
    },
};

/**
 * Makes a function that reads the values of a type quickly, or else by `closely`: `closely` itself for a type whose values
 * are no numbers.
 */
export function quickReader(letter: string, closely: Reader): Reader {
  const found = Object.keys(readers).find((letters) => letters.includes(letter));
  // What is read quickly is a number, also where the program gets it as a bigint.
  const asNumber = letter === 'q' ? 'l' : letter === 'Q' ? 'L' : letter;
  return found === undefined ? closely : readers[found](closely, asNumber.charCodeAt(0));
}
