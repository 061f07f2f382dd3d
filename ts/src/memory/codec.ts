/** The interface of codecs, and functions that read and write values with one. */

import { ffiError } from '../base/errors';
import type { FfiError } from '../base/errors';
import { Memory } from './memory';

/** Reads and writes the values of one type in memory. Offsets and sizes are in bytes. */
export interface Codec {
  /** The type in letters, as layouts are written. */
  readonly letters: string;
  /** The size of a value in bytes. */
  readonly size: number;
  /** The alignment in bytes of memory that is made for a value. */
  readonly align: number;
  /** The number of bytes that the bits of a bit-field lie in, which is not that of its type. `size` when absent. */
  readonly reach?: number;
  /** The size of the value in that memory, where it depends on the memory. `size` when absent. */
  sizeIn?(memory: Memory): number;
  /** Reads the value. A struct is a view of the memory; an array is a copy. */
  read(memory: Memory, offset: number): unknown;
  /** Reads the value; structs and arrays are views of the memory. `read` when absent. */
  view?(memory: Memory, offset: number): unknown;
  /** Reads the value as plain objects and arrays, all of them copies. `read` when absent. */
  plain?(memory: Memory, offset: number): unknown;
  /**
   * Writes a value. A struct keeps the fields that the value lacks, unless `isWhole` says that all must be there.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`, RangeError `ERR_FFI_OUT_OF_RANGE`; the message begins with `place`.
   */
  write(memory: Memory, offset: number, value: unknown, place: string, isWhole?: boolean): void;
}

/** Reads a value. If its buffer is detached, the error says so; the message begins with `place`. */
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

/** Replaces a value. If a part of a struct or array is wrong, the parts that were written before it are restored. */
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
 * Adds `part` to the path in the message of an error that was thrown for `place`: `f: argument 1: .where.x`. The path
 * is made only when a value is wrong, so that right ones cost no text.
 */
export function insidePart(error: unknown, place: string, part: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code, message } = error as FfiError;
  if (typeof code !== 'string' || !message.startsWith(place)) return error;
  const rest = message.slice(place.length);
  if (!/: (argument \d+|result)$/.test(place)) return ffiError(code, `${place}${part}${rest}`);
  return ffiError(code, `${place}: ${part}${/^: [.[]/.test(rest) ? rest.slice(2) : rest}`);
}
