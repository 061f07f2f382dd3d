import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { inlinesFunctions } from './hosts.mjs';
import { repeat, usingCallback } from './lifetimes.mjs';
import { assertError, check, fixture, rejects, throws } from './support.mjs';

const lib = dlopen(fixture, {
  call_void: { args: ['k'] },
  call_i32: { args: ['k', 'i'], returns: 'i' },
  call_i64: { args: ['k', 'l'], returns: 'l' },
  call_f64: { args: ['k', 'd'], returns: 'd' },
  call_times: { args: ['k', 'i'], returns: 'l' },
  call_both: { args: ['k', 'k', 'i'], returns: 'i' },
  call_string_copy: { args: ['k', 's', 'p', 'L'], returns: 'i' },
  call_me_back: { args: ['k', 'i'], returns: 'i' },
  call_store: { args: ['k'] },
  call_stored: { args: ['i'], returns: 'i' },
  echo_i32: { args: ['i'], returns: 'i' },
  counter_read: { returns: 'i' },
  counter_write: { args: ['i'] },
}).symbols;
const handle = ffi.load(fixture);
ffi.defineFunction(handle, 'call_i32', 'ki', 'i');

const intToInt = { args: ['i'], returns: 'i' };

/** Values to throw; each must be rethrown as the identical value. */
const thrown = [
  new Error('mine'),
  new RangeError('mine'),
  Object.freeze(new Error('frozen')),
  ...['text', '', 0, NaN, 7n, true, undefined, null, Symbol('s'), {}, []],
];

describe('an exception in a callback', () => {
  test('a call rethrows exactly what its callback throws', () =>
    check(() => {
      for (const value of thrown) {
        const throwing = () => {
          throw value;
        };
        usingCallback(throwing, intToInt, (callback) => {
          throws(() => lib.call_i32(callback, 1), value);
          throws(() => callback.call(1), value);
          throws(() => ffi.callBySig(handle, 'call_i32', [callback.ptr, 1], []), value);
          throws(() => ffi.callPtr(lib.call_i32.ptr, 'ki', 'i', [callback.ptr, 1], []), value);
        });
      }
    }));

  test('an async call rejects with exactly what its callback throws', () =>
    repeat(async () => {
      for (const value of thrown) {
        const callback = new JSCallback(
          () => {
            throw value;
          },
          { ...intToInt, threadsafe: true },
        );
        await rejects(() => lib.call_i32.async(callback, 1), value);
        callback.close();
      }
    }));

  test('after the first exception C gets zeros, and that call does not enter JavaScript again', () =>
    check(async () => {
      for (const way of ['sync', 'async']) {
        const calls = [];
        const first = new Error('the first');
        const callback = new JSCallback(
          (n) => {
            calls.push(n);
            if (n < 3) return n;
            throw calls.length === 4 ? first : new Error('another');
          },
          { ...intToInt, threadsafe: true },
        );
        if (way === 'sync') throws(() => lib.call_times(callback, 10), first);
        else await rejects(() => lib.call_times.async(callback, 10), first);
        assert.deepEqual(calls, [0, 1, 2, 3]);
        callback.close();
      }
    }));

  test('an exception also keeps other callbacks from running in that call', () =>
    check(() => {
      let others = 0;
      const first = new Error('first');
      usingCallback(
        () => {
          throw first;
        },
        intToInt,
        (throwing) =>
          usingCallback(
            () => ++others,
            intToInt,
            (other) => throws(() => lib.call_both(throwing, other, 1), first),
          ),
      );
      assert.equal(others, 0);
    }));

  test('C gets zero as the result of a callback that throws', () => {
    const out = new Uint8Array(8);
    return check(() => {
      const throwing = () => {
        throw new Error('C goes on');
      };
      usingCallback(throwing, intToInt, (first) => {
        // The second function is the fixture's own C function, so it runs and stores what C got from the first.
        lib.counter_write(7);
        assert.throws(() => lib.call_both(first, lib.counter_write, 1), /C goes on/);
        assert.equal(lib.counter_read(), 0);
      });
      usingCallback(throwing, { args: ['s'], returns: 's' }, (callback) => {
        out.fill(1);
        assert.throws(() => lib.call_string_copy(callback, 'x', out, 8), /C goes on/);
        assert.equal(out[0], 1, 'C saw NULL and wrote nothing');
      });
    });
  });

  test('the callback and the C function keep working after an exception', () =>
    check(() => {
      usingCallback(
        (n) => {
          if (n < 0) throw new Error('negative');
          return n;
        },
        intToInt,
        (callback) => {
          for (let i = 0; i < 3; i++) {
            assert.throws(() => lib.call_i32(callback, -1), /negative/);
            assert.equal(lib.call_i32(callback, i), i);
          }
        },
      );
    }));

  test('exceptions are thrown at the right level when calls and callbacks nest', () =>
    check(() => {
      const inner = new Error('inner');
      const outer = new Error('outer');
      const events = [];
      const throwing = () => {
        events.push('inner');
        throw inner;
      };
      const catching = (n) => {
        try {
          usingCallback(throwing, intToInt, (callback) => lib.call_i32(callback, n));
        } catch (error) {
          events.push(error === inner ? 'caught' : 'wrong');
        }
        if (n === 2) throw outer;
        return n + 1;
      };
      usingCallback(catching, intToInt, (callback) => {
        assert.equal(lib.call_i32(callback, 1), 2);
        throws(() => lib.call_times(callback, 9), outer);
        assert.equal(lib.call_times(callback, 2), 3);
      });
      // One event for the first call, three for the call that ended with `outer`, two for the last.
      assert.deepEqual(events, Array(6).fill(['inner', 'caught']).flat());
    }));

  test('an exception passes through every level that does not catch it', () =>
    repeat(() => {
      const boom = new Error('boom');
      let self;
      const deeper = (depth) => {
        if (depth === 0) throw boom;
        return lib.call_me_back(self, depth);
      };
      usingCallback(deeper, intToInt, (callback) => {
        self = callback;
        throws(() => lib.call_me_back(callback, 30), boom);
      });
    }));

  test('a stack overflow in a callback is a RangeError, and later calls work', () =>
    repeat(() => {
      let self;
      const endless = (n) => lib.call_i32(self, n);
      usingCallback(endless, intToInt, (callback) => {
        self = callback;
        assert.throws(() => lib.call_i32(callback, 1), RangeError);
      });
      assert.equal(lib.echo_i32(1), 1);
    }, 20));

  test('an exception from a getter of the result is thrown as well', () =>
    check(() => {
      const { call_pointer } = dlopen(fixture, { call_pointer: { args: ['k', 'p'], returns: 'p' } }).symbols;
      for (const value of thrown) {
        const returned = {
          get ptr() {
            throw value;
          },
        };
        usingCallback(
          () => returned,
          { args: ['p'], returns: 'p' },
          (callback) => throws(() => call_pointer(callback, 0), value),
        );
      }
    }, 4));
});

