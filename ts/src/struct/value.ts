/** Values of structs: views whose properties are the fields. */

import { assign, readAt } from '../memory/codec';
import type { Codec } from '../memory/codec';
import { wrongType } from '../base/errors';
import { makeInspectable } from '../base/inspect';
import { Memory } from '../memory/memory';
import type { Field } from './parts';

/** Where a value lies. By symbols, so that they are in no field's way. */
const MEMORY = Symbol('arkffi.memory');
const OFFSET = Symbol('arkffi.offset');
/** The value itself, which tells it from a proxy of it and from what only inherits from it. */
const SELF = Symbol('arkffi.self');

/** The names that a value has for itself, which no field takes: what is passed for a pointer must be the value's own. */
export type ReservedName = (typeof RESERVED)[number];
const RESERVED = ['schema', 'ptr', 'buffer', 'byteOffset', 'toObject', 'toJSON'] as const;

/** What a value has to know of its struct. */
export interface ValueSchema {
  /** What messages call it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** How it is read and written. @internal */
  readonly codec: Codec;
}

/** What every value of a struct has. */
export class ValueBase {
  /** The struct that this is a value of. */
  readonly schema!: ValueSchema;
  private [MEMORY]: Memory;
  private [OFFSET]: number;
  private readonly [SELF]: this;

  /** Values are made by their struct. @internal */
  constructor(memory: Memory, offset: number) {
    this[MEMORY] = memory;
    this[OFFSET] = offset;
    this[SELF] = this;
  }

  /** The address. C may use it for as long as JavaScript keeps this value, or the one that it is a field of. */
  get ptr(): number {
    own(this);
    const { name, size } = this.schema;
    try {
      return this[MEMORY].addressOf(this[OFFSET], size) as number;
    } catch (error) {
      throw this[MEMORY].failure(error, `${name}.ptr`);
    }
  }

  /** The memory that it lies in: its own, or that of the whole which it is a part of. */
  get buffer(): ArrayBuffer {
    own(this);
    return this[MEMORY].buffer;
  }

  /** Where in `buffer` this value begins. */
  get byteOffset(): number {
    own(this);
    return this[OFFSET];
  }

  /** A copy as plain objects and arrays. */
  toObject(): object {
    const { codec, name } = this.schema;
    return readAt(codec, 'plain', this[MEMORY], this[OFFSET], name) as object;
  }

  /** What `JSON.stringify` sees. */
  toJSON(): object {
    return this.toObject();
  }
}

makeInspectable(ValueBase.prototype);

/**
 * Moves a value out of the memory that results share, into its own: before anybody gets to know where it lies, so that
 * nobody notices.
 */
function own(value: ValueBase): void {
  const memory = value[MEMORY];
  if (!memory.isShared) return;
  const { size } = value.schema;
  const own = Memory.zeros(size);
  own.copy(0, memory, value[OFFSET], size);
  value[MEMORY] = own;
  value[OFFSET] = 0;
}

export type ValueClass = new (memory: Memory, offset: number) => ValueBase;

/** The class of a struct's values: its prototype has an accessor for each field. */
export function valueClass(schema: ValueSchema, fields: readonly Field[]): ValueClass {
  const made = class extends ValueBase {
    // A getter, because V8 makes values of a class ten times as slowly once its name has been defined anew.
    // @ts-expect-error -- the compiler does not want it in case that it writes the class as a function
    static get name(): string {
      return schema.name;
    }
  };
  Object.defineProperty(made.prototype, 'schema', { value: schema });
  for (const { name, codec, offset } of fields) {
    if ((RESERVED as readonly string[]).includes(name)) continue;
    const read = (codec.view ?? codec.read).bind(codec);
    const place = `${schema.name}.${name}`;
    Object.defineProperty(made.prototype, name, {
      get(this: ValueBase) {
        if (codec.plain) own(this); // what it gives lies in this memory
        try {
          return read(this[MEMORY], this[OFFSET] + offset);
        } catch (error) {
          throw this[MEMORY].failure(error, place);
        }
      },
      set(this: ValueBase, value: unknown) {
        if (codec.plain) return assign(codec, this[MEMORY], this[OFFSET] + offset, value, place);
        try {
          codec.write(this[MEMORY], this[OFFSET] + offset, value, place);
        } catch (error) {
          throw this[MEMORY].failure(error, place);
        }
      },
      enumerable: true,
      configurable: true,
    });
  }
  return made;
}

/** Where something lies, if it is a value of the struct; not what only inherits from one. */
export function placeIn(value: unknown, schema: ValueSchema): { memory: Memory; offset: number } | undefined {
  if (!(value instanceof ValueBase) || value.schema !== schema) return undefined;
  if (!Object.prototype.hasOwnProperty.call(value, MEMORY)) return undefined;
  return { memory: value[MEMORY], offset: value[OFFSET] };
}

/** Whether something is a value of the struct, and no proxy: from then on what is asked of it runs nobody's JavaScript. */
export function isValueOf(value: unknown, schema: ValueSchema): value is ValueBase {
  return value instanceof ValueBase && value[SELF] === value && value.schema === schema;
}

/** The address of such a value, for C to use at once; 0 where the ordinary route must look. */
export function addressForCall(value: ValueBase, size: number): number {
  return value[MEMORY].addressForCall(value[OFFSET], size);
}

let touched = 0;

/** To be called once C is done with what `addressForCall` gave. */
export function keepAlive(value: ValueBase): void {
  touched = (touched + value[MEMORY].keepAlive()) | 0;
}

/** The same for argument 1 of a method of the struct, which must be one. */
export function placeOf(value: unknown, schema: ValueSchema, method: string): { memory: Memory; offset: number } {
  if (placeIn(value, schema) !== undefined) own(value as ValueBase);
  const place = placeIn(value, schema);
  if (place !== undefined) return place;
  throw wrongType(`${schema.name}.${method}: argument 1`, `a ${schema.name} value`, value);
}
