/** C structs: laid out as the platform's C compiler does, in memory that JavaScript owns. */

import { describe, ffiError, suggestion, wrongType } from './errors';
import { arrayCodec, codecs, Memory } from './memory';
import type { Codec } from './memory';
import { native } from './native';
import { addressOf } from './pointer';
import type { AddressLike } from './pointer';
import { valueCodeOf } from './types';
import type { CodeOf, FromC, PointerLike, ToC, ValueTypeName } from './types';

/** The type of a field: a type, another struct, or a fixed array of either as `[type, count]`. */
export type FieldType = ValueTypeName | StructSchema<any> | readonly [FieldType, number];

/** The fields of a struct, in the order of their declaration in C. */
export interface StructFields {
  readonly [name: string]: FieldType;
}

/** What reading a field gives. */
export type FieldValue<T> = T extends ValueTypeName
  ? FromC<T>
  : T extends StructSchema<infer F>
    ? StructValue<F>
    : T extends readonly [infer Element, number]
      ? FieldValue<Element>[]
      : never;

/** What a field may be set to. A string field takes the address of the text, or a buffer that holds it. */
export type FieldInput<T> = T extends ValueTypeName
  ? CodeOf<T> extends 's' | 'S' | 'p' | 'k'
    ? PointerLike
    : ToC<T>
  : T extends StructSchema<infer F>
    ? StructValue<F> | StructInit<F>
    : T extends readonly [infer Element, number]
      ? ArrayLike<FieldInput<Element>>
      : never;

/** First values for the fields of a struct. Those left out are zero. */
export type StructInit<F> = { readonly [Name in keyof F]?: FieldInput<F[Name]> };

/** How to lay a struct out. */
export interface StructOptions {
  /** What messages call it. `Struct` when absent. */
  readonly name?: string;
}

/** Where a value is: kept aside, so that a value shows nothing but what is its own. */
interface Place {
  readonly memory: Memory;
  readonly offset: number;
}

const places = new WeakMap<object, Place>();

/** One struct, in memory that JavaScript owns. May be passed wherever C takes a pointer to it. */
export class StructValue<F extends object> {
  /** Values are made by `create`, `fromPtr` and `get` of their struct. @internal */
  constructor(
    /** The struct that this is a value of. */
    readonly schema: StructSchema<F>,
    memory: Memory,
    offset: number,
  ) {
    Object.defineProperty(this, 'schema', { enumerable: false });
    places.set(this, { memory, offset });
  }

  /** The address. C may use it for as long as JavaScript keeps this value, or the one that it is a field of. */
  get ptr(): number {
    const { memory, offset } = places.get(this) as Place;
    return native.ptr(new DataView(memory.buffer, offset, this.schema.size));
  }

  /** The bytes: those of this value, or of the whole one that it is a field of. */
  get buffer(): ArrayBuffer {
    return (places.get(this) as Place).memory.buffer;
  }

  /** Where in `buffer` this value begins. */
  get byteOffset(): number {
    return (places.get(this) as Place).offset;
  }
}

/** A C struct: its layout, and what is done with values of it. Made by `Struct`. */
export class StructSchema<F extends object> {
  /** What messages call it. */
  readonly name: string;
  /** The type of each field, as it was given. */
  readonly fields: F;
  /** In bytes, with the padding at its end. */
  readonly size: number;
  /** In bytes. */
  readonly align: number;
  /** Bytes from the start of the struct to each field. */
  readonly offsets: { readonly [Name in keyof F]: number };

  private readonly codec: StructCodec;

  /** @internal */
  constructor(fields: F, name: string) {
    const names = Object.keys(fields);
    const members = names.map((field) => codecOf(fields[field as keyof F], `${name}.${field}`));
    const letters = members.map((member) => member.letters).join('');
    const { size, align, offsets } = native.layoutOf(`{${letters}}`);

    const table = new Map(names.map((field, i) => [field, { codec: members[i], offset: offsets[i] }]));
    const offsetOf = Object.create(null);
    for (const [field, { offset }] of table) offsetOf[field] = offset;

    this.name = name;
    this.fields = Object.freeze({ ...fields });
    this.size = size;
    this.align = align;
    this.offsets = Object.freeze(offsetOf);
    this.codec = new StructCodec(this, `{${letters}}`, table);
    Object.defineProperty(this, 'codec', { enumerable: false });
    Object.freeze(this);
  }

  /**
   * Makes a value of zeros, and sets the fields that `init` names.
   * @throws as `set` does.
   */
  create(init?: StructInit<F>): StructValue<F> {
    const memory = Memory.zeros(this.size);
    if (init !== undefined) this.codec.write(memory, 0, init, this.name);
    return new StructValue(this, memory, 0);
  }

  /**
   * Copies a struct from C's memory, which stays C's own; the copy does not change with it.
   * @throws TypeError `ERR_FFI_NULL_POINTER` for an address up to 65,535, where nothing can be.
   */
  fromPtr(address: AddressLike): StructValue<F> {
    const buffer = native.readMemory(addressOf(address, `${this.name}.fromPtr: argument 1`), this.size);
    return new StructValue(this, new Memory(buffer), 0);
  }

