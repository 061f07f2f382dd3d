// Where a bare name is looked for, and in which order.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { output } from './support.mjs';

const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A folder where the fixture library goes by that name. */
function withFixtureAs(name) {
  const inside = mkdtempSync(join(folder, 'search-'));
  copyFileSync(process.env.ARKFFI_FIXTURE, join(inside, name));
  return inside;
}

const load = async (name, list, more) =>
  (await output('search', 'load', [name], { env: { ARKFFI_LIBRARY_PATH: list, ...more } })).trimEnd();

const demonstration = '1.0.0';
const fixture = 'aé€😀';

test('beside the native module, where nothing else is said', async () => {
  assert.equal(await load('libffi_target.so', ''), demonstration);
  assert.equal(await load('libffi_target.so', join(folder, 'none')), demonstration);
});

test('in each folder of ARKFFI_LIBRARY_PATH before that', async () => {
  const own = withFixtureAs('libffi_target.so');
  assert.equal(await load('libffi_target.so', own), fixture);
  assert.equal(await load('libffi_target.so', `${join(folder, 'none')}:${own}`), fixture);
});

test('in the first folder that has it', async () => {
  const [first, second] = [withFixtureAs('libtwice.so'), withFixtureAs('libother.so')];
  copyFileSync(process.env.ARKFFI_FIXTURE, join(second, 'libtwice.so'));
  assert.equal(await load('libtwice.so', `${first}:${second}`), fixture);
});

test("by the system's loader before all", async () => {
  const own = withFixtureAs('libm.so.6');
  assert.equal(await load('libm.so.6', own), '', 'it is the real one, which has no such functions');
  const lent = withFixtureAs('libffi_target.so');
  assert.equal(await load('libffi_target.so', '', { LD_LIBRARY_PATH: lent }), fixture);
});

test('nowhere else: the folder that a process works in has nothing to say', async () =>
  assert.match(await load('support.mjs', ''), /^ERR_FFI_LIBRARY_NOT_FOUND/));
