import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { ownFixture, repeat, usingCallback, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const lib = dlopen(fixture, {
  call_i32: { args: ['k', 'i'], returns: 'i' },
  call_times: { args: ['k', 'i'], returns: 'l' },
  call_me_back: { args: ['k', 'i'], returns: 'i' },
  call_both: { args: ['k', 'k', 'i'], returns: 'i' },
  call_string_copy: { args: ['k', 's', 'p', 'L'], returns: 'i' },
  call_store: { args: ['k'] },
  call_stored: { args: ['i'], returns: 'i' },
  echo_i32: { args: ['i'], returns: 'i' },
  echo_pointer: { args: ['p'], returns: 'p' },
}).symbols;

const intToInt = { args: ['i'], returns: 'i' };

describe('a callback', () => {
  test('a callback sorts a Float64Array with qsort', () => {
    const libc = dlopen(null, { qsort: { args: ['p', 'L', 'L', { args: ['p', 'p'], returns: 'i' }] } });
    const read = (address) => new Float64Array(ffi.readMemory(address, 8))[0];
    const compare = (a, b) => Math.sign(read(a) - read(b));
    return repeat(() => {
      const values = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i * 7) * 1000);
      const sorted = values.slice().sort();
      libc.symbols.qsort(values, values.length, 8, compare);
      assert.deepEqual(values, sorted);

      values.reverse();
      usingCallback(compare, { args: ['p', 'p'], returns: 'i' }, (callback) => {
        libc.symbols.qsort(values, values.length, 8, callback);
      });
      assert.deepEqual(values, sorted);
    }, 20);
  });

  test('C may call a callback any number of times, and it has no receiver', () =>
    check(() => {
      const receivers = new Set();
      function take(value) {
        'use strict';
        receivers.add(this);
        return value;
      }
      usingCallback(take, intToInt, (callback) => assert.equal(lib.call_times(callback, 10), 45));
      assert.deepEqual([...receivers], [undefined]);
    }));

  test('a callback may be passed as an object, by its address, or as a plain pointer', () =>
    check(() =>
      usingCallback(
        (n) => n * 2,
        intToInt,
        (callback) => {
          for (const way of [callback, callback.ptr, BigInt(callback.ptr), { ptr: callback.ptr }]) {
            assert.equal(lib.call_i32(way, 21), 42);
          }
          assert.equal(lib.echo_pointer(callback), callback.ptr);
        },
      ),
    ));

  test('a C function may be passed as a callback', () => {
    const { echo_i32 } = lib;
    return check(() => {
      assert.equal(lib.call_i32(echo_i32, 7), 7);
      assert.equal(lib.call_times(echo_i32.ptr, 4), 6);
      assert.equal(lib.call_both(echo_i32, echo_i32, 3), 3);
    });
  });

  test('a callback may be NULL where C checks for it', () =>
    check(() => {
      lib.call_store(null);
      assert.equal(lib.call_stored(1), -1);
      lib.call_store(0);
      assert.equal(lib.call_stored(1), -1);
    }));

  test('C may call a callback after the call to which it was passed has ended', () =>
    check(() =>
      usingCallback(
        (n) => n + 1,
        intToInt,
        (callback) => {
          lib.call_store(callback);
          assert.equal(lib.call_stored(1), 2);
          assert.equal(lib.call_stored(2), 3);
          lib.call_store(null);
        },
      ),
    ));

  test('a callback may call the library that calls it', () =>
    check(() =>
      usingCallback(
        (n) => lib.echo_i32(n) + lib.call_i32(lib.echo_i32, n),
        intToInt,
        (callback) => assert.equal(lib.call_times(callback, 4), 12),
      ),
    ));

  test('calls and callbacks may nest 50 levels deep', () =>
    repeat(() => {
      let self;
      const deeper = (depth) => lib.call_me_back(self, depth);
      usingCallback(deeper, intToInt, (callback) => {
        self = callback;
        assert.equal(lib.call_me_back(callback, 50), 50);
      });
    }));

  test('a call may take two callbacks, or the same one twice', () =>
    check(() =>
      usingCallback(
        (n) => n + 1,
        intToInt,
        (plus) =>
          usingCallback(
            (n) => n * 10,
            intToInt,
            (times) => {
              assert.equal(lib.call_both(plus, times, 1), 20);
              assert.equal(lib.call_both(times, plus, 1), 11);
              assert.equal(lib.call_both(plus, plus, 1), 3);
            },
          ),
      ),
    ));

  test('a callback may be any kind of function', () =>
    check(() => {
      const object = { method: (n) => n + 1 };
      const kinds = [
        function (n) {
          return n + 1;
        },
        object.method,
        ((one, n) => n + one).bind(null, 1),
        new Proxy((n) => n + 1, {}),
        lib.echo_i32,
      ];
      for (const fn of kinds) {
        usingCallback(fn, intToInt, (callback) => assert.ok([1, 2].includes(lib.call_i32(callback, 1))));
      }
    }));
});

