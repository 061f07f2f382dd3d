/** Blocks of memory that the values of C types lie in. */

import type { Address } from '../host/bridge';
import { ffiError } from '../base/errors';
import type { FfiError } from '../base/errors';
import { native } from '../base/native';
import { encodeText } from './text';
import type { TypeCode } from '../types/types.generated';

/** The part of a DataView that codecs use, over whatever memory it is. */
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

/** What buffers keep alive, by the offset of its address: for as long as whoever has the buffer, C included, may read it. */
const keptByBuffers = new WeakMap<ArrayBuffer, Map<number, unknown>>();

/** Buffers that an arena has taken back. */
const ended = new WeakSet<ArrayBufferLike>();

const NO_BYTES = new Uint8Array(0);

/** Bytes that values lie in: JavaScript's own, which C may see. */
export class Memory {
  private stored: Map<number, unknown> | undefined;
  /** All of its bytes, and where they begin: once `addressForCall` has been asked. */
  private whole: Uint8Array | undefined = undefined;
  private start = 0;

  constructor(
    private readonly own: ArrayBuffer,
    readonly view: View = new DataView(own),
  ) {}

  /** All of the bytes. */
  get buffer(): ArrayBuffer {
    return this.own;
  }

  /** Whether values of several owners lie in it, none of which has shown anybody where. */
  readonly isShared: boolean = false;

  /** As many zeros. */
  static zeros(size: number): Memory {
    try {
      return new Memory(new ArrayBuffer(size));
    } catch (error) {
      throw ffiError('ERR_FFI_NO_MEMORY', `no memory for ${size} bytes`);
    }
  }

  /** The address of a part. C may use it for as long as this memory is kept alive. */
  addressOf(offset: number, size: number): Address {
    return native.ptr(new DataView(this.buffer, offset, size));
  }

  /** The bytes of a part; the same bytes, not a copy, unless they are not JavaScript's. */
  bytes(offset: number, size: number): Uint8Array {
    return new Uint8Array(this.buffer, offset, size);
  }

  /**
   * The address of a part, for C to use before anything else can happen; 0 where it has none, or only the native module
   * can tell. Runs no JavaScript but this, and makes nothing from the second time on.
   */
  addressForCall(offset: number, size: number): number {
    const { whole = this.find() } = this;
    return offset >= 0 && offset + size <= whole.length ? this.start + offset : 0;
  }

  /** Reads on, so that no engine lets go of it while C uses what `addressForCall` gave. */
  keepAlive(): number {
    return this.whole === undefined ? 0 : this.whole.length;
  }

  private find(): Uint8Array {
    const address = this.own.byteLength > 0 ? native.ptr(this.own) : undefined;
    if (typeof address !== 'number') return NO_BYTES; // detached, or an address with a tag
    this.start = address;
    return (this.whole = new Uint8Array(this.own));
  }

  /** Stores bytes. */
  setBytes(offset: number, from: Uint8Array): void {
    this.bytes(offset, from.length).set(from);
  }

  /** What it keeps alive, by the offset of its address; undefined for nothing, unless there is to be something. */
  protected kept(isMaking: boolean): Map<number, unknown> | undefined {
    if (this.stored === undefined && isMaking) keptByBuffers.set(this.own, (this.stored = new Map()));
    return this.stored;
  }

  /** Keeps what was stored by its address alive for as long as this memory; undefined for nothing to keep. */
  keep(offset: number, value: unknown): void {
    if (value !== undefined) this.kept(true)?.set(offset, value);
    else this.kept(false)?.delete(offset);
  }

  /** A text for C that is to be stored at that offset, and lives until something else is. */
  textFor(_offset: number, text: string, code: TypeCode, place: string): ArrayBuffer {
    return encodeText(text, code, place);
  }

  /** Copies bytes to here, with what they keep alive, for `place`, which messages name. The two may overlap. */
  copy(offset: number, from: Memory, fromOffset: number, size: number, place = ''): void {
    this.setBytes(offset, bytesAt(from, fromOffset, size, place));
    const moved = [...(from.kept(false) ?? [])].filter(([at]) => at >= fromOffset && at < fromOffset + size);
    const old = [...(this.kept(false)?.keys() ?? [])];
    for (const at of old) if (at >= offset && at < offset + size) this.keep(at, undefined);
    for (const [at, value] of moved) this.keep(at - fromOffset + offset, value);
  }

  /** Takes a buffer back, for an arena that ends. */
  static end(buffer: ArrayBuffer): void {
    ended.add(buffer);
    native.detach(buffer);
  }

  /** What to throw where an access has thrown: a buffer that is gone is the engine's own error, without a code. */
  failure(error: unknown, place: string): unknown {
    if (this.own.byteLength > 0 || typeof (error as FfiError | null | undefined)?.code === 'string') return error;
    return goneError(this.own, place);
  }
}

/** What to throw for a buffer that has no bytes any more. */
export function goneError(buffer: ArrayBufferLike, place: string): FfiError {
  if (ended.has(buffer)) return ffiError('ERR_FFI_ARENA_CLOSED', `${place}: the arena has been closed`);
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: the buffer is detached`);
}

/** The bytes of a part of `memory`, for `place`, which messages name. */
export function bytesAt(memory: Memory, offset: number, size: number, place: string): Uint8Array {
  try {
    return memory.bytes(offset, size);
  } catch (error) {
    throw memory.failure(error, place);
  }
}
