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

test('checked mode is off if the variable is empty or 0', async () => {
  const ask = ['--input-type=module', '--eval', `import ffi from 'liblibrary.so'; console.log(ffi.checked)`];
  for (const value of ['', '0']) {
    assert.equal(exited(await node(ask, { env: { ARKFFI_CHECKED: value } })).stdout, 'false\n');
  }
  assert.equal(exited(await node(ask, { env: { ARKFFI_CHECKED: '1' } })).stdout, 'true\n');
});
