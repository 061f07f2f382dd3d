/** Reads structs and unions from memory, and writes them to it. */

import { describe, ffiError, suggestion, wrongType } from '../base/errors';
import { keysOf } from '../base/lists';
import { has, setOwn } from '../base/own';
import { viewOf } from '../memory/bounds';
import { insidePart } from '../memory/codec';
import type { Codec } from '../memory/codec';
import { isBuffer } from '../memory/codecs';
import type { Memory } from '../memory/memory';
import { fieldsIn } from './parts';
import type { Field, Group, Part } from './parts';
import { fitsPool } from './pool';
import { NO_CLONE, isSpread, placeIn, ValueBase, wrongStruct } from './value';
import type { ValueClass, ValueSchema } from './value';

/** The codec of a struct or union. */
export class StructCodec implements Codec {
  /** The whole struct as a group of parts. */
  readonly whole: Group;
  /** The fields, those of anonymous members among them, in their order and by name. */
  private readonly fields: readonly Field[];
  private readonly table = new Map<string, Field>();
  /**
   * Whether a new value may lie beside others in the pool. What a pointer leads to lives as long as the memory that the
   * pointer is in, and parts that are structs or arrays are given memory of their own when they are read.
   */
  readonly isPooled: boolean;
  private Value: ValueClass | undefined = undefined;

  constructor(
    private readonly schema: ValueSchema & { readonly isUnion: boolean },
    readonly letters: string,
    readonly align: number,
    parts: readonly Part[],
    private readonly makeClass: () => ValueClass,
  ) {
    this.whole = { parts, isUnion: schema.isUnion, offset: 0, size: schema.size };
    this.fields = fieldsIn(parts);
    this.fields.forEach((field) => this.table.set(field.name, field));
    this.isPooled = fitsPool(schema.size, align) && this.fields.every(({ codec }) => isNumber(codec));
  }

  get size(): number {
    return this.schema.size;
  }

  read(memory: Memory, offset: number): ValueBase {
    const { Value = this.firstClass() } = this;
    return new Value(memory, offset);
  }

  /** Makes the class of the values, which many a struct that is declared never has. */
  private firstClass(): ValueClass {
    return (this.Value = this.makeClass());
  }

  plain(memory: Memory, offset: number): { [name: string]: unknown } {
    const object: { [name: string]: unknown } = {};
    for (let i = 0; i < this.fields.length; i++) {
      const { name, codec, offset: inside } = this.fields[i];
      const value = codec.plain ? codec.plain(memory, offset + inside) : codec.read(memory, offset + inside);
      // An assignment would not create a property called __proto__, nor one that Object.prototype has a setter for.
      if (name in object) setOwn(object, name, value);
      else object[name] = value;
    }
    return object;
  }

  /** Writes another value of the struct, its bytes, or an object with fields. */
  write(memory: Memory, offset: number, value: unknown, place: string, isWhole = false): void {
    if (typeof value !== 'object' || value === null) throw wrongType(place, 'an object with fields', value);
    if (!isObjectLiteral(value)) {
      const from = placeIn(value, this.schema);
      if (from !== undefined) return memory.copy(offset, from.memory, from.offset, this.size, place);
      if (value instanceof ValueBase) throw wrongStruct(place, this.schema, value);
      if (isBuffer(value)) return memory.setBytes(offset, bytesOf(value, this.size, place));
    }
    if (isSpread(value)) throw wrongCopy(place);
    if (isWhole) this.writeWhole(memory, offset, value, place);
    else this.writeSome(memory, offset, value, place);
  }

  /** Writes the fields that an object has. */
  private writeSome(memory: Memory, offset: number, value: object, place: string): void {
    const names = Object.keys(value);
    const hasNone = names.length === 0 || names[0] === NO_CLONE; // the latter in a value of another copy of arkffi
    if (hasNone && !isPlain(value)) throw wrongObject(value, place);
    for (let i = 0; i < names.length; i++) {
      // Programs mostly write the fields in their order.
      const next = i < this.fields.length ? this.fields[i] : undefined;
      const field = next !== undefined && next.name === names[i] ? next : this.fieldOf(names[i], place);
      this.writeField(memory, offset, value, field, place, false);
    }
  }

