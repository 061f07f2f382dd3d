// Callbacks that return a Promise: the calling thread waits until the Promise settles.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import { collectGarbage, inlinesFunctions } from './hosts.mjs';
import { nextTurn, repeat, usingCallback } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const intToInt = { args: ['i'], returns: 'i' };
const threadsafe = { ...intToInt, threadsafe: true };
const lib = dlopen(fixture, {
  call_i32: { args: ['k', 'i'], returns: 'i' },
  call_times: { args: ['k', 'i'], returns: 'l' },
  call_void: { args: ['k'] },
  call_string_copy: { args: ['k', 's', 'p', 'L'], returns: 'i' },
  thread_call: { args: ['k', 'i'], returns: 'l' },
  thread_call_many: { args: ['k', 'i', 'i'], returns: 'l' },
  thread_call_void: { args: ['k'] },
}).symbols;
const plain = dlopen(fixture, { call_i32: { args: [intToInt, 'i'], returns: 'i' } }).symbols;

/** Makes a callback for `body`, and closes it afterwards. */
async function using(fn, definition, body) {
  const callback = new JSCallback(fn, definition);
  try {
    return await body(callback);
  } finally {
    callback.close();
  }
}

describe('a callback that returns a Promise, called from another thread', () => {
  test('C gets the value with which the Promise is fulfilled', () =>
    check(() =>
      using(
        async (n) => {
          await nextTurn();
          return n * 2;
        },
        threadsafe,
        async (callback) => {
          assert.equal(await lib.call_i32.async(callback, 21), 42);
          assert.equal(await lib.thread_call.async(callback, 21), 42);
          assert.equal(await lib.call_times.async(callback, 5), 20);
          assert.equal(await plain.call_i32.async(async (n) => n + 1, 1), 2);
        },
      ),
    ));

  test('other threads may call while one waits for a Promise', () =>
    repeat(async () => {
      let inside = 0;
      let most = 0;
      const all = new Promise((resolve) => {
        setImmediate(function look() {
          most = Math.max(most, inside);
          if (most === 8) resolve();
          else setImmediate(look);
        });
      });
      await using(
        async (n) => {
          inside++;
          await all;
          return n;
        },
        threadsafe,
        async (callback) => assert.equal(await lib.thread_call_many.async(callback, 8, 1), 28),
      );
      assert.equal(most, 8);
    }, 20));

  test('a Promise may be fulfilled with a string', async () => {
    const out = new Uint8Array(32);
    await using(
      async (text) => `${text}!`,
      { args: ['s'], returns: 's', threadsafe: true },
      async (callback) => assert.equal(await lib.call_string_copy.async(callback, 'later', out, 32), 6),
    );
    assert.equal(Buffer.from(out).toString('utf8', 0, 6), 'later!');
  });

  test("C waits for the Promise even if the callback's result is void", () =>
    repeat(async () => {
      const events = [];
      await using(
        async () => {
          await nextTurn();
          events.push('callback');
        },
        { threadsafe: true },
        async (callback) => {
          await lib.thread_call_void.async(callback);
          events.push('call');
        },
      );
      assert.deepEqual(events, ['callback', 'call']);
    }));

  test("the call rejects with the Promise's reason, and C gets zero", () =>
    check(async () => {
      for (const value of [new Error('mine'), 'text', undefined, null, Symbol('s')]) {
        let calls = 0;
        await using(
          async () => {
            calls++;
            await null;
            throw value;
          },
          threadsafe,
          (callback) => rejects(() => lib.call_times.async(callback, 5), value),
        );
        assert.equal(calls, 1);
      }
    }));

  test('the value of the Promise is checked against the type of the result', { skip: inlinesFunctions }, () =>
    check(async () => {
      const compare = async () => 'text';
      await using(compare, threadsafe, (callback) =>
        rejects(() => lib.call_i32.async(callback, 1), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: "callback 'compare': result: expected number, got string",
        }),
      );
    }),
  );

  test('a subclass of Promise is awaited without calling its then', () =>
    repeat(async () => {
      class Mine extends Promise {
        // eslint-disable-next-line unicorn/no-thenable -- this method must not be called
        then() {
          throw new Error('must not be called');
        }
      }
      await using(
        () => Mine.resolve(7),
        threadsafe,
        async (callback) => {
          const [outcome] = await Promise.allSettled([lib.call_i32.async(callback, 1)]);
          assert.deepEqual(outcome, { status: 'fulfilled', value: 7 });
        },
      );
    }));

  test('an object with a then method is not treated as a Promise', () =>
    check(() =>
      using(
        () => ({ then: (resolve) => resolve(1) }),
        threadsafe,
        (callback) =>
          rejects(() => lib.call_i32.async(callback, 1), {
            code: 'ERR_FFI_INVALID_ARG_TYPE',
            message: /expected number, got object/,
          }),
      ),
    ));

  test('closing the callback ends the wait: C gets zero, and the call rejects', () =>
    repeat(async () => {
      let called;
      const isCalled = new Promise((resolve) => (called = resolve));
      const pending = new Promise(() => {});
      const callback = new JSCallback(() => {
        called();
        return pending;
      }, threadsafe);
      const call = lib.call_times.async(callback, 3);
      await isCalled;
      callback.close();
      await rejects(() => call, { code: 'ERR_FFI_CALLBACK_CLOSED', message: /while C waited for its Promise/ });
      assert.ok(pending, 'the Promise has not been collected');
    }));

  test('a Promise that nothing can settle any more ends the wait: C gets zero, and the call rejects', () =>
    repeat(
      () =>
        using(
          () => new Promise(() => {}),
          threadsafe,
          async (callback) => {
            let isOver = false;
            const call = lib.call_times.async(callback, 3).finally(() => (isOver = true));
            const rejection = rejects(() => call, {
              code: 'ERR_FFI_CALLBACK_CLOSED',
              message: /Promise that nothing can settle/,
            });
            while (!isOver) {
              collectGarbage();
              await nextTurn();
            }
            await rejection;
          },
        ),
      10,
    ));

  test('C does not wait for a callback that closes itself', () =>
    repeat(async () => {
      const callback = new JSCallback(async (n) => {
        callback.close();
        return n;
      }, threadsafe);
      await rejects(() => lib.call_i32.async(callback, 1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }));
});

describe('a callback that returns a Promise on the JavaScript thread', () => {
  const wanted = {
    code: 'ERR_FFI_INVALID_ARG_TYPE',
    message: /^callback 'later': result: expected \w+( \*)?, got a Promise: C called on the JavaScript thread/,
  };

  test('a Promise on the JavaScript thread fails, because that thread cannot wait for it', () =>
    check(() => {
      const later = async () => 1;
      usingCallback(later, threadsafe, (callback) => {
        throws(() => lib.call_i32(callback, 1), wanted);
        throws(() => callback.call(1), wanted);
      });
      usingCallback(later, {}, (callback) => throws(() => lib.call_void(callback), wanted));
      const { call_pointer } = dlopen(fixture, { call_pointer: { args: ['k', 'p'], returns: 'p' } }).symbols;
      const toPointer = { args: ['p'], returns: 'p' };
      usingCallback(later, toPointer, (callback) => throws(() => call_pointer(callback, 0), wanted));
    }, 4));
});
