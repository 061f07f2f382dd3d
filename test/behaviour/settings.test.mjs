// ffi.configure: settings that environment variables have too.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { dlopen, findLibrary, suffix } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture, target, throws } from './support.mjs';

const first = { checked: ffi.checked, engine: ffi.engine };
const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const wrong = (settings, message, code = 'ERR_FFI_INVALID_ARG_TYPE') =>
  throws(() => ffi.configure(settings), { code, message });

test('configure refuses what is no object', () =>
  check(() => {
    for (const settings of [null, undefined, 1, 'checked', true, [], () => {}])
      wrong(settings, /^configure: argument 1: /);
  }, 10));

test('configure refuses unknown settings, and suggests a similar one', () =>
  check(() => {
    wrong({ anything: 1 }, "configure: unknown setting 'anything'");
    wrong({ chekced: true }, "configure: unknown setting 'chekced'; did you mean 'checked'?");
    wrong({ librarypath: '/' }, "configure: unknown setting 'librarypath'; did you mean 'libraryPath'?");
    wrong({ 0: true }, "configure: unknown setting '0'");
    wrong({ 'engine\0x': 'napi' }, 'configure: the name of a setting has a NUL inside');
  }, 10));

test('configure refuses values of the wrong type', () =>
  check(() => {
    for (const value of [1, 'true', null, {}]) wrong({ checked: value }, /^configure: checked: expected boolean, got /);
    for (const value of [1, true, null, [folder]]) {
      wrong({ libraryPath: value }, /^configure: libraryPath: expected string \(folders, separated by colons\), got /);
    }
    wrong({ libraryPath: 'a\0b' }, 'configure: libraryPath: the string has a NUL inside');
    wrong({ engine: 1 }, "configure: engine: expected 'v8', 'bun', 'deno', 'portable' or 'napi', got number");
    const message = "configure: engine: expected 'v8', 'bun', 'deno', 'portable' or 'napi', got 'turbo'";
    wrong({ engine: 'turbo' }, message, 'ERR_FFI_NO_ENGINE');
  }, 10));

test('nothing changes if one setting is wrong', () =>
  check(() => {
    wrong({ checked: !first.checked, engine: 'napi', libraryPath: 7 });
    wrong({ checked: !first.checked, engine: 'napi', other: 7 });
    assert.deepEqual({ checked: ffi.checked, engine: ffi.engine }, first);
  }, 10));

test('a setting is read once, and only if it is the own one of the object', () => {
  let reads = 0;
  const settings = {
    get engine() {
      return reads++ ? 'turbo' : undefined;
    },
  };
  ffi.configure(settings);
  assert.equal(reads, 1);
  ffi.configure(Object.create({ engine: 'turbo', checked: 'x' }));
  assert.deepEqual({ checked: ffi.checked, engine: ffi.engine }, first);
});

test('what a getter throws is passed on', () => {
  const thrown = { is: 'no error' };
  const settings = Object.defineProperty({}, 'checked', {
    enumerable: true,
    get() {
      throw thrown;
    },
  });
  assert.throws(
    () => ffi.configure(settings),
    (error) => error === thrown,
  );
});

test('checked is checked mode, and undefined leaves a setting as it is', () =>
  check(() => {
    for (const checked of [true, false]) {
      ffi.configure({ checked });
      assert.equal(ffi.checked, checked);
      ffi.configure({ checked: undefined });
      ffi.configure({});
      assert.equal(ffi.checked, checked);
    }
    ffi.configure({ checked: first.checked });
  }, 10));

test('libraryPath has the folders that libraries are searched for in', () => {
  const name = `libarkffi_settings.${suffix}`;
  copyFileSync(fixture, join(folder, name));
  const missing = { code: 'ERR_FFI_LIBRARY_NOT_FOUND' };
  throws(() => dlopen(name, {}), missing);
  ffi.configure({ libraryPath: [join(folder, 'nowhere'), folder].join(delimiter) });
  dlopen(name, {}).close();
  ffi.close(ffi.load(name));
  assert.equal(findLibrary('arkffi_settings'), name);
  ffi.configure({ checked: first.checked });
  dlopen(name, {}).close();
  ffi.configure({ libraryPath: '' });
  throws(() => dlopen(name, {}), missing);
  dlopen(target, {}).close();
});

test('engine is how functions are called that are declared afterwards', () => {
  const declare = () => dlopen(fixture, { echo_i32: { args: ['i'], returns: 'i' } }).symbols.echo_i32;
  const before = declare();
  for (const engine of ['napi', 'portable', first.engine]) {
    ffi.configure({ engine });
    assert.equal(ffi.engine, engine);
    for (const echo of [declare(), before]) {
      assert.equal(echo(7), 7);
      throws(() => echo('7'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }
  }
});

test('configure needs no object to be called on', () => {
  const { configure } = ffi;
  configure({ checked: first.checked });
  wrong({ other: 1 });
});
