/** Structs and unions as programs declare them. Their layouts are those of the platform's C compiler. */

import { ffiError, wrongType } from '../base/errors';
import { native } from '../base/native';
import { append, defineOwn, optionIn, optionsIn } from '../base/own';
import { Anonymous } from './fields';
import type {
  FieldType,
  MemberOptions,
  OnlyKnownFields,
  Promoted,
  StructFields,
  StructOptions,
  StructSchema as AnySchema,
  UnionSchema,
} from './fields';
import { FlexibleCodec } from './flexible';
import { codecOf, isAlignment, readField, readMembers, readOrder } from './members';
import { Schema } from './schema';

function checkPacked(packed: unknown, place: string): asserts packed is StructOptions['packed'] {
  if (packed === undefined || typeof packed === 'boolean') return;
  if (typeof packed !== 'number') throw wrongType(place, 'a boolean or a number', packed);
  if (![1, 2, 4, 8, 16].includes(packed)) {
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${packed} is not true, 1, 2, 4, 8 or 16`);
  }
}

function checkBitFields(rules: unknown, place: string): asserts rules is StructOptions['bitFields'] {
  if (rules === undefined) return;
  if (typeof rules !== 'string') throw wrongType(place, 'a string', rules);
  if (rules !== 'ms' && rules !== 'gcc') {
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: '${rules}' is not 'ms' or 'gcc'`);
  }
}

/**
 * Computes the layout of a struct. `fields` must be a copy, so that its properties are the same each time they are
 * read.
 */
function layOut<F extends object>(
  fields: F,
  isUnion: boolean,
  { name, packed, bitFields, align, endian }: StructOptions & { readonly name: string },
): Schema<F> {
  const { tail, members } = readMembers(fields, isUnion, name, endian);
  const inside = members.map((member) => member.letters).join('');
  const rules = bitFields === undefined ? '' : bitFields === 'ms' ? '%' : '=';
  const before = `${isUnion ? '|' : ''}${rules}${typeof packed === 'number' ? `!${packed}:` : packed ? '!' : ''}`;
  const textFor = (least: number | undefined, more = ''): string =>
    `{${before}${least === undefined ? '' : `@${least}:`}${inside}${more}}`;
  // A layout with one element shows where the flexible array begins, and which alignment the struct gets from it.
  const probe = tail && native.layoutOf(textFor(align, tail.letters));
  const letters = textFor(probe ? probe.align : align);
  const layout = native.layoutOf(letters);

  const flexible = tail && probe && new FlexibleCodec(tail.element, tail.field, probe.offsets[members.length]);
  const parts = members.flatMap(({ at }, i) => at(layout.offsets[i], layout.bits[i]));
  if (flexible) append(parts, { name: flexible.name, codec: flexible, offset: flexible.offset });
  const { size, align: aligned } = layout;
  return new Schema({ name, fields, isUnion, size, align: aligned, letters, parts, flexible });
}

/** The options of `Struct` and `Union`. */
const OPTIONS: readonly string[] = ['name', 'packed', 'bitFields', 'align', 'endian'];

function make<F extends StructFields>(fields: F, options: StructOptions, isUnion: boolean): AnySchema<F> {
  const maker = isUnion ? 'Union' : 'Struct';
  if (typeof options !== 'object' || options === null) throw wrongType(`${maker}: options`, 'an object', options);
  const { name = maker, packed, bitFields, align, endian } = optionsIn(options, OPTIONS);
  if (typeof name !== 'string') throw wrongType(`${maker}: options.name`, 'a string', name);
  checkPacked(packed, `${maker}: options.packed`);
  checkBitFields(bitFields, `${maker}: options.bitFields`);
  if (align !== undefined && typeof align !== 'number') throw wrongType(`${maker}: options.align`, 'a number', align);
  if (align !== undefined && !isAlignment(align)) {
    const range = 'a power of two from 1 to 4096';
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${maker}: options.align: ${align} is not ${range}`);
  }
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key) && optionIn(options, key) !== undefined);
  if (unknown !== undefined) {
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${maker}: options.${unknown}: there is no such option`);
  }
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  const copy = isObject ? { ...fields } : undefined;
  if (!copy || Object.keys(copy).length === 0) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: expected an object with the type of each field`);
  }
  // JavaScript objects list names like '0' first, so the position of such a field in the struct would be lost.
  const index = Object.keys(copy).find((field) => /^\d/.test(field));
  if (index !== undefined) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: '${index}' cannot name a field in C`);
  const order = readOrder(endian, `${maker}: options`);
  return layOut(copy, isUnion, { name, packed, bitFields, align, endian: order });
}

