// Structs by value: accepted arguments, results, and errors. generated-structs.test.mjs tests the many shapes of
// structs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Arena, AsyncCFunction, callBySigAsArrayBuffer, CFunction, dlopen, JSCallback, Struct, Union } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture, rejects, throws } from './support.mjs';

const Complex = Struct({ re: 'd', im: 'd' }, { name: 'Complex' });
const Large = Struct({ numbers: ['l', 5] }, { name: 'Large' });
const Text = Struct({ text: 's', number: 'i' }, { name: 'Text' });

const definitions = {
  complex_multiply: { args: [Complex, Complex], returns: Complex },
  large_add: { args: [Large, 'i'], returns: Large },
  complex_apply: { args: [{ args: [Complex, Large], returns: Complex }, Complex], returns: Complex },
  text_struct_read: { args: [Text], returns: 'i' },
  complex_weigh: { args: ['d', Complex, 'p', 'i'], returns: 'd' },
};
const { symbols } = dlopen(fixture, definitions);
const { complex_multiply, large_add, complex_apply, text_struct_read, complex_weigh } = symbols;
const one = { re: 1, im: 2 };
const other = { re: 3, im: 4 };
const product = { re: -5, im: 10 };

/** Every way of calling complex_multiply, as a function that returns a Promise. */
const ways = {
  symbol: async (...args) => complex_multiply(...args),
  'symbol.async': complex_multiply.async,
  'symbol.with': async (...args) => complex_multiply.with({ errno: true })(...args).value,
  'symbol.async.with': async (...args) => (await complex_multiply.async.with({ errno: true })(...args)).value,
  CFunction: async (...args) =>
    CFunction({ ...definitions.complex_multiply, ptr: complex_multiply, name: 'complex_multiply' })(...args),
  AsyncCFunction: (...args) =>
    AsyncCFunction({ ...definitions.complex_multiply, ptr: complex_multiply, name: 'complex_multiply' })(...args),
};

describe('a struct by value', () => {
  for (const [way, call] of Object.entries(ways)) {
    test(`an argument may be a plain object, a struct value or its bytes, and the result is a struct value: ${way}`, () =>
      check(async () => {
        const bytes = new Float64Array([1, 2]);
        const shared = new Float64Array(new SharedArrayBuffer(16));
        shared.set([1, 2]);
        const inside = new Float64Array([0, 1, 2, 0]).subarray(1, 3);
        for (const a of [one, Complex.create(one), bytes, bytes.buffer, shared, shared.buffer, inside]) {
          const result = await call(a, other);
          assert.deepEqual([result.re, result.im], [-5, 10]);
          assert.deepEqual(result.toObject(), product);
        }
      }, 10));
  }

  test("structs are passed as copies: neither C's nor later changes affect the other side", () =>
    check(async () => {
      const value = Large.create({ numbers: [1, 2, 3, 4, 5] });
      const pending = large_add.async(value, 10);
      value.numbers[0] = 100;
      assert.deepEqual([...(await pending).numbers], [11, 12, 13, 14, 15]);
      assert.deepEqual([...large_add(value, 1).numbers], [101, 3, 4, 5, 6]);
      assert.deepEqual([...value.numbers], [100, 2, 3, 4, 5]);
    }));

  test('a callback gets a struct value, which stays valid, and returns a plain object or a value', () =>
    check(async () => {
      let seen;
      const receive = (c, large) => {
        seen = [c, large];
        return { re: c.re + large.numbers[4], im: -1 };
      };
      assert.deepEqual(complex_apply(receive, one).toObject(), { re: 6, im: -1 });
      assert.deepEqual((await complex_apply.async(receive, one)).toObject(), { re: 6, im: -1 });
      const callback = new JSCallback((c) => Complex.create(c), { args: [Complex, Large], returns: Complex });
      assert.deepEqual(complex_apply(callback, one).toObject(), one);
      assert.deepEqual(callback.call(one, { numbers: [0, 0, 0, 0, 0] }).toObject(), one);
      callback.close();
      assert.deepEqual(
        seen.map((value) => value.toObject()),
        [one, { numbers: [1, 2, 3, 4, 5] }],
      );
    }));

  test('memory to which a struct points is kept alive while C uses it', () =>
    check(async () => {
      const bytes = Buffer.from('A\0');
      assert.equal(text_struct_read({ text: bytes, number: 1 }), 66);
      assert.equal(await text_struct_read.async({ text: Buffer.from('B\0'), number: 1 }), 67);
      assert.equal(text_struct_read({ text: null, number: 7 }), 7);
    }));

  test("the raw bridge takes a struct's type as letters and its value as a buffer", () =>
    check(async () => {
      const handle = ffi.load(fixture);
      const numbers = [new Float64Array([1, 2]), new Float64Array([3, 4])];
      const types = ['{dd}{dd}', '{dd}'];
      ffi.defineFunction(handle, 'complex_multiply', ...types);
      const address = ffi.getSymbolPtr(handle, 'complex_multiply');
      for (const result of [
        ffi.callMixed(handle, 'complex_multiply', ...types, numbers, []),
        ffi.callBySig(handle, 'complex_multiply', numbers, []),
        ffi.callPtr(address, ...types, numbers, []),
        await ffi.callAsync(handle, 'complex_multiply', ...types, numbers, []),
        await ffi.callPtrAsync(address, ...types, numbers, []),
      ]) {
        assert.ok(result instanceof ArrayBuffer);
        assert.deepEqual(new Float64Array(result), new Float64Array([-5, 10]));
      }
      ffi.close(handle);
    }));
});