  /** Writes an object that must have every field, or one field of a union, and no others. */
  private writeWhole(memory: Memory, offset: number, value: object, place: string): void {
    const names = Object.keys(value);
    for (let i = 0; i < names.length; i++) if (!this.table.has(names[i])) this.fieldOf(names[i], place);
    this.writeParts(this.whole, names, memory, offset, value, place);
  }

  private writeParts(
    group: Group,
    names: readonly string[],
    memory: Memory,
    offset: number,
    value: object,
    place: string,
  ): void {
    const parts = group.isUnion ? [this.chosen(group, names, place)] : group.parts;
    // The bytes of a union that its member does not cover become zero.
    if (group.isUnion) memory.setBytes(offset + group.offset, new Uint8Array(group.size));
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if ('parts' in part) this.writeParts(part, names, memory, offset, value, place);
      else if (has(value, part.name)) this.writeField(memory, offset, value, part, place, true);
      // A struct that is passed by value is passed without its flexible array.
      else if (part.codec.size > 0) throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: .${part.name} is missing`);
    }
  }

  /** The one member of a union that an object with these property names has a value for. */
  private chosen(union: Group, names: readonly string[], place: string): Part {
    const given = union.parts.filter((part) => fieldsIn([part]).some(({ name }) => names.includes(name)));
    if (given.length === 1) return given[0];
    const members = union === this.whole ? `the members of ${this.schema.name}` : listOf(fieldsIn(union.parts));
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected one of ${members}, got ${given.length}`);
  }

  private writeField(
    memory: Memory,
    offset: number,
    value: object,
    field: Field,
    place: string,
    isWhole: boolean,
  ): void {
    const { name, codec, offset: inside } = field;
    try {
      codec.write(memory, offset + inside, readPart(value, name, place), place, isWhole);
    } catch (error) {
      throw insidePart(error, place, `.${name}`);
    }
  }

  /**
   * The field of that name.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if there is none; the message begins with `place`.
   */
  fieldOf(name: string, place: string): Field {
    const field = this.table.get(name);
    if (field !== undefined) return field;
    const near = typeof name === 'string' ? suggestion(name, keysOf(this.table)) : '';
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: no field ${describe(name)}${near}`);
  }
}

/** Whether an object is of no class. It saves asking what it is, which takes as long as writing two fields. */
function isObjectLiteral(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** Whether a field is a number, a bit-field or a boolean. */
function isNumber({ letters, size }: Codec): boolean {
  return size > 0 && /^[bcChHiIlLqQfd](:\d+)?$/.test(letters);
}

/** The error for an object that `{ ...value }` made. */
function wrongCopy(place: string): Error {
  const got = "expected an object with fields, got a copy that '...' made of a struct's value";
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${got}: write { ...value.toObject() }`);
}

/** Whether an object has no class of its own, so that one without properties says of no field what it is. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The error for an object that has no fields itself, such as a struct's value that another copy of arkffi has made. */
function wrongObject(value: object, place: string): Error {
  const error = wrongType(place, 'an object with fields', value);
  if (!has(value, 'schema') || !has(value, 'toObject')) return error;
  const hint = 'toObject() gives the fields of a value that another copy of arkffi has made';
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${error.message}; ${hint}`);
}

function listOf(fields: readonly Field[]): string {
  return fields.map(({ name }) => `'${name}'`).join(', ');
}

/** Reads a property. An error that its getter throws becomes one of arkffi's. */
function readPart(value: object, name: string, place: string): unknown {
  try {
    return (value as { [name: string]: unknown })[name];
  } catch (error) {
    const reason = error instanceof Error ? error.message : describe(error);
    const failure = ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: reading it threw: ${reason}`);
    throw failure;
  }
}

/** All bytes of a buffer, whose length must be `size`; `place` begins messages. */
export function bytesOf(
  value: ArrayBuffer | SharedArrayBuffer | ArrayBufferView,
  size: number,
  place: string,
): Uint8Array {
  const bytes = viewOf(value, place);
  if (bytes.length === size) return bytes;
  throw ffiError(
    'ERR_FFI_INVALID_ARG_TYPE',
    `${place}: expected a buffer of ${size} bytes, got one of ${bytes.length}`,
  );
}
