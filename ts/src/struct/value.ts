/** Values of structs: views of memory, whose properties are the fields. */

import { absentNames, READ_OF_DATA } from '../base/absent';
import { describe, ffiError, suggestion, wrongType } from '../base/errors';
import type { FfiError } from '../base/errors';
import { makeInspectable } from '../base/inspect';
import { defineOwn } from '../base/own';
import { definePlace } from '../base/pointer';
import { mustHaveThis } from '../base/methods';
import { assign, readAt } from '../memory/codec';
import type { Codec } from '../memory/codec';
import { Memory } from '../memory/memory';
import type { View } from '../memory/memory';
import { numberAccessors } from './accessors';
import { Copies } from './copies';
import type { Field } from './parts';
import { MEMORY, OFFSET, VIEW } from './placed';
import type { Accessor, Placed } from './placed';

/** The value itself. A proxy of a value, or an object that inherits from one, is not equal to it. */
const SELF = Symbol('arkffi.self');
/**
 * A property that no copy can have: `structuredClone` and `postMessage` ignore symbols as keys, and would make an empty
 * object of a value. They refuse a symbol as the value of a property, and name it in the error.
 */
export const NO_CLONE = 'use toObject()';
const NO_CLONE_REASON = Symbol('a struct value is no plain object, and toObject() makes one');

/**
 * The names of a value's own properties. A field of such a name is not a property, so that `ptr`, which is passed to C,
 * is always the value's own.
 */
export type ReservedName = (typeof RESERVED)[number];
const RESERVED = ['schema', 'ptr', 'buffer', 'byteOffset', 'toObject', 'toJSON'] as const;

/** The part of a schema that values use. */
export interface ValueSchema {
  /** The name of the struct in messages. */
  readonly name: string;
  /** The size in bytes. */
  readonly size: number;
  /** The names of the fields. */
  readonly fieldNames: readonly string[];
  /** Reads and writes values. @internal */
  readonly codec: Codec;
}

/** The properties of every struct value. */
export class ValueBase {
  /** The struct that this is a value of. */
  declare readonly schema: ValueSchema;
  declare protected [MEMORY]: Memory;
  declare protected [VIEW]: View;
  declare protected [OFFSET]: number;
  declare protected [SELF]: this;
  declare protected [NO_CLONE]: symbol;

  /** Values are made by their struct only, see `classOf`. @internal */
  constructor() {}

  /** The address. C may use it for as long as JavaScript keeps this value, or the value that it is a field of. */
  get ptr(): number {
    own(this);
    const { name, size } = this.schema;
    try {
      return this[MEMORY].addressOf(this[OFFSET], size) as number;
    } catch (error) {
      throw this[MEMORY].failure(error, `${name}.ptr`);
    }
  }

  /** The ArrayBuffer that the value lies in: its own, or that of the value that it is a part of. */
  get buffer(): ArrayBuffer {
    own(this);
    return this[MEMORY].buffer;
  }

  /** The offset of the value in `buffer`, in bytes. */
  get byteOffset(): number {
    own(this);
    return this[MEMORY].start + this[OFFSET];
  }

  /** A copy as plain objects and arrays. */
  toObject(): object {
    mustHaveThis(this, 'struct.toObject');
    const { codec, name } = this.schema;
    return readAt(codec, 'plain', this[MEMORY], this[OFFSET], name) as object;
  }

  /** The copy that `JSON.stringify` uses. */
  toJSON(): object {
    mustHaveThis(this, 'struct.toJSON');
    return this.toObject();
  }
}

makeInspectable(ValueBase.prototype);
Object.setPrototypeOf(ValueBase.prototype, absentNames(noField, Object.prototype, READ_OF_DATA));
// The prototypes have what their values have, so that reading it there does not ask for names that they lack.
[MEMORY, VIEW, OFFSET, SELF, NO_CLONE].forEach((key) =>
  defineOwn(ValueBase.prototype, key, { value: undefined, writable: true }),
);
defineOwn(ValueBase.prototype, 'schema', { value: undefined, writable: true });

