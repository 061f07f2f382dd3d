// Numbers in memory that belongs to C: fields of structs, elements, pointees and variables, read and written often.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { alloc, CFunction, dlopen, enumType, free, JSCallback, pointerTo, read, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage } from './hosts.mjs';
import { nextTurn, ownFixture, repeat } from './lifetimes.mjs';
import { mapPages, PAGE } from './pages.mjs';
import { check, fixture, throws } from './support.mjs';

const OFFSET = 16;
const memory = alloc(64);
after(() => free(memory));

const samples = {
  b: [true, false],
  c: [-128, 127, 0, -0],
  C: [0, 255],
  h: [-32768, 32767],
  H: [0, 65535],
  i: [-(2 ** 31), 2 ** 31 - 1, -1],
  I: [0, 2 ** 32 - 1],
  l: [-(2n ** 63n), 2n ** 63n - 1n, -1, 2 ** 53 - 1, -(2 ** 53), 5n],
  L: [0, 2n ** 64n - 1n, 2 ** 53 - 1, 2 ** 53],
  q: [-(2n ** 63n), 5n, -5],
  Q: [0n, 2n ** 64n - 1n],
  f: [0.5, -0, NaN, Infinity, 0.1],
  d: [0.1, -0, NaN, -Infinity, Number.MIN_VALUE],
  p: [0, 70_000, 2 ** 47, 2n ** 64n - 1n, null],
  k: [0, 70_000],
};
const types = Object.keys(samples);

/** The view of C's memory at an address that a pointer of a type gives, which C's NULL is none of. */
function pointed(type, address) {
  return Struct({ to: pointerTo(type) }).create({ to: address }).to;
}

/** The ways to a number of a type, `OFFSET` bytes behind an address: functions that read and write it there. */
function waysTo(type, address) {
  const Field = Struct({ before: ['C', OFFSET], value: { type, packed: true } });
  const Elements = Struct({ before: ['C', OFFSET], list: { type: [type, 3], packed: true } });
  const index = OFFSET / Struct.sizeof(type);
  const field = Field.at(address);
  const { list } = Elements.at(address);
  const pointee = pointed(type, address + OFFSET);
  const view = pointed([type, 0], address);
  const inOrder = Field.arrayAt(address, 1);
  return {
    field: { get: () => field.value, set: (value) => (field.value = value) },
    element: { get: () => list[0], set: (value) => list.set(0, value) },
    pointee: { get: () => pointee.value, set: (value) => (pointee.value = value) },
    view: { get: () => view.get(index), set: (value) => view.set(index, value) },
    'view by its index': { get: () => view[index], set: (value) => (view[index] = value) },
    'array at an address': { get: () => inOrder[0].value, set: (value) => (inOrder[0].value = value) },
  };
}

const ways = Object.fromEntries(types.map((type) => [type, waysTo(type, memory)]));
const each = (run) =>
  types.forEach((type) => Object.entries(ways[type]).forEach(([name, way]) => run(way, type, `${type}, ${name}`)));

/** Reads and writes so often that an engine has optimised it for plain numbers. */
function often() {
  for (let i = 0; i < 500; i++) {
    each(({ get, set }) => {
      set(1);
      assert.equal(Number(get()), 1);
    });
  }
}

/** What JavaScript reads when a value has been written. */
function asRead(type, value) {
  if (type === 'd' || type === 'b') return value;
  if (type === 'f') return Math.fround(value);
  const isNumber = !'qQ'.includes(type) && Number.isSafeInteger(Number(value));
  return isNumber ? Number(value) + 0 : BigInt(value);
}

