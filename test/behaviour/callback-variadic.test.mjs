// Callbacks that C calls as variadic functions: they get the arguments before the dots.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callbackType, cdef, CFunction, dlopen, JSCallback, NativeCallback, NativeSignature, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { usingCallback } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const log = { args: ['p', 's', '...'], returns: 'i' };
const many = {
  args: ['c', 'd', 'f', 'L', 'b', 'f', 'i', 'd', 'h', 'd', 's', 'f', 'i', 'd', 'c', 'd', 'f', 'i', '...'],
  returns: 'd',
};
const Mixed = Struct({ count: 'i', weight: 'd' }, { name: 'Mixed' });
const Large = Struct({ values: ['l', 5] }, { name: 'Large' });
const mixed = { args: [Mixed, Large, '...'], returns: Mixed };
const definitions = {
  call_variadic: { args: [log, 'p', 'i'], returns: 'l' },
  call_variadic_many: { args: [many], returns: 'd' },
  call_variadic_mixed: { args: [mixed], returns: Mixed },
};
const { symbols } = dlopen(fixture, definitions);
const pumped = dlopen(fixture, {
  call_variadic: { ...definitions.call_variadic, callbacks: 'pump' },
}).symbols;

describe('a callback with dots gets the arguments before them', () => {
  test('as a plain function, in every way of calling', () =>
    check(async () => {
      const seen = [];
      const heard = (...given) => seen.push(given);
      assert.equal(symbols.call_variadic(heard, 65_536, 2), 3);
      assert.equal(symbols.call_variadic.with({ errno: true })(heard, null, 1).value, 3);
      assert.equal(pumped.call_variadic(heard, null, 1), 4);
      assert.equal(await symbols.call_variadic.async(heard, null, 1), 5);
      assert.deepEqual(
        seen,
        [65_536, 65_536, 0, 0, 0].map((user) => [user, '%d of %g']),
      );
    }, 20));

  test('as a JSCallback, on any thread', async () => {
    const callback = new JSCallback((user, text) => text.length + user, { ...log, threadsafe: true });
    await check(async () => {
      assert.equal(symbols.call_variadic(callback, 100_000, 2), 200_016);
      assert.equal(await symbols.call_variadic.async(callback, 100_000, 2), 200_016);
      assert.equal(callback.call(100_000, 'four'), 100_004);
    }, 20);
    callback.close();
  });

  test('in all registers and on the stack', () => {
    const expected = [-1, 2.5, 3.5, 2n ** 64n - 1n, true, 6.5, 7, 8.5, 9, 10.5, 'eleven', 12.5, 13, 14.5, -15];
    return check(() => {
      const heard = (...given) => {
        assert.deepEqual(given, [...expected, 16.5, 17.5, 18]);
        return 0.25;
      };
      assert.equal(symbols.call_variadic_many(heard), 0.25);
    });
  });

  test('structs by value among them', () =>
    check(() => {
      const heard = (own, large, ...rest) => ({ count: large.values[4] + rest.length, weight: own.weight + own.count });
      assert.deepEqual(symbols.call_variadic_mixed(heard).toObject(), { count: 5, weight: 3.5 });
    }, 10));

  test('as a function of a struct, which JavaScript calls with typed arguments', () => {
    const Logger = Struct({ log, user: 'p' }, { name: 'Logger' });
    return check(async () => {
      const logger = Logger.create({ log: (user, text) => text.length });
      assert.equal(logger.log(null, 'four', ['i', 1], ['d', 2]), 4);
      assert.equal(await logger.log.async(null, 'five!'), 5);
      assert.equal(symbols.call_variadic(logger.log, null, 1), 8);
      throws(() => logger.log(null, 'text', 1), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^Logger\.log: argument 3: expected \[type, value\]/,
      });
    }, 40);
  });

  test('among variable arguments, and declared by callbackType and in C', () =>
    check(() => {
      const declared = dlopen(fixture, {
        call_variadic: { args: [callbackType(['p', 's', '...'], 'i'), 'p', 'i'], returns: 'l' },
      });
      assert.equal(
        declared.symbols.call_variadic(() => 4, null, 2),
        8,
      );
      declared.close();
      const { symbols: own, types } = cdef(
        fixture,
        `typedef int32_t (*log_function)(void *user, const char *format, ...);
         int64_t call_variadic(log_function log, void *user, int32_t count);`,
      );
      assert.deepEqual(types.log_function, log);
      assert.equal(
        own.call_variadic((user, format) => format.length, null, 2),
        16,
      );
      usingCallback(
        (user, format) => format.length,
        types.log_function,
        (callback) => {
          assert.equal(own.call_variadic(callback, null, 3), 24);
        },
      );
    }, 100));
});

test('the strict classes and the raw bridge know them', () =>
  check(() => {
    const callback = new NativeCallback((user, text) => text.length, new NativeSignature(['p', 's', '...'], 'i'));
    assert.equal(symbols.call_variadic(callback, null, 2), 16);
    callback.close();
    const handle = ffi.createCallback((user, text) => text.length, 'ps.', 'i');
    const log = ffi.getCallbackPtr(handle);
    assert.equal(symbols.call_variadic(log, null, 2), 16);
    assert.equal(ffi.invokeCallback(handle, 0, 'text'), 4);
    const call = CFunction({ args: ['p', 's', '...'], returns: 'i', ptr: log });
    assert.equal(call(null, 'text', ['d', 1.5]), 4);
    ffi.destroyCallback(handle);
  }, 20));

test('what it throws, and what does not fit, goes to the call', () =>
  check(async () => {
    const error = new Error('no');
    const fails = () => {
      throw error;
    };
    throws(() => symbols.call_variadic(fails, null, 2), error);
    await rejects(() => symbols.call_variadic.async(fails, null, 2), error);
    throws(() => symbols.call_variadic(() => 2 ** 31, null, 1), {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: /^callback: result: 2147483648|^call_variadic: argument 1: result: 2147483648/,
    });
  }, 40));

test('dots in a wrong place are refused', () =>
  check(() => {
    const bad = (args, message) => {
      throws(() => new JSCallback(() => {}, { args }), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: `JSCallback: args${message}`,
      });
      throws(() => dlopen(fixture, { call_variadic: { args: [{ args }] } }), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: `call_variadic: args[0]: args${message}`,
      });
      throws(() => Struct({ f: { args } }), { code: 'ERR_FFI_BAD_SIGNATURE', message: `Struct.f: args${message}` });
    };
    bad(['...'], "[0]: '...': a variadic function has an argument before it");
    bad(['s', '...', 'i'], "[1]: '...': it must be the last");
    bad(['s', '...', '...'], "[1]: '...': it must be the last");
    const raw = (args) => throws(() => ffi.createCallback(() => {}, args, 'v'), { code: 'ERR_FFI_BAD_SIGNATURE' });
    raw('.');
    raw('s.i');
    raw('sk(i.i)v');
    usingCallback(
      () => 1,
      log,
      (callback) => {
        throws(() => callback.call(1), { code: 'ERR_FFI_ARG_COUNT', message: /expected 2 arguments, got 1/ });
        throws(() => callback.call(1, 'text', ['i', 3]), { code: 'ERR_FFI_ARG_COUNT' });
      },
    );
  }, 20));
