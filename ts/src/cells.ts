/** Memory that JavaScript shares with the native module, and what engines write there beside numbers: short text. */

import type { SharedCells } from './bridge';
import { native } from './native';

/** The cells, and the way in. */
export const { cells, texts, textsAddress, enter } = native.openCells() as SharedCells;

/** Bytes of room for the text of each argument, its NUL included. */
export const TEXT_SIZE = texts.length / (cells.length - 1);

/** `String.prototype.charCodeAt` as it was: no program's own runs between two writes. */
const codeAt = Function.prototype.call.bind(String.prototype.charCodeAt) as (text: string, index: number) => number;

/**
 * Writes a string for C, NUL included, `offset` bytes into the texts. False where the ordinary route must look at it:
 * what is no string, does not fit, has a NUL inside, or is not the same in UTF-8.
 */
export function putText(text: unknown, offset: number): boolean {
  if (typeof text !== 'string' || text.length >= TEXT_SIZE) return false;
  const length = text.length;
  let bits = 0;
  for (let i = 0; i < length; i++) {
    const code = codeAt(text, i);
    bits |= code | (code - 1); // 0 gives -1, which has all bits
    texts[offset + i] = code;
  }
  texts[offset + length] = 0;
  return (bits & ~0x7f) === 0;
}
