/** Memory for the results of calls that are structs: it is made for many at once, since making a buffer costs most. */

import { ffiError } from '../base/errors';
import { Memory } from '../memory/memory';

/** The most bytes that lie there. A larger result gets a buffer of its own, the smaller part of what it costs. */
export const LARGEST_POOLED = 256;
const CHUNK = 8192;

/** What each result is aligned to: as much as any scalar needs. */
export const POOL_ALIGN = 16;

/** Results lie side by side until somebody asks where. */
class Chunk extends Memory {
  override readonly isShared = true;
  readonly words = new Int32Array(this.buffer);
  /** Where the next result may be. */
  private next: number;

  constructor() {
    super(new ArrayBuffer(CHUNK));
    this.next = -this.addressForCall(0, CHUNK) & (POOL_ALIGN - 1);
  }

  has(size: number): boolean {
    return this.next + size <= CHUNK;
  }

  /** The offset of room for so many bytes, which must be there. */
  take(size: number): number {
    const offset = this.next;
    this.next = (offset + size + POOL_ALIGN - 1) & -POOL_ALIGN;
    return offset;
  }
}

let chunk: Chunk | undefined;

/** Where room for so many bytes can be taken. */
export function poolFor(size: number): Chunk {
  if (chunk === undefined || !chunk.has(size)) chunk = new Chunk();
  return chunk;
}

/** The address of a result, for C to write to at once. */
export function roomAt(pool: Chunk, offset: number, size: number): number {
  const address = pool.addressForCall(offset, size);
  if (address === 0) throw ffiError('ERR_FFI_NO_MEMORY', `no memory for ${size} bytes that C can reach`);
  return address;
}

/** Whether this host tells addresses as numbers. */
export function hasNumericAddresses(): boolean {
  return poolFor(1).addressForCall(0, 1) !== 0;
}
