// A process that has more rights than the user who started it does not trust its environment: no variable chooses code.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isSanitized } from './support.mjs';

const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const skip = isSanitized
  ? 'the loader preloads nothing in such a process'
  : !isRoot && 'only root makes such a program';

test('ARKFFI_LIBRARY_PATH, ARKFFI_NATIVE_MODULE, ARKFFI_ENGINE and ARKFFI_CHECKED are ignored', { skip }, (context) => {
  const node = join(folder, 'node');
  copyFileSync(process.execPath, node);
  chownSync(node, 65534, 65534);
  copyFileSync(process.env.ARKFFI_FIXTURE, join(folder, 'libonly_there.so'));
  chmodSync(folder, 0o755);
  const env = {
    PATH: process.env.PATH,
    ARKFFI_LIBRARY_PATH: folder,
    ARKFFI_NATIVE_MODULE: '/no/such/module.node',
    ARKFFI_ENGINE: 'napi',
    ARKFFI_CHECKED: '1',
  };
  const program = `
    const arkffi = require(${JSON.stringify(fileURLToPath(new URL('../../dist/index.cjs', import.meta.url)))});
    let code = 'opened';
    try { arkffi.dlopen('libonly_there.so', {}); } catch (error) { ({ code } = error); }
    console.log(process.getuid() !== process.geteuid(), code, arkffi.ffi.engine, arkffi.ffi.checked);
  `;
  const start = () => spawnSync(node, ['-e', program], { env, encoding: 'utf8', cwd: folder });
  chmodSync(node, 0o755);
  assert.match(start().stderr, /no\/such\/module/, 'an ordinary process uses the variable');
  chmodSync(node, 0o4755);
  const { stdout, stderr } = start();
  // Some file systems are mounted without setuid.
  if (/^false/.test(stdout)) return context.skip('this file system knows no setuid programs');
  // A checkout below a private folder cannot be read by the other user.
  if (/EACCES|Permission denied/.test(stderr)) return context.skip('another user may not read the checkout');
  assert.match(stdout, /^true ERR_FFI_LIBRARY_NOT_FOUND (v8|portable) false\n$/, stderr);
});
