/** Schemas: what a program does with the values of a struct or union. */

import { brand } from '../base/brand';
import type { BufferLike } from '../host/bridge';
import { checkInteger, describe, ffiError, inNameOf, wrongType } from '../base/errors';
import { bindMethods } from '../base/methods';
import { native } from '../base/native';
import { memoryAddressOf, movedFrom } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { append, defineOwn } from '../base/own';
import { ArrayCodec, ArrayView } from '../memory/array';
import { blockOf, checkBlock, checkBounds, viewOf } from '../memory/bounds';
import { CMemory } from '../memory/c_memory';
import { assign, readAt } from '../memory/codec';
import { isBuffer } from '../memory/codecs';
import { Memory } from '../memory/memory';
import { Anonymous } from './fields';
import type { FieldInput, FieldValue, Promoted, StructInit, StructObject, StructSchema, StructValue } from './fields';
import type { FlexibleCodec } from './flexible';
import { fieldsIn } from './parts';
import type { Part } from './parts';
import { poolFor } from './pool';
import { StructCodec } from './struct_codec';
import { placeIn, placeOf, valueClass } from './value';

/** The description that a schema is made from. */
interface Layout<F> {
  readonly name: string;
  readonly fields: F;
  readonly isUnion: boolean;
  /** Size and alignment are in bytes. */
  readonly size: number;
  readonly align: number;
  /** The type in letters, as layouts are written. */
  readonly letters: string;
  readonly parts: readonly Part[];
  /** The flexible array at its end, if it has one. */
  readonly flexible: FlexibleCodec | undefined;
  /** The alignment of memory for values, in bytes. That of the struct when absent. */
  readonly memoryAlign?: number;
}

/** The implementation of `StructSchema`, which documents its members. */
export class Schema<F extends object> implements StructSchema<F> {
  readonly name: string;
  readonly fields: F;
  readonly isUnion: boolean;
  readonly size: number;
  readonly align: number;
  readonly offsets: { readonly [Name in keyof Promoted<F>]: number };
  /** Reads and writes values. */
  readonly codec: StructCodec;
  /** The flexible array at its end, if it has one. */
  readonly flexible: FlexibleCodec | undefined;

