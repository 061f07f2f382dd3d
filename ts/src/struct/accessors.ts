/**
 * The accessors of a value's fields. Those of numbers are written out, one function for each type: JavaScript engines
 * remember for each function what it was called with, so that one function for all types would be slow for each as soon as
 * a program has fields of several.
 */

import { exact } from '../base/pointer';
import { codecs, LITTLE_ENDIAN } from '../memory/codecs';
import type { Codec } from '../memory/codec';
import type { Memory, View } from '../memory/memory';
import type { TypeCode } from '../types/types.generated';

/** Keys of the private properties of values. They are symbols, so that they cannot collide with the names of fields. */
export const MEMORY = Symbol('arkffi.memory');
export const OFFSET = Symbol('arkffi.offset');
/** The view of the memory, which accesses would otherwise look for in memory of several kinds. */
export const VIEW = Symbol('arkffi.view');

/** What accessors need of a value. */
export interface Placed {
  readonly [MEMORY]: Memory;
  readonly [VIEW]: View;
  readonly [OFFSET]: number;
}

export interface Accessor {
  get(this: Placed): unknown;
  set(this: Placed, value: unknown): void;
}

/**
 * What accessors seldom do. It is not written out in them: the shorter they are, the more of them V8 compiles into the
 * function that uses them.
 */
class Rest {
  constructor(
    private readonly codec: Codec,
    private readonly at: number,
    private readonly place: string,
  ) {}

  /** Writes what is not plainly right, or throws for what is wrong. */
  write(value: Placed, to: unknown): void {
    this.codec.write(value[MEMORY], value[OFFSET] + this.at, to, this.place);
  }

  /** Throws what an access has thrown, as the program is to see it. */
  fail(value: Placed, error: unknown): never {
    throw value[MEMORY].failure(error, this.place);
  }
}

/** Makes the accessor of a field at that offset. */
type Maker = (at: number, rest: Rest) => Accessor;

/**
 * Signed integers are read and written as unsigned ones: V8 of Node.js 24 takes the last `Int16` or `Int32` of a `DataView`
 * to be out of bounds in code that it has compiled early, and from then on calls the method instead of compiling it.
 */
const makers: { readonly [code in TypeCode]?: Maker } = {
  b: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getUint8(this[OFFSET] + at) !== 0;
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'boolean') this[VIEW].setUint8(this[OFFSET] + at, value ? 1 : 0);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  c: (at, rest) => ({
    get() {
      try {
        return (this[VIEW].getUint8(this[OFFSET] + at) << 24) >> 24;
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'number' && (value << 24) >> 24 === value) this[VIEW].setUint8(this[OFFSET] + at, value);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  C: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getUint8(this[OFFSET] + at);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'number' && (value & 0xff) === value) this[VIEW].setUint8(this[OFFSET] + at, value);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  h: (at, rest) => ({
    get() {
      try {
        return (this[VIEW].getUint16(this[OFFSET] + at, LITTLE_ENDIAN) << 16) >> 16;
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'number' && (value << 16) >> 16 === value)
          this[VIEW].setUint16(this[OFFSET] + at, value, LITTLE_ENDIAN);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  H: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getUint16(this[OFFSET] + at, LITTLE_ENDIAN);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'number' && (value & 0xffff) === value)
          this[VIEW].setUint16(this[OFFSET] + at, value, LITTLE_ENDIAN);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  i: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getUint32(this[OFFSET] + at, LITTLE_ENDIAN) | 0;
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'number' && (value | 0) === value)
          this[VIEW].setUint32(this[OFFSET] + at, value, LITTLE_ENDIAN);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  I: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getUint32(this[OFFSET] + at, LITTLE_ENDIAN);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'number' && value >>> 0 === value)
          this[VIEW].setUint32(this[OFFSET] + at, value, LITTLE_ENDIAN);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  l: (at, rest) => ({
    get() {
      try {
        return exact(this[VIEW].getBigInt64(this[OFFSET] + at, LITTLE_ENDIAN));
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (Number.isSafeInteger(value))
          this[VIEW].setBigInt64(this[OFFSET] + at, BigInt(value as number), LITTLE_ENDIAN);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  L: (at, rest) => ({
    get() {
      try {
        return exact(this[VIEW].getBigUint64(this[OFFSET] + at, LITTLE_ENDIAN));
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (Number.isSafeInteger(value) && (value as number) >= 0)
          this[VIEW].setBigUint64(this[OFFSET] + at, BigInt(value as number), LITTLE_ENDIAN);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  q: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getBigInt64(this[OFFSET] + at, LITTLE_ENDIAN);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  Q: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getBigUint64(this[OFFSET] + at, LITTLE_ENDIAN);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  f: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getFloat32(this[OFFSET] + at, LITTLE_ENDIAN);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'number') this[VIEW].setFloat32(this[OFFSET] + at, value, LITTLE_ENDIAN);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
  d: (at, rest) => ({
    get() {
      try {
        return this[VIEW].getFloat64(this[OFFSET] + at, LITTLE_ENDIAN);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
    set(value) {
      try {
        if (typeof value === 'number') this[VIEW].setFloat64(this[OFFSET] + at, value, LITTLE_ENDIAN);
        else rest.write(this, value);
      } catch (error) {
        return rest.fail(this, error);
      }
    },
  }),
};

/** The accessor of a number's field; undefined for other fields, among them numbers in another order of bytes or with names. */
export function numberAccessor(codec: Codec, at: number, place: string): Accessor | undefined {
  const code = codec.letters as Exclude<TypeCode, 'v'>;
  return codecs[code] === codec ? makers[code]?.(at, new Rest(codec, at, place)) : undefined;
}
