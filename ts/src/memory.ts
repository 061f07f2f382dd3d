/** The values of C types in a block of memory: one reader and one writer for each type. */

import { describe, ffiError, wrongType } from './errors';
import type { FfiError } from './errors';
import { native } from './native';
import { addressOf } from './pointer';
import { typeFacts } from './types.generated';
import type { TypeCode } from './types.generated';

/** Bytes that JavaScript owns and C may see. */
export class Memory {
  readonly view: DataView;
  /** What was stored by its address, by the offset where: it lives for as long as the memory does. */
  readonly kept = new Map<number, unknown>();

  constructor(readonly buffer: ArrayBuffer) {
    this.view = new DataView(buffer);
  }

  /** As many zeros. */
  static zeros(size: number): Memory {
    try {
      return new Memory(new ArrayBuffer(size));
    } catch (error) {
      throw ffiError('ERR_FFI_NO_MEMORY', `no memory for ${size} bytes`);
    }
  }

  /** Copies bytes to here, with what they keep alive. The two may overlap. */
  copy(offset: number, from: Memory, fromOffset: number, size: number): void {
    new Uint8Array(this.buffer, offset, size).set(new Uint8Array(from.buffer, fromOffset, size));
    const moved = [...from.kept].filter(([at]) => at >= fromOffset && at < fromOffset + size);
    for (const at of [...this.kept.keys()]) if (at >= offset && at < offset + size) this.kept.delete(at);
    for (const [at, value] of moved) this.kept.set(at - fromOffset + offset, value);
  }
}

/** How the values of one type are read from memory and written to it. Offsets are in bytes. */
export interface Codec {
  /** The type in letters, as layouts write it. */
  readonly letters: string;
  /** In bytes. */
  readonly size: number;
  read(memory: Memory, offset: number): unknown;
  /** Throws where the value is wrong, in a message that begins with `place`. */
  write(memory: Memory, offset: number, value: unknown, place: string): void;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const ZERO = BigInt(0);
const ONE = BigInt(1);

/** A codec whose values are checked first and then stored. */
function codec<T>(
  code: TypeCode,
  read: (view: DataView, offset: number) => unknown,
  check: (value: unknown, place: string) => T,
  store: (view: DataView, offset: number, value: T) => void,
): Codec {
  return {
    letters: code,
    size: typeFacts[code].size,
    read: ({ view }, offset) => read(view, offset),
    write({ view, kept }, offset, value, place) {
      store(view, offset, check(value, place));
      kept.delete(offset);
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
    (view, offset, value) => view[`set${name}`](offset, value, LITTLE_ENDIAN),
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
    write({ view, kept }, offset, value, place) {
      const address = isBuffer(value) ? native.ptr(value) : addressOf(value, place);
      view.setBigUint64(offset, checkAddress(address, place), LITTLE_ENDIAN);
      if (typeof value === 'function' || (typeof value === 'object' && value !== null)) kept.set(offset, value);
      else kept.delete(offset);
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
  s: pointer('s', (address) => (address === 0 ? null : native.readCString(address))),
  S: pointer('S', (address) => (address === 0 ? null : readString16(address))),
  p: pointer('p', (address) => address),
  k: pointer('k', (address) => address),
};

/** A fixed array: a JavaScript array of as many values. */
export function arrayCodec(element: Codec, count: number): Codec {
  return {
    letters: `[${count}${element.letters}]`,
    size: count * element.size,
    read: (memory, offset) => Array.from({ length: count }, (_, i) => element.read(memory, offset + i * element.size)),
    write(memory, offset, value, place) {
      const expected = `an array of ${count} values`;
      if (typeof value !== 'object' || value === null) throw wrongType(place, expected, value);
      const { length } = value as ArrayLike<unknown>;
      if (length !== count) {
        throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected ${expected}, got ${describe(length)}`);
      }
      for (let i = 0; i < count; i++) {
        element.write(memory, offset + i * element.size, (value as ArrayLike<unknown>)[i], `${place}[${i}]`);
      }
    },
  };
}

/** A number where that is exact, else the bigint. */
function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Makes the check that a value is an integer in the range of its type. */
function integerCheck(code: TypeCode): (value: unknown, place: string) => bigint {
  const { cName, kind, size } = typeFacts[code];
  const half = ONE << BigInt(size * 8 - 1);
  const least = kind === 'signed' ? -half : ZERO;
  const greatest = (kind === 'signed' ? half : half + half) - ONE;

  return (value, place) => {
    if (typeof value !== 'number' && !(typeof value === 'bigint' && size === 8)) {
      throw wrongType(place, size === 8 ? 'number or bigint' : 'number', value);
    }
    if (Number.isNaN(value) || (Number.isFinite(value) && !Number.isInteger(value))) {
      throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${value} is not an integer, as ${cName} must be`);
    }
    if (value >= least && value <= greatest) return BigInt(value);
    throw outOfRange(value, cName, `${least} to ${greatest}`, place);
  };
}

function checkBool(value: unknown, place: string): number {
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
function isBuffer(value: unknown): value is ArrayBuffer | SharedArrayBuffer | ArrayBufferView {
  const tag = Object.prototype.toString.call(value);
  return ArrayBuffer.isView(value) || tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}

/** The UTF-16 text up to the first NUL. Read a unit at a time, for nothing says where the memory ends. */
function readString16(address: number | bigint): string {
  const units: string[] = [];
  for (let at = BigInt(address); ; at += BigInt(2)) {
    const [unit] = new Uint16Array(native.readMemory(at, 2));
    if (unit === 0) return units.join('');
    units.push(String.fromCharCode(unit));
  }
}