describe('a number in C’s memory', () => {
  test('has every value of its type, at first and when it has been used often', () => {
    const all = () =>
      each(({ get, set }, type, name) => {
        for (const value of samples[type]) {
          set(value);
          const expected = asRead(type, value);
          assert.ok(Object.is(get(), expected), `${name}: ${value}, got ${get()}`);
          assert.ok(Object.is(read[type](memory, OFFSET), expected), `${name}: ${value}, by read`);
        }
      });
    all();
    often();
    all();
  });

  test('takes no more room than its type has', () => {
    often();
    each(({ set }, type, name) => {
      const size = Struct.sizeof(type);
      ffi.writeMemory(memory, new Uint8Array(64).fill(0xaa));
      set(0);
      const bytes = new Uint8Array(ffi.readMemory(memory, 64));
      assert.equal(bytes.indexOf(0), OFFSET, name);
      assert.equal(bytes.lastIndexOf(0), OFFSET + size - 1, name);
    });
  });

  test('is refused with the same error as in memory of JavaScript’s, and left as it was', () => {
    often();
    const wrong = [
      0.5,
      NaN,
      -Infinity,
      2 ** 64,
      -(2 ** 63) * 2,
      256.5,
      128,
      -1,
      true,
      1n,
      2n ** 64n,
      'x',
      undefined,
      {},
    ];
    for (const type of types) {
      const Field = Struct({ value: type });
      const [there, here] = [Field.at(memory + OFFSET), Field.create()];
      for (const value of wrong) {
        there.value = here.value = 1;
        const outcomes = [there, here].map((one) => {
          try {
            one.value = value;
            return one.value;
          } catch ({ code, message }) {
            assert.equal(Number(one.value), 1, type);
            return { code, message };
          }
        });
        assert.deepEqual(outcomes[0], outcomes[1], `${type}: ${String(value)}`);
      }
      throws(() => ways[type].pointee.set({}), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^pointer\.value: / });
      throws(() => ways[type].view.set({}), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^array\[\d+\]: / });
    }
  });

  test('at an address at which nothing can be is refused', () => {
    often();
    const none = { code: 'ERR_FFI_NULL_POINTER' };
    for (const type of types) {
      for (const address of [1, 65535 - OFFSET]) {
        const pointee = pointed(type, address);
        throws(() => pointee.value, { ...none, message: /^pointer\.value: / });
        throws(() => (pointee.value = 1), { ...none, message: /^pointer\.value: / });
        const view = pointed([type, 0], address);
        throws(() => view.get(1), none);
        throws(() => view.set(1, 1), none);
      }
      const view = pointed([type, 0], memory);
      const back = Math.floor((memory - 1024) / Struct.sizeof(type));
      throws(() => view.get(-back), none);
      throws(() => view.set(-back, 1), none);
      throws(() => view.get(0.5), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => Struct({ value: type }).at(null), none);
      throws(() => Struct({ value: type }).at(65535), none);
    }
  });

  test('is checked as soon as checked mode is set', () => {
    often();
    const { pages, unmap } = mapPages();
    const [readOnly, none] = [pages + PAGE, pages + 2 * PAGE];
    const bad = { code: 'ERR_FFI_BAD_ADDRESS' };
    ffi.checked = true;
    try {
      for (const type of types) {
        for (const address of [none, 2n ** 63n]) {
          const pointee = pointed(type, address);
          throws(() => pointee.value, { ...bad, message: /^pointer\.value: what is at 0x/ });
          throws(() => (pointee.value = 1), { ...bad, message: /^pointer\.value: what is at 0x/ });
          throws(() => Struct({ value: type }).at(address), { ...bad, message: /^Struct\.at: what is at 0x/ });
        }
        const field = Struct({ value: type }).at(readOnly);
        assert.equal(field.value, read[type](readOnly));
        throws(() => (field.value = 1), { ...bad, message: /^Struct\.value: what is at 0x/ });
        throws(() => pointed([type, 0], none - Struct.sizeof(type) + 1).get(0), bad);
      }
      each(({ get, set }) => {
        set(0);
        assert.equal(Number(get()), 0);
      });
    } finally {
      ffi.checked = false;
      unmap();
    }
  });
});

