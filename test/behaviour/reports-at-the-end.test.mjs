// What another thread did wrong during the last call of a program is reported before the program ends, on every host.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCommand, runsNoPrograms } from './hosts.mjs';

const main = fileURLToPath(new URL('../process/programs/main.mjs', import.meta.url));

/** Runs a program of test/process/programs/reports.mjs on this host. */
const run = (...args) =>
  new Promise((resolve) => {
    const [command, ...argv] = [...runCommand, main, 'reports', ...args];
    execFile(command, argv, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });

const reports = {
  ownThread: 'ERR_FFI_WRONG_THREAD callback: C called the callback from another thread; create it as threadsafe\n',
  plain:
    'ERR_FFI_WRONG_THREAD thread_call: argument 1: C called this function from another thread: a plain function runs ' +
    'on its own thread in a synchronous call; pass a JSCallback that is threadsafe, or call the C function with ' +
    ".async, or declare it with callbacks: 'pump'\n",
  closed: 'ERR_FFI_CALLBACK_CLOSED callback: C called the callback after it was closed\n',
  overflow: 'ERR_FFI_QUEUE_FULL callback: 4 calls were lost, because 65536 others waited to run\n',
};
reports.twice = reports.ownThread.repeat(2);

for (const [what, report] of Object.entries(reports)) {
  test(
    `the report is an uncaught exception although the event loop has nothing else to do: ${what}`,
    {
      skip: runsNoPrograms,
    },
    async () => {
      const { code, stdout, stderr } = await run('caught', what);
      assert.equal(`${stdout}${stderr}`, `${report}exit 0\n`);
      assert.equal(code, 0);
    },
  );
}

test('without a listener the report ends the process with code 1', { skip: runsNoPrograms }, async () => {
  const { code, stderr } = await run('uncaught', 'ownThread');
  assert.match(stderr, /C called the callback from another thread/);
  assert.equal(code, 1);
});

test('a worker that has nothing else to do fails with the report', { skip: runsNoPrograms }, async () => {
  const { stdout } = await run('inWorker', 'closed');
  assert.match(stdout, /C called the callback after it was closed\nexit 1\n$/);
});

test('an open callback keeps no process alive', { skip: runsNoPrograms }, async () =>
  assert.equal((await run('idle')).stdout, '1\n'),
);
