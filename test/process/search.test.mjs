// The places in which a bare library name is searched for, and their order.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { output } from './support.mjs';

const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A folder in which the fixture library has the given name. */
function withFixtureAs(name) {
  const inside = mkdtempSync(join(folder, 'search-'));
  copyFileSync(process.env.ARKFFI_FIXTURE, join(inside, name));
  return inside;
}

const load = async (name, list, more) =>
  (await output('search', 'load', [name], { env: { ARKFFI_LIBRARY_PATH: list, ...more } })).trimEnd();

const demonstration = '1.0.0';
const fixture = 'aé€😀';

test('a bare name is found beside the native module by default', async () => {
  assert.equal(await load('libffi_target.so', ''), demonstration);
  assert.equal(await load('libffi_target.so', join(folder, 'none')), demonstration);
});

test('the folders of ARKFFI_LIBRARY_PATH are searched before that of the native module', async () => {
  const own = withFixtureAs('libffi_target.so');
  assert.equal(await load('libffi_target.so', own), fixture);
  assert.equal(await load('libffi_target.so', `${join(folder, 'none')}:${own}`), fixture);
});

test('the first folder that has the library is used', async () => {
  const [first, second] = [withFixtureAs('libtwice.so'), withFixtureAs('libother.so')];
  copyFileSync(process.env.ARKFFI_FIXTURE, join(second, 'libtwice.so'));
  assert.equal(await load('libtwice.so', `${first}:${second}`), fixture);
});

test("the system's loader is asked first", async () => {
  const own = withFixtureAs('libm.so.6');
  assert.equal(await load('libm.so.6', own), '', "the system's library, which has no such functions");
  const loaderPath = withFixtureAs('libffi_target.so');
  assert.equal(await load('libffi_target.so', '', { LD_LIBRARY_PATH: loaderPath }), fixture);
});

test('the working directory is not searched', async () =>
  assert.match(await load('support.mjs', ''), /^ERR_FFI_LIBRARY_NOT_FOUND/));
