// Checked mode, switched on by the environment variable.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exited, node } from './support.mjs';

const wild = `import ffi from 'liblibrary.so'; try { ffi.readMemory(0x123456789, 4) } catch (error) { console.log(error.code) }`;

test('ARKFFI_CHECKED=1 turns a crash into an error', async () => {
  const argv = ['--input-type=module', '--eval', wild];
  const { stdout, stderr } = exited(await node(argv, { env: { ARKFFI_CHECKED: '1' } }));
  assert.equal(stdout, 'ERR_FFI_BAD_ADDRESS\n');
  assert.equal(stderr, '');
});

/** What a program prints that loads arkffi with a variable set to a value, and makes a callback. */
async function loaded(variable, value) {
  const load = `import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    try {
      const { JSCallback } = require('arkffi');
      new JSCallback(() => 1, { returns: 'int' }).close();
      console.log('loaded');
    } catch ({ code, message }) {
      console.log(code, message);
    }`;
  const argv = ['--input-type=module', '--eval', load];
  return exited(await node(argv, { env: { [variable]: value } })).stdout.trimEnd();
}

test('an unknown value of a variable is an error, which names the variable and what it accepts', async () => {
  const settings = {
    ARKFFI_CLOSURES: ['ERR_FFI_INVALID_ARG_TYPE', "'static' or nothing"],
    ARKFFI_CHECKED: ['ERR_FFI_INVALID_ARG_TYPE', '0 or 1'],
    ARKFFI_ENGINE: ['ERR_FFI_NO_ENGINE', "'v8', 'bun', 'deno', 'portable' or 'napi'"],
  };
  for (const [variable, [code, accepted]] of Object.entries(settings)) {
    for (const value of ['bogus', 'Static', '1 ', 'true']) {
      const message = `${code} ${variable}: expected ${accepted}, got '${value}'`;
      assert.equal(await loaded(variable, value), message);
    }
    assert.equal(await loaded(variable, ''), 'loaded');
  }
  assert.equal(await loaded('ARKFFI_CLOSURES', 'static'), 'loaded');
  const cut = `${'x'.repeat(63)}...`;
  assert.ok((await loaded('ARKFFI_CLOSURES', 'x'.repeat(200))).endsWith(`got '${cut}'`));
  assert.ok((await loaded('ARKFFI_CHECKED', 'é')).endsWith("got '??'"));
});

test('checked mode is off if the variable is empty or 0', async () => {
  const ask = ['--input-type=module', '--eval', `import ffi from 'liblibrary.so'; console.log(ffi.checked)`];
  for (const value of ['', '0']) {
    assert.equal(exited(await node(ask, { env: { ARKFFI_CHECKED: value } })).stdout, 'false\n');
  }
  assert.equal(exited(await node(ask, { env: { ARKFFI_CHECKED: '1' } })).stdout, 'true\n');
});
