// Made by tools/generate.mjs from core/def/types.def: change that file, then run `npm run generate`.

import type { exact as exactly } from '../base/pointer';
import type { TypeCode } from '../types/types.generated';
import type { AccessorMaker, OFFSET as OFFSET_KEY, VIEW as VIEW_KEY } from './placed';

/** What makes the accessors of a type's fields. */
type Makers = { readonly [code in TypeCode]?: AccessorMaker };

/**
 * Makes the accessors of fields of numbers. There is one function for each type: JavaScript engines remember for each function
 * what it was called with, so that one function for all types would be slow for each as soon as a program has fields of
 * several. What they use is passed in, because that is shorter than to refer to variables of the module: V8 counts the length of
 * all that it compiles into a function.
 *
 * Signed integers are read and written as unsigned ones: V8 of Node.js 24 takes the last `Int16` or `Int32` of a `DataView`
 * to be out of bounds in code that it has compiled early, and from then on calls the method instead of compiling it.
 */
export function makersWith(
  VIEW: typeof VIEW_KEY,
  OFFSET: typeof OFFSET_KEY,
  ORDER: boolean,
  exact: typeof exactly,
): Makers {
  return {
    b: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getUint8(this[OFFSET] + at) !== 0;
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'boolean') return void this[VIEW].setUint8(this[OFFSET] + at, value ? 1 : 0);
        } catch {}
        rest.write(this, value);
      },
    }),
    c: (at, rest) => ({
      get() {
        try {
          return (this[VIEW].getUint8(this[OFFSET] + at) << 24) >> 24;
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'number' && (value << 24) >> 24 === value)
            return void this[VIEW].setUint8(this[OFFSET] + at, value);
        } catch {}
        rest.write(this, value);
      },
    }),
    C: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getUint8(this[OFFSET] + at);
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'number' && (value & 0xff) === value)
            return void this[VIEW].setUint8(this[OFFSET] + at, value);
        } catch {}
        rest.write(this, value);
      },
    }),
    h: (at, rest) => ({
      get() {
        try {
          return (this[VIEW].getUint16(this[OFFSET] + at, ORDER) << 16) >> 16;
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'number' && (value << 16) >> 16 === value)
            return void this[VIEW].setUint16(this[OFFSET] + at, value, ORDER);
        } catch {}
        rest.write(this, value);
      },
    }),
    H: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getUint16(this[OFFSET] + at, ORDER);
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'number' && (value & 0xffff) === value)
            return void this[VIEW].setUint16(this[OFFSET] + at, value, ORDER);
        } catch {}
        rest.write(this, value);
      },
    }),
    i: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getUint32(this[OFFSET] + at, ORDER) | 0;
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'number' && (value | 0) === value)
            return void this[VIEW].setUint32(this[OFFSET] + at, value, ORDER);
        } catch {}
        rest.write(this, value);
      },
    }),
    I: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getUint32(this[OFFSET] + at, ORDER);
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'number' && value >>> 0 === value)
            return void this[VIEW].setUint32(this[OFFSET] + at, value, ORDER);
        } catch {}
        rest.write(this, value);
      },
    }),
    l: (at, rest) => ({
      get() {
        try {
          return exact(this[VIEW].getBigInt64(this[OFFSET] + at, ORDER));
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (Number.isSafeInteger(value))
            return void this[VIEW].setBigInt64(this[OFFSET] + at, BigInt(value as number), ORDER);
        } catch {}
        rest.write(this, value);
      },
    }),
    L: (at, rest) => ({
      get() {
        try {
          return exact(this[VIEW].getBigUint64(this[OFFSET] + at, ORDER));
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (Number.isSafeInteger(value) && (value as number) >= 0)
            return void this[VIEW].setBigUint64(this[OFFSET] + at, BigInt(value as number), ORDER);
        } catch {}
        rest.write(this, value);
      },
    }),
    q: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getBigInt64(this[OFFSET] + at, ORDER);
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        rest.write(this, value);
      },
    }),
    Q: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getBigUint64(this[OFFSET] + at, ORDER);
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        rest.write(this, value);
      },
    }),
    f: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getFloat32(this[OFFSET] + at, ORDER);
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'number') return void this[VIEW].setFloat32(this[OFFSET] + at, value, ORDER);
        } catch {}
        rest.write(this, value);
      },
    }),
    d: (at, rest) => ({
      get() {
        try {
          return this[VIEW].getFloat64(this[OFFSET] + at, ORDER);
        } catch {
          return rest.read(this);
        }
      },
      set(value) {
        try {
          if (typeof value === 'number') return void this[VIEW].setFloat64(this[OFFSET] + at, value, ORDER);
        } catch {}
        rest.write(this, value);
      },
    }),
  };
}

