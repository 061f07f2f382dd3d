/** The bounds of memory that arkffi knows: that of the values which lie in JavaScript's own buffers. */

import type { Address } from '../host/bridge';
import { checkInteger, describe, ffiError } from '../base/errors';
import { native } from '../base/native';
import { placeIn } from '../base/pointer';
import { isBuffer } from './codecs';
import { goneError } from './memory';

/** A block of JavaScript's memory, and where in it a value begins, in bytes. */
export interface Block {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
}

/**
 * The block that a value lies in; undefined for an address and for memory of C's, whose bounds only the caller knows.
 * @throws Error `ERR_FFI_ARENA_CLOSED` or TypeError `ERR_FFI_INVALID_ARG_TYPE` if the memory has gone.
 */
export function blockOf(value: unknown): Block | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const place = placeIn(value);
  if (typeof place !== 'object') return undefined;
  if (ArrayBuffer.isView(place)) return { buffer: place.buffer as ArrayBuffer, offset: place.byteOffset };
  return { buffer: place, offset: 0 };
}

/**
 * Checks that `size` bytes, `byteOffset` bytes from where a value begins, are in the block that it lies in. Memory whose
 * bounds are not known is the caller's.
 * @throws RangeError `ERR_FFI_OUT_OF_RANGE`; the message begins with `place`.
 */
export function checkBounds(value: unknown, byteOffset: unknown, size: number, place: string): void {
  const block = blockOf(value);
  if (block !== undefined) checkBlock(block, byteOffset, size, place);
}

/** The same for a value whose block is known. */
export function checkBlock({ buffer, offset }: Block, byteOffset: unknown, size: number, place: string): void {
  const start = offset + (byteOffset as number);
  if (start >= 0 && start + size <= buffer.byteLength) return;
  const there = buffer.byteLength - offset;
  const where = byteOffset === 0 ? '' : ` at offset ${describe(byteOffset)}`;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: expected ${size} bytes${where} of the value, which has ${there}`);
}

/**
 * `size` bytes, `byteOffset` bytes from where a value begins; undefined if its bounds are not known.
 * @throws as `checkBounds` does; TypeError `ERR_FFI_INVALID_ARG_TYPE` if the offset is not a number.
 */
export function bytesIn(value: unknown, byteOffset: unknown, size: number, place: string): Uint8Array | undefined {
  const block = blockOf(value);
  if (block === undefined) return undefined;
  checkInteger(byteOffset, `${place}: argument 2`, -Number.MAX_SAFE_INTEGER);
  checkBlock(block, byteOffset, size, place);
  return new Uint8Array(block.buffer, block.offset + byteOffset, size);
}

/** All bytes of a buffer; `place` begins messages. */
export function viewOf(value: ArrayBuffer | SharedArrayBuffer | ArrayBufferView, place: string): Uint8Array {
  const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
  try {
    return ArrayBuffer.isView(value)
      ? new Uint8Array(buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(buffer);
  } catch (error) {
    throw goneError(buffer, place);
  }
}

/** The value in whose buffer an address lies; undefined if there is none among them. */
export function ownerOf(address: Address, values: readonly unknown[]): unknown {
  return values.find((value) => {
    const buffer = bufferOf(value);
    const start = buffer === undefined || buffer.byteLength === 0 ? address : native.ptr(buffer);
    return buffer !== undefined && address >= start && address < Number(start) + buffer.byteLength;
  });
}

function bufferOf(value: unknown): ArrayBufferLike | undefined {
  try {
    return isBuffer(value) ? viewOf(value, '').buffer : blockOf(value)?.buffer;
  } catch {
    return undefined; // detached
  }
}
