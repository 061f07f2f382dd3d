// One call into C that calls back many times: the first call of the callback and all later ones must behave the same.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import { dlopen, JSCallback } from 'arkffi';
import { usingCallback } from './lifetimes.mjs';
import { check, fixture, throws } from './support.mjs';

const big = 2n ** 63n;

/** Values of each type, which a callback receives and returns unchanged. */
const values = {
  i8: ['c', [-128, 127]],
  u8: ['C', [0, 255]],
  i16: ['h', [-32768, 32767]],
  u16: ['H', [0, 65535]],
  i32: ['i', [-(2 ** 31), -1, 0, 2 ** 31 - 1]],
  u32: ['I', [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]],
  i64: ['l', [-1, 2 ** 31, 2 ** 53 - 1, 2n ** 53n, -big]],
  u64: ['L', [1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2n ** 53n, 2n * big - 1n]],
  bigi64: ['q', [-1n, 0n, big - 1n]],
  bigu64: ['Q', [0n, 2n * big - 1n]],
  bool: ['b', [false, true]],
  f32: ['f', [0.5, -0, 3, 2 ** 31, NaN, Infinity]],
  f64: ['d', [0.1, -0, 0, -7, 2 ** 31, -(2 ** 31), 2 ** 53, NaN, -Infinity, 5e-324]],
  string: ['s', ['text', '', null]],
  string16: ['S', ['π', null]],
  pointer: ['p', [0, 8, 2 ** 31, 2 ** 47 - 1]],
};

const definitions = { again_void: { args: ['k', 'i'] } };
for (const [name, [type]] of Object.entries(values)) {
  definitions[`again_${name}`] = { args: ['k', type, 'i'], returns: type };
}
const lib = dlopen(fixture, {
  ...definitions,
  again_eight: { args: ['k', 'i'], returns: 'd' },
  again_nine: { args: ['k', 'i'], returns: 'd' },
  call_times: { args: ['k', 'i'], returns: 'l' },
  call_i32: { args: ['k', 'i'], returns: 'i' },
}).symbols;

const intToInt = { args: ['i'], returns: 'i' };
const TIMES = 80;

/** The first call, some soon after it, and some around every 32nd, where the bridge starts a new handle scope. */
const moments = [0, 1, 2, 31, 32, 33, 34, 70];

/** Calls back TIMES times, with a callback that returns the result of `answer` for the number of the call. */
function loop(answer, types = intToInt) {
  let calls = 0;
  const name = Object.keys(values).find((one) => values[one][0] === types.returns);
  const callback = new JSCallback(() => answer(calls++, callback), types);
  try {
    return lib[`again_${name}`](callback, 1, TIMES);
  } finally {
    callback.close();
  }
}