  /**
   * `fields` must be a copy that no other code has.
   * @throws TypeError `ERR_FFI_BAD_SIGNATURE` if two fields have the same name.
   */
  constructor({ name, fields, isUnion, size, align, letters, parts, flexible, memoryAlign = align }: Layout<F>) {
    const table = fieldsIn(parts);
    const offsets = Object.create(null);
    table.forEach(({ name: field, offset }) => {
      if (field in offsets) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: two fields are called '${field}'`);
      offsets[field] = offset;
    });

    this.name = name;
    this.fields = Object.freeze(fields);
    this.isUnion = isUnion;
    this.size = size;
    this.align = align;
    this.offsets = Object.freeze(offsets);
    this.flexible = flexible;
    this.codec = new StructCodec(this, letters, memoryAlign, parts, () => valueClass(this, table));
    defineOwn(this, 'codec', { enumerable: false });
    defineOwn(this, 'flexible', { enumerable: false });
    bindMethods(this, ['create', 'fromPtr', 'at', 'arrayAt', 'arrayOf', 'get', 'set', 'toObject']);
    Object.freeze(this);
  }

  create(init?: StructInit<F> | StructValue<F> | BufferLike, count?: number): StructValue<F> {
    const { flexible, codec } = this;
    if (codec.isPooled && count === undefined) return this.createInPool(init);
    const from = placeIn(init, this);
    const given = flexible && (from ? flexible.countIn(from.memory) : flexible.countGiven(init));
    const memory = this.room(this.countOf(count, 'create', given));
    if (init !== undefined) codec.write(memory, 0, init, this.name);
    if (flexible && from) {
      const end = flexible.end(Math.min(flexible.countIn(memory), flexible.countIn(from.memory)));
      memory.copy(0, from.memory, from.offset, end);
    }
    return codec.read(memory, 0) as StructValue<F>;
  }

  private createInPool(init: unknown): StructValue<F> {
    const { codec, size } = this;
    const pool = poolFor(size);
    const offset = pool.take(size);
    if (init !== undefined) codec.write(pool, offset, init, this.name);
    return codec.read(pool, offset) as StructValue<F>;
  }

  fromPtr(address: AddressLike, countOrOffset?: number): StructValue<F> {
    const { elements, offset } = this.extraOf(countOrOffset, 'fromPtr');
    // A value of this struct keeps alive what it points to, and so must its copy.
    if (offset === 0 && placeIn(address, this)) {
      return this.create(address as StructValue<F>, this.flexible && countOrOffset);
    }
    const place = `${this.name}.fromPtr: argument`;
    const from = movedFrom(memoryAddressOf(address, `${place} 1`), offset, `${place} 2`);
    const size = this.sizeWith(elements);
    checkBounds(address, offset, size, `${place} 1`);
    const bytes = inNameOf(`${this.name}.fromPtr`, () => native.readMemory(from, size));
    const memory = this.flexible ? this.room(elements) : Memory.from(bytes, this.codec.align);
    if (this.flexible) memory.setBytes(0, new Uint8Array(bytes));
    return this.codec.read(memory, 0) as StructValue<F>;
  }

  at(address: AddressLike, countOrOffset?: number): StructValue<F> {
    const { elements, offset } = this.extraOf(countOrOffset, 'at');
    const method = `${this.name}.at`;
    const place = `${method}: argument`;
    const block = blockOf(address);
    if (block) checkBlock(block, offset, this.sizeWith(elements), `${place} 1`);
    const memory = block
      ? new Memory(block.buffer)
      : new CMemory(
          { ptr: movedFrom(memoryAddressOf(address, `${place} 1`), offset, `${place} 2`) },
          this.size,
          method,
        );
    if (this.flexible) this.flexible.setCount(memory, elements);
    return this.codec.read(memory, block ? block.offset + offset : 0) as StructValue<F>;
  }

  arrayAt(address: AddressLike, count: number): ArrayView<StructValue<F>, FieldInput<StructSchema<F>>> {
    const method = `${this.name}.arrayAt`;
    const array = new ArrayCodec(this.codec, checkCount(count, `${method}: argument 2`));
    const place = `${method}: argument 1`;
    const block = blockOf(address);
    if (block) checkBlock(block, 0, array.size, place);
    const memory = block
      ? new Memory(block.buffer)
      : new CMemory({ ptr: memoryAddressOf(address, place) }, array.size, method);
    return new ArrayView(array, memory, block ? block.offset : 0);
  }

  /** What argument 2 of `at` and `fromPtr` says: how many elements, or how many bytes further. */
  private extraOf(given: number | undefined, method: string): { readonly elements: number; readonly offset: number } {
    if (given === undefined) return { elements: 0, offset: 0 };
    if (this.flexible) return { elements: this.countOf(given, method), offset: 0 };
    checkInteger(given, `${this.name}.${method}: argument 2`, -Number.MAX_SAFE_INTEGER);
    return { elements: 0, offset: given };
  }

  /** The size in bytes with `count` elements of its flexible array, as far as they are read and written. */
  private sizeWith(count: number): number {
    return this.flexible ? this.flexible.end(count) : this.size;
  }

  /** Zeroed memory for a struct with `count` elements of its flexible array. */
  private room(count: number): Memory {
    const { flexible, size, codec } = this;
    const memory = Memory.zeros(flexible ? Math.max(size, flexible.end(count)) : size, codec.align);
    if (flexible) flexible.setCount(memory, count);
    return memory;
  }

  private countOf(count: number | undefined, method: string, absent = 0): number {
    if (count === undefined) return absent;
    const place = `${this.name}.${method}: argument 2`;
    checkInteger(count, place, 0);
    if (this.flexible) return count;
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: the struct does not end in a flexible array`);
  }

  /** Where argument 1 of a method has the struct: a value, or a buffer that begins with its bytes. */
  private placeOf(value: unknown, method: string): { readonly memory: Memory; readonly offset: number } {
    if (!isBuffer(value)) return placeOf(value, this, method);
    const place = `${this.name}.${method}: argument 1`;
    const { buffer, byteOffset, byteLength } = viewOf(value, place);
    if (byteLength < this.size) {
      const expected = `expected a ${this.name} value, or a buffer of at least ${this.size} bytes`;
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${expected}, got one of ${byteLength}`);
    }
    const memory = new Memory(buffer as ArrayBuffer, new DataView(buffer, byteOffset), byteOffset);
    if (this.flexible) this.flexible.setCount(memory, this.flexible.countFor(byteLength));
    return { memory, offset: 0 };
  }

  releasePtr(_value?: unknown): void {}

  get alignment(): number {
    return this.align;
  }

  get fieldNames(): string[] {
    return this.listed().map(({ name }) => name);
  }

  get fieldTypes(): unknown[] {
    return this.listed().map(({ type }) => type);
  }

  get fieldOffsets(): number[] {
    return this.fieldNames.map((name) => (this.offsets as { readonly [name: string]: number })[name]);
  }

  /** The fields that have a name, with their types as the program gave them: those of anonymous members, too. */
  private listed(): { readonly name: string; readonly type: unknown }[] {
    const all: { readonly name: string; readonly type: unknown }[] = [];
    Object.keys(this.fields).forEach((name) => {
      const type = (this.fields as { readonly [name: string]: unknown })[name];
      if (type instanceof Anonymous) (type.schema as Schema<any>).listed().forEach((inner) => append(all, inner));
      else if (name in this.offsets) append(all, { name, type });
    });
    return all;
  }

  arrayOf(count: number): ArrayView<StructValue<F>, FieldInput<StructSchema<F>>> {
    const array = new ArrayCodec(this.codec, checkCount(count, `${this.name}.arrayOf: argument 1`));
    return new ArrayView(array, Memory.zeros(array.size, array.align), 0);
  }

  get<Name extends keyof Promoted<F> & string>(
    value: StructValue<F> | BufferLike,
    field: Name,
  ): FieldValue<Promoted<F>[Name]> {
    const { memory, offset } = this.placeOf(value, 'get');
    const { codec, offset: inside } = this.codec.fieldOf(field, this.name);
    return readAt(codec, 'read', memory, offset + inside, `${this.name}.${field}`) as FieldValue<Promoted<F>[Name]>;
  }

  set<Name extends keyof Promoted<F> & string>(
    value: StructValue<F> | BufferLike,
    field: Name,
    to: FieldInput<Promoted<F>[Name]>,
  ): void {
    const { memory, offset } = this.placeOf(value, 'set');
    const { codec, offset: inside } = this.codec.fieldOf(field, this.name);
    assign(codec, memory, offset + inside, to, `${this.name}.${field}`);
  }

  toObject(value: StructValue<F> | BufferLike): StructObject<F> {
    const { memory, offset } = this.placeOf(value, 'toObject');
    return readAt(this.codec, 'plain', memory, offset, this.name) as StructObject<F>;
  }
}

brand(Schema.prototype, 'a struct');

/**
 * The same struct, whose values lie in memory with a greater alignment, in bytes: in C, a typedef may ask for one that
 * its struct does not have.
 */
export function withMemoryAlign(schema: StructSchema<any>, memoryAlign: number): StructSchema<any> {
  const { name, fields, isUnion, size, align, flexible, codec } = schema as Schema<any>;
  const { letters, whole } = codec;
  return new Schema({ name, fields, isUnion, size, align, flexible, memoryAlign, letters, parts: whole.parts });
}

// The name that console.log prints: the one that programs know the type by.
defineOwn(Schema, 'name', { value: 'StructSchema' });

function checkCount(count: unknown, place: string): number {
  if (typeof count !== 'number') throw wrongType(place, 'a number', count);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: expected a count of 1 or more, got ${describe(count)}`);
}
