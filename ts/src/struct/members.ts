/** Reads the members of structs from what a program writes for the fields. */

import { brandOf } from '../base/brand';
import { describe, ffiError } from '../base/errors';
import { has, optionsIn } from '../base/own';
import { keyHint } from '../types/hints';
import { valueCodeOf } from '../types/types';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import { ArrayCodec } from '../memory/array';
import { bitsCodec } from '../memory/bits';
import { orderedCodec } from '../memory/byte_order';
import type { ByteOrder } from '../memory/byte_order';
import type { Codec } from '../memory/codec';
import { codecs } from '../memory/codecs';
import { ConvertedType } from '../memory/converted_type';
import { EnumType } from '../memory/enumeration';
import { Anonymous } from './fields';
import { functionCodecOf, isFunctionType } from './function_type';
import { movedBy } from './parts';
import type { Part } from './parts';
import { Schema } from './schema';
import { TypedPointer } from './typed_pointer';

/** The letters that follow those of a member's type, for its placement. */
function lettersFor(align: unknown, packed: unknown, place: string): string {
  if (packed !== undefined && typeof packed !== 'boolean') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: packed: expected a boolean, got ${describe(packed)}`);
  }
  if (align !== undefined && !isAlignment(align)) {
    const range = 'a power of two from 1 to 4096';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: align: expected ${range}, got ${describe(align)}`);
  }
  return `${packed ? '!' : ''}${align === undefined ? '' : `@${align}`}`;
}

export function isAlignment(align: unknown): boolean {
  return typeof align === 'number' && Number.isInteger(Math.log2(align)) && align >= 1 && align <= 4096;
}

/** A field as the program gave it: its type, the letters of its placement, and the bit-field's options if it is one. */
interface Given {
  readonly type: unknown;
  readonly placement: string;
  /** The order of its bytes, if the field says it. */
  readonly order: ByteOrder | undefined;
  readonly bits: { readonly bits?: unknown; readonly padding?: unknown } | undefined;
}

/** Whether an object is a type, not one with the placement of its member. */
function isWholeType(field: object): boolean {
  return field instanceof Schema || field instanceof TypedPointer || field instanceof ConvertedType;
}

/** What an object may say of a field. */
const KEYS: readonly string[] = ['type', 'align', 'packed', 'endian', 'bits', 'padding'];

/** A field of which only the type is said. */
function plainly(type: unknown): Given {
  return { type: readPair(type), placement: '', order: undefined, bits: undefined };
}

export function readField(field: unknown, place: string): Given {
  const isType = typeof field !== 'object' || field === null || isWholeType(field) || Array.isArray(field);
  if (isType || !(has(field, 'type') || has(field, 'bits'))) return plainly(field);
  const read = optionsIn(field, KEYS);
  const { type, align, packed, endian } = read;
  const bits = 'bits' in read ? read : undefined;
  const unknown = Object.keys(field).find((key) => !KEYS.includes(key) || (bits === undefined && key === 'padding'));
  if (unknown !== undefined)
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown key '${unknown}'${keyHint(unknown, KEYS)}`);
  const order = readOrder(endian, place);
  return { type: readPair(type), placement: lettersFor(align, packed, place), order, bits };
}

/**
 * Reads `endian`, the order of bytes.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`; the message begins with `place`.
 */
export function readOrder(endian: unknown, place: string): ByteOrder | undefined {
  if (endian === undefined || endian === 'big' || endian === 'little') return endian;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: endian: expected 'big' or 'little', got ${describe(endian)}`);
}

/** The codec of a field in the order that it says itself, or its struct says for all numbers. */
function inOrder(codec: Codec, own: ByteOrder | undefined, common: ByteOrder | undefined, place: string): Codec {
  const order = own ?? common;
  const ordered = order && orderedCodec(codec, order);
  if (own !== undefined && ordered === undefined) {
    throw ffiError(
      'ERR_FFI_BAD_SIGNATURE',
      `${place}: endian: only numbers and arrays of numbers have an order of bytes`,
    );
  }
  return ordered ?? codec;
}

/** A copy of `[type, count]`, so that its elements are read only once. Other values are returned as they are. */
function readPair(type: unknown): unknown {
  return Array.isArray(type) && type.length === 2 ? [type[0], type[1]] : type;
}

/** The flexible array at the end of a struct. `letters` describe one element, with its placement. */
interface Tail {
  readonly field: string;
  readonly element: Codec;
  readonly letters: string;
}

/** The flexible array that the last field of a struct is, or undefined. */
function flexibleOf(
  { type, placement, order }: Given,
  field: string,
  name: string,
  common: ByteOrder | undefined,
): Tail | undefined {
  if (!Array.isArray(type) || type.length !== 2 || type[1] !== 0) return undefined;
  const place = `${name}.${field}`;
  const element = inOrder(codecOf(type[0], `${place}[0]`), order, common, place);
  return { field, element, letters: element.letters + placement };
}

/**
 * A member before the layout is known: its letters, and a function that makes its parts from its offset in bytes and
 * the index of its lowest bit.
 */
interface Member {
  readonly letters: string;
  readonly at: (offset: number, bit: number) => readonly Part[];
}

/** `read` is the result of `readField` if the field has already been read. */
function readMember(field: unknown, place: string, name: string, common: ByteOrder | undefined, read?: Given): Member {
  if (field instanceof Anonymous) {
    const { codec } = field.schema as Schema<any>;
    return { letters: field.letters, at: (offset) => [movedBy(offset, codec.whole)] };
  }
  const given = read ?? readField(field, place);
  if (given.bits) {
    const order = given.order ?? common;
    if (order === undefined || orderedCodec(codecs.i, order) === codecs.i)
      return readBits(given, given.bits, place, name);
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: endian: a bit-field has the order of bytes of this machine`);
  }
  const codec = inOrder(codecOf(given.type, place), given.order, common, place);
  return { letters: codec.letters + given.placement, at: (offset) => [{ name, codec, offset }] };
}

