/** How structs and unions are read from memory and written to it. */

import { describe, ffiError, suggestion, wrongType } from './errors';
import { insidePart, isBuffer } from './memory';
import type { Codec, Memory } from './memory';
import type { StructSchema } from './struct';
import { placeIn, StructValueBase } from './structvalue';
import type { ValueClass } from './structvalue';

/** A field and where it is in its struct. */
export interface Field {
  readonly name: string;
  readonly codec: Codec;
  readonly offset: number;
}

export class StructCodec implements Codec {
  constructor(
    private readonly schema: StructSchema<any>,
    readonly letters: string,
    private readonly table: ReadonlyMap<string, Field>,
    private readonly Value: ValueClass,
  ) {}

  get size(): number {
    return this.schema.size;
  }

  read(memory: Memory, offset: number): StructValueBase<any> {
    return new this.Value(memory, offset);
  }

  plain(memory: Memory, offset: number): { [name: string]: unknown } {
    const object: { [name: string]: unknown } = {};
    for (const { name, codec, offset: inside } of this.table.values()) {
      const value = codec.plain ? codec.plain(memory, offset + inside) : codec.read(memory, offset + inside);
      // Defined, because a field may be called __proto__.
      if (name in object)
        Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
      else object[name] = value;
    }
    return object;
  }

  /** Takes another value of the struct, its bytes, or an object with fields. */
  write(memory: Memory, offset: number, value: unknown, place: string, isWhole = false): void {
    if (typeof value !== 'object' || value === null) throw wrongType(place, 'an object with fields', value);
    const from = placeIn(value, this.schema);
    if (from !== undefined) memory.copy(offset, from.memory, from.offset, this.size, place);
    else if (value instanceof StructValueBase) throw wrongType(place, `a ${this.schema.name} value`, value);
    else if (isBuffer(value)) memory.setBytes(offset, bytesOf(value, this.size, place));
    else if (isWhole) this.writeWhole(memory, offset, value, place);
    else
      for (const name of Object.keys(value))
        this.writeField(memory, offset, value, this.fieldOf(name, place), place, false);
  }

  /** Every field must be there, and no other; of a union, one. */
  private writeWhole(memory: Memory, offset: number, value: object, place: string): void {
    const names = Object.keys(value);
    for (const name of names) if (!this.table.has(name)) this.fieldOf(name, place);
    if (this.schema.isUnion && names.length !== 1) {
      const expected = `expected one of the members of ${this.schema.name}`;
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${expected}, got ${names.length}`);
    }
    for (const field of this.table.values()) {
      if (this.schema.isUnion && field.name !== names[0]) continue;
      if (!(field.name in value)) throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: .${field.name} is missing`);
      this.writeField(memory, offset, value, field, place, true);
    }
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

  fieldOf(name: string, place: string): Field {
    const field = this.table.get(name);
    if (field !== undefined) return field;
    const near = typeof name === 'string' ? suggestion(name, [...this.table.keys()]) : '';
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: no field ${describe(name)}${near}`);
  }
}

/** A property, whose getter may throw. */
function readPart(value: object, name: string, place: string): unknown {
  try {
    return (value as { [name: string]: unknown })[name];
  } catch (error) {
    const reason = error instanceof Error ? error.message : describe(error);
    const failure = ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: reading it threw: ${reason}`);
    throw failure;
  }
}

/** The bytes of a buffer, which must be as many as the struct has. */
export function bytesOf(
  value: ArrayBuffer | SharedArrayBuffer | ArrayBufferView,
  size: number,
  place: string,
): Uint8Array {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  if (bytes.length === size) return bytes;
  throw ffiError(
    'ERR_FFI_INVALID_ARG_TYPE',
    `${place}: expected a buffer of ${size} bytes, got one of ${bytes.length}`,
  );
}