describe('a callback that returns a wrong value', () => {
  const wrong = {
    i: [
      ['ERR_FFI_INVALID_ARG_TYPE', [undefined, null, '1', true, 1n, {}, [], Symbol('s'), () => {}, Promise.resolve(1)]],
      ['ERR_FFI_OUT_OF_RANGE', [2 ** 31, -(2 ** 31) - 1, 0.5, NaN, Infinity]],
    ],
    C: [['ERR_FFI_OUT_OF_RANGE', [-1, 256, 1e300]]],
    b: [
      ['ERR_FFI_INVALID_ARG_TYPE', [undefined, null, 'true', {}]],
      ['ERR_FFI_OUT_OF_RANGE', [2, -1, 0.5, NaN]],
    ],
    l: [
      ['ERR_FFI_INVALID_ARG_TYPE', [undefined, '1', {}]],
      ['ERR_FFI_OUT_OF_RANGE', [2n ** 63n, 2 ** 63, 0.5, NaN]],
    ],
    d: [['ERR_FFI_INVALID_ARG_TYPE', [undefined, null, '1', 1n, {}, true]]],
    s: [['ERR_FFI_INVALID_ARG_TYPE', [undefined, 1, {}, 'a\0b']]],
    p: [
      ['ERR_FFI_INVALID_ARG_TYPE', [undefined, 'text', true, Symbol('s'), {}]],
      ['ERR_FFI_OUT_OF_RANGE', [-1, 0.5, 2 ** 53, 2n ** 64n]],
    ],
  };
  const names = { i: 'i32', C: 'u8', b: 'bool', l: 'i64', d: 'f64', s: 'string', p: 'pointer' };
  const usual = { i: 1, C: 1, b: true, l: 1, d: 1, s: 'x', p: 0 };

  for (const [type, cases] of Object.entries(wrong)) {
    const symbol = `call_${names[type]}`;
    const call = dlopen(fixture, { [symbol]: { args: ['k', type], returns: type } }).symbols[symbol];

    test(
      `a call fails with the name of the callback and the type if the result is wrong: ${names[type]}`,
      { skip: inlinesFunctions },
      () =>
        repeat(() => {
          for (const [code, values] of cases) {
            for (const value of values) {
              const definition = { args: [type], returns: type };
              const message = /^callback 'compare': result: /;
              const compare = () => value;
              usingCallback(compare, definition, (callback) => {
                throws(() => call(callback, usual[type]), { code, message });
              });
            }
          }
        }),
    );
  }

  test('the error names the callback if it has a name', { skip: inlinesFunctions }, () =>
    check(() => {
      const named = { compare: () => 'text' };
      usingCallback(named.compare, intToInt, (callback) =>
        throws(() => lib.call_i32(callback, 1), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: "callback 'compare': result: expected number, got string",
        }),
      );
      usingCallback(
        (
          () => () =>
            'text'
        )(),
        intToInt,
        (callback) =>
          throws(() => lib.call_i32(callback, 1), {
            code: 'ERR_FFI_INVALID_ARG_TYPE',
            message: 'callback: result: expected number, got string',
          }),
      );
    }),
  );

  test('C gets zero for a result of the wrong type, and the call throws the error', () =>
    check(() => {
      let calls = 0;
      usingCallback(
        () => {
          calls++;
          return 'text';
        },
        intToInt,
        (callback) => throws(() => lib.call_times(callback, 5), { code: 'ERR_FFI_INVALID_ARG_TYPE' }),
      );
      assert.equal(calls, 1);
    }));

  test('a result of the wrong type rejects an async call', () =>
    check(async () => {
      const callback = new JSCallback(() => 'text', { ...intToInt, threadsafe: true });
      await rejects(() => lib.call_i32.async(callback, 1), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      callback.close();
    }));

  test('an async function on the JavaScript thread is refused, because a Promise is not a number', () =>
    check(() => {
      usingCallback(
        async () => 1,
        intToInt,
        (callback) => throws(() => lib.call_i32(callback, 1), { code: 'ERR_FFI_INVALID_ARG_TYPE' }),
      );
    }));
});