describe('a callback that one call into C calls many times', () => {
  for (const [name, [type, cases]] of Object.entries(values)) {
    test(`a callback gets and returns the same value each time: ${name}`, () =>
      check(() => {
        for (const value of cases) {
          const got = [];
          const echo = (given) => {
            got.push(given);
            return given;
          };
          const last = usingCallback(echo, { args: [type], returns: type }, (callback) =>
            lib[`again_${name}`](callback, value, TIMES),
          );
          assert.equal(got.length, TIMES);
          assert.ok(
            got.every((one) => Object.is(one, value)),
            `${String(value)}: ${got.map(String)}`,
          );
          assert.ok(Object.is(last, value), String(last));
        }
      }, 20));
  }

  test('a callback takes eight or nine arguments of all kinds', () =>
    check(() => {
      const eight = [];
      const types = { args: ['c', 'I', 'q', 'L', 'b', 'f', 'd', 'p'], returns: 'd' };
      const sum = usingCallback(
        (...args) => eight.push(args),
        types,
        (callback) => lib.again_eight(callback, TIMES),
      );
      assert.equal(sum, (TIMES * (TIMES + 1)) / 2);
      eight.forEach((args, i) => assert.deepEqual(args, [-1, 2 ** 32 - 1, -big, i, i % 2 === 1, 0.5, i + 0.25, 0]));

      const nine = [];
      const nineTypes = { args: ['i', 'd', 'i', 'd', 'i', 'd', 'i', 'd', 'i'], returns: 'd' };
      usingCallback(
        (...args) => nine.push(args),
        nineTypes,
        (callback) => lib.again_nine(callback, TIMES),
      );
      assert.equal(nine.length, TIMES);
      nine.forEach((args, i) => assert.deepEqual(args, [1, 2.5, 3, 4.5, 5, 6.5, 7, 8.5, i]));
    }, 20));

  test('a callback never has a receiver', () =>
    check(() => {
      const receivers = new Set();
      function take() {
        'use strict';
        receivers.add(this);
      }
      usingCallback(take, { args: [], returns: 'v' }, (callback) => lib.again_void(callback, TIMES));
      assert.deepEqual([...receivers], [undefined]);
    }));

  test('a void callback may return anything but a Promise', () =>
    check(() => {
      for (const value of [undefined, null, 5, 0.5, 'text', {}, [], () => {}, Symbol('one'), 7n]) {
        usingCallback(
          () => value,
          { args: [], returns: 'v' },
          (callback) => lib.again_void(callback, TIMES),
        );
      }
    }, 20));

  test('a callback may return an integer in any representation that JavaScript has for it', () =>
    check(() => {
      const zero = -0;
      assert.equal(
        loop((n) => [n / 2 + n / 2, Number(`${n}.0`), 1e-320 * zero + n][n % 3]),
        TIMES - 1,
      );
      assert.equal(
        loop(() => zero),
        0,
      );
      assert.equal(
        loop((n) => [5, 5n][n % 2], { args: ['l'], returns: 'l' }),
        5,
      );
    }, 20));

  test('a callback gets correct arguments while garbage is collected', () => {
    let kept = [];
    const types = { args: ['d'], returns: 'd' };
    const make = (value) => {
      kept.push({ value, list: [value, value + 1] });
      if (kept.length > 5000) kept = [];
      return value * 2;
    };
    assert.equal(
      usingCallback(make, types, (callback) => lib.again_f64(callback, 1.25, 300_000)),
      2.5,
    );
  });
});

