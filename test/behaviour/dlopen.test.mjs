import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { dlopen, JSCallback, Library } from 'arkffi';
import ffi from 'liblibrary.so';
import { isSanitized } from '../sanitized.mjs';
import { hasNoGlobalScope, isMusl, lacksVersion, resolvesAtOnce } from './hosts.mjs';
import { ownFixture, repeat, unmaps, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, rejects, target, throws } from './support.mjs';

describe('dlopen', () => {
  test('dlopen makes each symbol callable, sync and async, with its address and types', () =>
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

  test('symbols work without their library object as receiver', () => {
    const { add } = dlopen(target, { add: { args: ['d', 'd'], returns: 'd' } }).symbols;
    return check(() => {
      assert.equal(add(2, 3), 5);
      assert.equal(add.call(null, 2, 3), 5);
      assert.equal(add.apply({}, [2, 3]), 5);
      assert.equal(Reflect.apply(add, undefined, [2, 3]), 5);
    });
  });

  test('what console.log shows of a symbol has nothing that only arkffi uses', () =>
    check(async () => {
      const lib = dlopen(target, {
        add: { args: ['d', 'd'], returns: 'd' },
        printf: { args: ['s', '...'], returns: 'i', optional: true },
      });
      const { add, printf } = lib.symbols;
      await add.async.with({ errno: true })(1, 2);
      add.batch([Float64Array.of(1), Float64Array.of(2)]);
      for (const shown of [lib, lib.symbols, add, add.async, add.batch, printf ?? add]) {
        const listed = Reflect.ownKeys(shown).filter((key) => Object.prototype.propertyIsEnumerable.call(shown, key));
        assert.deepEqual(
          listed.filter((key) => typeof key === 'symbol'),
          [],
        );
      }
      lib.close();
    }, 10));

  test('symbols contains only the names that were declared', () => {
    const { symbols } = dlopen(target, { add: { args: ['d', 'd'], returns: 'd' } });
    assert.deepEqual(Object.keys(symbols), ['add']);
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'then']) {
      assert.equal(symbols[name], undefined, name);
    }
    assert.deepEqual(Object.keys(dlopen(target, {}).symbols), []);
  });

  test('dlopen(null) opens the running process', () => {
    const { symbols } = dlopen(null, { getpid: { returns: 'i' }, strlen: { args: ['s'], returns: 'L' } });
    return check(() => {
      assert.equal(symbols.getpid(), process.pid);
      assert.equal(symbols.strlen('four'), 4);
    });
  });

  test('dlopen reports errors of the path', () =>
    repeat(() => {
      throws(() => dlopen('/nowhere/lib.so', {}), { code: 'ERR_FFI_LIBRARY_NOT_FOUND', message: /\/nowhere\/lib\.so/ });
      throws(() => dlopen('', {}), { code: 'ERR_FFI_LIBRARY_NOT_FOUND' });
      for (const path of [undefined, 1, {}, [], Symbol('path'), true]) {
        throws(() => dlopen(path, {}), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /string/ });
      }
    }));

  test('dlopen names the missing symbol and suggests a similar one', () =>
    repeat(() =>
      throws(() => dlopen(target, { add: { args: ['d', 'd'], returns: 'd' }, getversion: { returns: 's' } }), {
        code: 'ERR_FFI_SYMBOL_NOT_FOUND',
        message: /^getversion: .*did you mean 'getVersion'\?/,
      }),
    ));

  test('dlopen leaves nothing open when it throws', () => {
    const path = ownFixture();
    return repeat(() => {
      const own = ffi.load(path);
      const watch = watchUnmapping(own);
      throws(() => dlopen(path, { echo_i32: { args: ['i'], returns: 'i' }, no_such: {} }), {
        code: 'ERR_FFI_SYMBOL_NOT_FOUND',
      });
      throws(() => dlopen(path, { echo_i32: { args: ['?'] } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
      ffi.close(own);
      watch.assertUnmapped();
    });
  });

  test('dlopen refuses unknown options, and invalid values of options', () =>
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

describe('options of dlopen', () => {
  test(
    'now: true refuses a library with unresolved symbols, which otherwise fails only at the call',
    { skip: resolvesAtOnce },
    () =>
      check(() => {
        const lacking = join(dirname(fixture), 'libarkffi_lacking.so');
        throws(() => dlopen(lacking, {}, { now: true }), {
          code: 'ERR_FFI_LIBRARY_NOT_FOUND',
          message: /is_exported_nowhere/,
        });
        dlopen(lacking, { lacking_call: {} }, { now: false }).close();
        dlopen(target, {}, { now: true }).close();
      }, 20),
  );

  test(
    "global: true exports the library's symbols to the process until it is unmapped",
    { skip: hasNoGlobalScope },
    () => {
      const path = ownFixture();
      const definitions = { counter_read: { returns: 'i' } };
      const missing = { code: 'ERR_FFI_SYMBOL_NOT_FOUND' };
      return repeat(
        () => {
          const local = dlopen(path, definitions, { global: false });
          throws(() => dlopen(null, definitions), missing);
          local.close();
          const lib = dlopen(path, definitions, { global: true });
          const own = dlopen(null, definitions);
          assert.equal(own.symbols.counter_read(), 7);
          own.close();
          lib.close();
          if (unmaps) throws(() => dlopen(null, definitions), missing);
          else assert.equal(dlopen(null, definitions).symbols.counter_read(), 7);
        },
        unmaps ? 20 : 0,
      );
    },
  );

  test('nodelete: true keeps the library in memory after it has been closed', () => {
    const lib = dlopen(ownFixture(), {}, { nodelete: true });
    const watch = watchUnmapping(lib.handle);
    const counter = ffi.getSymbolPtr(lib.handle, 'counter');
    const report = ffi.getSymbolPtr(lib.handle, 'unload_report_to');
    lib.close();
    assert.equal(watch.isUnmapped, false);
    assert.equal(new Int32Array(ffi.readMemory(counter, 4))[0], 7);
    ffi.callPtr(report, 'p', 'v', [null], []); // the process may outlive the flag
  });
});

// A sanitizer aborts a process that opens a library with RTLD_DEEPBIND.
const needsDeep = { skip: isSanitized && 'sanitizers forbid RTLD_DEEPBIND' };

/** The result of a function without arguments of a library that is opened for this call. */
function resultOf(path, name, returns, options) {
  const lib = dlopen(path, { [name]: { returns } }, options);
  const result = lib.symbols[name]();
  lib.close();
  return result;
}

describe('a library that exports a function of the C library', { skip: resolvesAtOnce || lacksVersion }, () => {
  const path = join(dirname(fixture), 'libarkffi_libc_homonym.so');
  const versionOf = (options) => resultOf(path, 'libc_homonym_call', 's', options);

  test("the C library's function is called, as in any program, also with deep: false", () =>
    check(() => {
      for (const options of [undefined, {}, { now: true }, { deep: false }])
        assert.match(versionOf(options), /^2\.\d+$/);
      const handle = ffi.load(path);
      assert.match(ffi.callString(handle, 'libc_homonym_call'), /^2\.\d+$/);
      ffi.close(handle);
    }, 20));

  test("the library's own function is called with deep: true", needsDeep, () =>
    check(() => assert.equal(versionOf({ deep: true }), 'own'), 20),
  );
});

describe("a library that exports a function of JavaScript's host", { skip: resolvesAtOnce }, () => {
  const path = join(dirname(fixture), 'libarkffi_homonym.so');
  const statusOf = (options) => resultOf(path, 'homonym_status', 'i', options);

  test("the library's own function is called", needsDeep, () =>
    check(() => {
      // The loader of musl cannot open a library deep: the host's function is called, and a line on the standard error says so.
      const expected = isMusl ? 1 : 42;
      for (const options of [undefined, {}, ...(isMusl ? [] : [{ deep: true }]), { now: true }])
        assert.equal(statusOf(options), expected);
      if (isMusl) throws(() => statusOf({ deep: true }), { code: 'ERR_FFI_NOT_SUPPORTED' });
      const handle = ffi.load(path);
      assert.equal(ffi.callMixed(handle, 'homonym_status', '', 'i', [], []), expected);
      ffi.close(handle);
    }, 20),
  );

  test("the host's function is called with deep: false", () =>
    check(() => assert.equal(statusOf({ deep: false }), 1), 20));
});

describe('an optional symbol', () => {
  test('an optional symbol is null if the library lacks it, and a function otherwise', () =>
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

  test('an optional symbol must still have a valid definition', () =>
    check(() => {
      throws(() => dlopen(target, { subtract: { args: ['?'], optional: true } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
      throws(() => dlopen(target, { subtract: { optional: 1 } }), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /^subtract: optional: expected a boolean/,
      });
    }, 4));
});

describe('closing a library', () => {
  test('closing a library makes its symbols refuse calls, and unmaps it', () => {
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
      watch.assertUnmapped();
      assert.equal(typeof echo_i32.ptr, 'number');
    });
  });

  test('closing a library does not close its callbacks', () =>
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
    'libraries and callbacks are closed by Symbol.dispose',
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
