/** Blocks of memory that hold the values of C types. */

import type { Address } from '../host/bridge';
import type { Place } from '../base/pointer';
import { ffiError, inNameOfAccess } from '../base/errors';
import type { FfiError } from '../base/errors';
import { native } from '../base/native';
import { append } from '../base/own';
import type { TypeCode } from '../types/types.generated';
import { encodeText } from './text';

/** The methods of `DataView` that codecs use. */
export type View = Pick<
  DataView,
  | 'getInt8'
  | 'getUint8'
  | 'getInt16'
  | 'getUint16'
  | 'getInt32'
  | 'getUint32'
  | 'getBigInt64'
  | 'getBigUint64'
  | 'getFloat32'
  | 'getFloat64'
  | 'setInt8'
  | 'setUint8'
  | 'setInt16'
  | 'setUint16'
  | 'setInt32'
  | 'setUint32'
  | 'setBigInt64'
  | 'setBigUint64'
  | 'setFloat32'
  | 'setFloat64'
>;

/**
 * For each buffer, the objects whose addresses are stored in it, by the offset where the address is. They live as long
 * as the buffer, because C may read the addresses from it.
 */
const keptByBuffers = new WeakMap<ArrayBuffer, Map<number, unknown>>();

/** Buffers that a closed arena has detached. */
const ended = new WeakSet<ArrayBufferLike>();

const NO_BYTES = new Uint8Array(0);

/**
 * The alignment in bytes that every ArrayBuffer has on every host. It suits all C types except those that a declaration
 * aligns further.
 */
export const BUFFER_ALIGN = 16;

/** What ends with a call. */
export interface Ending {
  close(): void;
}

/** What keeps an object alive whose address C gets: the memory in which the address is stored, or a call. */
export interface Keeper {
  /** What is made for the call, and closed after it; undefined if it lives as long as the memory. */
  readonly endings?: Ending[] | undefined;
  /** Whether it can keep an object that is made for it alone. */
  readonly canOwn: boolean;
  /**
   * Refuses an object of JavaScript's whose address is to be stored here, if nothing could keep the object alive.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`; the message begins with `place`.
   */
  checkKeeps(value: unknown, place: string): void;
}

/** A block of memory that JavaScript owns and C may see. */
export class Memory implements Keeper {
  private stored: Map<number, unknown> | undefined;
  /** All bytes, and the address of the first one. Set by the first `addressForCall`. */
  private whole: Uint8Array | undefined = undefined;
  private address = 0;
  /** Set for memory that is made for a call. */
  endings: Ending[] | undefined = undefined;

  /** The block is the bytes of the buffer from `start` on. */
  constructor(
    private readonly own: ArrayBuffer,
    readonly view: View = new DataView(own),
    /** Where the block begins in its buffer, in bytes. */
    readonly start = 0,
  ) {}

  /** The ArrayBuffer that the block lies in. */
  get buffer(): ArrayBuffer {
    return this.own;
  }

  /** Whether values of several owners lie in it. No program has seen its buffer or an address in it. */
  readonly isShared: boolean = false;

  /**
   * Zeroed memory of `size` bytes, whose address is a multiple of `align`. All memory that JavaScript gives C for a
   * type comes from here, or from a pool that is aligned for it.
   * @throws Error `ERR_FFI_NO_MEMORY`.
   */
  static zeros(size: number, align = 1): Memory {
    try {
      return align <= BUFFER_ALIGN ? new Memory(new ArrayBuffer(size)) : Memory.aligned(size, align);
    } catch (error) {
      new ArrayBuffer(1); // where the stack is exhausted, that is what the host says of a small one, too
      throw ffiError('ERR_FFI_NO_MEMORY', `no memory for ${size} bytes`);
    }
  }

  /** Zeroed memory in a buffer that is larger than it, because hosts do not align buffers that far. */
  private static aligned(size: number, align: number): Memory {
    const buffer = new ArrayBuffer(size + align - BUFFER_ALIGN);
    const past = Number(BigInt.asUintN(12, BigInt(native.ptr(buffer)))) % align; // alignments are at most 4096
    const start = past === 0 ? 0 : align - past;
    return new Memory(buffer, new DataView(buffer, start), start);
  }

  /** The block of a type with that alignment that a buffer has the bytes of: the buffer itself if it is aligned. */
  static from(bytes: ArrayBuffer, align: number): Memory {
    if (align <= BUFFER_ALIGN) return new Memory(bytes);
    const memory = Memory.zeros(bytes.byteLength, align);
    memory.setBytes(0, new Uint8Array(bytes));
    return memory;
  }

  /** The address of a part. C may use it for as long as this memory is kept alive. */
  addressOf(offset: number, size: number): Address {
    return native.ptr(new DataView(this.buffer, this.start + offset, size));
  }

