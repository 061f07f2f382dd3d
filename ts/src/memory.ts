/** The values of C types in a block of memory: one reader and one writer for each type. */

import type { Address } from './bridge';
import { ffiError, wrongType } from './errors';
import type { FfiError } from './errors';
import { native } from './native';
import { addressOf, exact, hasPointer } from './pointer';
import { encodeText } from './text';
import { typeFacts } from './types.generated';
import type { TypeCode } from './types.generated';

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
  /** All of its bytes, and where they begin: once `reach` has been asked. */
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
  reach(offset: number, size: number): number {
    const { whole = this.find() } = this;
    return offset >= 0 && offset + size <= whole.length ? this.start + offset : 0;
  }

  /** Reads on, so that no engine lets go of it while C uses what `reach` gave. */
  stay(): number {
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

export const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const ZERO = BigInt(0);
const ONE = BigInt(1);

/** A codec whose values are checked first and then stored. */
function codec<T>(
  code: TypeCode,
  read: (view: View, offset: number) => unknown,
  check: (value: unknown, place: string) => T,
  store: (view: View, offset: number, value: T) => void,
): Codec {
  return {
    letters: code,
    size: typeFacts[code].size,
    read: ({ view }, offset) => read(view, offset),
    write(memory, offset, value, place) {
      store(memory.view, offset, check(value, place));
    },
  };
}

/** An integer of up to 32 bits, named as DataView does. */
function integer(code: TypeCode, name: 'Int8' | 'Uint8' | 'Int16' | 'Uint16' | 'Int32' | 'Uint32'): Codec {
  return codec(
    code,
    (view, offset) => view[`get${name}`](offset, LITTLE_ENDIAN),
    integerCheck(code),
    (view, offset, value) => view[`set${name}`](offset, Number(value), LITTLE_ENDIAN),
  );
}

/** An integer of 64 bits; `give` is what becomes of it in JavaScript. */
function wide(code: TypeCode, name: 'BigInt64' | 'BigUint64', give: (value: bigint) => number | bigint): Codec {
  return codec(
    code,
    (view, offset) => give(view[`get${name}`](offset, LITTLE_ENDIAN)),
    integerCheck(code),
    (view, offset, value) => view[`set${name}`](offset, BigInt(value), LITTLE_ENDIAN),
  );
}

function float(code: TypeCode, name: 'Float32' | 'Float64'): Codec {
  return codec(
    code,
    (view, offset) => view[`get${name}`](offset, LITTLE_ENDIAN),
    checkNumber,
    (view, offset, value) => view[`set${name}`](offset, value, LITTLE_ENDIAN),
  );
}

/** A pointer; `read` is what becomes of the address in JavaScript. */
function pointer(code: TypeCode, read: (address: number | bigint) => unknown): Codec {
  return {
    letters: code,
    size: typeFacts[code].size,
    read: ({ view }, offset) => read(exact(view.getBigUint64(offset, LITTLE_ENDIAN))),
    write(memory, offset, value, place) {
      const address = isBuffer(value) ? native.ptr(value) : addressOf(value, place);
      memory.view.setBigUint64(offset, BigInt(checkAddress(address, place)), LITTLE_ENDIAN);
      const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null);
      memory.keep(offset, isObject ? value : undefined);
    },
  };
}

/** A pointer to text, which is read where it lies; a string that is written lives as long as the memory it is written to. */
function text(code: 's' | 'S' | 'w'): Codec {
  const { write, ...rest } = pointer(code, (address) => (address === 0 ? null : native.readText(address, code)));
  return {
    ...rest,
    write(memory, offset, value, place) {
      const isPlace = value === null || typeof value === 'number' || typeof value === 'bigint' || hasPointer(value);
      if (typeof value === 'string') write(memory, offset, memory.textFor(offset, value, code, place), place);
      else if (isPlace || isBuffer(value)) write(memory, offset, value, place);
      else throw wrongType(place, 'a string, null, an address or a buffer', value);
    },
  };
}

/** The codec of every type that has values, by its letter. */
export const codecs: { readonly [code in Exclude<TypeCode, 'v'>]: Codec } = {
  b: codec(
    'b',
    (view, offset) => view.getUint8(offset) !== 0,
    checkBool,
    (view, offset, bit) => view.setUint8(offset, bit),
  ),
  c: integer('c', 'Int8'),
  C: integer('C', 'Uint8'),
  h: integer('h', 'Int16'),
  H: integer('H', 'Uint16'),
  i: integer('i', 'Int32'),
  I: integer('I', 'Uint32'),
  l: wide('l', 'BigInt64', exact),
  L: wide('L', 'BigUint64', exact),
  q: wide('q', 'BigInt64', (value) => value),
  Q: wide('Q', 'BigUint64', (value) => value),
  f: float('f', 'Float32'),
  d: float('d', 'Float64'),
  s: text('s'),
  S: text('S'),
  w: text('w'),
  p: pointer('p', (address) => address),
  k: pointer('k', (address) => address),
};

/** Makes the check that a value is an integer in the range of its type. */
function integerCheck(code: TypeCode): (value: unknown, place: string) => number | bigint {
  return integerCheckOf(code, typeFacts[code].size * 8, typeFacts[code].cName);
}

/** The same for so many bits of the type; `cName` is what messages call them. */
export function integerCheckOf(
  code: TypeCode,
  bits: number,
  cName: string,
): (value: unknown, place: string) => number | bigint {
  const { kind, size } = typeFacts[code];
  const half = ONE << BigInt(bits - 1);
  const least = kind === 'signed' ? -half : ZERO;
  const greatest = (kind === 'signed' ? half : half + half) - ONE;
  const [low, high] = size < 8 ? [Number(least), Number(greatest)] : [1, 0];

  return (value, place) => {
    if (typeof value === 'number' && value >= low && value <= high && Math.floor(value) === value) return value;
    if (typeof value !== 'number' && !(typeof value === 'bigint' && size === 8)) {
      throw wrongType(place, size === 8 ? 'number or bigint' : 'number', value);
    }
    if (Number.isNaN(value) || (Number.isFinite(value) && !Number.isInteger(value))) {
      throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${value} is not an integer, as ${cName} must be`);
    }
    if (value >= least && value <= greatest) return value;
    throw outOfRange(value, cName, `${least} to ${greatest}`, place);
  };
}

export function checkBool(value: unknown, place: string): number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'number') throw wrongType(place, 'boolean, 0 or 1', value);
  if (value === 0 || value === 1) return value;
  throw outOfRange(value, typeFacts.b.cName, '0 to 1', place);
}

function checkNumber(value: unknown, place: string): number {
  if (typeof value === 'number') return value;
  throw wrongType(place, 'number', value);
}

function outOfRange(value: number | bigint, cName: string, range: string, place: string): FfiError {
  return ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${value} is out of range for ${cName} (${range})`);
}

const checkAddress = integerCheck('L');

/** By the tag, which buffers of another realm have too; what only claims to be one the native module finds out. */
export function isBuffer(value: unknown): value is ArrayBuffer | SharedArrayBuffer | ArrayBufferView {
  const tag = Object.prototype.toString.call(value);
  return ArrayBuffer.isView(value) || tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}
