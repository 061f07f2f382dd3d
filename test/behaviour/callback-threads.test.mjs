// Callbacks that other threads call: the workers of async calls, and the library's own threads.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { inlinesFunctions } from './hosts.mjs';
import { Gate, nextTurn, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const lib = dlopen(fixture, {
  call_i32: { args: ['k', 'i'], returns: 'i' },
  call_times: { args: ['k', 'i'], returns: 'l' },
  call_both: { args: ['k', 'k', 'i'], returns: 'i' },
  call_store: { args: ['k'] },
  call_stored: { args: ['i'], returns: 'i' },
  echo_i32: { args: ['i'], returns: 'i' },
  thread_self: { returns: 'q' },
  thread_call: { args: ['k', 'i'], returns: 'l' },
  thread_call_many: { args: ['k', 'i', 'i'], returns: 'l' },
  thread_call_string: { args: ['k', 's'], returns: 'l' },
  thread_call_f64: { args: ['k', 'd', 'd'], returns: 'd' },
  thread_call_void: { args: ['k'] },
  thread_call_start: { args: ['k', 'i', 'i'], returns: 'p' },
  thread_call_join: { args: ['p'], returns: 'l' },
}).symbols;

const intToInt = { args: ['i'], returns: 'i' };
const threadsafe = { ...intToInt, threadsafe: true };

/** Makes a callback for `body`, and closes it afterwards. */
async function using(fn, definition, body) {
  const callback = new JSCallback(fn, definition);
  try {
    return await body(callback);
  } finally {
    callback.close();
  }
}

describe('a thread-safe callback', () => {
  test('a thread-safe callback runs on its JavaScript thread when a worker calls it, and C gets the result', () => {
    const own = lib.thread_self();
    return check(() =>
      using(
        (n) => (lib.thread_self() === own ? n * 2 : -1),
        threadsafe,
        async (callback) => {
          assert.equal(await lib.call_i32.async(callback, 21), 42);
          assert.equal(await lib.call_times.async(callback, 10), 90);
        },
      ),
    );
  });

  test('threads of the library may call a thread-safe callback', () =>
    repeat(async () => {
      await using(
        (n) => n * 2,
        threadsafe,
        async (callback) => {
          assert.equal(await lib.thread_call.async(callback, 21), 42);
          assert.equal(await lib.thread_call_many.async(callback, 16, 10), 2400);
        },
      );
      await using(
        (text) => `${text}!`,
        { args: ['s'], returns: 's', threadsafe: true },
        async (callback) => {
          assert.equal(await lib.thread_call_string.async(callback, 'four'), 5);
        },
      );
      await using(
        (a, b) => a / b,
        { args: ['d', 'd'], returns: 'd', threadsafe: true },
        async (callback) => {
          assert.equal(await lib.thread_call_f64.async(callback, 1, 4), 0.25);
        },
      );
      let calls = 0;
      await using(
        () => calls++,
        { threadsafe: true },
        async (callback) => {
          assert.equal(await lib.thread_call_void.async(callback), undefined);
        },
      );
      assert.equal(calls, 1);
    }, 10));

  test('a thread that no call waits for may call a thread-safe callback', () =>
    repeat(async () => {
      // A thread of the library does not keep the process alive; the timer does.
      const alive = setInterval(() => {}, 1000);
      let thread;
      await new Promise((resolve) => {
        const callback = new JSCallback((n) => {
          resolve();
          callback.close();
          return n * 2;
        }, threadsafe);
        thread = lib.thread_call_start(callback, 21, 1);
      });
      assert.equal(await lib.thread_call_join.async(thread), 42);
      clearInterval(alive);
    }, 10));

  test('a thread-safe callback is called directly on its own thread', () =>
    check(() =>
      using(
        (n) => n + 1,
        threadsafe,
        (callback) => {
          assert.equal(lib.call_i32(callback, 1), 2);
          assert.equal(lib.call_both(callback, callback, 1), 3);
        },
      ),
    ));

  test('a thread-safe callback may itself call C, sync and async', () =>
    check(() =>
      using(
        (n) => lib.echo_i32(n) + lib.call_i32(lib.echo_i32, n),
        threadsafe,
        async (callback) => assert.equal(await lib.call_times.async(callback, 4), 12),
      ),
    ));

  test('an exception rejects the Promise of the call whose worker called the callback', () =>
    check(async () => {
      for (const value of [new Error('mine'), 'text', 0, undefined, null, Symbol('s')]) {
        let calls = 0;
        await using(
          () => {
            calls++;
            throw value;
          },
          threadsafe,
          (callback) => rejects(() => lib.call_times.async(callback, 5), value),
        );
        assert.equal(calls, 1);
      }
    }));

  test(
    'a result of the wrong type rejects the call with an error that names the callback',
    { skip: inlinesFunctions },
    () =>
      check(() => {
        const compare = () => 'text';
        return using(compare, threadsafe, (callback) =>
          rejects(() => lib.call_times.async(callback, 5), {
            code: 'ERR_FFI_INVALID_ARG_TYPE',
            message: "callback 'compare': result: expected number, got string",
          }),
        );
      }),
  );

  test('a callback may close itself while a thread waits for its result', () =>
    check(async () => {
      const callback = new JSCallback((n) => {
        callback.close();
        return n + 1;
      }, threadsafe);
      assert.equal(await lib.call_i32.async(callback, 1), 2);
    }));

  test('a callback that is closed before the event loop runs it gives zero, and the call rejects', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const { gate_call } = dlopen(fixture, { gate_call: { args: ['p', 'k', 'i'], returns: 'i' } }).symbols;
        const callback = new JSCallback((n) => n, threadsafe);
        const call = gate_call.async(gate, callback, 1);
        gate.await();
        callback.close();
        gate.open();
        await rejects(() => call, { code: 'ERR_FFI_CALLBACK_CLOSED' });
      }),
    ));

  test('many calls may call many callbacks at once', () =>
    repeat(async () => {
      const callbacks = Array.from({ length: 20 }, (_, i) => new JSCallback((n) => n + i, threadsafe));
      const calls = callbacks.flatMap((callback) => [1, 2, 3].map((n) => lib.call_times.async(callback, n * 2)));
      const sums = await Promise.all(calls);
      callbacks.forEach((callback, i) => {
        callback.close();
        assert.deepEqual(sums.slice(i * 3, i * 3 + 3), [1 + 2 * i, 6 + 4 * i, 15 + 6 * i]);
      });
    }, 10));
});

