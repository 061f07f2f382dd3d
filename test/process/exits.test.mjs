// What keeps a process alive, and how it ends while calls are in flight.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exited, output, run } from './support.mjs';

describe('a process', () => {
  test('lives as long as a call is in flight', async () => assert.equal(await output('exits', 'pendingCall'), '42\n'));

  test('lives as long as a call is in flight that waits for a callback', async () =>
    assert.equal(await output('exits', 'pendingCallback'), '45\n'));

  test('lives until posted callbacks have run', async () =>
    assert.equal(await output('exits', 'pendingPost'), '1\n2\n'));

  test('ends when libraries, functions and callbacks are open and nothing goes on', async () =>
    assert.equal(await output('exits', 'idle'), '1 2 3\n'));

  test('ends well though nothing was ever closed', async () =>
    assert.equal(await output('exits', 'nothingClosed'), '1\n'));

  test("ends well while the library's own threads run", async () => exited(await run('exits', 'endWithThreads')));

  test('may call C when it ends', async () => assert.equal(await output('exits', 'callsAtExit'), '2 3\n'));
});

describe('process.exit', () => {
  for (const turns of [0, 1, 5]) {
    test(`ends it with calls queued and running, after ${turns} turns of the event loop`, async () =>
      exited(await run('exits', 'exitWithCalls', [3, turns]), 3));
  }

  test('ends it while C is on the stack', async () => exited(await run('exits', 'exitInCallback', [4]), 4));

  test('ends it in a callback that a worker thread waits for', async () =>
    exited(await run('exits', 'exitInAsyncCallback', [5]), 5));

  test("ends it while the library's threads call JavaScript", async () =>
    exited(await run('exits', 'exitWithThreads', [6, 'exit']), 6));

  test('ends it when libraries were closed with calls in flight', async () =>
    exited(await run('exits', 'exitWithClosedLibrary', [7]), 7));
});

describe('an exception that nobody catches', () => {
  test('ends the process with its message while calls are in flight', async () => {
    const { stderr } = exited(await run('exits', 'uncaughtWithCalls'), 1);
    assert.match(stderr, /nobody catches this/);
  });

  test("ends the process from a callback of the library's threads", async () => {
    const { stderr } = exited(await run('exits', 'exitWithThreads', [0, 'throw']), 1);
    assert.match(stderr, /the twentieth/);
  });

  test('ends the process when it is the rejection of a call', async () => {
    const { stderr } = exited(await run('exits', 'unhandledRejection'), 1);
    assert.match(stderr, /ERR_FFI_INVALID_ARG_TYPE/);
    assert.match(stderr, /echo_i32: argument 1: expected number, got string/);
  });
});
