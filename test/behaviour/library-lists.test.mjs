// The list of a library's exports, and the lookup of libraries by short names.
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { dlopen, findLibrary } from 'arkffi';
import ffi from 'liblibrary.so';
import { hasMuslNames, hidesEnvironment, isWindows } from './hosts.mjs';
import { ownFolder } from './lifetimes.mjs';
import { check, fixture, literally, throws } from './support.mjs';

describe('the list of a library', () => {
  test('the list names every exported function and variable, and nothing else, in alphabetical order', () =>
    check(() => {
      const lib = dlopen(fixture, {});
      const list = lib.list();
      const kinds = new Map(list.map(({ name, kind }) => [name, kind]));
      assert.equal(kinds.get('echo_i32'), 'function');
      assert.equal(kinds.get('string_new'), 'function');
      for (const name of ['counter', 'text', 'numbers']) assert.equal(kinds.get(name), 'data');
      assert.equal(kinds.has('strings_out'), false, 'a static variable is not exported');
      assert.equal(kinds.has('strlen'), false, 'the list has no exports of other libraries');
      assert.deepEqual(
        list.map(({ name }) => name),
        [...kinds.keys()].sort(),
      );
      lib.close();
    }, 20));

  test('the list has each name once, and each can be looked up', () => {
    const lib = dlopen(findLibrary('c'), {});
    const names = lib.list().map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length > 1000);
    for (const name of names) ffi.getSymbolPtr(lib.handle, name);
    assert.ok(!names.includes('GLIBC_2.17'), 'the name of a version is not a symbol');
    lib.close();
  });

  test('the list of the process has the exports of all its libraries', () => {
    const lib = dlopen(null, {});
    const kinds = new Map(lib.list().map(({ name, kind }) => [name, kind]));
    assert.equal(kinds.get('strlen'), 'function');
    assert.equal(kinds.get(isWindows ? '_iob' : 'environ'), 'data');
    assert.equal(kinds.get('napi_create_function'), 'function');
    lib.close();
  });

  test('a closed library refuses to list its exports', () =>
    check(() => {
      const lib = dlopen(fixture, {});
      lib.close();
      throws(() => lib.list(), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }));
});

describe('findLibrary', () => {
  afterEach(() => delete process.env.ARKFFI_LIBRARY_PATH);

  test('findLibrary returns the name with its version, which dlopen can open', () =>
    check(() => {
      const nameOf = (name) => (isWindows ? 'ucrtbase.dll' : hasMuslNames ? `lib${name}.so` : `lib${name}.so.6`);
      assert.equal(findLibrary('m'), nameOf('m'));
      assert.equal(findLibrary('c'), nameOf('c'));
      const lib = dlopen(findLibrary('m'), { pow: { args: ['d', 'd'], returns: 'd' } });
      assert.equal(lib.symbols.pow(2, 10), 1024);
      lib.close();
    }, 100));

  test(
    'findLibrary also searches ARKFFI_LIBRARY_PATH and the folder of the native module',
    { skip: hidesEnvironment },
    () => {
      const folder = mkdtempSync(join(ownFolder, 'find-'));
      const fileOf = (version) => (isWindows ? `libarkffi_own-${version}.dll` : `libarkffi_own.so.${version}`);
      for (const version of ['1', '2', '2.5', '10']) copyFileSync(fixture, join(folder, fileOf(version)));
      process.env.ARKFFI_LIBRARY_PATH = folder;
      return check(() => {
        assert.equal(findLibrary('arkffi_own'), fileOf('10'));
        dlopen(findLibrary('arkffi_own'), {}).close();
        if (!isWindows) assert.equal(findLibrary('ffi_target'), 'libffi_target.so');
      }, 100);
    },
  );

  test(
    'findLibrary throws if it finds nothing and names the folders it searched, because null would mean the process itself',
    { skip: hidesEnvironment },
    () => {
      process.env.ARKFFI_LIBRARY_PATH = join(ownFolder, 'looked-here');
      return check(() => {
        throws(() => findLibrary('arkffi_nowhere'), {
          code: 'ERR_FFI_LIBRARY_NOT_FOUND',
          message: new RegExp(`^no library 'arkffi_nowhere': .*${literally(process.env.ARKFFI_LIBRARY_PATH)}`),
        });
        for (const name of ['', '/', 'libm.so.6', '../m', '%s']) {
          throws(() => findLibrary(name), { code: 'ERR_FFI_LIBRARY_NOT_FOUND' });
        }
        for (const name of [undefined, null, 1, {}]) {
          throws(() => findLibrary(name), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^findLibrary: argument 1: / });
        }
      }, 100);
    },
  );
});
