// Callbacks that other threads call, where a process could hang, overflow or crash.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exited, isSanitized, node, output, program, run } from './support.mjs';

/** Runs a program until its standard error output matches `enough`; then the program gets input, or is killed. */
async function runUntilReport(name, args, { enough, then }) {
  let hasReported = false;
  return node(program('callbacks', name, args), {
    onError(text, child) {
      if (hasReported || !enough.test(text)) return;
      hasReported = true;
      if (then === 'kill') child.kill('SIGKILL');
      else child.stdin.end('x');
    },
    keepInput: true,
  });
}

describe('a thread that waits for a blocked JavaScript thread', () => {
  const report =
    /arkffi: callback 'asked' has waited 2 s for its JavaScript thread, which is in a synchronous call of (\w+)\..*callbacks: 'pump'/;

  test('a deadlock is reported with the callback and the call that wait for each other', async () => {
    const { stdout, stderr, hung } = await runUntilReport('deadlock', [], { enough: /\n/, then: 'kill' });
    assert.equal(hung, undefined);
    assert.equal(report.exec(stderr)?.[1], 'thread_call', stderr);
    assert.equal(stdout, '');
  });

  test('a slow call is reported once, and the waiting thread gets its result when the call ends', async () => {
    const { stdout, stderr } = exited(await runUntilReport('slow', [3], { enough: /\n/, then: 'go' }));
    assert.equal(report.exec(stderr)?.[1], 'read', stderr);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.equal(stdout, 'sum 126\n');
  });

  test('a slow call that V8 has optimised is reported with its name', async () => {
    const { stdout, stderr } = exited(await run('callbacks', 'slowWhenHot'));
    assert.equal(report.exec(stderr)?.[1], 'poll', stderr);
    assert.equal(stdout, 'sum 42\n');
  });

  test('a JavaScript thread that is blocked without a call is reported', async () => {
    const { stdout, stderr } = exited(await run('callbacks', 'busy'));
    assert.match(stderr, /^arkffi: callback 'asked' has waited 2 s .* whose event loop stands still\n$/);
    assert.equal(stdout, 'result 42\n');
  });

  test('a Promise that cannot settle because of a synchronous call is reported', async () => {
    const { stdout, stderr } = exited(await runUntilReport('blockedPromise', [], { enough: /\n/, then: 'go' }));
    assert.match(
      stderr,
      /^arkffi: callback 'asked' has waited 2 s for a Promise to settle .* synchronous call of read/,
    );
    assert.equal(stdout, 'result 42\n');
  });

  test('a Promise that takes long while the event loop turns is not reported', async () => {
    const { stdout, stderr } = exited(await run('callbacks', 'slowPromise'));
    assert.equal(stderr, '');
    assert.equal(stdout, 'result 42\n');
  });
});

describe('while threads wait for Promises', () => {
  test('process.exit ends a process whose threads wait for Promises', async () =>
    exited(await run('callbacks', 'exitWhilePending', ['exit']), 3));

  test('an uncaught exception ends a process whose threads wait for Promises', async () => {
    const { stderr } = exited(await run('callbacks', 'exitWhilePending', ['throw']), 1);
    assert.match(stderr, /ends the process/);
  });

  for (const how of ['terminate', 'exit']) {
    test(`a worker whose threads wait for Promises ends: ${how}`, async () =>
      assert.equal(await output('callbacks', 'workerEndsWhilePending', [how]), 'ended\n'));
  }
});

describe('posted calls', () => {
  test('posted calls beyond 65,536 are lost, which is reported once for each overflow, with their number', async () => {
    const text = (n) => `ERR_FFI_QUEUE_FULL callback 'note': ${n} calls were lost, because 65536 others waited to run`;
    assert.equal(
      await output('callbacks', 'overflow'),
      `65536 ${text(4464)}\nlast 65535\n131072 ${text(1)}\ncalls 131072\n`,
    );
  });
});

describe('an open callback', () => {
  for (const [what, stays] of [
    [[], false],
    [['ref'], true],
    [['ref', 'ref', 'unref'], false],
    [['unref'], false],
    [['ref', 'close'], false],
  ]) {
    test(`an open callback ${stays ? 'keeps' : 'does not keep'} the process alive: ${what.join(', ') || 'without a call of ref'}`, async () =>
      assert.equal(await output('callbacks', 'refs', what), stays ? 'alive\n' : ''));
  }

  test('ref() keeps the process alive until a thread that no call waits for calls the callback', async () =>
    assert.equal(await output('callbacks', 'refUntilCalled'), 'called 5\n'));
});

describe('a pumped call', () => {
  test('a pumped call gives zero to a thread whose callback is not threadsafe, and the error is uncaught', async () =>
    assert.deepEqual((await output('callbacks', 'wrongThreadInPump')).trim().split('\n').sort(), [
      'ERR_FFI_WRONG_THREAD',
      'sum 0',
    ]));

  test('a callback of a pumped call may end the process', async () =>
    exited(await run('callbacks', 'exitInPump', [5]), 5));

  test('a pumped call ends when its worker is terminated', async () =>
    assert.equal(await output('callbacks', 'terminateInPump', [isSanitized ? 3 : 20]), 'ended\n'));
});

test('8 threads that call 50,000 times each get 400,000 right results', async () => {
  assert.equal(await output('callbacks', 'storm', [8, 50_000]), `${50_000 * 36}\n`);
});