describe('a failure in any call of a loop in C', () => {
  /** Runs a case for each moment: `wrong` happens in that call, and JavaScript is not called again. */
  const eachTime = (wrong, wanted, types = intToInt) =>
    check(() => {
      for (const moment of moments) {
        let last;
        throws(
          () => loop((n, callback) => ((last = n) === moment ? wrong(callback) : 1), types),
          typeof wanted === 'function' ? wanted(moment) : wanted,
        );
        assert.equal(last, moment);
      }
    }, 50);

  const error = new Error('mine');
  for (const thrown of [error, undefined, null, 0, 'text', Symbol.for('thrown')]) {
    test(`a call of the loop that throws rethrows the identical value: ${String(thrown)}`, () =>
      eachTime(() => {
        throw thrown;
      }, thrown));
  }

  const refuses = (returns, value, code, message) =>
    test(`a result out of range is refused with the same message in each call: ${returns}, ${String(value)}`, () =>
      eachTime(() => value, { code, message }, { args: ['i'], returns }));

  refuses('c', 128, 'ERR_FFI_OUT_OF_RANGE', 'callback: result: 128 is out of range for int8_t (-128 to 127)');
  refuses('c', -129, 'ERR_FFI_OUT_OF_RANGE', 'callback: result: -129 is out of range for int8_t (-128 to 127)');
  refuses('C', -1, 'ERR_FFI_OUT_OF_RANGE', 'callback: result: -1 is out of range for uint8_t (0 to 255)');
  refuses('H', 65536, 'ERR_FFI_OUT_OF_RANGE', 'callback: result: 65536 is out of range for uint16_t (0 to 65535)');
  refuses('i', 2 ** 31, 'ERR_FFI_OUT_OF_RANGE', /2147483648 is out of range for int32_t/);
  refuses('I', -1, 'ERR_FFI_OUT_OF_RANGE', /-1 is out of range for uint32_t/);
  refuses('L', -1, 'ERR_FFI_OUT_OF_RANGE', /-1 is out of range for uint64_t/);
  refuses('i', 0.5, 'ERR_FFI_OUT_OF_RANGE', /0\.5 is not an integer/);
  refuses('i', NaN, 'ERR_FFI_OUT_OF_RANGE', /NaN is not an integer/);
  refuses('b', 2, 'ERR_FFI_OUT_OF_RANGE', /2 is out of range for bool/);
  refuses('i', undefined, 'ERR_FFI_INVALID_ARG_TYPE', 'callback: result: expected number, got undefined');
  refuses('i', '1', 'ERR_FFI_INVALID_ARG_TYPE', 'callback: result: expected number, got string');
  refuses('d', null, 'ERR_FFI_INVALID_ARG_TYPE', 'callback: result: expected number, got null');
  refuses('d', 1n, 'ERR_FFI_INVALID_ARG_TYPE', 'callback: result: expected number, got bigint');
  refuses('d', true, 'ERR_FFI_INVALID_ARG_TYPE', 'callback: result: expected number, got boolean');
  refuses('i', Promise.resolve(1), 'ERR_FFI_INVALID_ARG_TYPE', /expected int32_t, got a Promise/);

  test('a Promise from a void callback is refused in each call', () =>
    check(() => {
      for (const moment of moments) {
        let calls = 0;
        const answer = () => (calls++ === moment ? Promise.resolve() : undefined);
        usingCallback(answer, { args: [], returns: 'v' }, (callback) =>
          throws(() => lib.again_void(callback, TIMES), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /a Promise/ }),
        );
        assert.equal(calls, moment + 1);
      }
    }, 50));

  test('closing the callback in any call makes the next call fail', () =>
    check(() => {
      for (const moment of moments) {
        let last;
        throws(() => loop((n, callback) => ((last = n) === moment ? callback.close() : 0, 1)), {
          code: 'ERR_FFI_CALLBACK_CLOSED',
        });
        assert.equal(last, moment);
      }
    }, 50));

  test('endless recursion in any call is a RangeError', () => {
    const recurse = () => recurse() + 1;
    for (const moment of moments) throws(() => loop((n) => (n === moment ? recurse() : 1)), RangeError);
  });

  test('the stack trace names the C function in each call', () =>
    check(() => {
      for (const moment of moments) {
        let stack;
        try {
          loop((n) => {
            if (n === moment) throw new Error('traced');
            return 1;
          });
        } catch (thrown) {
          ({ stack } = thrown);
        }
        assert.match(stack, /at again_i32 \(libarkffi_fixture\.\w+\)/);
      }
    }, 50));

  test("an exception in a nested loop is thrown at that loop's level", () =>
    check(() => {
      for (const moment of moments) {
        const caught = [];
        const sum = loop((n) => {
          if (n !== moment) return 1;
          try {
            return loop((m) => {
              if (m === moment) throw error;
              return 2;
            });
          } catch (thrown) {
            caught.push(thrown);
            return 1;
          }
        });
        assert.equal(sum, 1);
        assert.deepEqual(caught, [error]);
      }
    }, 50));
});

describe('a loop in C', () => {
  test('a loop may run in the callback of another, which continues correctly', () =>
    check(() => {
      const inner = (n) => loop((m) => n + m) - TIMES;
      assert.equal(
        loop((n) => inner(n) + 1),
        TIMES - 1,
      );
    }, 50));

  test('a loop may call several callbacks alternately', () =>
    check(() => {
      const step = new JSCallback((n) => lib.call_i32(other, n) + 1, intToInt);
      const other = new JSCallback((n) => n * 2, intToInt);
      assert.equal(lib.call_times(step, TIMES), TIMES * (TIMES - 1) + TIMES);
      step.close();
      other.close();
    }, 10));

  test("a loop ends with its script when vm's timeout expires", () =>
    usingCallback(
      (n) => n & 1,
      intToInt,
      (callback) => {
        const context = vm.createContext({ again: () => lib.call_times(callback, TIMES) });
        const wanted = { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' };
        assert.throws(() => vm.runInContext('for (;;) again();', context, { timeout: 20 }), wanted);
        assert.equal(lib.call_times(callback, TIMES), TIMES / 2);
      },
    ));

  test('a function of another realm can be called, and its errors belong to that realm', () => {
    const context = vm.createContext({});
    const fn = vm.runInContext('(n) => { if (n === 50) throw new TypeError("theirs"); return n; }', context);
    const TheirError = vm.runInContext('TypeError', context);
    usingCallback(fn, intToInt, (callback) => {
      assert.equal(lib.call_times(callback, 50), 1225);
      throws(() => lib.call_times(callback, TIMES), TheirError);
    });
  });
});
