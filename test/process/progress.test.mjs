// Runs the example of progress as a user does.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, node } from './support.mjs';

const main = fileURLToPath(new URL('../../examples/progress/main.mjs', import.meta.url));
const license = fileURLToPath(new URL('../../LICENSE', import.meta.url));
const MEGABYTE = 2 ** 20;
const TMPDIR = mkdtempSync(join(tmpdir(), 'arkffi-test-'));
after(() => rmSync(TMPDIR, { recursive: true }));

test('the progress example reports each tenth while the event loop turns, and prints the hash', async () => {
  const { stdout, stderr } = exited(await node([main], { env: { TMPDIR } }));
  const lines = [...stdout.matchAll(/^ *(\d+) %  .*, (\d+) ticks of a timer$/gm)];
  assert.deepEqual(
    lines.map(([, percent]) => Number(percent)),
    [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
  );
  const ticks = lines.map(([, , count]) => Number(count));
  assert.ok(ticks[9] > ticks[4] && ticks[4] > ticks[0], `${ticks}`);
  // The sha256sum of 512 MB of zeros.
  assert.match(stdout, /^9acca8e8c22201155389f65abbf6bc9723edc7384ead80503839f49dcc56d767 {2}/m);
  assert.doesNotMatch(stdout, /\x1b/, 'no progress bar in a pipe');
  assert.equal(stderr, '');
  assert.deepEqual(readdirSync(TMPDIR), []);
});

test('the progress example hashes a given file', async () => {
  const digits = createHash('sha256').update(readFileSync(license)).digest('hex');
  const { stdout } = exited(await node([main, license]));
  assert.ok(stdout.endsWith(`${digits}  ${license}\n`), stdout);
  const { stderr } = exited(await node([main, join(TMPDIR, 'none')]), 1);
  assert.match(stderr, /none cannot be read: errno is 2\n$/);
});

test('Ctrl-C stops C in the progress example, and everything is cleaned up', async () => {
  const large = join(tmpdir(), `${basename(TMPDIR)}-large`);
  after(() => rmSync(large, { force: true }));
  // Where this process is so slow that the program ends before it gets the signal, a larger file is hashed.
  for (let size = 512 * MEGABYTE; ; size *= 4) {
    const argv = size === 512 * MEGABYTE ? [] : [large];
    if (argv.length) writeFileSync(large, '');
    if (argv.length) truncateSync(large, size);
    let stopped = false;
    const onOutput = (stdout, child) => {
      if (!stopped && / 20 %/.test(stdout)) stopped = child.kill('SIGINT');
    };
    const result = await node([main, ...argv], { env: { TMPDIR }, onOutput });
    assert.deepEqual(readdirSync(TMPDIR), []);
    if (result.code === 0 && size < 30_000 * MEGABYTE) continue;
    const { stderr } = exited(result, 130);
    assert.match(stderr, /^stopped after \d+ MB\n$/);
    break;
  }
});
