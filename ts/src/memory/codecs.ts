/** The codec of each scalar type. */

import { ffiError, wrongType } from '../base/errors';
import type { FfiError } from '../base/errors';
import { native } from '../base/native';
import { addressOf, exact, hasPointer } from '../base/pointer';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import type { Codec } from './codec';
import type { View } from './memory';
import type { TextCode } from './text';

export const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const ZERO = BigInt(0);
const ONE = BigInt(1);

/**
 * The codec of a scalar, which checks values before it stores them. It is a class of its own so that V8, which has seen no
 * other object of its shape, need not compare the codec in each access to a field.
 */
class ScalarCodec<T> implements Codec {
  readonly size: number;
  readonly align: number;
  readonly read: Codec['read'];
  readonly write: Codec['write'];

  constructor(
    readonly letters: TypeCode,
    read: (view: View, offset: number) => unknown,
    check: (value: unknown, place: string) => T,
    store: (view: View, offset: number, value: T) => void,
  ) {
    this.size = typeFacts[letters].size;
    this.align = this.size;
    this.read = ({ view }, offset) => read(view, offset);
    this.write = (memory, offset, value, place) => store(memory.view, offset, check(value, place));
  }
}

/**
 * Reads and stores the values of one type. Each type has functions of its own: in one for all, which gets the names of the
 * methods, V8 would compile an access by a name, and discard it at the next one, for as long as the program runs.
 */
type Load<T> = (view: View, offset: number) => T;
type Store<T> = (view: View, offset: number, value: T) => void;

/** The codec of an integer of up to 32 bits. */
function integer(code: TypeCode, load: Load<number>, store: Store<number>): Codec {
  return new ScalarCodec(code, load, integerCheck(code), (view, offset, value) => store(view, offset, Number(value)));
}

/** The codec of a 64-bit integer. */
function wide(code: TypeCode, load: Load<number | bigint>, store: Store<bigint>): Codec {
  return new ScalarCodec(code, load, integerCheck(code), (view, offset, value) => store(view, offset, BigInt(value)));
}

/**
 * The codec of a pointer. `read` converts the address to what the program gets. An object that is written is kept
 * alive.
 */
function pointer(code: TypeCode, read: (address: number | bigint) => unknown): Codec {
  return {
    letters: code,
    size: typeFacts[code].size,
    align: typeFacts[code].size,
    read: ({ view }, offset) => read(exact(view.getBigUint64(offset, LITTLE_ENDIAN))),
    write(memory, offset, value, place) {
      const address = isBuffer(value) ? native.ptr(value) : addressOf(value, place, 'an address, a buffer or null');
      const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null);
      if (isObject) memory.checkKeeps(value, place);
      memory.view.setBigUint64(offset, BigInt(checkAddress(address, place)), LITTLE_ENDIAN);
      memory.keep(offset, isObject ? value : undefined);
    },
  };
}

/** Converts between text and its bytes, which are characters of Latin-1. */
interface TextConverter {
  decode(bytes: string): string;
  encode(text: string, place: string): string;
}

/** The converter of encodings that the native module knows. */
const AS_IT_IS: TextConverter = { decode: (text) => text, encode: (text) => text };

/**
 * The codec of a pointer to text. Reading gives the text at the address. Writing a string stores the address of a copy,
 * which lives as long as the memory.
 */
function text(code: TextCode, converter = AS_IT_IS): Codec {
  const given = (address: number | bigint): string => converter.decode(native.readText(address, code) as string);
  const { write, ...rest } = pointer(code, (address) => (address === 0 ? null : given(address)));
  return {
    ...rest,
    write(memory, offset, value, place) {
      const isPlace = value === null || typeof value === 'number' || typeof value === 'bigint' || hasPointer(value);
      if (typeof value === 'string')
        write(memory, offset, memory.textFor(offset, converter.encode(value, place), code, place), place);
      else if (isPlace || isBuffer(value)) write(memory, offset, value, place);
      else throw wrongType(place, 'a string, null, an address or a buffer', value);
    },
  };
}

/** The codec of text that JavaScript converts. */
export function convertedText(converter: TextConverter): Codec {
  return text('t', converter);
}

