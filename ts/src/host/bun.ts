/** How Bun itself calls C: by bun:ffi. */

import type { HostCalls, HostFunction } from './calls';

interface BunTypes {
  readonly ptr: number | bigint;
  readonly args: readonly string[];
  readonly returns: string;
}

interface BunLike {
  readonly FFI?: {
    linkSymbols?(symbols: { readonly f: BunTypes }): { readonly symbols: { readonly f: HostFunction } };
  };
}

const { Bun: bun } = globalThis as { Bun?: BunLike };

/** Bun's names of the types that both sides of a call can have, by their letters. */
const bunTypes: { readonly [letter: string]: string } = {
  b: 'bool',
  c: 'i8',
  C: 'u8',
  h: 'i16',
  H: 'u16',
  i: 'i32',
  I: 'u32',
  l: 'i64_fast',
  L: 'u64_fast',
  q: 'i64',
  Q: 'u64',
  f: 'f32',
  d: 'f64',
  p: 'ptr',
};

/** Bun's pointer as a result would be null for NULL, and is a rounded number above 2^53. */
const bunResults: { readonly [letter: string]: string } = { ...bunTypes, p: 'u64_fast', v: 'void' };

function linkInBun(types: BunTypes): HostFunction | undefined {
  try {
    return bun!.FFI!.linkSymbols!({ f: types }).symbols.f;
  } catch {
    return undefined; // for types that this version of Bun does not have
  }
}

/** Bun's own way of calling C; undefined in other hosts. */
export const bunCalls: HostCalls | undefined =
  typeof bun?.FFI?.linkSymbols === 'function'
    ? {
        name: 'bun',
        functionAt: (ptr, args, returns) =>
          linkInBun({ ptr, args: args.map((letter) => bunTypes[letter]), returns: bunResults[returns] }),
        sizeThrough: (ptr) => linkInBun({ ptr, args: ['buffer_length'], returns: 'u64_fast' }),
      }
    : undefined;