  /**
   * Reads a field. A struct inside is a value that shares the memory of this one; an array is a copy.
   * A string is read where its address points, which must be alive.
   */
  get<Name extends keyof F & string>(value: StructValue<F>, field: Name): FieldValue<F[Name]> {
    const { memory, offset } = this.placeOf(value, 'get');
    const { codec, offset: inside } = this.codec.fieldOf(field, this.name);
    return codec.read(memory, offset + inside) as FieldValue<F[Name]>;
  }

  /**
   * Sets a field. A buffer, or anything else with a `ptr`, that is stored in a pointer field is kept alive for as
   * long as this value; memory known by a bare address is the caller's to keep.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` or RangeError `ERR_FFI_OUT_OF_RANGE`, naming the field.
   */
  set<Name extends keyof F & string>(value: StructValue<F>, field: Name, to: FieldInput<F[Name]>): void {
    const { memory, offset } = this.placeOf(value, 'set');
    const { codec, offset: inside } = this.codec.fieldOf(field, this.name);
    codec.write(memory, offset + inside, to, `${this.name}.${field}`);
  }

  private placeOf(value: StructValue<F>, method: string): Place {
    const place = value instanceof StructValue && value.schema === this ? places.get(value) : undefined;
    if (place === undefined) throw wrongType(`${this.name}.${method}: argument 1`, `a ${this.name} value`, value);
    return place;
  }
}

/** A field and where it is in its struct. */
interface Field {
  readonly codec: Codec;
  readonly offset: number;
}

class StructCodec implements Codec {
  constructor(
    private readonly schema: StructSchema<any>,
    readonly letters: string,
    private readonly table: ReadonlyMap<string, Field>,
  ) {}

  get size(): number {
    return this.schema.size;
  }

  read(memory: Memory, offset: number): unknown {
    return new StructValue(this.schema, memory, offset);
  }

  /** Takes another value of the struct, or an object with some of its fields; the others stay as they are. */
  write(memory: Memory, offset: number, value: unknown, place: string): void {
    if (typeof value !== 'object' || value === null) throw wrongType(place, 'an object with fields', value);
    if (value instanceof StructValue) {
      if (value.schema !== this.schema) throw wrongType(place, `a ${this.schema.name} value`, value);
      const from = places.get(value) as Place;
      memory.copy(offset, from.memory, from.offset, this.size);
      return;
    }
    for (const [name, part] of Object.entries(value)) {
      const field = this.fieldOf(name, place);
      field.codec.write(memory, offset + field.offset, part, `${place}.${name}`);
    }
  }

  fieldOf(name: string, place: string): Field {
    const field = this.table.get(name);
    if (field !== undefined) return field;
    const near = typeof name === 'string' ? suggestion(name, [...this.table.keys()]) : '';
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: no field ${describe(name)}${near}`);
  }
}

/** How a value of that type is read from memory and written to it; `place` begins messages about the type. */
export function codecOf(type: unknown, place: string): Codec {
  if (type instanceof StructSchema) return type['codec'];
  if (Array.isArray(type)) return arrayOf(type, place);
  if (typeof type === 'object' && type !== null && 'bits' in type) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: bit fields are not supported yet`);
  }
  return codecs[valueCodeOf(type, place)];
}

function arrayOf(type: readonly unknown[], place: string): Codec {
  const [element, count] = type;
  if (type.length !== 2) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected [type, count], got an array of ${type.length}`);
  }
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}[1]: expected a count of 1 or more, got ${describe(count)}`);
  }
  return arrayCodec(codecOf(element, `${place}[0]`), count);
}

/**
 * Describes a C struct. Size, alignment and offsets are those of the platform's C compiler.
 *
 * @param fields The type of each field, in the order of their declaration in C.
 *
 * @example
 * const Point = Struct({ x: 'i', y: 'i' });
 * const Path = Struct({ start: Point, heights: ['h', 3] });
 * const path = Path.create({ start: { x: 1, y: 2 } });
 * Path.set(path, 'heights', [1, 2, 3]);
 * Point.get(Path.get(path, 'start'), 'y'); // 2
 * lib.symbols.draw(path); // declared with 'p': C gets a pointer
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`, naming the field, for a type that is not understood.
 */
export function Struct<F extends StructFields>(fields: F, options: StructOptions = {}): StructSchema<F> {
  if (typeof options !== 'object' || options === null) throw wrongType('Struct: options', 'an object', options);
  const { name = 'Struct', ...others } = options;
  if (typeof name !== 'string') throw wrongType('Struct: options.name', 'a string', name);
  for (const [option, value] of Object.entries(others)) {
    if (value !== undefined) throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `Struct: options.${option}: not supported yet`);
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields) || Object.keys(fields).length === 0) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: expected an object with the type of each field`);
  }
  // An object lists names like '0' first, wherever they were written, so their place in the struct would be lost.
  const index = Object.keys(fields).find((field) => /^\d/.test(field));
  if (index !== undefined) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: '${index}' cannot name a field in C`);
  return new StructSchema(fields, name);
}