/** The codec of each type that has values, by its letter. */
export const codecs: { readonly [code in Exclude<TypeCode, 'v'>]: Codec } = {
  b: new ScalarCodec(
    'b',
    (view, offset) => view.getUint8(offset) !== 0,
    checkBool,
    (view, offset, bit) => view.setUint8(offset, bit),
  ),
  c: integer(
    'c',
    (view, offset) => view.getInt8(offset),
    (view, offset, value) => view.setInt8(offset, value),
  ),
  C: integer(
    'C',
    (view, offset) => view.getUint8(offset),
    (view, offset, value) => view.setUint8(offset, value),
  ),
  h: integer(
    'h',
    (view, offset) => view.getInt16(offset, LITTLE_ENDIAN),
    (view, offset, value) => view.setInt16(offset, value, LITTLE_ENDIAN),
  ),
  H: integer(
    'H',
    (view, offset) => view.getUint16(offset, LITTLE_ENDIAN),
    (view, offset, value) => view.setUint16(offset, value, LITTLE_ENDIAN),
  ),
  i: integer(
    'i',
    (view, offset) => view.getInt32(offset, LITTLE_ENDIAN),
    (view, offset, value) => view.setInt32(offset, value, LITTLE_ENDIAN),
  ),
  I: integer(
    'I',
    (view, offset) => view.getUint32(offset, LITTLE_ENDIAN),
    (view, offset, value) => view.setUint32(offset, value, LITTLE_ENDIAN),
  ),
  l: wide(
    'l',
    (view, offset) => exact(view.getBigInt64(offset, LITTLE_ENDIAN)),
    (view, offset, value) => view.setBigInt64(offset, value, LITTLE_ENDIAN),
  ),
  L: wide(
    'L',
    (view, offset) => exact(view.getBigUint64(offset, LITTLE_ENDIAN)),
    (view, offset, value) => view.setBigUint64(offset, value, LITTLE_ENDIAN),
  ),
  q: wide(
    'q',
    (view, offset) => view.getBigInt64(offset, LITTLE_ENDIAN),
    (view, offset, value) => view.setBigInt64(offset, value, LITTLE_ENDIAN),
  ),
  Q: wide(
    'Q',
    (view, offset) => view.getBigUint64(offset, LITTLE_ENDIAN),
    (view, offset, value) => view.setBigUint64(offset, value, LITTLE_ENDIAN),
  ),
  f: new ScalarCodec(
    'f',
    (view, offset) => view.getFloat32(offset, LITTLE_ENDIAN),
    checkNumber,
    (view, offset, value) => view.setFloat32(offset, value, LITTLE_ENDIAN),
  ),
  d: new ScalarCodec(
    'd',
    (view, offset) => view.getFloat64(offset, LITTLE_ENDIAN),
    checkNumber,
    (view, offset, value) => view.setFloat64(offset, value, LITTLE_ENDIAN),
  ),
  s: text('s'),
  S: text('S'),
  w: text('w'),
  t: text('t'),
  p: pointer('p', (address) => address),
  k: pointer('k', (address) => address),
};

/** Makes a function that checks that a value is an integer in the range of its type. */
function integerCheck(code: TypeCode): (value: unknown, place: string) => number | bigint {
  return integerCheckOf(code, typeFacts[code].size * 8, typeFacts[code].cName);
}

/**
 * Makes a function that checks that a value is an integer in the range of the lowest `bits` bits of the type. `cName`
 * is the type's name in messages.
 */
export function integerCheckOf(
  code: TypeCode,
  bits: number,
  cName: string,
): (value: unknown, place: string) => number | bigint {
  const { kind, size } = typeFacts[code];
  const half = ONE << BigInt(bits - 1);
  const least = kind === 'signed' ? -half : ZERO;
  const greatest = (kind === 'signed' ? half : half + half) - ONE;
  const low = size < 8 ? Number(least) : 1;
  const high = size < 8 ? Number(greatest) : 0;

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

/**
 * Whether a value is a buffer. It goes by the tag, which buffers of another realm have as well; an object that imitates
 * the tag is refused by the native module.
 */
export function isBuffer(value: unknown): value is ArrayBuffer | SharedArrayBuffer | ArrayBufferView {
  const tag = Object.prototype.toString.call(value);
  return ArrayBuffer.isView(value) || tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}