/**
 * Declares a C struct. Size, alignment and offsets are those of the platform's C compiler.
 *
 * @param fields The type of each field, in the order of their declaration in C.
 *
 * @example
 * const Point = Struct({ x: 'i', y: 'i' });
 * const Path = Struct({ start: Point, heights: ['h', 3], closed: { type: 'I', bits: 1 } });
 * const path = Path.create({ start: { x: 1, y: 2 } });
 * path.heights[2] = 3;
 * path.start.y; // 2
 * dlopen(library, { draw: { args: ['p'] }, area: { args: [Path], returns: 'd' } });
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for a type that is unknown or cannot be a field, naming the field;
 *   TypeError `ERR_FFI_INVALID_ARG_TYPE` or RangeError `ERR_FFI_OUT_OF_RANGE` for a wrong option.
 */
export function Struct<F extends StructFields>(
  fields: F & ([F] extends [OnlyKnownFields<F>] ? unknown : never),
  options: StructOptions = {},
): AnySchema<F> {
  return make<F>(fields, options, false);
}

/**
 * Declares a C union, all of whose fields begin at its first byte.
 * @throws as `Struct` does.
 */
export function Union<F extends StructFields>(
  fields: F & ([F] extends [OnlyKnownFields<F>] ? unknown : never),
  options: StructOptions = {},
): UnionSchema<F> {
  return make<F>(fields, options, true) as UnionSchema<F>;
}

/**
 * A struct or union as a member without a name in C: its fields are accessed as fields of the outer struct. The name
 * that the member is written under is ignored.
 *
 * @example
 * const Value = Struct({ tag: 'i', _: anonymous(Union({ whole: 'l', real: 'd' })) });
 * Value.create({ tag: 1, real: 0.5 }).real; // 0.5
 *
 * @param options The member's placement, if not by its own alignment alone.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if `schema` is not a struct or `options` not an object; TypeError
 *   `ERR_FFI_BAD_SIGNATURE` for a wrong option. `Struct` refuses a field name that occurs twice.
 */
export function anonymous<S extends AnySchema<any>>(schema: S, options: MemberOptions = {}): Anonymous<S> {
  if (!(schema instanceof Schema)) throw wrongType('anonymous: argument 1', 'a Struct or Union', schema);
  if (typeof options !== 'object' || options === null) throw wrongType('anonymous: options', 'an object', options);
  const { placement } = readField({ ...options, type: schema }, 'anonymous: options');
  return new Anonymous(schema, schema.codec.letters + placement);
}

/** The size of a type in bytes, as C's `sizeof`. */
Struct.sizeof = (type: FieldType): number => codecOf(type, 'Struct.sizeof').size;

/** The alignment of a type in bytes, as C's `alignof`. */
Struct.alignof = (type: FieldType): number => native.layoutOf(`{${codecOf(type, 'Struct.alignof').letters}}`).align;

/** The offset of a field in bytes, as C's `offsetof`; of a bit-field, that of the byte in which it begins. */
Struct.offsetof = <F extends object>(struct: AnySchema<F>, field: keyof Promoted<F> & string): number => {
  if (!(struct instanceof Schema)) throw wrongType('Struct.offsetof: argument 1', 'a struct', struct);
  return struct.codec.fieldOf(field, `Struct.offsetof: ${struct.name}`).offset;
};

/** A C struct or union: its layout, and functions for its values. Made by `Struct` and `Union`; it never changes. */
export interface StructSchema<F extends object = any> extends AnySchema<F> {}

/** Makes what `Struct` makes, with `new` or without. Every struct and union is an instance of it. */
export interface StructSchemaConstructor {
  <F extends StructFields>(
    fields: F & ([F] extends [OnlyKnownFields<F>] ? unknown : never),
    options?: StructOptions,
  ): AnySchema<F>;
  new <F extends StructFields>(
    fields: F & ([F] extends [OnlyKnownFields<F>] ? unknown : never),
    options?: StructOptions,
  ): AnySchema<F>;
  readonly prototype: AnySchema<any>;
}

/** The class of structs and unions: `new StructSchema(fields)` is the same as `Struct(fields)`. */
export const StructSchema: StructSchemaConstructor = function StructSchema(
  fields: StructFields,
  options?: StructOptions,
): unknown {
  return Struct(fields, options);
} as unknown as StructSchemaConstructor;
defineOwn(StructSchema, 'prototype', { value: Schema.prototype, writable: false });

/** Does nothing; see `StructSchema.releasePtr`. */
export function releasePtr(_value?: unknown): void {}

Struct.releasePtr = releasePtr;
