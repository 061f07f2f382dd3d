// read.TYPE and write.TYPE: a single value at an address.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alloc, CString, dlopen, FFIType, free, JSCallback, read, write } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture, kept, throws } from './support.mjs';

const memory = alloc(64);

const samples = {
  b: [true, false],
  c: [-128, 127],
  C: [0, 255],
  h: [-32768, 32767],
  H: [0, 65535],
  i: [-(2 ** 31), 2 ** 31 - 1],
  I: [0, 2 ** 32 - 1],
  l: [-(2n ** 63n), 2n ** 63n - 1n, -1, 2 ** 53 - 1],
  L: [0, 2n ** 64n - 1n, 2 ** 53 - 1],
  q: [-(2n ** 63n), 5n],
  Q: [0n, 2n ** 64n - 1n],
  f: [0.5, -0, NaN, Infinity, Math.fround(0.1)],
  d: [0.1, -0, NaN, -Infinity, Number.MIN_VALUE],
  p: [0, 70_000, 2 ** 47],
  k: [0, 70_000],
};

for (const [code, values] of Object.entries(samples)) {
  test(`'${code}' is written and read back, with and without an offset`, () =>
    check(() => {
      for (const value of values) {
        write[code](memory, value);
        assert.ok(Object.is(read[code](memory), value), String(value));
        write[code](memory, 8, value);
        assert.ok(Object.is(read[code](memory, 8), value), String(value));
        assert.ok(Object.is(read[code](BigInt(memory) + 8n, 0), value), String(value));
        assert.ok(Object.is(read[code](memory + 16, -8), value), String(value));
      }
    }, 10));
}

test('read and write have a function for every name and letter of a type with values', () => {
  const names = [...Object.keys(FFIType), ...'bcChHiIlLqQfdsSwtpk'].filter((name) => name !== 'void').sort();
  assert.deepEqual(Object.keys(read).sort(), names);
  assert.deepEqual(Object.keys(write).sort(), names);
  assert.ok(Object.isFrozen(read) && Object.isFrozen(write));
});

test('only the bytes of the type are written', () =>
  check(() => {
    for (const [name, size] of Object.entries({ u8: 1, u16: 2, u32: 4, u64: 8 })) {
      ffi.writeMemory(memory, new Uint8Array(24).fill(0xaa));
      write[name](memory, 8, 0);
      const bytes = new Uint8Array(ffi.readMemory(memory, 24));
      assert.equal(bytes.indexOf(0), 8);
      assert.equal(bytes.lastIndexOf(0), 7 + size);
    }
  }, 10));

test('an address may be unaligned', () =>
  check(() => {
    write.f64(memory, 1, 0.1);
    assert.equal(read.f64(memory, 1), 0.1);
    write.i64(memory, 3, -5);
    assert.equal(read.i64(memory, 3), -5);
  }, 10));

test('a string is read through the pointer at the address, and written as an address', () => {
  const text = Buffer.from('through two pointers\0');
  const wide = Uint16Array.from([...'wide\0'], (character) => character.charCodeAt(0));
  return check(() => {
    write.cstring(memory, text);
    assert.equal(read.cstring(memory), 'through two pointers');
    assert.equal(read.ptr(memory), ffi.ptr(text));
    write.CString16(memory, wide);
    assert.equal(read.CString16(memory), 'wide');
    write.cstring(memory, null);
    assert.equal(read.cstring(memory), null);
    assert.equal(read.WString(memory), null);
  }, 10);
});

test('an object with a ptr can be passed as the address', () =>
  check(() => {
    const lib = dlopen(fixture, { counter: { type: 'i' } });
    assert.equal(read.i32(lib.symbols.counter), 7);
    assert.equal(read.char(new CString(ffi.ptr(kept(new Uint8Array([65, 0]))))), 65);
    lib.close();
  }, 50));