  /** The bytes from an offset to the end of the block; the address if the memory is C's. */
  placeAt(offset: number): Place {
    const { whole = this.find() } = this;
    return offset === 0 && whole.length > 0 ? whole : new Uint8Array(this.own, this.start + offset);
  }

  /** The bytes of a part: a view of the memory, or a copy if the memory is C's. */
  bytes(offset: number, size: number): Uint8Array {
    return new Uint8Array(this.buffer, this.start + offset, size);
  }

  /**
   * The address of a part, for a call that follows at once; 0 if the block has no bytes or its address is not a number.
   * It runs no code of the program, and allocates nothing from the second time on.
   */
  addressForCall(offset: number, size: number): number {
    const { whole = this.find() } = this;
    return offset >= 0 && offset + size <= whole.length ? this.address + offset : 0;
  }

  /**
   * Reads from the memory after a call, so that no JavaScript engine collects it while C uses the address from
   * `addressForCall`. The caller must use the result, or the read may be optimised away.
   */
  keepAlive(): number {
    return this.whole === undefined ? 0 : this.whole.length;
  }

  private find(): Uint8Array {
    const address = this.own.byteLength > 0 ? native.ptr(this.own) : undefined;
    if (typeof address !== 'number') return NO_BYTES; // detached, or a tagged address
    this.address = address + this.start;
    return (this.whole = new Uint8Array(this.own, this.start));
  }

  /** Copies bytes to an offset. */
  setBytes(offset: number, from: Uint8Array): void {
    this.bytes(offset, from.length).set(from);
  }

  /**
   * The objects that the memory keeps alive, by the offset where their address is stored. undefined if there are none,
   * unless `isMaking` asks for the map.
   */
  protected kept(isMaking: boolean): Map<number, unknown> | undefined {
    if (this.stored === undefined) this.stored = keptByBuffers.get(this.own);
    if (this.stored === undefined && isMaking) keptByBuffers.set(this.own, (this.stored = new Map()));
    return this.stored;
  }

  /**
   * Keeps the object alive whose address is stored at the offset, and releases the one that was. undefined if there is
   * none.
   */
  keep(offset: number, value: unknown): void {
    if (value !== undefined) this.kept(true)?.set(offset, value);
    else this.kept(false)?.delete(offset);
  }

  /** The object whose address was stored at the offset, if this memory keeps it alive. */
  keptAt(offset: number): unknown {
    return this.kept(false)?.get(offset);
  }

  /** What must be kept alive for as long as an address that was read from this memory is used, as far as it is known. */
  get owner(): unknown {
    return this;
  }

  checkKeeps(_value: unknown, _place: string): void {}

  get canOwn(): boolean {
    return true;
  }

  /** Encodes a text whose address will be stored at that offset. */
  textFor(_offset: number, text: string, code: TypeCode, place: string): ArrayBuffer {
    return encodeText(text, code, place);
  }

  /**
   * Copies bytes from another block, or within this one; the parts may overlap. The objects that those bytes keep alive
   * are then kept alive by this block too. `place` begins messages.
   */
  copy(offset: number, from: Memory, fromOffset: number, size: number, place = ''): void {
    this.setBytes(offset, bytesAt(from, fromOffset, size, place));
    // Taken out of the map first, which may be that of this block.
    const moved: { readonly at: number; readonly value: unknown }[] = [];
    from.kept(false)?.forEach((value, at) => {
      if (at >= fromOffset && at < fromOffset + size) append(moved, { at: at - fromOffset + offset, value });
    });
    this.kept(false)?.forEach((_, at) => {
      if (at >= offset && at < offset + size) this.keep(at, undefined);
    });
    moved.forEach(({ at, value }) => this.keep(at, value));
  }

  /** Detaches a buffer for an arena that is closed. */
  static end(buffer: ArrayBuffer): void {
    ended.add(buffer);
    native.detach(buffer);
  }

  /**
   * The error to throw when an access has thrown `error`: JavaScript's own error for a detached buffer is replaced by
   * ours.
   */
  failure(error: unknown, place: string): unknown {
    if (typeof (error as FfiError | null | undefined)?.code === 'string') return inNameOfAccess(place, error);
    return this.own.byteLength > 0 ? error : goneError(this.own, place);
  }
}

/** The error for a buffer that has no bytes any more. */
export function goneError(buffer: ArrayBufferLike, place: string): FfiError {
  if (ended.has(buffer)) return ffiError('ERR_FFI_ARENA_CLOSED', `${place}: the arena has been closed`);
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: the buffer is detached`);
}

/** The bytes of a part of `memory`. If its buffer is detached, the error says so; the message begins with `place`. */
export function bytesAt(memory: Memory, offset: number, size: number, place: string): Uint8Array {
  try {
    return memory.bytes(offset, size);
  } catch (error) {
    throw memory.failure(error, place);
  }
}
