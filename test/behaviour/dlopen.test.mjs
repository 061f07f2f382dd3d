import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback, Library } from 'arkffi';
import ffi from 'liblibrary.so';
import { ownFixture, repeat, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, rejects, target, throws } from './support.mjs';

describe('dlopen', () => {
  test('makes every symbol callable, sync and async, with its address and its types', () =>
    repeat(async () => {
      const lib = dlopen(target, {
        add: { args: ['d', 'd'], returns: 'd' },
        getVersion: { returns: 's' },
        factorial: { args: ['int'], returns: 'int64_t' },
        compute: { args: ['i', 'd', 's'], returns: 'd' },
      });
      assert.ok(lib instanceof Library);
      const { add, getVersion, factorial, compute } = lib.symbols;
      assert.equal(add(2, 3), 5);
      assert.equal(getVersion(), '1.0.0');
      assert.equal(factorial(20), 2432902008176640000n);
      assert.equal(compute(0, 3, 'square'), 9);
      assert.equal(await add.async(2, 3), 5);
      assert.equal(await getVersion.async(), '1.0.0');
      assert.equal(await compute.async(1, 3, null), 6);
      assert.equal(add.ptr, ffi.getSymbolPtr(lib.handle, 'add'));
      assert.deepEqual([add.signature.args, add.signature.returns], [['d', 'd'], 'd']);
      lib.close();
    }));

  test('gives symbols that work without their library object', () => {
    const { add } = dlopen(target, { add: { args: ['d', 'd'], returns: 'd' } }).symbols;
    return check(() => {
      assert.equal(add(2, 3), 5);
      assert.equal(add.call(null, 2, 3), 5);
      assert.equal(add.apply({}, [2, 3]), 5);
      assert.equal(Reflect.apply(add, undefined, [2, 3]), 5);
    });
  });

  test('gives no symbols but those that were asked for', () => {
    const { symbols } = dlopen(target, { add: { args: ['d', 'd'], returns: 'd' } });
    assert.deepEqual(Object.keys(symbols), ['add']);
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'subtract']) {
      assert.equal(symbols[name], undefined, name);
    }
    assert.deepEqual(Object.keys(dlopen(target, {}).symbols), []);
  });

  test('opens the running process for null', () => {
    const { symbols } = dlopen(null, { getpid: { returns: 'i' }, strlen: { args: ['s'], returns: 'L' } });
    return check(() => {
      assert.equal(symbols.getpid(), process.pid);
      assert.equal(symbols.strlen('four'), 4);
    });
  });

  test('passes on what is wrong with the path', () =>
    repeat(() => {
      throws(() => dlopen('/nowhere/lib.so', {}), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message: /\/nowhere\/lib\.so/ });
      throws(() => dlopen('', {}), { code: 'ERR_FFI_LIBRARY_NOT_FOUND' });
      for (const path of [undefined, 1, {}, [], Symbol('path'), true]) {
        throws(() => dlopen(path, {}), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /string/ });
      }
    }));

  test('says what is missing, and what was meant', () =>
    repeat(() =>
      throws(() => dlopen(target, { add: { args: ['d', 'd'], returns: 'd' }, getversion: { returns: 's' } }), {
        code: 'ERR_FFI_SYMBOL_NOT_FOUND',
        message: /^getversion: .*did you mean 'getVersion'\?/,
      }),
    ));

  test('leaves nothing open when it throws', () => {
    const path = ownFixture();
    return repeat(() => {
      const own = ffi.load(path);
      const watch = watchUnmapping(own);
      throws(() => dlopen(path, { echo_i32: { args: ['i'], returns: 'i' }, no_such: {} }), {
        code: 'ERR_FFI_SYMBOL_NOT_FOUND',
      });
      throws(() => dlopen(path, { echo_i32: { args: ['?'] } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
      ffi.close(own);
      assert.equal(watch.isUnmapped, true);
    });
  });

  test('says so of the options that it does not know yet', () =>
    check(() => {
      for (const options of [{ now: false }, { global: false }, { anything: 1 }]) {
        const [name] = Object.keys(options);
        throws(() => dlopen(target, {}, options), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: `dlopen: options.${name}: not supported yet`,
        });
      }
      for (const options of [null, 1, 'now', true]) {
        throws(() => dlopen(target, {}, options), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      }
      for (const options of [undefined, {}, { threads: undefined }]) dlopen(target, {}, options).close();
    }, 4));

  test('refuses what is to come in words that say so', () => {
    const later = (definition, message) =>
      throws(() => dlopen(fixture, { counter: definition }), { code: 'ERR_FFI_BAD_SIGNATURE', message });
    return check(() => {
      later({ type: 'i' }, /^counter: variables .*not supported yet/);
      later({ args: ['s', '...'], returns: 'i' }, /^counter: args\[1\]: variable arguments .*not supported yet/);
    });
  });
});

describe('an optional symbol', () => {
  test('is null where the library lacks it, and a function where it does not', () =>
    repeat(() => {
      const lib = dlopen(target, {
        add: { args: ['d', 'd'], returns: 'd', optional: true },
        subtract: { args: ['d', 'd'], returns: 'd', optional: true },
        multiply: { args: ['d', 'd'], returns: 'd', optional: false },
      });
      assert.equal(lib.symbols.add(2, 3), 5);
      assert.equal(lib.symbols.subtract, null);
      assert.equal(lib.symbols.multiply(2, 3), 6);
      lib.close();
    }));

  test('must still be understood', () =>
    check(() => {
      throws(() => dlopen(target, { subtract: { args: ['?'], optional: true } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
      throws(() => dlopen(target, { subtract: { optional: 1 } }), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /^subtract: optional: expected a boolean/,
      });
    }, 4));
});

describe('closing a library', () => {
  test('makes its symbols refuse, and unmaps it', () => {
    const path = ownFixture();
    return repeat(async () => {
      const lib = dlopen(path, { echo_i32: { args: ['i'], returns: 'i' }, echo_string: { args: ['s'], returns: 's' } });
      const { echo_i32, echo_string } = lib.symbols;
      const watch = watchUnmapping(lib.handle);
      const pending = echo_string.async('in flight');
      assert.equal(lib.close(), undefined);
      lib.close();
      throws(() => echo_i32(1), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^echo_i32: / });
      await rejects(() => echo_i32.async(1), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^echo_i32: / });
      assert.equal(await pending, 'in flight');
      assert.equal(watch.isUnmapped, true);
      assert.equal(typeof echo_i32.ptr, 'number');
    });
  });

  test('leaves callbacks as they are', () =>
    repeat(() => {
      const intToInt = { args: ['i'], returns: 'i' };
      const lib = dlopen(fixture, { call_i32: { args: ['k', 'i'], returns: 'i' } });
      const callback = new JSCallback((n) => n + 1, intToInt);
      assert.equal(lib.symbols.call_i32(callback, 1), 2);
      lib.close();
      assert.equal(callback.call(2), 3);
      callback.close();
    }));

  test(
    'is what Symbol.dispose does, of libraries and callbacks',
    { skip: typeof Symbol.dispose !== 'symbol' && 'this JavaScript engine has no Symbol.dispose' },
    () =>
      repeat(() => {
        const lib = dlopen(target, { add: { args: ['d', 'd'], returns: 'd' } });
        lib[Symbol.dispose]();
        lib[Symbol.dispose]();
        throws(() => lib.symbols.add(1, 2), { code: 'ERR_FFI_LIBRARY_CLOSED' });
        const callback = new JSCallback(() => {}, {});
        callback[Symbol.dispose]();
        throws(() => callback.ptr, { code: 'ERR_FFI_CALLBACK_CLOSED' });
      }),
  );
});