describe('wrong arguments', () => {
  test('errors begin with the name of the function', () =>
    check(() => {
      const bad = (run, code, message) => throws(run, { code, message });
      bad(() => read.i32(0), 'ERR_FFI_NULL_POINTER', /^read\.i32: 0 is no address/);
      bad(() => read.i32(65535), 'ERR_FFI_NULL_POINTER', /^read\.i32: 65535 is no address/);
      bad(() => write.u8(null, 1), 'ERR_FFI_NULL_POINTER', /^write\.u8: 0 is no address/);
      bad(() => read.i32('1'), 'ERR_FFI_INVALID_ARG_TYPE', /^read\.i32: argument 1: expected an address/);
      bad(() => read.i32(), 'ERR_FFI_INVALID_ARG_TYPE', /^read\.i32: argument 1: /);
      bad(
        () => read.i32(memory, '1'),
        'ERR_FFI_INVALID_ARG_TYPE',
        'read.i32: argument 2: expected a number, got string',
      );
      bad(() => read.i32(memory, 0.5), 'ERR_FFI_OUT_OF_RANGE', /^read\.i32: argument 2: 0.5 is not an integer/);
      bad(
        () => read.i32(memory, -memory),
        'ERR_FFI_NULL_POINTER',
        /^read\.i32: argument 2: the offset -\d+ leads to address 0/,
      );
      bad(() => read.i32(memory, -2 * memory), 'ERR_FFI_OUT_OF_RANGE', /^read\.i32: /);
      bad(
        () => write.i8(memory, 128),
        'ERR_FFI_OUT_OF_RANGE',
        /^write\.i8: argument 2: 128 is out of range for int8_t/,
      );
      bad(() => write.i8(memory, 0, 128), 'ERR_FFI_OUT_OF_RANGE', /^write\.i8: argument 3: 128 is out of range/);
      bad(() => write.i8(memory, 0, undefined), 'ERR_FFI_INVALID_ARG_TYPE', /^write\.i8: argument 3: expected number/);
      bad(() => write.i8(memory), 'ERR_FFI_INVALID_ARG_TYPE', /^write\.i8: argument 2: expected number, got undefined/);
      bad(() => write.cstring(memory, 'text'), 'ERR_FFI_INVALID_ARG_TYPE', /^write\.cstring: argument 2: /);
    }, 10));

  test('a refused value leaves the memory unchanged', () =>
    check(() => {
      write.i32(memory, 42);
      throws(() => write.i32(memory, 2 ** 31), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => write.i32(memory, '1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      assert.equal(read.i32(memory), 42);
    }, 10));

  test('a getter of a value may itself read and write', () =>
    check(() => {
      const hostile = {
        get ptr() {
          write.i64(memory, 8, -1);
          assert.equal(read.i64(memory, 8), -1);
          return 70_000;
        },
      };
      write.ptr(memory, hostile);
      assert.equal(read.ptr(memory), 70_000);
      const thrown = new Error('mine');
      throws(
        () =>
          write.ptr(memory, {
            get ptr() {
              throw thrown;
            },
          }),
        thrown,
      );
      assert.equal(read.ptr(memory), 70_000);
    }, 10));
});

test('a callback can read the memory that C passes to it', () =>
  check(() => {
    const libc = dlopen(null, { qsort: { args: ['p', 'L', 'L', 'k'] } });
    const values = new Float64Array([3, 1, 2]);
    const compare = new JSCallback((a, b) => Math.sign(read.f64(a) - read.f64(b)), { args: ['p', 'p'], returns: 'i' });
    libc.symbols.qsort(values, 3, 8, compare);
    assert.deepEqual([...values], [1, 2, 3]);
    compare.close();
    libc.close();
  }, 20));

describe('what has been read and written often', () => {
  const types = Object.keys(samples);
  /** Small functions for one type each, which an engine may have optimised for numbers at plain addresses. */
  const readersOf = Object.fromEntries(types.map((code) => [code, (at, offset) => read[code](at, offset)]));
  const writersOf = Object.fromEntries(
    types.map((code) => [code, (at, offset, value) => write[code](at, offset, value)]),
  );
  const often = () => {
    for (let i = 0; i < 3000; i++) {
      for (const code of types) {
        writersOf[code](memory, 8, 1);
        assert.equal(Number(readersOf[code](memory, 8)), 1);
      }
    }
  };

  test('gives every value that is not plain', () => {
    often();
    for (const [code, values] of Object.entries(samples)) {
      for (const value of values) {
        writersOf[code](memory, 3, value);
        assert.ok(Object.is(readersOf[code](memory, 3), value), `${code}: ${value}`);
      }
    }
  });

  test('refuses the addresses that it refused before', () => {
    often();
    for (const code of types) {
      for (const call of [
        (at, offset) => readersOf[code](at, offset),
        (at, offset) => writersOf[code](at, offset, 1),
      ]) {
        for (const [at, offset] of [
          [null, 0],
          [65535, 0],
          [65535, 8],
          [65536, -1],
        ]) {
          throws(() => call(at, offset), { code: 'ERR_FFI_NULL_POINTER' });
        }
        for (const [at, offset] of [
          [memory + 0.5, 0],
          [memory + 0.5, 0.5],
          [-memory, 0],
          [2 ** 53, 0],
          [2 ** 53 - 1, 1],
          [memory, 0.5],
          [memory, -memory - 1],
        ]) {
          throws(() => call(at, offset), { code: 'ERR_FFI_OUT_OF_RANGE' });
        }
        for (const [at, offset] of [
          ['1', 0],
          [memory, '1'],
          [memory, null],
          [memory, 1n],
        ]) {
          throws(() => call(at, offset), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
        }
      }
    }
  });

  test('refuses the values that it refused before, and leaves the memory unchanged', () => {
    often();
    const least = { b: 0, c: -(2 ** 7), h: -(2 ** 15), i: -(2 ** 31), l: -(2 ** 63), q: -(2 ** 63) };
    const most = { b: 1, c: 127, C: 255, h: 32767, H: 65535, i: 2 ** 31 - 1, I: 2 ** 32 - 1 };
    for (const code of types.filter((one) => !'fd'.includes(one))) {
      const before = readersOf[code](memory, 8);
      for (const value of [0.5, NaN, Infinity, (least[code] ?? 0) * 2 - 1, (most[code] ?? 2 ** 64) * 2]) {
        throws(() => writersOf[code](memory, 8, value), { code: 'ERR_FFI_OUT_OF_RANGE' });
      }
      throws(() => writersOf[code](memory, 8, undefined), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      if (code !== 'b') throws(() => writersOf[code](memory, 8, true), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      if ('bcChHiIfd'.includes(code))
        throws(() => writersOf[code](memory, 8, 1n), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      assert.equal(readersOf[code](memory, 8), before);
    }
  });

  test('is checked as soon as checked mode is set', () => {
    often();
    ffi.checked = true;
    try {
      for (const code of types) {
        throws(() => readersOf[code](2 ** 47 - 4096, 0), { code: 'ERR_FFI_BAD_ADDRESS' });
        throws(() => writersOf[code](2 ** 47 - 4096, 0, 1), { code: 'ERR_FFI_BAD_ADDRESS' });
        writersOf[code](memory, 8, 0);
        assert.equal(Number(readersOf[code](memory, 8)), 0);
      }
    } finally {
      ffi.checked = false;
    }
  });
});

process.on('exit', () => free(memory));