describe('a callback that is closed', () => {
  test('C gets zero from a closed callback that it still calls, and the call fails', () =>
    check(async () => {
      let calls = 0;
      const callback = new JSCallback(() => ++calls, { ...intToInt, threadsafe: true });
      const { ptr } = callback;
      callback.close();
      const wanted = { code: 'ERR_FFI_CALLBACK_CLOSED' };
      throws(() => lib.call_i32(ptr, 1), wanted);
      throws(() => lib.call_times(ptr, 5), wanted);
      await rejects(() => lib.call_i32.async(ptr, 1), wanted);
      assert.equal(calls, 0);
    }));

  test('a closed callback that C has kept makes the call fail', () =>
    check(() => {
      const callback = new JSCallback((n) => n, intToInt);
      lib.call_store(callback);
      assert.equal(lib.call_stored(5), 5);
      callback.close();
      throws(() => lib.call_stored(5), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      lib.call_store(null);
    }));

  test('a closed callback is recognised after many others have been created and closed', () => {
    const callback = new JSCallback((n) => n, intToInt);
    const { ptr } = callback;
    callback.close();
    for (let i = 0; i < 5000; i++)
      usingCallback(
        () => 0,
        intToInt,
        () => {},
      );
    throws(() => lib.call_i32(ptr, 1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
  });

  test('a closed callback is refused wherever it is passed', () =>
    check(async () => {
      const callback = new JSCallback((n) => n, intToInt);
      callback.close();
      callback.close();
      const wanted = { code: 'ERR_FFI_CALLBACK_CLOSED' };
      throws(() => lib.call_i32(callback, 1), wanted);
      await rejects(() => lib.call_i32.async(callback, 1), wanted);
      throws(() => callback.ptr, wanted);
      throws(() => callback.call(1), wanted);
      assert.equal(callback.threadsafe, false);
      assert.equal(typeof callback.getHandle(), 'number');
    }));

  test('an error thrown by a callback itself is kept even if its code is ERR_FFI_CALLBACK_CLOSED', () =>
    check(() => {
      const own = Object.assign(new Error('own'), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      usingCallback(
        () => {
          throw own;
        },
        intToInt,
        (callback) => {
          try {
            lib.call_i32(callback, 1);
            assert.fail('it throws');
          } catch (error) {
            assert.equal(error, own);
            assertError(error, { code: 'ERR_FFI_CALLBACK_CLOSED', message: 'own' });
          }
        },
      );
    }));
});
