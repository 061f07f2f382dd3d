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

/** What may be thrown, and must come out as the very same. */
const thrown = [
  new Error('mine'),
  new RangeError('mine'),
  Object.freeze(new Error('frozen')),
  ...['text', '', 0, NaN, 7n, true, undefined, null, Symbol('s'), {}, []],
];

describe('what a callback throws', () => {
  test('is thrown by the call, whatever it is', () =>
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

  test('rejects the async call, whatever it is', () =>
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

  test('is only the first: C gets zeros, and JavaScript is not entered again by that call', () =>
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

  test('keeps other callbacks from running in that call, too', () =>
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

  test('gives C zero', () => {
    const out = new Uint8Array(8);
    return check(() => {
      const throwing = () => {
        throw new Error('C goes on');
      };
      usingCallback(throwing, intToInt, (first) => {
        // The second is C's own, so it runs, and keeps what C got from the first.
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

  test('leaves the callback and the function able to go on', () =>
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

  test('is thrown at the right level, when calls and callbacks nest', () =>
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
      // One call, three of the call that ended with `outer`, two.
      assert.deepEqual(events, Array(6).fill(['inner', 'caught']).flat());
    }));

  test('goes up through every level that does not catch it', () =>
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

  test('may be the end of the stack, and the process goes on', () =>
    repeat(() => {
      let self;
      const endless = (n) => lib.call_i32(self, n);
      usingCallback(endless, intToInt, (callback) => {
        self = callback;
        assert.throws(() => lib.call_i32(callback, 1), RangeError);
      });
      assert.equal(lib.echo_i32(1), 1);
    }, 20));

  test('in the getter of a result is thrown as well', () =>
    check(() => {
      const { call_pointer } = dlopen(fixture, { call_pointer: { args: ['k', 'p'], returns: 'p' } }).symbols;
      for (const value of thrown) {
        const answer = {
          get ptr() {
            throw value;
          },
        };
        usingCallback(
          () => answer,
          { args: ['p'], returns: 'p' },
          (callback) => throws(() => call_pointer(callback, 0), value),
        );
      }
    }, 4));
});

describe('a callback that returns what its type cannot be', () => {
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
    s: [['ERR_FFI_INVALID_ARG_TYPE', [undefined, 1, {}, 'a\0b', Buffer.from('text')]]],
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

    test(`makes the call fail, naming the callback and the type: ${names[type]}`, { skip: inlinesFunctions }, () =>
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

  test('is named where it has a name', { skip: inlinesFunctions }, () =>
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

  test('gives zero to C, and counts as the exception of that call', () =>
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

  test('rejects an async call', () =>
    check(async () => {
      const callback = new JSCallback(() => 'text', { ...intToInt, threadsafe: true });
      await rejects(() => lib.call_i32.async(callback, 1), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      callback.close();
    }));

  test('may be an async function: its Promise is no number', () =>
    check(() => {
      usingCallback(
        async () => 1,
        intToInt,
        (callback) => throws(() => lib.call_i32(callback, 1), { code: 'ERR_FFI_INVALID_ARG_TYPE' }),
      );
    }));
});

describe('a callback that is closed', () => {
  test('gives C zero when C still calls it, and the call fails', () =>
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

  test('does so when C has kept it', () =>
    check(() => {
      const callback = new JSCallback((n) => n, intToInt);
      lib.call_store(callback);
      assert.equal(lib.call_stored(5), 5);
      callback.close();
      throws(() => lib.call_stored(5), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      lib.call_store(null);
    }));

  test('does so long after, when many others have come and gone', () => {
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

  test('is refused wherever it is passed as itself', () =>
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

  test('is told from one that throws such an error itself', () =>
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