describe('structs of different calls are independent', () => {
  const values = [Complex.create(one), Complex.create(other)];

  test('results stay unchanged by later calls', () =>
    check(() => {
      const results = Array.from({ length: 1000 }, (_, i) => complex_multiply({ re: i, im: 0 }, values[0]));
      results.forEach((result, i) => assert.deepEqual(result.toObject(), { re: i, im: 2 * i }));
      results.forEach((result) => {
        result.im = 0;
        assert.ok(result.buffer.byteLength === 16 && result.byteOffset === 0);
      });
      results.forEach((result, i) => assert.deepEqual(result.toObject(), { re: i, im: 0 }));
    }, 100));

  test('a result, or a part of one, may be the next argument', () =>
    check(() => {
      let power = values[0];
      for (let i = 0; i < 4; i++) power = complex_multiply(power, values[0]);
      assert.deepEqual(power.toObject(), { re: 41, im: -38 });
      const Two = Struct({ a: Complex, b: Complex });
      const two = Two.create({ a: one, b: other });
      two.a = complex_multiply(two.a, two.b);
      assert.deepEqual(two.toObject(), { a: product, b: other });
      const row = Complex.arrayOf(3);
      row[2] = one;
      assert.deepEqual(complex_multiply(row[2], two.b).toObject(), product);
    }));

  test('a getter of an argument may call the same function', () =>
    check(() => {
      const nested = (im) => ({
        re: 1,
        get im() {
          complex_multiply({ re: 7, im: 8 }, { re: 9, im: 10 });
          complex_multiply(...values);
          return im;
        },
      });
      assert.deepEqual(complex_multiply(nested(2), other).toObject(), product);
      assert.deepEqual(complex_multiply(one, { ...nested(4), re: 3 }).toObject(), product);
      assert.deepEqual(complex_multiply(values[0], nested(2)).toObject(), { re: -3, im: 4 });
      const pointer = {
        get ptr() {
          assert.equal(complex_weigh(0, { re: 5, im: 5 }, null, 0), 550);
          return 4096;
        },
      };
      assert.equal(complex_weigh(1, one, pointer, 2), 21211);
      assert.equal(complex_weigh(1, values[0], pointer, 2), 21211);
    }));

  test('a callback may call the same functions, at any depth', () =>
    check(() => {
      const dive = (depth) => (c, large) => {
        if (depth > 0) assert.deepEqual(complex_apply(dive(depth - 1), c).toObject(), product);
        assert.equal(complex_weigh(1, c, null, 0), 211);
        assert.deepEqual([...large_add(large, 1).numbers], [2, 3, 4, 5, 6]);
        return complex_multiply(c, values[1]);
      };
      assert.deepEqual(complex_apply(dive(5), values[0]).toObject(), product);
      assert.deepEqual(complex_apply(dive(5), one).toObject(), product);
    }, 10));

  test('structs with the same fields but another schema are distinct types', () =>
    check(() => {
      for (let i = 0; i < 10; i++) {
        const Other = Struct({ re: 'd', im: 'd' }, { name: `Other${i}` });
        const multiply = CFunction({ args: [Other, Complex], returns: Other, ptr: complex_multiply, name: 'f' });
        const result = multiply(Other.create(one), values[1]);
        assert.ok(result.schema === Other);
        assert.deepEqual(result.toObject(), product);
        throws(() => multiply(values[0], values[1]), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /expected a Other/ });
      }
    }, 100));
});

