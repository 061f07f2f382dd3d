/** Structs and unions as programs declare them. Their layouts are those of the platform's C compiler. */

import { wrongType } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
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
import { makeStruct } from './make';
import { codecOf, readField } from './members';
import { Schema } from './schema';

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
  return makeStruct<F>(fields, options, false);
}

/**
 * Declares a C union, all of whose fields begin at its first byte.
 * @throws as `Struct` does.
 */
export function Union<F extends StructFields>(
  fields: F & ([F] extends [OnlyKnownFields<F>] ? unknown : never),
  options: StructOptions = {},
): UnionSchema<F> {
  return makeStruct<F>(fields, options, true) as UnionSchema<F>;
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