/** The error for a name that a value has no field of; undefined for the prototypes, which are no values. */
function noField(name: string, value: unknown): Error | undefined {
  // The last prototype has no schema, and would be asked for this name again.
  if (typeof value !== 'object' || value === null || !('schema' in value)) return undefined;
  const { schema } = value as Partial<ValueBase>;
  if (schema === undefined) return undefined;
  const near = suggestion(name, schema.fieldNames);
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${schema.name}: no field ${describe(name)}${near}`);
}

definePlace(ValueBase.prototype, function (this: ValueBase) {
  if (this[MEMORY] === undefined) return 0; // the prototype itself
  own(this);
  try {
    return this[MEMORY].placeAt(this[OFFSET]);
  } catch (error) {
    throw this[MEMORY].failure(error, `${this.schema.name}.ptr`);
  }
});

/**
 * Moves a value out of memory that several results share into memory of its own. It happens before a program can learn
 * where the value lies, so no program sees it move.
 */
function own(value: ValueBase): void {
  const memory = value[MEMORY];
  if (!memory.isShared) return;
  const { size, codec } = value.schema;
  const own = Memory.zeros(size, codec.align);
  own.copy(0, memory, value[OFFSET], size);
  value[MEMORY] = own;
  value[VIEW] = own.view;
  value[OFFSET] = 0;
}

export type ValueClass = new (memory: Memory, offset: number) => ValueBase;

/**
 * Makes a class of values. `classText` has the same as text. The constructor defines properties instead of setting them,
 * because JavaScriptCore then does not ask the prototypes, the last of which is a proxy. It has no other way to do so at
 * once than initializers, which do not see its parameters.
 */
const classOf = (schema: ValueSchema): ValueClass => {
  let memory: Memory | undefined;
  let offset = 0;
  return class extends ValueBase {
    protected override [MEMORY] = memory!;
    protected override [VIEW] = memory!.view;
    protected override [OFFSET] = offset;
    protected override [SELF] = this;
    protected override [NO_CLONE] = NO_CLONE_REASON;

    constructor(itsMemory: Memory, itsOffset: number) {
      memory = itsMemory;
      offset = itsOffset;
      super();
      memory = undefined; // or it would be kept alive
    }

    // A getter, because V8 creates objects of a class ten times slower after the class's name has been redefined.
    // @ts-expect-error -- the compiler would refuse it for a target in which classes are functions
    static get name(): string {
      return schema.name;
    }
  };
};

const classText = `(schema) => {
  let memory, offset;
  return class extends ValueBase {
    [MEMORY] = memory;
    [VIEW] = memory.view;
    [OFFSET] = offset;
    [SELF] = this;
    [NO_CLONE] = NO_CLONE_REASON;
    constructor(itsMemory, itsOffset) {
      memory = itsMemory;
      offset = itsOffset;
      super();
      memory = undefined;
    }
    static get name() { return schema.name; }
  };
}`;

const classes = new Copies(classOf, classText, 'ValueBase, MEMORY, VIEW, OFFSET, SELF, NO_CLONE, NO_CLONE_REASON', [
  ValueBase,
  MEMORY,
  VIEW,
  OFFSET,
  SELF,
  NO_CLONE,
  NO_CLONE_REASON,
]);

/** Makes the class of a struct's values. Its prototype has an accessor for each field. */
export function valueClass(schema: ValueSchema, fields: readonly Field[]): ValueClass {
  const made = classes.next()(schema);
  const accessorOfNumber = numberAccessors();
  defineOwn(made.prototype, 'schema', { value: schema });
  fields.forEach(({ name, codec, offset }) => {
    if ((RESERVED as readonly string[]).includes(name) || name === NO_CLONE) return;
    const place = `${schema.name}.${name}`;
    const { get, set } = accessorOfNumber(codec, offset, place) ?? accessorOf(codec, offset, place);
    defineOwn(made.prototype, name, { get, set, enumerable: true, configurable: true });
  });
  return made;
}

/** The accessor of a field of any type. */
function accessorOf(codec: Codec, at: number, place: string): Accessor {
  const read = (codec.view ?? codec.read).bind(codec);
  return {
    get(this: Placed) {
      if (codec.plain) own(this as unknown as ValueBase); // what is read will be a view of this memory
      try {
        return read(this[MEMORY], this[OFFSET] + at);
      } catch (error) {
        throw this[MEMORY].failure(error, place);
      }
    },
    set(value) {
      if (codec.plain) return assign(codec, this[MEMORY], this[OFFSET] + at, value, place);
      try {
        codec.write(this[MEMORY], this[OFFSET] + at, value, place);
      } catch (error) {
        throw this[MEMORY].failure(error, place);
      }
    },
  };
}

/**
 * The memory and offset of a value of the struct; undefined for other values, and for objects that inherit from one.
 */
export function placeIn(value: unknown, schema: ValueSchema): { memory: Memory; offset: number } | undefined {
  if (!(value instanceof ValueBase) || value.schema !== schema) return undefined;
  if (!Object.prototype.hasOwnProperty.call(value, MEMORY)) return undefined;
  return { memory: value[MEMORY], offset: value[OFFSET] };
}

/**
 * Whether an object that is no value was made of one by `{ ...value }`. It has none of the fields. A symbol that is not
 * listed would cost more than all else that makes a value.
 */
export function isSpread(value: object): boolean {
  return MEMORY in value;
}

/**
 * Whether something is a value of the struct itself, not a proxy of one. Reading such a value runs no code of the
 * program.
 */
export function isValueOf(value: unknown, schema: ValueSchema): value is ValueBase {
  return value instanceof ValueBase && value[SELF] === value && value.schema === schema;
}

/** The address of a value, for a call that follows at once; 0 if the call must take the slow path. */
export function addressForCall(value: ValueBase, size: number): number {
  return value[MEMORY].addressForCall(value[OFFSET], size);
}

let touched = 0;

/** To be called after a call that was given the value's address. */
export function keepAlive(value: ValueBase): void {
  touched = (touched + value[MEMORY].keepAlive()) | 0;
}

/**
 * The memory and offset of argument 1 of a schema's method.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if it is not a value of the struct.
 */
export function placeOf(value: unknown, schema: ValueSchema, method: string): { memory: Memory; offset: number } {
  if (placeIn(value, schema) !== undefined) own(value as ValueBase);
  const place = placeIn(value, schema);
  if (place !== undefined) return place;
  const where = `${schema.name}.${method}: argument 1`;
  throw value instanceof ValueBase
    ? wrongStruct(where, schema, value)
    : wrongType(where, `a ${schema.name} value, or a buffer of at least ${schema.size} bytes`, value);
}

/** The error for a value of another struct, which may have the same name. */
export function wrongStruct(place: string, schema: ValueSchema, value: ValueBase): FfiError {
  const error = wrongType(place, `a ${schema.name} value`, value);
  const other = value.schema as ValueSchema | undefined;
  if (other === schema || other?.name !== schema.name) return error;
  const hint = 'each Struct() and cdef() makes structs of its own, and toObject() of the other gives the fields';
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${error.message} of another definition; ${hint}`);
}
