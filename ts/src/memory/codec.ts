/** What a codec is, and how values are read and written by one. */

import { ffiError } from '../base/errors';
import type { FfiError } from '../base/errors';
import { Memory } from './memory';

/** How the values of one type are read from memory and written to it. Offsets are in bytes. */
export interface Codec {
  /** The type in letters, as layouts write it. */
  readonly letters: string;
  /** In bytes. */
  readonly size: number;
  /** The same, where it depends on the memory. `size` when absent. */
  sizeIn?(memory: Memory): number;
  /** The value. A struct inside shares the memory; an array is a copy. */
  read(memory: Memory, offset: number): unknown;
  /** The same, but an array shares the memory too. `read` when absent. */
  view?(memory: Memory, offset: number): unknown;
  /** The same, but nothing shares the memory: plain objects and arrays. `read` when absent. */
  plain?(memory: Memory, offset: number): unknown;
  /**
   * Throws where the value is wrong, in a message that begins with `place`. A struct leaves the fields that the value
   * lacks as they are, unless `isWhole` asks for all of them.
   */
  write(memory: Memory, offset: number, value: unknown, place: string, isWhole?: boolean): void;
}

/** Reads a value, likewise. */
export function readAt(
  codec: Codec,
  how: 'read' | 'view' | 'plain',
  memory: Memory,
  offset: number,
  place: string,
): unknown {
  try {
    return (codec[how] ?? codec.read).call(codec, memory, offset);
  } catch (error) {
    throw memory.failure(error, place);
  }
}

/** Writes a value where one is. Where a part of a struct or array is wrong, those before it stay what they were too. */
export function assign(codec: Codec, memory: Memory, offset: number, value: unknown, place: string): void {
  try {
    if (codec.plain === undefined) codec.write(memory, offset, value, place);
    else assignWhole(codec, memory, offset, value, place);
  } catch (error) {
    throw memory.failure(error, place);
  }
}

function assignWhole(codec: Codec, memory: Memory, offset: number, value: unknown, place: string): void {
  const size = codec.sizeIn ? codec.sizeIn(memory) : codec.size;
  const before = Memory.zeros(size);
  before.copy(0, memory, offset, size, place);
  try {
    codec.write(memory, offset, value, place);
  } catch (error) {
    memory.copy(offset, before, 0, size);
    throw error;
  }
}

/**
 * The error of a part of a value, told with the way to it: what was thrown for `place` is told of `place.part`. So a
 * value that is right costs no text. Behind an argument's number the way begins anew: `f: argument 1: .where.x`.
 */
export function insidePart(error: unknown, place: string, part: string): unknown {
  const { code, message } = error as FfiError;
  if (!(error instanceof Error) || typeof code !== 'string' || !message.startsWith(place)) return error;
  const rest = message.slice(place.length);
  if (!/: (argument \d+|result)$/.test(place)) return ffiError(code, `${place}${part}${rest}`);
  return ffiError(code, `${place}: ${part}${/^: [.[]/.test(rest) ? rest.slice(2) : rest}`);
}
