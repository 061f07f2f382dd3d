// Callbacks that C calls as variadic functions: they get the arguments before the dots.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  callbackType,
  cdef,
  CFunction,
  dlopen,
  JSCallback,
  NativeCallback,
  NativeSignature,
  StringBuffer,
  Struct,
} from 'arkffi';
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

describe('a va_list', () => {
  const { symbols: c, types } = cdef(
    fixture,
    `typedef int32_t (*logger)(void *user, int32_t level, const char *format, va_list args);
     int32_t call_with_list(logger log, void *user, int32_t level, const char *format, ...);
     int32_t print_list(char *out, uint64_t size, const char *format, va_list args);`,
  );
  const text = new StringBuffer(64);
  const print = (user, level, format, args) => c.print_list(text, text.byteLength, format, args) + level;
  const extras = [
    ['i', 7],
    ['d', 0.5],
    ['s', 'é'],
    ['l', -(2 ** 40)],
    ['d', 1e10],
    ['i', -1],
    ['s', 'last'],
  ];
  const format = '%d %g %s %lld %g %d %s';
  const printed = '7 0.5 é -1099511627776 1e+10 -1 last';

  test('is a pointer that a callback passes on', () => {
    assert.deepEqual(types.logger, { args: ['p', 'i', 's', 'p'], returns: 'i' });
    return check(() => {
      const length = c.call_with_list(print, null, 100, format, ...extras);
      assert.equal(text.toString(), printed);
      assert.equal(length, 100 + new TextEncoder().encode(printed).length);
      usingCallback(print, types.logger, (callback) => c.call_with_list(callback, null, 1, '%d', ['i', 5]));
      assert.equal(text.toString(), '5');
    }, 10);
  });

  test('is valid on the JavaScript thread while another thread waits for it', async () => {
    const callback = new JSCallback(print, { ...types.logger, threadsafe: true });
    await check(async () => {
      assert.equal(await c.call_with_list.async(callback, null, 0, format, ...extras), 37);
      assert.equal(text.toString(), printed);
      assert.equal(await c.call_with_list.async(print, null, 3, '%s', ['s', 'four']), 7);
    }, 20);
    callback.close();
  });

  test('may be copied, and formatted again', () => {
    const size = { x64: 24, arm64: 32 }[process.arch];
    const isPointer = process.platform === 'win32' || process.platform === 'darwin' || size === undefined;
    const twice = (user, level, format, args) => {
      const copy = isPointer ? args : ffi.readMemory(args, size);
      const length = c.print_list(null, 0, format, args);
      assert.equal(c.print_list(text, text.byteLength, format, copy), length);
      return length;
    };
    return check(() => {
      assert.equal(c.call_with_list(twice, null, 0, format, ...extras), 37);
      assert.equal(text.toString(), printed);
    }, 10);
  });

  test('is known under its other names, and nowhere but as a parameter', () => {
    const { types, structs, symbols } = cdef(
      null,
      `typedef __builtin_va_list __gnuc_va_list; typedef __gnuc_va_list list_t;
       typedef void (*one)(list_t); typedef void (*two)(const __builtin_va_list); typedef void (*three)(va_list *);
       struct holder { list_t list; }; list_t f(void);`,
      { lazy: true },
    );
    const shapes = [types.one, types.two, types.three];
    assert.deepEqual(
      shapes,
      shapes.map(() => ({ args: ['p'], returns: 'v' })),
    );
    if (process.platform === 'win32' || process.platform === 'darwin') return;
    const message = /va_list has a type only as a parameter, where it is a pointer$/;
    throws(() => structs.holder, { code: 'ERR_FFI_BAD_SIGNATURE', message });
    throws(() => symbols.f, { code: 'ERR_FFI_BAD_SIGNATURE', message });
    throws(() => types.list_t, { code: 'ERR_FFI_BAD_SIGNATURE', message });
  });
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
