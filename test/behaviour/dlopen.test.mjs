import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { dlopen, JSCallback, Library } from 'arkffi';
import ffi from 'liblibrary.so';
import { isSanitized } from '../sanitized.mjs';
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

  test('refuses options that it does not know, and values that they cannot have', () =>
    check(() => {
      const bad = (options, message) =>
        throws(() => dlopen(target, {}, options), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      bad({ anything: 1 }, "dlopen: options: unknown option 'anything'");
      bad({ golbal: true }, "dlopen: options: unknown option 'golbal'; did you mean 'global'?");
      for (const name of ['now', 'global', 'nodelete', 'deep']) {
        bad({ [name]: 1 }, `dlopen: options.${name}: expected a boolean, got number`);
        bad({ [name]: null }, `dlopen: options.${name}: expected a boolean, got null`);
      }
      for (const options of [null, 1, 'now', true]) bad(options);
      for (const options of [undefined, {}, { threads: undefined }]) dlopen(target, {}, options).close();
    }, 4));
});

describe('a library opened with', () => {
  test('now must be complete; without, what is missing is missed when it is called', () =>
    check(() => {
      const lacking = join(dirname(fixture), 'libarkffi_lacking.so');
      throws(() => dlopen(lacking, {}, { now: true }), {
        code: 'ERR_FFI_LIBRARY_NOT_FOUND',
        message: /is_exported_nowhere/,
      });
      dlopen(lacking, { lacking_call: {} }, { now: false }).close();
      dlopen(target, {}, { now: true }).close();
    }, 20));

  test('global lends its symbols to the process, for as long as it is open', () => {
    const path = ownFixture();
    const definitions = { counter_read: { returns: 'i' } };
    const missing = { code: 'ERR_FFI_SYMBOL_NOT_FOUND' };
    return repeat(() => {
      const local = dlopen(path, definitions, { global: false });
      throws(() => dlopen(null, definitions), missing);
      local.close();
      const lib = dlopen(path, definitions, { global: true });
      const own = dlopen(null, definitions);
      assert.equal(own.symbols.counter_read(), 7);
      own.close();
      lib.close();
      throws(() => dlopen(null, definitions), missing);
    }, 20);
  });

  test('nodelete stays in memory after it was closed', () => {
    const lib = dlopen(ownFixture(), {}, { nodelete: true });
    const watch = watchUnmapping(lib.handle);
    const counter = ffi.getSymbolPtr(lib.handle, 'counter');
    const report = ffi.getSymbolPtr(lib.handle, 'unload_report_to');
    lib.close();
    assert.equal(watch.isUnmapped, false);
    assert.equal(new Int32Array(ffi.readMemory(counter, 4))[0], 7);
    ffi.callPtr(report, 'p', 'v', [null], []); // the flag does not live until the process ends
  });
});

describe('a library that exports what the process does', () => {
  const path = join(dirname(fixture), 'libarkffi_homonym.so');
  const whoseIsCalled = (options) => {
    const lib = dlopen(path, { homonym_call: { returns: 's' } }, options);
    const whose = lib.symbols.homonym_call();
    lib.close();
    return whose;
  };

  test('calls that of the process', () =>
    check(() => {
      for (const options of [undefined, { deep: false }]) assert.match(whoseIsCalled(options), /^\d+\.\d+$/);
    }, 20));

  // A sanitizer ends the process of who opens a library so.
  test('calls its own where it is opened deep', { skip: isSanitized && 'sanitizers forbid it' }, () =>
    check(() => assert.equal(whoseIsCalled({ deep: true }), 'own'), 20),
  );
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