/** The parameters of `makersWith`. */
export const NAMES = 'VIEW, OFFSET, ORDER, exact';

/** The text of each maker. */
export const texts: { readonly [code in TypeCode]?: string } = {
  b: `(at, rest) => ({
    get() { try { return this[VIEW].getUint8(this[OFFSET] + at) !== 0; } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'boolean') return void this[VIEW].setUint8(this[OFFSET] + at, value ? 1 : 0); } catch {} rest.write(this, value); },
  })`,
  c: `(at, rest) => ({
    get() { try { return (this[VIEW].getUint8(this[OFFSET] + at) << 24) >> 24; } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'number' && (value << 24) >> 24 === value) return void this[VIEW].setUint8(this[OFFSET] + at, value); } catch {} rest.write(this, value); },
  })`,
  C: `(at, rest) => ({
    get() { try { return this[VIEW].getUint8(this[OFFSET] + at); } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'number' && (value & 0xff) === value) return void this[VIEW].setUint8(this[OFFSET] + at, value); } catch {} rest.write(this, value); },
  })`,
  h: `(at, rest) => ({
    get() { try { return (this[VIEW].getUint16(this[OFFSET] + at, ORDER) << 16) >> 16; } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'number' && (value << 16) >> 16 === value) return void this[VIEW].setUint16(this[OFFSET] + at, value, ORDER); } catch {} rest.write(this, value); },
  })`,
  H: `(at, rest) => ({
    get() { try { return this[VIEW].getUint16(this[OFFSET] + at, ORDER); } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'number' && (value & 0xffff) === value) return void this[VIEW].setUint16(this[OFFSET] + at, value, ORDER); } catch {} rest.write(this, value); },
  })`,
  i: `(at, rest) => ({
    get() { try { return this[VIEW].getUint32(this[OFFSET] + at, ORDER) | 0; } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'number' && (value | 0) === value) return void this[VIEW].setUint32(this[OFFSET] + at, value, ORDER); } catch {} rest.write(this, value); },
  })`,
  I: `(at, rest) => ({
    get() { try { return this[VIEW].getUint32(this[OFFSET] + at, ORDER); } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'number' && value >>> 0 === value) return void this[VIEW].setUint32(this[OFFSET] + at, value, ORDER); } catch {} rest.write(this, value); },
  })`,
  l: `(at, rest) => ({
    get() { try { return exact(this[VIEW].getBigInt64(this[OFFSET] + at, ORDER)); } catch { return rest.read(this); } },
    set(value) { try { if (Number.isSafeInteger(value)) return void this[VIEW].setBigInt64(this[OFFSET] + at, BigInt(value), ORDER); } catch {} rest.write(this, value); },
  })`,
  L: `(at, rest) => ({
    get() { try { return exact(this[VIEW].getBigUint64(this[OFFSET] + at, ORDER)); } catch { return rest.read(this); } },
    set(value) { try { if (Number.isSafeInteger(value) && (value) >= 0) return void this[VIEW].setBigUint64(this[OFFSET] + at, BigInt(value), ORDER); } catch {} rest.write(this, value); },
  })`,
  q: `(at, rest) => ({
    get() { try { return this[VIEW].getBigInt64(this[OFFSET] + at, ORDER); } catch { return rest.read(this); } },
    set(value) { rest.write(this, value); },
  })`,
  Q: `(at, rest) => ({
    get() { try { return this[VIEW].getBigUint64(this[OFFSET] + at, ORDER); } catch { return rest.read(this); } },
    set(value) { rest.write(this, value); },
  })`,
  f: `(at, rest) => ({
    get() { try { return this[VIEW].getFloat32(this[OFFSET] + at, ORDER); } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'number') return void this[VIEW].setFloat32(this[OFFSET] + at, value, ORDER); } catch {} rest.write(this, value); },
  })`,
  d: `(at, rest) => ({
    get() { try { return this[VIEW].getFloat64(this[OFFSET] + at, ORDER); } catch { return rest.read(this); } },
    set(value) { try { if (typeof value === 'number') return void this[VIEW].setFloat64(this[OFFSET] + at, value, ORDER); } catch {} rest.write(this, value); },
  })`,
};
