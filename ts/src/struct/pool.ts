/**
 * Memory for structs that calls return and programs create. It is allocated for many at a time, because allocating a
 * buffer is most of the cost.
 */

import { ffiError } from '../base/errors';
import { Memory } from '../memory/memory';

/**
 * The size in bytes of the largest struct that is put there. For larger ones a buffer of their own is only a small part
 * of the cost.
 */
export const LARGEST_POOLED = 256;
/** The size of a chunk in bytes. */
const CHUNK = 8192;

/** The alignment of each struct in bytes, as large as that of any scalar type. */
const POOL_ALIGN = 16;

/** Whether a struct of that size and alignment may lie in a chunk. */
export const fitsPool = (size: number, align: number): boolean => size <= LARGEST_POOLED && align <= POOL_ALIGN;

/** Structs lie side by side until a program asks where one is; see `Memory.isShared`. */
class Chunk extends Memory {
  override readonly isShared = true;
  /** The memory as words of 4 bytes. */
  readonly words = new Int32Array(this.buffer);
  /** The offset at which the next struct is put. */
  private next: number;

  constructor() {
    super(new ArrayBuffer(CHUNK));
    this.next = -this.addressForCall(0, CHUNK) & (POOL_ALIGN - 1);
  }

  /** Whether there is room for `size` bytes. */
  has(size: number): boolean {
    return this.next + size <= CHUNK;
  }

  /** Takes room for `size` bytes, which must be available, and returns its offset. */
  take(size: number): number {
    const offset = this.next;
    this.next = (offset + size + POOL_ALIGN - 1) & -POOL_ALIGN;
    return offset;
  }
}

let chunk: Chunk | undefined;

/** The chunk from which `size` bytes can be taken. */
export function poolFor(size: number): Chunk {
  if (chunk === undefined || !chunk.has(size)) chunk = new Chunk();
  return chunk;
}

/**
 * The address of room for a result, for a call that follows at once.
 * @throws Error `ERR_FFI_NO_MEMORY`.
 */
export function roomAt(pool: Chunk, offset: number, size: number): number {
  const address = pool.addressForCall(offset, size);
  if (address === 0) throw ffiError('ERR_FFI_NO_MEMORY', `no memory for ${size} bytes that C can reach`);
  return address;
}

/** Whether addresses are numbers on this host. */
export function hasNumericAddresses(): boolean {
  return poolFor(1).addressForCall(0, 1) !== 0;
}
