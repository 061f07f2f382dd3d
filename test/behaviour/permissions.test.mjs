// The engine of Deno's own calls where Deno refuses them, from the beginning or later.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hasNoPermissions, hostEngine } from './hosts.mjs';

const main = fileURLToPath(new URL('../process/programs/main.mjs', import.meta.url));
const { ARKFFI_ENGINE: wanted } = process.env;
const skip = hasNoPermissions || (wanted && wanted !== hostEngine && 'another engine is in use');

/** Runs a program of test/process/programs/permissions.mjs; returns what it prints, line by line. */
const run = (name, args = [], allowed = ['--allow-all']) =>
  new Promise((resolve) => {
    const argv = ['run', '--quiet', '--no-lock', '--no-prompt', ...allowed, main, 'permissions', name, ...args];
    const env = { ...process.env, ARKFFI_ENGINE: '' };
    execFile(process.execPath, argv, { env }, (error, stdout, stderr) => resolve(`${stdout}${stderr}`.split('\n')));
  });

const right = '-2999 1499.5 6 ERR_FFI_OUT_OF_RANGE';
const refused = "ERR_FFI_NO_ENGINE configure: engine: 'deno' does not work here: deno does not open the native module";

test('without the permission the import says which it is, and no other advice', { skip }, async () => {
  const [message] = await run('never', [], ['--allow-read', '--allow-env', '--allow-sys']);
  assert.match(message, /^arkffi's native module cannot be loaded on /);
  assert.match(message, /Requires ffi access to "[^"]+", run again with the --allow-ffi flag\b/);
  assert.doesNotMatch(message, /arkffi build/);
});

test('the permission that ends before the first call leaves another engine', { skip }, async () =>
  assert.deepEqual(await run('revokedBeforeTheFirstCall'), [`portable ${right}`, refused, 'portable', '']),
);

test('the permission that ends later changes no result, of functions called before and after', { skip }, async () =>
  assert.deepEqual(await run('revokedLater'), [right, right, right, right, 'deno', '']),
);

for (const how of ['deleted', 'throws', 'pretends']) {
  test(`a program that has replaced Deno.dlopen gets another engine: ${how}`, { skip }, async () => {
    const [first, second] = await run('replaced', [how]);
    assert.equal(first, `portable ${right}`);
    assert.match(
      second,
      how === 'deleted' ? /^ERR_FFI_NO_ENGINE configure: engine: 'deno' works in/ : new RegExp(`^${refused}$`),
    );
  });
}
