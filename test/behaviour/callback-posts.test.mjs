// Callbacks with `threadsafe: 'post'`: the calling thread does not wait for them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { nextTurn, repeat } from './lifetimes.mjs';
import { check, fixture, throws } from './support.mjs';
import { until } from './threads.mjs';

const lib = dlopen(fixture, {
  call_void: { args: ['k'] },
  thread_call_void: { args: ['k'] },
  thread_tell: { args: ['k', 'i'] },
}).symbols;

const posted = { args: ['s', 'i'], threadsafe: 'post' };

describe('a posted callback', () => {
  test('a posted callback runs later and in order, on copies of the strings, without blocking the thread', () =>
    repeat(async () => {
      const got = [];
      const callback = new JSCallback((text, i) => got.push(`${text} ${i}`), posted);
      // This call is synchronous: it would hang if the thread waited for JavaScript.
      lib.thread_tell(callback, 500);
      assert.deepEqual(got, []);
      await until(() => got.length === 500);
      assert.deepEqual(
        got,
        Array.from({ length: 500 }, (_, i) => `text ${i} ${i}`),
      );
      callback.close();
    }, 20));

  test('a call on the JavaScript thread is posted as well', () =>
    check(async () => {
      let calls = 0;
      const callback = new JSCallback(() => calls++, { threadsafe: 'post' });
      lib.call_void(callback);
      assert.equal(callback.call(), undefined);
      ffi.invokeCallback(callback.getHandle());
      assert.equal(calls, 0);
      await until(() => calls === 3);
      callback.close();
    }));

  test('several threads may call a posted callback at once', () =>
    repeat(async () => {
      let calls = 0;
      const callback = new JSCallback(() => calls++, { threadsafe: 'post' });
      await Promise.all(Array.from({ length: 20 }, () => lib.thread_call_void.async(callback)));
      await until(() => calls === 20);
      callback.close();
    }, 20));

  test('a NULL string arrives as null', async () => {
    const got = [];
    const callback = new JSCallback((text) => got.push(text), { args: ['s'], threadsafe: 'post' });
    callback.call(null);
    await until(() => got.length);
    assert.deepEqual(got, [null]);
    callback.close();
  });

  test('a posted callback may be an async function', async () => {
    const got = [];
    const callback = new JSCallback(
      async (text) => {
        await nextTurn();
        got.push(text);
      },
      { args: ['s'], threadsafe: 'post' },
    );
    callback.call('later');
    await until(() => got.length);
    callback.close();
  });

  test('closing a posted callback drops the calls that have not run', () =>
    repeat(async () => {
      let calls = 0;
      const callback = new JSCallback(() => calls++, posted);
      lib.thread_tell(callback, 10);
      callback.close();
      for (let i = 0; i < 3; i++) await nextTurn();
      assert.equal(calls, 0);
    }));

  test('a posted callback may close itself', async () => {
    const got = [];
    const callback = new JSCallback((text) => {
      callback.close();
      got.push(text);
    }, posted);
    lib.thread_tell(callback, 10);
    for (let i = 0; i < 3; i++) await nextTurn();
    assert.deepEqual(got, ['text 0']);
  });

  test('a posted callback reports that it is threadsafe', () => {
    const callback = new JSCallback(() => {}, { threadsafe: 'post' });
    assert.equal(callback.threadsafe, true);
    assert.equal(ffi.getCallbackThreadsafe(callback.getHandle()), true);
    callback.close();
  });

  test('a posted callback must return void', () =>
    check(() => {
      for (const returns of ['i', 'd', 's', 'p', 'b']) {
        const wanted = { code: 'ERR_FFI_BAD_SIGNATURE', message: /no thread waits for what a posted callback returns/ };
        throws(() => new JSCallback(() => 0, { returns, threadsafe: 'post' }), wanted);
        throws(() => ffi.createCallback(() => 0, '', returns, 'post'), wanted);
      }
    }));

  test("only the exact word 'post' declares a posted callback", () =>
    check(() => {
      for (const threadsafe of ['posted', '', 'postpostpost', 1, null, {}]) {
        throws(() => new JSCallback(() => {}, { threadsafe }), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /'post'/ });
        throws(() => ffi.createCallback(() => {}, '', 'v', threadsafe), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /argument 4: expected boolean or 'post'/,
        });
      }
    }));
});
