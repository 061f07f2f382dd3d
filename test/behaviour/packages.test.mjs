// The names under which programs import arkffi, all of which lead to the same native module.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as arkffi from 'arkffi';
import ffi from 'liblibrary.so';

const require = createRequire(import.meta.url);

const bridge = [
  ...['load', 'close', 'defineFunction', 'callBySig', 'callMixed', 'callString', 'callPtr', 'callAsync'],
  ...['callPtrAsync', 'callStringAsync', 'getSymbolPtr', 'readCString', 'readMemory', 'writeMemory', 'ptr'],
  ...['createCallback', 'getCallbackPtr', 'getCallbackThreadsafe', 'invokeCallback', 'callCallbackThreadSafe'],
  'destroyCallback',
];
const library = [
  ...['dlopen', 'Library', 'CFunction', 'AsyncCFunction', 'JSCallback', 'CString', 'Struct', 'FFIType', 'ptr', 'ffi'],
  ...['callAsync', 'callPtrAsync'],
];

test("'liblibrary.so' exports the same object as arkffi's ffi, imported or required", () => {
  assert.equal(ffi, arkffi.ffi);
  assert.equal(ffi, arkffi.default);
  assert.equal(ffi, require('liblibrary.so'));
  assert.equal(ffi, require('arkffi').ffi);
  assert.equal(ffi, require('arkffi').default);
});

test('arkffi is the same module, imported or required', () => {
  const required = require('arkffi');
  for (const name of library) {
    assert.notEqual(arkffi[name], undefined, name);
    assert.equal(arkffi[name], required[name], name);
  }
});

test('the default export has the public API as well, and lists only the raw bridge', () => {
  for (const name of library) assert.equal(arkffi.default[name], arkffi[name], name);
  assert.ok(!Object.keys(arkffi.default).includes('dlopen'));
});

test('the bridge has every function, with its own name', () => {
  for (const name of bridge) {
    assert.equal(typeof ffi[name], 'function', name);
    assert.equal(ffi[name].name, name);
  }
});

test('the types of the bridge name what it has, and nothing else', () => {
  const declared = readFileSync(new URL('../../ts/src/host/bridge.ts', import.meta.url), 'utf8');
  const namesIn = (type) => {
    const [body] = new RegExp(`(?<=interface ${type} (extends RawBridge )?\\{)[^]*?(?=\\n\\})`).exec(declared);
    return [...body.matchAll(/^  (?:readonly )?(\w+)(?:<[^>]*>)?[(:]/gm)].map(([, name]) => name);
  };
  const [raw, inner] = [namesIn('RawBridge'), namesIn('NativeModule')];
  // Bun adds `exports` to what a native module exports, if that is imported itself.
  const isExport = (name) => name !== 'exports';
  assert.deepEqual(Object.keys(ffi).filter(isExport).sort(), raw.sort());
  // The default export, which is the same object, has what the package exports, too.
  const isOwn = (name) => isExport(name) && (raw.includes(name) || inner.includes(name) || !(name in arkffi));
  const names = Object.getOwnPropertyNames(ffi).filter((name) => name !== '__esModule' && isOwn(name));
  assert.deepEqual(names.sort(), [...new Set([...raw, ...inner])].sort());
});

test('the functions of the bridge work without a receiver', () => {
  const { load, callString, close } = ffi;
  const handle = load('libffi_target.so');
  assert.equal(callString(handle, 'getVersion'), '1.0.0');
  close(handle);
});

test('each package has a version and types', () => {
  for (const name of ['arkffi', 'liblibrary.so']) {
    const { version, exports } = require(`${name}/package.json`);
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.ok(exports['.'].import.types && exports['.'].require.types);
  }
});