describe('a callback that is not thread-safe', () => {
  test('a callback that is not thread-safe gives zero to a worker, and the Promise rejects', () =>
    check(async () => {
      let calls = 0;
      await using(
        () => ++calls,
        intToInt,
        async (callback) => {
          const wanted = { code: 'ERR_FFI_WRONG_THREAD', message: /thread/ };
          await rejects(() => lib.call_i32.async(callback, 1), wanted);
          await rejects(() => lib.call_times.async(callback, 5), wanted);
          assert.equal(lib.call_i32(callback, 1), 1);
        },
      );
      assert.equal(calls, 1);
    }));

  test('a stored callback that is not thread-safe makes the async call reject', () =>
    check(() =>
      using(
        (n) => n + 1,
        intToInt,
        async (callback) => {
          lib.call_store(callback);
          await rejects(() => lib.call_stored.async(1), { code: 'ERR_FFI_WRONG_THREAD' });
          assert.equal(lib.call_stored(1), 2);
          lib.call_store(null);
        },
      ),
    ));
});

describe('callCallbackThreadSafe', () => {
  test('callCallbackThreadSafe posts the call, which runs later', () =>
    check(async () => {
      const got = [];
      const callback = ffi.createCallback((n) => got.push(n), 'i', 'v', true);
      assert.equal(ffi.callCallbackThreadSafe(callback, 1), undefined);
      ffi.callCallbackThreadSafe(callback, 2);
      await null;
      assert.deepEqual(got, [], 'posted calls do not run in the same turn of the event loop');
      while (got.length < 2) await nextTurn();
      assert.deepEqual(got, [1, 2], 'the calls run in the order in which they were posted');
      ffi.destroyCallback(callback);
    }));

  test('callCallbackThreadSafe takes an argument of any type', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const samples = [
      ['b', 1, 1],
      ['c', -128, -128],
      ['L', 2n ** 64n - 1n, 2n ** 64n - 1n],
      ['q', 5, 5n],
      ['f', 0.5, 0.5],
      ['d', -0, -0],
      ['s', 'aé€😀'.repeat(100), 'aé€😀'.repeat(100)],
      ['s', null, null],
      ['S', 'aé€😀', 'aé€😀'],
      ['w', 'aé€😀', 'aé€😀'],
      ['p', bytes, ffi.ptr(bytes)],
      ['p', null, 0],
    ];
    for (const [type, given, expected] of samples) {
      const value = await new Promise((resolve) => {
        ffi.callCallbackThreadSafe(ffi.createCallback(resolve, type, 'v', true), given);
      });
      assert.ok(Object.is(value, expected), `${type}: ${String(value)}`);
    }
  });

  test('callCallbackThreadSafe posts a thousand calls', async () => {
    let sum = 0;
    await new Promise((resolve) => {
      const callback = ffi.createCallback((n) => ((sum += n), n === 999 && resolve(), n), 'i', 'i', true);
      for (let n = 0; n < 1000; n++) ffi.callCallbackThreadSafe(callback, n);
    });
    assert.equal(sum, 499_500);
  });

  test('callCallbackThreadSafe throws for a callback that is not thread-safe', () => {
    const callback = ffi.createCallback((n) => n, 'i', 'i');
    return check(() =>
      throws(() => ffi.callCallbackThreadSafe(callback, 1), {
        code: 'ERR_FFI_WRONG_THREAD',
        message: /^callCallbackThreadSafe: .*not threadsafe/,
      }),
    );
  });

  test('callCallbackThreadSafe throws for a wrong argument or a wrong number of arguments', () => {
    const one = ffi.createCallback((n) => n, 'C', 'v', true);
    const [none, two] = ['', 'ii'].map((types) => ffi.createCallback(() => {}, types, 'v', true));
    return check(() => {
      throws(() => ffi.callCallbackThreadSafe(one, 256), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => ffi.callCallbackThreadSafe(one, '1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => ffi.callCallbackThreadSafe(one, undefined), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => ffi.callCallbackThreadSafe(one), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => ffi.callCallbackThreadSafe(one, 1, 2), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => ffi.callCallbackThreadSafe(none, 1), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => ffi.callCallbackThreadSafe(two, 1), { code: 'ERR_FFI_ARG_COUNT' });
    });
  });
});