test('bit-fields, other orders of bytes and types that JavaScript converts are as in memory of JavaScript’s', () => {
  const Color = enumType({ red: 1, blue: -2 });
  const Mixed = Struct({
    low: { type: 'I', bits: 3 },
    high: { type: 'i', bits: 29 },
    big: { type: 'i', endian: 'big' },
    wide: { type: 'L', endian: 'big' },
    real: { type: 'd', endian: 'big' },
    color: Color,
  });
  const [there, here] = [Mixed.at(memory), Mixed.create()];
  const values = { low: 5, high: -7, big: -2, wide: 2n ** 63n + 5n, real: 0.1, color: -2 };
  return check(() => {
    ffi.writeMemory(memory, new Uint8Array(Mixed.size));
    for (const [name, value] of Object.entries(values)) {
      there[name] = value;
      here[name] = value;
      assert.equal(there[name], value);
    }
    assert.deepEqual(new Uint8Array(ffi.readMemory(memory, Mixed.size)), new Uint8Array(here.buffer));
  }, 20);
});

describe('a variable that has been used often', () => {
  const definitions = { counter: { type: 'i' }, wide: { type: 'L' }, flag: { type: 'bool' }, text: { type: 'p' } };
  const use = ({ counter, wide, flag }) => {
    for (let i = 0; i < 1000; i++) {
      counter.value = i;
      wide.value = i;
      flag.value = i % 2 === 0;
      assert.deepEqual([counter.value, wide.value, flag.value], [i, i, i % 2 === 0]);
    }
  };
  const refuses = ({ counter, wide, flag }) => {
    for (const one of [counter, wide, flag]) {
      const gone = { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^(counter|wide|flag): its library has been closed/ };
      throws(() => one.value, gone);
      throws(() => (one.value = 1), gone);
      throws(() => one.ptr, gone);
    }
  };

  test('is refused once its library is closed, also by the raw bridge, and others are not', () => {
    const path = ownFixture();
    const other = dlopen(fixture, definitions);
    for (const close of [(lib) => lib.close(), (lib) => ffi.close(lib.handle)]) {
      const lib = dlopen(path, definitions);
      use(lib.symbols);
      use(other.symbols);
      close(lib);
      refuses(lib.symbols);
      use(other.symbols);
      refuses(lib.symbols);
    }
    Object.assign(other.symbols.counter, { value: 7 });
    other.close();
    refuses(other.symbols);
  });

  test('is refused in a callback that has closed its library', () => {
    const path = ownFixture();
    return repeat(() => {
      const lib = dlopen(path, definitions);
      const { counter } = lib.symbols;
      assert.equal(typeof counter.value, 'number');
      const closing = new JSCallback(
        () => {
          lib.close();
          throws(() => counter.value, { code: 'ERR_FFI_LIBRARY_CLOSED' });
          return 1;
        },
        { args: [], returns: 'i' },
      );
      assert.equal(CFunction({ args: [], returns: 'i', ptr: closing.ptr })(), 1);
      throws(() => (counter.value = 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      closing.close();
    }, 20);
  });

  test('keeps an object whose address is stored in it until a number is', async () => {
    const lib = dlopen(ownFixture(), { pointer: { type: 'p', name: 'text' }, number: { type: 'L', name: 'text' } });
    const { pointer, number } = lib.symbols;
    const stored = (() => {
      const bytes = Uint8Array.of(7, 0);
      pointer.value = bytes;
      return new WeakRef(bytes);
    })();
    for (let i = 0; i < 5; i++) (collectGarbage(), await nextTurn());
    assert.equal(read.u8(number.value), 7);
    assert.ok(stored.deref());
    number.value = 0;
    for (let i = 0; i < 20; i++) (collectGarbage(), await nextTurn());
    assert.equal(stored.deref(), undefined);
    assert.equal(pointer.value, 0);
    lib.close();
  });

  test('refuses what it refused before', () => {
    const lib = dlopen(ownFixture(), definitions);
    const { counter, flag, wide } = lib.symbols;
    use(lib.symbols);
    throws(() => (counter.value = 2 ** 31), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^counter: 2147483648 is out/ });
    throws(() => (counter.value = true), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^counter: expected number/ });
    throws(() => (flag.value = 2), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^flag: 2 is out of range/ });
    throws(() => (wide.value = -1), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^wide: -1 is out of range/ });
    assert.deepEqual([counter.value, flag.value, wide.value], [999, false, 999]);
    wide.value = 2n ** 64n - 1n;
    assert.equal(wide.value, 2n ** 64n - 1n);
    lib.close();
  });
});
