/** Structs and unions as programs declare them. Their layouts are those of the platform's C compiler. */

import { wrongType } from '../base/errors';
import { native } from '../base/native';
import { Anonymous, defineSchemas } from './fields';
import type {
  FieldType,
  IfKnownFields,
  MemberOptions,
  Promoted,
  StructFields,
  StructOptions,
  StructSchema,
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
  fields: F & IfKnownFields<F>,
  options: StructOptions = {},
): StructSchema<F> {
  return makeStruct<F>(fields, options, false);
}

/**
 * Declares a C union, all of whose fields begin at its first byte.
 * @throws as `Struct` does.
 */
export function Union<F extends StructFields>(
  fields: F & IfKnownFields<F>,
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
export function anonymous<S extends StructSchema<any>>(schema: S, options: MemberOptions = {}): Anonymous<S> {
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
Struct.offsetof = <F extends object>(struct: StructSchema<F>, field: keyof Promoted<F> & string): number => {
  if (!(struct instanceof Schema)) throw wrongType('Struct.offsetof: argument 1', 'a struct', struct);
  return struct.codec.fieldOf(field, `Struct.offsetof: ${struct.name}`).offset;
};

defineSchemas(Struct, Schema.prototype);

/** Does nothing; see `StructSchema.releasePtr`. */
export function releasePtr(_value?: unknown): void {}

// With its type written out, because the compiler would else declare an alias here, which hides the properties above.
Struct.releasePtr = releasePtr as (value?: unknown) => void;
