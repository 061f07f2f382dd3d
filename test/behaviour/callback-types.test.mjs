import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen } from 'arkffi';
import ffi from 'liblibrary.so';
import { repeat, usingCallback } from './lifetimes.mjs';
import { check, fixture } from './support.mjs';

const lib = dlopen(fixture, {
  call_void: { args: ['k'] },
  call_with_context: { args: ['k', 'p', 'i'], returns: 'i' },
  call_mixed: { args: ['k', 'p'], returns: 'd' },
  call_string_copy: { args: ['k', 's', 'p', 'L'], returns: 'i' },
  call_fill: { args: ['k', 'L'], returns: 'L' },
}).symbols;

describe('types of callbacks', () => {
  const values = {
    bool: ['b', [true, false]],
    i8: ['c', [-128, 127, 0, -1]],
    u8: ['C', [0, 255, 128]],
    i16: ['h', [-32768, 32767, -1]],
    u16: ['H', [0, 65535]],
    i32: ['i', [-(2 ** 31), 2 ** 31 - 1, -1]],
    u32: ['I', [0, 2 ** 32 - 1]],
    i64: ['l', [-(2n ** 63n), 2n ** 63n - 1n, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
    u64: ['L', [0, 2n ** 64n - 1n, Number.MAX_SAFE_INTEGER]],
    bigi64: ['q', [-(2n ** 63n), 2n ** 63n - 1n, 0n]],
    bigu64: ['Q', [0n, 2n ** 64n - 1n]],
    f32: ['f', [0.5, -0, NaN, Infinity, -Infinity, Math.fround(0.1)]],
    f64: ['d', [0.1, -0, NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE]],
    string: ['s', ['aé€😀', '', null, 'x'.repeat(1000)]],
    string16: ['S', ['aé€😀', '', null, '\ud800', 'x'.repeat(1000)]],
    wstring: ['w', ['aé€😀', '', null, 'x'.repeat(1000)]],
    latin1: ['t', ['aé\x80ÿ', '', null, 'x'.repeat(1000)]],
    pointer: ['p', [0, 70_000, 2 ** 47]],
    callback: ['k', [0, 70_000]],
  };

  for (const [name, [type, samples]] of Object.entries(values)) {
    test(`a callback takes and returns ${name}`, () => {
      const call = dlopen(fixture, { [`call_${name}`]: { args: ['k', type], returns: type } }).symbols[`call_${name}`];
      return check(() => {
        for (const sample of samples) {
          const got = [];
          usingCallback(
            (...args) => {
              got.push(...args);
              return args[0];
            },
            { args: [type], returns: type },
            (callback) => assert.ok(Object.is(call(callback, sample), sample), `${String(sample)} comes back`),
          );
          assert.equal(got.length, 1);
          assert.ok(Object.is(got[0], sample), `${String(sample)} goes in`);
        }
      });
    });
  }

  test('a void callback takes and returns nothing', () =>
    check(() => {
      for (const returned of [undefined, null, 1, 'text', {}]) {
        let args;
        usingCallback(
          (...given) => {
            args = given;
            return returned;
          },
          {},
          (callback) => assert.equal(lib.call_void(callback), undefined),
        );
        assert.deepEqual(args, []);
      }
    }));

  test('a callback may return a pointer as null, a buffer or an object with a ptr', () => {
    const { call_pointer } = dlopen(fixture, { call_pointer: { args: ['k', 'p'], returns: 'p' } }).symbols;
    const bytes = new Uint8Array(8);
    return check(() => {
      for (const [returned, address] of [
        [null, 0],
        [bytes, ffi.ptr(bytes)],
        [bytes.subarray(3), ffi.ptr(bytes) + 3],
        [{ ptr: 70_000 }, 70_000],
        [70_000n, 70_000],
      ]) {
        usingCallback(
          () => returned,
          { args: ['p'], returns: 'p' },
          (callback) => assert.equal(call_pointer(callback, 0), address),
        );
      }
    });
  });

  test('narrow values are correct, whatever is in the upper part of the register', () => {
    for (const [name, type, value] of [
      ['bool', 'b', true],
      ['i8', 'c', -2],
      ['u8', 'C', 254],
      ['i16', 'h', -2],
      ['u16', 'H', 65534],
      ['i32', 'i', -2],
      ['u32', 'I', 2 ** 32 - 2],
    ]) {
      const symbol = `call_dirty_${name}`;
      const call = dlopen(fixture, { [symbol]: { args: ['k', 'q'], returns: 'Q' } }).symbols[symbol];
      let got;
      usingCallback(
        (given) => (got = given),
        { args: [type], returns: type },
        (callback) => assert.equal(BigInt.asIntN(32, call(callback, BigInt(value))), BigInt.asIntN(32, BigInt(value))),
      );
      assert.equal(got, value);
    }
  });

  test('a callback takes 23 arguments of all types', () => {
    const args = [...'cChHiIlLbfdspffffddddcb'];
    const context = new Uint8Array(4);
    return check(() => {
      let got;
      const take = (...given) => {
        got = given;
        return 0.75;
      };
      usingCallback(take, { args, returns: 'd' }, (callback) => assert.equal(lib.call_mixed(callback, context), 0.75));
      assert.deepEqual(got, [
        ...[-128, 255, -32768, 65535, -(2 ** 31), 2 ** 32 - 1, -(2n ** 63n), 2n ** 64n - 1n, true, 0.5, 0.25],
        ...['mixed', ffi.ptr(context), 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, -1, false],
      ]);
    });
  });

  test('a callback takes 1 to 20 and 127 arguments', () =>
    repeat(() => {
      for (const n of [...Array.from({ length: 20 }, (_, i) => i + 1), 127]) {
        const expected = Array.from({ length: n }, (_, i) => i + 1);
        for (const [type, returns] of [
          ['i32', 'l'],
          ['f64', 'd'],
        ]) {
          const symbol = `call_${type}_${n}`;
          const call = dlopen(fixture, { [symbol]: { args: ['k'], returns } }).symbols[symbol];
          const sum = (...args) => {
            assert.deepEqual(args, expected);
            return args.reduce((a, b) => a + b);
          };
          usingCallback(sum, { args: Array(n).fill(type === 'i32' ? 'i' : 'd'), returns }, (callback) =>
            assert.equal(call(callback), (n * (n + 1)) / 2),
          );
        }
      }
    }, 10));

  test('C can read a returned string after the callback has returned', () => {
    const out = new Uint8Array(2000);
    return check(() => {
      for (const text of ['given back', '', 'é€😀'.repeat(100), 'x'.repeat(1999)]) {
        usingCallback(
          (given) => given + text,
          { args: ['s'], returns: 's' },
          (callback) => {
            const length = lib.call_string_copy(callback, '', out, out.length);
            assert.equal(Buffer.from(out).toString('utf8', 0, length), text);
          },
        );
      }
      usingCallback(
        () => null,
        { args: ['s'], returns: 's' },
        (callback) => assert.equal(lib.call_string_copy(callback, 'x', out, 8), -1),
      );
    });
  });

  test("a callback may read and write C's memory", () =>
    check(() => {
      const fill = (address, size) => {
        assert.deepEqual(new Uint8Array(ffi.readMemory(address, size)), new Uint8Array(size));
        ffi.writeMemory(address, new Uint8Array(size).fill(3));
      };
      usingCallback(fill, { args: ['p', 'L'] }, (callback) => assert.equal(lib.call_fill(callback, 100), 300));
    }));

  test("C's context pointer arrives at the callback", () => {
    const context = new Int32Array([5]);
    return check(() =>
      usingCallback(
        (address, value) => new Int32Array(ffi.readMemory(address, 4))[0] + value,
        { args: ['p', 'i'], returns: 'i' },
        (callback) => assert.equal(lib.call_with_context(callback, context, 37), 42),
      ),
    );
  });
});