function readBits({ type, placement }: Given, how: NonNullable<Given['bits']>, place: string, name: string): Member {
  const { bits, padding = false } = how;
  const enumeration = type instanceof EnumType ? type.codec : undefined;
  const code = enumeration ? (enumeration.letters as Exclude<TypeCode, 'v'>) : valueCodeOf(type, `${place}: type`);
  const { kind, size } = typeFacts[code];
  if (kind !== 'signed' && kind !== 'unsigned' && kind !== 'bool') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: a bit-field has an integer type, not ${describe(type)}`);
  }
  const most = kind === 'bool' ? 1 : 8 * size;
  if (typeof bits !== 'number' || !Number.isInteger(bits) || bits < 0 || bits > most) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected 0 to ${most} bits, got ${describe(bits)}`);
  }
  if (typeof padding !== 'boolean') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: padding: expected a boolean, got ${describe(padding)}`);
  }
  const hasNoName = padding || bits === 0;
  const letters = `${padding && bits ? '_' : ''}${code}:${bits}${placement}`;
  const at = (offset: number, bit: number): Part[] => {
    const integer = bitsCodec(code, bits, bit);
    return [{ name, codec: enumeration ? enumeration.within(integer) : integer, offset }];
  };
  return { letters, at: hasNoName ? () => [] : at };
}

/**
 * Reads the members of a struct or union, each field once. `order` is that of the bytes of numbers, where fields say no other. `tail` is the flexible array at its end, which is not a
 * member. `name` is the struct's name in messages.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`.
 */
export function readMembers(
  fields: object,
  isUnion: boolean,
  name: string,
  order?: ByteOrder,
): { readonly tail: Tail | undefined; readonly members: readonly Member[] } {
  const entries: [string, unknown][] = Object.entries(fields);
  const last = entries.length - 1;
  const read = isUnion || last < 1 ? undefined : readField(entries[last][1], `${name}.${entries[last][0]}`);
  const tail = read && flexibleOf(read, entries[last][0], name, order);
  if (tail) entries.pop();
  const members = entries.map(({ 0: field, 1: type }, i) =>
    readMember(type, `${name}.${field}`, field, order, i === last ? read : undefined),
  );
  return { tail, members };
}

/** Whether a value is an object that no copy of arkffi has made to stand for a type. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && brandOf(value) === undefined;
}

/**
 * The codec of a type.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`; the message begins with `place`.
 */
export function codecOf(type: unknown, place: string): Codec {
  if (type instanceof Schema || type instanceof TypedPointer || type instanceof ConvertedType) return type.codec;
  if (Array.isArray(type)) return arrayOf(type, place);
  if (isPlain(type) && has(type, 'bits')) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: only a struct has bit-fields`);
  }
  if (isPlain(type) && (has(type, 'align') || has(type, 'packed'))) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: only a field of a struct is aligned or packed`);
  }
  if (type instanceof Anonymous) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: only a struct has anonymous members`);
  }
  return isFunctionType(type) ? functionCodecOf(type, place) : codecs[valueCodeOf(type, place)];
}

function arrayOf(type: readonly unknown[], place: string): Codec {
  const { 0: element, 1: count } = type;
  if (type.length !== 2) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected [type, count], got an array of ${type.length}`);
  }
  if (count === 0) {
    const where = 'is a flexible array, which only the last of several fields of a struct can be';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: an array of 0 elements ${where}`);
  }
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}[1]: expected a count of 1 or more, got ${describe(count)}`);
  }
  return new ArrayCodec(codecOf(element, `${place}[0]`), count, place);
}
