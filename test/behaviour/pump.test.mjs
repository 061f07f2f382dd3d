// `callbacks: 'pump'`: a synchronous call during which other threads can call JavaScript.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CFunction, dlopen, JSCallback } from 'arkffi';
import { ownFixture, repeat, usingCallback, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';
import { until } from './threads.mjs';

const intToInt = { args: ['i'], returns: 'i' };
const threadsafe = { ...intToInt, threadsafe: true };
const pump = (definition) => ({ ...definition, callbacks: 'pump' });
const definitions = {
  thread_self: pump({ returns: 'q' }),
  thread_call: pump({ args: ['k', 'i'], returns: 'l' }),
  thread_call_many: pump({ args: [intToInt, 'i', 'i'], returns: 'l' }),
  thread_call_string: pump({ args: ['k', 's'], returns: 'l' }),
  thread_tell: pump({ args: ['k', 'i'] }),
  call_i32: pump({ args: ['k', 'i'], returns: 'i' }),
  call_times: pump({ args: [intToInt, 'i'], returns: 'l' }),
  call_me_back: pump({ args: ['k', 'i'], returns: 'i' }),
  echo_i32: pump(intToInt),
  echo_string: pump({ args: ['s'], returns: 's' }),
  errno_fail: pump(intToInt),
  buffer_fill: pump({ args: ['p', 'L', 'C'] }),
};
const lib = dlopen(fixture, definitions).symbols;
const plain = dlopen(fixture, { echo_i32: intToInt, thread_self: { returns: 'q' } }).symbols;

describe('a pumped call', () => {
  test('a pumped call runs C on another thread, with the usual arguments and results', () =>
    check(() => {
      assert.notEqual(lib.thread_self(), plain.thread_self());
      assert.equal(lib.echo_i32(-5), -5);
      assert.equal(lib.echo_string('text'), 'text');
      const bytes = new Uint8Array(4);
      lib.buffer_fill(bytes, 3, 7);
      assert.deepEqual([...bytes], [7, 7, 7, 0]);
      throws(() => lib.echo_i32('1'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /echo_i32: argument 1: / });
      throws(() => lib.echo_i32(), { code: 'ERR_FFI_ARG_COUNT' });
      assert.deepEqual(lib.errno_fail.with({ errno: true })(7), withErrnoOf(-1, 7));
    }, 4));

  test('a pumped call runs the callbacks of threads for which C waits', () =>
    repeat(() => {
      const own = plain.thread_self();
      const twice = (n) => (plain.thread_self() === own ? n * 2 : -1);
      usingCallback(twice, threadsafe, (callback) => assert.equal(lib.thread_call(callback, 21), 42));
      assert.equal(lib.thread_call_many(twice, 8, 10), 560);
      usingCallback(
        (text) => `${text}!`,
        { args: ['s'], returns: 's', threadsafe: true },
        (callback) => assert.equal(lib.thread_call_string(callback, 'four'), 5),
      );
    }));

  test('a pumped call runs callbacks that C calls directly, which need not be threadsafe', () =>
    check(() => {
      usingCallback(
        (n) => n + 1,
        intToInt,
        (callback) => assert.equal(lib.call_i32(callback, 1), 2),
      );
      assert.equal(
        lib.call_times((n) => n, 10),
        45,
      );
    }));

  test('a pumped call runs callbacks of other calls, and posted callbacks', () =>
    repeat(async () => {
      const got = [];
      const posted = new JSCallback((text) => got.push(text), { args: ['s', 'i'], threadsafe: 'post' });
      lib.thread_tell(posted, 3);
      // The last callback may have been posted just when C returned.
      await until(() => got.length === 3);
      assert.deepEqual(got, ['text 0', 'text 1', 'text 2']);
      posted.close();
      const other = lib.thread_call.async(new JSCallback((n) => n, threadsafe), 5);
      assert.equal(
        lib.thread_call_many((n) => n, 4, 4),
        24,
      );
      assert.equal(await other, 5);
    }, 20));

  test('a callback of a pumped call may make another one', () =>
    repeat(() => {
      let self;
      const deeper = (depth) => lib.call_me_back(self, depth);
      usingCallback(deeper, intToInt, (callback) => {
        self = callback;
        assert.equal(lib.call_me_back(callback, 20), 20);
      });
    }, 20));

  test('a pumped call throws what its callback throws, and C gets zeros', () =>
    check(() => {
      for (const value of [new Error('mine'), 'text', undefined, Symbol('s')]) {
        let calls = 0;
        const throwing = () => {
          calls++;
          throw value;
        };
        throws(() => lib.call_times(throwing, 5), value);
        assert.equal(calls, 1);
      }
      throws(() => lib.call_times(() => 'text', 5), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => lib.call_times(async () => 1, 5), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /Promise/ });
    }));

  test('a pumped call keeps its library mapped until it ends', () => {
    const path = ownFixture();
    return repeat(async () => {
      const own = dlopen(path, { call_times: definitions.call_times });
      const watch = watchUnmapping(own.handle);
      const closing = (n) => {
        own.close();
        assert.equal(watch.isUnmapped, false);
        return n;
      };
      assert.equal(own.symbols.call_times(closing, 3), 3);
      watch.assertUnmapped();
      throws(() => own.symbols.call_times(closing, 3), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      await rejects(() => own.symbols.call_times.async(closing, 3), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }, 20);
  });

  test('a pumped call may be a CFunction, which can be closed', () =>
    check(() => {
      const fn = CFunction({ args: ['k', 'i'], returns: 'l', ptr: lib.thread_call.ptr, callbacks: 'pump' });
      usingCallback(
        (n) => n + 1,
        threadsafe,
        (callback) => assert.equal(fn(callback, 1), 2),
      );
      fn.close();
      throws(() => fn(null, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }));

  test("only the exact word 'pump' declares a pumped call", () => {
    for (const callbacks of [true, 'yes', 1, null]) {
      throws(() => dlopen(fixture, { echo_i32: { ...intToInt, callbacks } }), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /^echo_i32: callbacks: expected 'pump', got /,
      });
    }
  });
});
