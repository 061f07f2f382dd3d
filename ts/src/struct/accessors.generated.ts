// Made by tools/generate.mjs from core/def/types.def: change that file, then run `npm run generate`.

import { exact } from '../base/pointer';
import { LITTLE_ENDIAN } from '../memory/codecs';
import type { TypeCode } from '../types/types.generated';
import { OFFSET, VIEW } from './placed';
import type { AccessorMaker } from './placed';

/**
 * The accessors of fields of numbers. There is one function for each type: JavaScript engines remember for each function
 * what it was called with, so that one function for all types would be slow for each as soon as a program has fields of
 * several.
 *
 * Signed integers are read and written as unsigned ones: V8 of Node.js 24 takes the last `Int16` or `Int32` of a `DataView`
 * to be out of bounds in code that it has compiled early, and from then on calls the method instead of compiling it.
 */
export const makers: { readonly [code in TypeCode]?: AccessorMaker } = {
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
