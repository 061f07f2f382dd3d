// Runs the demonstration as a user does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, node, withoutWarnings } from './support.mjs';

const demo = new URL('../../examples/demo/', import.meta.url);
const main = fileURLToPath(new URL('main.mjs', demo));

/** Runs the body of a module in which `report` is the demonstration's report. */
function runReport(body) {
  const source = `import * as report from '${new URL('report.mjs', demo)}';\n${body}\nprocess.exitCode = report.finish();`;
  return node(['--input-type=module', '--eval', source]);
}

// Every check of every section. tools/setup.sh installs the libraries.
const CHECKS = [
  'both ways give the same number, and it is right',
  'four calls at once each give their own result',
  'the event loop stood still in the sync call and went on in the async one',
  'the hash is that of node:crypto',
  'C reported each hundredth while the event loop went on',
  'a result of 1 ended the work at half',
  'cos and pow agree with Math.cos and Math.pow',
  '2 to the power of 10 is 1024, on a worker thread too',
  'strlen counts the bytes of UTF-8',
  'getpid is process.pid',
  'the Float64Array is sorted as its own sort() does',
  'crc32 is the checksum that node:zlib has',
  'node:zlib inflates it to the same file',
  'the two near planets with moons are Earth and Mars',
  'SQLite counts and adds what was inserted',
  'each is the error that was expected',
];

test('every check of every section of the demonstration passes', async () => {
  const { stdout, stderr } = exited(await node([main]));
  const passed = [...stdout.matchAll(/^  ✓ (.*)$/gm)].map(([, what]) => what);
  assert.deepEqual(passed, CHECKS, stdout);
  assert.match(stdout, new RegExp(`^✓ ${CHECKS.length} checks passed in `, 'm'));
  assert.doesNotMatch(stdout, /\x1b/, 'no colours in a pipe');
  assert.equal(withoutWarnings(stderr), '');
});

test('a topic of the demonstration can be run alone, and an unknown one is refused', async () => {
  const { stdout } = exited(await node([main, 'libm']));
  assert.match(stdout, /^✓ 2 checks passed in /m);
  const { stderr } = exited(await node([main, 'libn']), 2);
  assert.match(stderr, /no topic 'libn'/);
});

test('a library that the machine lacks is skipped with one line', async () => {
  const { stdout } = exited(
    await runReport(`
      import { dlopen } from 'arkffi';
      await report.section({ title: 'T', shows: 'S', needs: 'libnone.so.1', run: () => void dlopen('libnone.so.1', {}) });
    `),
  );
  assert.match(stdout, /^  – skipped: this machine has no libnone\.so\.1\n\n✓ 0 checks passed, 1 skipped in /m);
});

const failures = {
  'a check that does not hold': `report.check('two is three', 2 === 3);`,
  'an exception': `await report.section({ title: 'T', shows: 'S', needs: 'libm.so.6', run() { throw new Error('broken'); } });`,
  "a missing library of arkffi's own": `import { dlopen } from 'arkffi';
    await report.section({ title: 'T', shows: 'S', run: () => void dlopen('libnone.so.1', {}) });`,
};
for (const [what, body] of Object.entries(failures)) {
  test(`${what} makes the demonstration exit with code 1`, async () => {
    const { stdout } = exited(await runReport(body), 1);
    assert.match(stdout, /^✗ 0 checks passed, 1 failed in /m);
  });
}
