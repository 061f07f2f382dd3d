// The watch of the test runner ends what hangs, and nothing that is slow: tools/watch.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, isSanitized, node } from './support.mjs';

const watch = fileURLToPath(new URL('../../tools/watch.mjs', import.meta.url));
const skip =
  (process.platform !== 'linux' && 'only Linux has the figures') ||
  (isSanitized && 'the watch does not depend on the native module');

/** Runs JavaScript under a watch that looks often. The sanitizer that may be preloaded is not for the watch. */
const watched = (code, looks) =>
  node([watch, process.execPath, '-e', code], {
    env: { ARKFFI_WATCH_LOOKS: String(looks), ARKFFI_WATCH_INTERVAL: '20' },
  });

const report = "console.log(require('node:child_process').spawnSync(process.execPath, ['-e', CODE]).signal)";

test(
  'the innermost process that sleeps for ever is ended, and the one that waits for it goes on',
  { skip },
  async () => {
    const sleeps = JSON.stringify('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)');
    const { stdout, stderr } = exited(await watched(report.replace('CODE', sleeps), 10));
    assert.equal(stdout, 'SIGKILL\n');
    assert.match(stderr, /^process \d+ hangs: its threads were found asleep 10 times.* \(threads: \S+ S \d+,/);
  },
);

test('a process that works is not ended, whatever it says', { skip }, async () => {
  const works = 'const end = process.cpuUsage().user + 1e6; while (process.cpuUsage().user < end);';
  const { stderr } = exited(await watched(`${works} console.log('done')`, 2));
  assert.equal(stderr, '');
});

test('a process that only writes a byte now and then is ended', { skip }, async () => {
  const writes = JSON.stringify("setInterval(() => fs.writeSync(fs.openSync('/dev/null', 'w'), 'x'), 50)");
  const { stdout } = exited(await watched(report.replace('CODE', writes), 20));
  assert.equal(stdout, 'SIGKILL\n');
});

test('a service that sleeps while the process that started it works is not ended', { skip }, async () => {
  const works = `
    const service = require('node:child_process').spawn('cat', { stdio: ['pipe', 'inherit', 'inherit'] });
    service.on('spawn', () => {
      const end = process.cpuUsage().user + 2e6;
      while (process.cpuUsage().user < end);
      service.stdin.end('served');
    });`;
  const { stdout, stderr } = exited(await watched(works, 5));
  assert.deepEqual([stdout, stderr], ['served', '']);
});
