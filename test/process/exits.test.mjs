// What keeps a process alive, and how it ends while calls are in flight.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exited, output, run } from './support.mjs';

describe('a process', () => {
  test('a process lives as long as a call is in flight', async () =>
    assert.equal(await output('exits', 'pendingCall'), '42\n'));

  test('a process lives as long as a call in flight waits for a callback', async () =>
    assert.equal(await output('exits', 'pendingCallback'), '45\n'));

  test('a process lives until posted callbacks have run', async () =>
    assert.equal(await output('exits', 'pendingPost'), '1\n2\n'));

  test('a process ends with libraries, functions and callbacks open if nothing is in flight', async () =>
    assert.equal(await output('exits', 'idle'), '1 2 3\n'));

  test('a process ends normally although nothing was ever closed', async () =>
    assert.equal(await output('exits', 'nothingClosed'), '1\n'));

  test("a process ends normally while the library's own threads run", async () =>
    exited(await run('exits', 'endWithThreads')));

  test('a process may call C in its exit listeners', async () =>
    assert.equal(await output('exits', 'callsAtExit'), '2 3\n'));
});

describe('process.exit', () => {
  for (const turns of [0, 1, 5]) {
    test(`process.exit ends a process with calls queued and running, after ${turns} turns of the event loop`, async () =>
      exited(await run('exits', 'exitWithCalls', [3, turns]), 3));
  }

  test('process.exit ends a process while C is on the stack', async () =>
    exited(await run('exits', 'exitInCallback', [4]), 4));

  test('process.exit ends a process in a callback for which a worker thread waits', async () =>
    exited(await run('exits', 'exitInAsyncCallback', [5]), 5));

  test("process.exit ends a process while the library's threads call JavaScript", async () =>
    exited(await run('exits', 'exitWithThreads', [6, 'exit']), 6));

  test('process.exit ends a process after libraries were closed with calls in flight', async () =>
    exited(await run('exits', 'exitWithClosedLibrary', [7]), 7));
});

describe('an uncaught exception', () => {
  test('an uncaught exception ends the process with its message while calls are in flight', async () => {
    const { stderr } = exited(await run('exits', 'uncaughtWithCalls'), 1);
    assert.match(stderr, /uncaught on purpose/);
  });

  test("an uncaught exception of a callback on the library's thread ends the process", async () => {
    const { stderr } = exited(await run('exits', 'exitWithThreads', [0, 'throw']), 1);
    assert.match(stderr, /the twentieth/);
  });

  test('an unhandled rejection of a call ends the process', async () => {
    const { stderr } = exited(await run('exits', 'unhandledRejection'), 1);
    assert.match(stderr, /ERR_FFI_INVALID_ARG_TYPE/);
    assert.match(stderr, /echo_i32: argument 1: expected number, got string/);
  });
});
