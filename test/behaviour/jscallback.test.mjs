// Creating callbacks, calling them from JavaScript and closing them: JSCallback, and the raw bridge's functions.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CFunction, dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage } from './hosts.mjs';
import { nextTurn, repeat } from './lifetimes.mjs';
import { check, fixture, throws } from './support.mjs';

const lib = dlopen(fixture, {
  call_bool: { args: ['k', 'b'], returns: 'b' },
  call_i32: { args: ['k', 'i'], returns: 'i' },
}).symbols;

async function collect() {
  for (let i = 0; i < 3; i++) {
    await nextTurn();
    collectGarbage();
  }
}

describe('JSCallback', () => {
  test('a JSCallback has a pointer and a handle, and reports whether it is thread-safe', () =>
    check(() => {
      const callback = new JSCallback((n) => n, { args: ['i'], returns: 'i' });
      const safe = new JSCallback((n) => n, { args: ['i'], returns: 'i', threadsafe: true });
      assert.ok(callback.ptr > 65_535 && callback.ptr !== safe.ptr);
      assert.equal(callback.ptr, ffi.getCallbackPtr(callback.getHandle()));
      assert.deepEqual([callback.threadsafe, safe.threadsafe], [false, true]);
      assert.equal(ffi.getCallbackThreadsafe(callback.getHandle()), false);
      assert.equal(ffi.getCallbackThreadsafe(safe.getHandle()), true);
      callback.close();
      safe.close();
    }));

  test('call goes through C, with all its checks', () =>
    check(() => {
      const callback = new JSCallback((n, text) => n + text.length, { args: ['C', 's'], returns: 'C' });
      assert.equal(callback.call(1, 'four'), 5);
      throws(() => callback.call(256, ''), { code: 'ERR_FFI_OUT_OF_RANGE', message: /argument 1: 256/ });
      throws(() => callback.call(1, 2), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 2: / });
      throws(() => callback.call(1), { code: 'ERR_FFI_ARG_COUNT', message: /expected 2 arguments, got 1/ });
      throws(() => callback.call(1, '', 3), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => callback.call(255, 'x'), { code: 'ERR_FFI_OUT_OF_RANGE', message: /result: 256 is out of range/ });
      callback.close();
    }));

  test('a JSCallback may be called as a C function', () =>
    check(() => {
      const callback = new JSCallback((a, b) => a * b, { args: ['d', 'd'], returns: 'd' });
      const multiply = CFunction({ args: ['d', 'd'], returns: 'd', ptr: callback });
      assert.equal(multiply(3, 0.5), 1.5);
      callback.close();
    }));

  test('a JSCallback may omit args and returns', () =>
    check(() => {
      let calls = 0;
      const callback = new JSCallback(() => calls++, {});
      assert.equal(callback.call(), undefined);
      assert.equal(calls, 1);
      callback.close();
    }));

  test('later changes of the definition do not affect a JSCallback', () => {
    const definition = { args: ['i'], returns: 'i' };
    const callback = new JSCallback((n) => n, definition);
    definition.args[0] = 's';
    definition.returns = 'd';
    assert.equal(callback.call(5), 5);
    callback.close();
  });

  test('JSCallback refuses values that are not functions', () =>
    check(() => {
      for (const value of [undefined, null, 1, 'f', {}, [], Symbol('f'), { call() {} }]) {
        throws(() => new JSCallback(value, {}), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /a function/ });
      }
    }));

  test('JSCallback refuses wrong definitions', () =>
    check(() => {
      const refused = (definition, message) =>
        throws(() => new JSCallback(() => {}, definition), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      for (const definition of [undefined, null, 1, 'i', [], () => {}]) refused(definition);
      refused({ args: ['v'] }, /void/);
      refused({ args: 'i' }, /array/);
      refused({ returns: 'intt' }, /'intt'/);
      refused({ thread_safe: true }, /unknown key 'thread_safe'; did you mean 'threadsafe'\?/);
      refused({ args: Array(128).fill('i') });
      for (const threadsafe of [1, 'yes', null, {}]) {
        throws(() => new JSCallback(() => {}, { threadsafe }), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      }
    }));

  test('close closes a JSCallback, and further calls of close do nothing', () =>
    check(() => {
      const callback = new JSCallback(() => 1, { returns: 'i' });
      assert.equal(callback.close(), undefined);
      assert.equal(callback.close(), undefined);
      throws(() => callback.ptr, { code: 'ERR_FFI_CALLBACK_CLOSED', message: /closed/ });
      throws(() => callback.call(), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }));

  test('a JSCallback keeps its function until it is closed', async () => {
    const functions = [];
    const make = (n) => {
      const fn = (i) => i + n;
      functions.push(new WeakRef(fn));
      return new JSCallback(fn, { args: ['i'], returns: 'i' });
    };
    const callbacks = Array.from({ length: 300 }, (_, n) => make(n));
    await collect();
    callbacks.forEach((callback, n) => assert.equal(lib.call_i32(callback, 1), 1 + n));
    callbacks.forEach((callback) => callback.close());
    await collect();
    // A host may find the last ones on its stack.
    const kept = functions.filter((fn) => fn.deref() !== undefined);
    assert.ok(kept.length < 100, `${kept.length} functions of closed callbacks are kept`);
  });

  test('a JSCallback may close itself, and its function be collected, while it runs', async () => {
    for (let n = 0; n < 20; n++) {
      const callback = new JSCallback(
        (i) => {
          callback.close();
          for (let k = 0; k < 50; k++) new JSCallback(() => k, {}).close();
          collectGarbage();
          return i + n;
        },
        { args: ['i'], returns: 'i' },
      );
      assert.equal(lib.call_i32(callback, 1), 1 + n);
      throws(() => lib.call_i32(callback, 1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }
  });
});

describe('createCallback', () => {
  test('createCallback makes what JSCallback makes, except that booleans are numbers', () => {
    const seen = [];
    const raw = ffi.createCallback((flag) => (seen.push(flag), flag), 'b', 'b');
    const js = new JSCallback((flag) => (seen.push(flag), flag), { args: ['b'], returns: 'b' });
    return check(() => {
      seen.length = 0;
      assert.equal(lib.call_bool(ffi.getCallbackPtr(raw), true), true);
      assert.equal(ffi.invokeCallback(raw, true), 1);
      assert.equal(lib.call_bool(js, true), true);
      assert.equal(js.call(0), false);
      assert.deepEqual(seen, [1, 1, true, false]);
    });
  });

  test('createCallback takes a function, two strings and a boolean', () =>
    check(() => {
      const make =
        (...args) =>
        () =>
          ffi.createCallback(...args);
      const fn = () => {};
      for (const value of [undefined, null, {}, 'f', 1]) {
        throws(make(value, '', 'v'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^createCallback: argument 1: / });
        throws(make(fn, value === 'f' ? 1 : value, 'v'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 2: / });
        throws(make(fn, '', value === 'f' ? 1 : value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 3: / });
      }
      for (const value of [null, 1, 'true', {}]) {
        throws(make(fn, '', 'v', value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 4: expected boolean/ });
      }
      throws(make(fn, '?', 'v'), { code: 'ERR_FFI_BAD_SIGNATURE', message: /^createCallback: / });
      throws(make(fn, '', ''), { code: 'ERR_FFI_BAD_SIGNATURE' });
      throws(make(fn, 'v', 'v'), { code: 'ERR_FFI_BAD_SIGNATURE' });
      throws(make(fn, ''), { code: 'ERR_FFI_ARG_COUNT' });
      throws(make(), { code: 'ERR_FFI_ARG_COUNT' });
      throws(make(fn, '', 'v', true, 1), { code: 'ERR_FFI_ARG_COUNT' });
      for (const threadsafe of [undefined, false, true]) {
        ffi.destroyCallback(ffi.createCallback(fn, '', 'v', threadsafe));
      }
    }, 4));

  test("createCallback rethrows an exception from the function's name, and accepts any name", () =>
    check(() => {
      const boom = new Error('no name');
      const nameless = Object.defineProperty(() => {}, 'name', {
        get() {
          throw boom;
        },
      });
      throws(() => ffi.createCallback(nameless, '', 'v'), boom);
      for (const name of ['', 5, null, {}, 'x'.repeat(10_000), '%s%n', 'añ€😀'.repeat(50)]) {
        const named = Object.defineProperty(() => 'text', 'name', { value: name });
        const callback = ffi.createCallback(named, 'i', 'i');
        throws(() => ffi.invokeCallback(callback, 1), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^callback/ });
        ffi.destroyCallback(callback);
      }
    }));
});

describe('invokeCallback', () => {
  test('invokeCallback calls the function through C', () => {
    const callback = ffi.createCallback((a, b) => `${a} ${b}`, 'ls', 's');
    return check(() => {
      assert.equal(ffi.invokeCallback(callback, 2n ** 60n, 'é'), `${2n ** 60n} é`);
      assert.equal(ffi.invokeCallback(callback, 1, null), '1 null');
    });
  });

  test('invokeCallback passes 127 arguments', () => {
    const callback = ffi.createCallback((...args) => args.reduce((a, b) => a + b), 'd'.repeat(127), 'd');
    const args = Array.from({ length: 127 }, (_, i) => i);
    return check(() => assert.equal(ffi.invokeCallback(callback, ...args), 8001));
  });

  test('invokeCallback refuses wrong argument counts and types', () => {
    const callback = ffi.createCallback((a, b) => a + b, 'iC', 'i');
    return check(() => {
      throws(() => ffi.invokeCallback(), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => ffi.invokeCallback(callback), { code: 'ERR_FFI_ARG_COUNT', message: /expected 2 arguments, got 0/ });
      throws(() => ffi.invokeCallback(callback, 1), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => ffi.invokeCallback(callback, 1, 2, 3), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => ffi.invokeCallback(callback, ...Array(128).fill(1)), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => ffi.invokeCallback(callback, 1, 256), { code: 'ERR_FFI_OUT_OF_RANGE', message: /argument 2: 256/ });
      throws(() => ffi.invokeCallback(callback, '1', 2), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 1: / });
      assert.equal(ffi.invokeCallback(callback, 1, 2), 3);
    });
  });

  test('invokeCallback throws what the function throws', () => {
    const boom = new Error('boom');
    const callback = ffi.createCallback(
      () => {
        throw boom;
      },
      '',
      'v',
    );
    return check(() => throws(() => ffi.invokeCallback(callback), boom));
  });

  test('invokeCallback may destroy the callback that it calls', () =>
    check(() => {
      const callback = ffi.createCallback((n) => (ffi.destroyCallback(callback), n + 1), 'i', 'i');
      assert.equal(ffi.invokeCallback(callback, 1), 2);
      throws(() => ffi.invokeCallback(callback, 1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }));
});

describe('arguments from C that JavaScript cannot represent', () => {
  test('a string at an impossible address makes the call fail', () => {
    const { call_pointer } = dlopen(fixture, { call_pointer: { args: ['k', 'p'], returns: 'p' } }).symbols;
    return repeat(() => {
      for (const type of ['s', 'S']) {
        let calls = 0;
        const callback = new JSCallback(() => ++calls, { args: [type], returns: 'p' });
        for (const address of [1, 65_535]) {
          throws(() => call_pointer(callback, address), { code: 'ERR_FFI_NULL_POINTER' });
        }
        assert.equal(calls, 0);
        callback.close();
      }
    });
  });
});