describe('memory that is detached or freed', () => {
  const ended = (value) => structuredClone(value.buffer, { transfer: [value.buffer] });

  test('a struct whose memory is gone before the call is refused', () =>
    check(() => {
      const value = Complex.create(one);
      assert.deepEqual(complex_multiply(value, other).toObject(), product);
      ended(value);
      const code = 'ERR_FFI_INVALID_ARG_TYPE';
      const message = 'complex_multiply: argument 1: the buffer is detached';
      throws(() => complex_multiply(value, other), { code, message });
      throws(() => complex_multiply(other, value), { code, message: message.replace('1', '2') });
      const buffer = new Float64Array([1, 2]);
      ended(buffer);
      throws(() => complex_multiply(buffer, other), { code, message });
      throws(() => complex_multiply(buffer.buffer, other), { code, message });
      const arena = new Arena();
      const inArena = arena.struct(Complex, one);
      assert.deepEqual(complex_multiply(inArena, other).toObject(), product);
      arena.close();
      for (const gone of [inArena, inArena.buffer]) {
        throws(() => complex_multiply(gone, other), {
          code: 'ERR_FFI_ARENA_CLOSED',
          message: 'complex_multiply: argument 1: the arena has been closed',
        });
      }
    }, 10));

  test('a struct whose memory another argument detaches is refused, and C is not called', () =>
    check(() => {
      for (const isProxy of [false, true]) {
        const value = Complex.create(one);
        complex_multiply(value, value);
        const end = () => void (value.buffer.byteLength && ended(value));
        const getter = {
          re: 1,
          get im() {
            end();
            return 2;
          },
        };
        const trap = () => {
          end();
          return Complex;
        };
        const second = isProxy ? new Proxy(Complex.create(other), { getPrototypeOf: trap, get: trap }) : getter;
        throws(() => complex_multiply(value, second), TypeError);
      }
    }, 20));

  test('a revoked proxy of a struct is refused', () =>
    check(() => {
      const { proxy, revoke } = Proxy.revocable(Complex.create(one), {});
      assert.deepEqual(complex_multiply(proxy, other).toObject(), product);
      revoke();
      throws(() => complex_multiply(proxy, other), TypeError);
    }));

  test("a struct in C's memory is passed with its present value", () =>
    check(() => {
      const value = Complex.create(one);
      const there = Complex.at(value.ptr);
      assert.deepEqual(complex_multiply(there, other).toObject(), product);
      value.im = 0;
      assert.deepEqual(complex_multiply(there, there).toObject(), { re: 1, im: 0 });
      assert.equal(value.re, 1, 'the memory has not been collected');
    }));
});

