/** The values of C types in a block of memory: one reader and one writer for each type. */

import type { Codec } from './codec';
import { ffiError, wrongType } from '../base/errors';
import type { FfiError } from '../base/errors';
import type { View } from './memory';
import { native } from '../base/native';
import { addressOf, exact, hasPointer } from '../base/pointer';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';

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