describe('a running callback', () => {
  test('a callback may close itself: the running call gets its result, and the next is refused', () =>
    check(() => {
      const callback = new JSCallback((n) => {
        callback.close();
        return n + 1;
      }, intToInt);
      assert.equal(lib.call_i32(callback.ptr, 1), 2);
      throws(() => lib.call_i32(callback, 1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }));

  test('a callback may close itself and return a string', () => {
    const out = new Uint8Array(32);
    return check(() => {
      const callback = new JSCallback(
        (text) => {
          callback.close();
          return `${text}!`;
        },
        { args: ['s'], returns: 's' },
      );
      assert.equal(lib.call_string_copy(callback, 'closed', out, 32), 7);
      assert.equal(Buffer.from(out).toString('utf8', 0, 7), 'closed!');
    });
  });

  test('a callback may close another one that C calls next: C gets zero, and the call fails', () =>
    check(() => {
      let calls = 0;
      const second = new JSCallback(() => ++calls, intToInt);
      usingCallback(
        (n) => {
          second.close();
          return n;
        },
        intToInt,
        (first) => throws(() => lib.call_both(first, second, 1), { code: 'ERR_FFI_CALLBACK_CLOSED' }),
      );
      assert.equal(calls, 0);
    }));

  test('a callback may create, use and close callbacks', () =>
    check(() =>
      usingCallback(
        (n) =>
          usingCallback(
            (m) => m + 1,
            intToInt,
            (inner) => lib.call_i32(inner, n),
          ),
        intToInt,
        (callback) => assert.equal(lib.call_times(callback, 3), 6),
      ),
    ));

  test('a callback may close the library that calls it', () => {
    const path = ownFixture();
    return repeat(async () => {
      const own = dlopen(path, { call_times: { args: [intToInt, 'i'], returns: 'l' } });
      const watch = watchUnmapping(own.handle);
      const closing = (n) => {
        own.close();
        assert.equal(watch.isUnmapped, false);
        throws(() => own.symbols.call_times((m) => m, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
        return n;
      };
      assert.equal(own.symbols.call_times(closing, 5), 10);
      watch.assertUnmapped();
      await rejects(() => own.symbols.call_times.async(closing, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    });
  });

  test('a nested callback may close the library and throw', () => {
    const path = ownFixture();
    return repeat(() => {
      const own = dlopen(path, { call_i32: { args: [intToInt, 'i'], returns: 'i' } });
      const watch = watchUnmapping(own.handle);
      const { call_i32 } = own.symbols;
      const boom = new Error('deep inside');
      const nested = (depth) => {
        if (depth > 0) return call_i32(nested, depth - 1);
        own.close();
        throw boom;
      };
      throws(() => call_i32(nested, 5), boom);
      watch.assertUnmapped();
    });
  });
});
