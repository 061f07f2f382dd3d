// The check of native modules for macOS (tools/prebuilds/macho.mjs): libraries that are no native modules, and changed ones. The
// libraries are those of core/test/macho_files.txt; tools/platforms/macho-files.mjs says how they are written.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkMacho } from '../../tools/prebuilds/macho.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'arkffi-macho-'));
after(() => rmSync(scratch, { recursive: true }));

/** The libraries, by their processors. */
const files = {};
for (const line of readFileSync(new URL('../../core/test/macho_files.txt', import.meta.url), 'utf8').split('\n')) {
  const [first, second] = line.split(' ');
  if (/^\d+$/.test(first)) Object.values(files).at(-1).write(second, Number(first), 'hex');
  else if (second) files[first] = Buffer.alloc(Number(second));
}

const rules = { registration: ['registration'], hardened: ['__stack_chk_fail'] };

function faultsOf(target, bytes) {
  const path = join(scratch, 'file');
  writeFileSync(path, bytes);
  return checkMacho(target, path, rules).complaints;
}

/** A copy with other bytes at an offset. */
function changed(bytes, offset, ...others) {
  const copy = Buffer.from(bytes);
  copy.set(others, offset);
  return copy;
}

const aboutSignatures = /sign/;

for (const [target, file] of [
  ['darwin-arm64', files.arm64],
  ['darwin-x64', files.x86_64],
]) {
  test(`${target}: a library that is no native module`, () => {
    const faults = faultsOf(target, file);
    for (const fault of [
      'is not a bundle',
      'exports add',
      'does not export registration',
      'needs taken_from_host, which no library has',
      'needs the library @rpath/libpart.dylib',
      'is not hardened: it does not call __stack_chk_fail',
    ]) {
      assert.ok(faults.includes(fault), `${fault}: ${faults}`);
    }
    assert.deepEqual(
      faults.filter((fault) => aboutSignatures.test(fault)),
      [],
    );
  });

  test(`${target}: a library that was changed after it was signed`, () => {
    for (const page of [0, 1, 2]) {
      const faults = faultsOf(target, changed(file, page * 4096 + 3000, 1, 2, 3));
      assert.deepEqual(
        faults.filter((fault) => aboutSignatures.test(fault)),
        [`was changed after it was signed, in page ${page}`],
      );
    }
    assert.ok(faultsOf(target, Buffer.concat([file, Buffer.from('x')])).includes('is not signed up to its end'));
  });

  test(`${target}: other files, processors and protections`, () => {
    assert.deepEqual(faultsOf(target, Buffer.from('x'.repeat(100))), ['is not a native module for macOS']);
    assert.deepEqual(faultsOf(target, Buffer.alloc(0)), ['is not a native module for macOS']);
    assert.match(faultsOf(target, changed(file, 4, 9))[0], /^is not for /);
    // The first segment begins at byte 32, and what its memory may be used for at byte 88.
    assert.ok(faultsOf(target, changed(file, 88, 7)).includes('has memory that is writable and executable: __TEXT'));
    assert.ok(faultsOf(target, changed(file, 26, 2)).includes('has the flag ALLOW_STACK_EXECUTION'));
  });
}