describe('errors of structs by value', () => {
  const type = 'ERR_FFI_INVALID_ARG_TYPE';
  const wrong = [
    [{ re: 1 }, '.im is missing'],
    [{ re: 1, im: 2, i: 3 }, /^no field 'i'/],
    [{ re: 1, img: 2 }, "no field 'img'; did you mean 'im'?"],
    [{ re: 1, im: 'x' }, '.im: expected number, got string'],
    [{ re: 1, im: undefined }, '.im: expected number, got undefined'],
    [Large.create(), 'expected a Complex value, got a Large'],
    [new Uint8Array(15), 'expected a buffer of 16 bytes, got one of 15'],
    [new ArrayBuffer(17), 'expected a buffer of 16 bytes, got one of 17'],
    [5, 'expected an object with fields, got number'],
    ['text', 'expected an object with fields, got string'],
    [null, 'expected an object with fields, got null'],
    [undefined, 'expected an object with fields, got undefined'],
    [Object.create(Complex.create()), 'expected a Complex value, got a Complex'],
    [Symbol('s'), 'expected an object with fields, got symbol'],
    [
      {
        re: 1,
        get im() {
          throw new Error('no way');
        },
      },
      '.im: reading it threw: no way',
    ],
  ];

  for (const [way, call] of Object.entries(ways)) {
    test(`an error names the wrong field, and C is not called: ${way}`, () =>
      check(async () => {
        for (const [value, message] of wrong) {
          const place = 'complex_multiply: argument 2: ';
          const whole = typeof message === 'string' ? place + message : new RegExp(place + message.source.slice(1));
          await rejects(() => call(one, value), { code: type, message: whole });
        }
        await rejects(() => call(one), { code: 'ERR_FFI_ARG_COUNT', message: /expected 2 arguments, got 1/ });
        assert.deepEqual((await call(one, other)).toObject(), product);
      }, 20));
  }

  test('errors inside nested structs and arrays name their path', () =>
    check(() => {
      const Outer = Struct({ rows: [[Complex, 2], 2] });
      const fn = CFunction({ args: [Outer], ptr: complex_multiply, name: 'f' });
      const row = [one, one];
      throws(() => fn({ rows: [row, [one, { re: 1, im: null }]] }), {
        code: type,
        message: 'f: argument 1: .rows[1][1].im: expected number, got null',
      });
      throws(() => large_add({ numbers: [1, 2, 3, 4, 2n ** 63n] }, 1), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: /^large_add: argument 1: \.numbers\[4\]: 9223372036854775808 is out of range/,
      });
      throws(() => large_add({ numbers: [1, 2] }, 1), { code: type, message: /\.numbers: expected an array of 5/ });
    }));

  test('a plain object for a union must have exactly one member', () =>
    check(() => {
      const Either = Union({ i: 'i', f: 'f' }, { name: 'Either' });
      const fn = CFunction({ args: [Either], ptr: complex_multiply, name: 'f' });
      for (const value of [{}, { i: 1, f: 2 }]) {
        throws(() => fn(value), {
          code: type,
          message: /^f: argument 1: expected one of the members of Either, got [02]/,
        });
      }
    }));

  test('a wrong result of a callback is an error of the call, and C gets zeros', () =>
    check(async () => {
      for (const [result, message] of [
        [{ re: 1 }, /complex_apply: argument 1: result: \.im is missing/],
        [undefined, /result: expected an object with fields, got undefined/],
      ]) {
        throws(() => complex_apply(() => result, one), { code: type, message });
        await rejects(() => complex_apply.async(() => result, one), { code: type, message });
      }
      const mine = new RangeError('mine');
      const fail = () => {
        throw mine;
      };
      throws(() => complex_apply(fail, one), mine);
      await rejects(() => complex_apply.async(fail, one), mine);
    }));

  test('a struct that is too large for the calling convention is refused', () => {
    for (const [Huge, reason] of [
      [Struct({ bytes: ['C', 20_000] }), /too large/],
      [Struct({ x: 'l', y: ['l', 20] }, { align: 128 }), /too large/],
    ]) {
      const message = reason;
      throws(() => CFunction({ args: [Huge], ptr: complex_multiply }), { code: 'ERR_FFI_BAD_SIGNATURE', message });
    }
    assert.ok(CFunction({ returns: Struct({ bytes: ['C', 20_000] }), ptr: complex_multiply }));
  });

  test('a getter that closes the library makes the call fail, and C is not called', () => {
    const lib = dlopen(fixture, definitions);
    const closing = {
      re: 1,
      get im() {
        lib.close();
        return 2;
      },
    };
    throws(() => lib.symbols.complex_multiply(closing, one), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  });
});

test('callBySigAsArrayBuffer gives the bytes of a result of the raw bridge', () => {
  const handle = ffi.load(fixture);
  ffi.defineFunction(handle, 'complex_multiply', '{dd}{dd}', '{dd}');
  ffi.defineFunction(handle, 'echo_i32', 'i', 'i');
  return check(() => {
    const i = new Float64Array([0, 1]);
    const bytes = callBySigAsArrayBuffer(handle, 'complex_multiply', [i, i], []);
    assert.deepEqual([...new Float64Array(bytes)], [-1, 0]);
    ffi.defineFunction(handle, 'complex_multiply', '{dd}{dd}', '2');
    assert.deepEqual([...new Float64Array(callBySigAsArrayBuffer(handle, 'complex_multiply', [i, i], []))], [-1, 0]);
    throws(() => ffi.defineFunction(handle, 'complex_multiply', '2{dd}', '2'), { code: 'ERR_FFI_BAD_SIGNATURE' });
    throws(() => callBySigAsArrayBuffer(handle, 'echo_i32', [1], []), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^echo_i32: callBySigAsArrayBuffer: the function was not defined with a struct as its result/,
    });
    throws(() => callBySigAsArrayBuffer(handle, 'unknown', [], []), { code: 'ERR_FFI_NOT_DEFINED' });
  });
});
