// Callbacks that other threads call, where something could hang, overflow or crash.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exited, isSanitized, node, output, program, run } from './support.mjs';

/** Runs a program until it has written what `enough` accepts to its standard error; then it is given input, or killed. */
async function untilTold(name, args, { enough, then }) {
  let isTold = false;
  return node(program('callbacks', name, args), {
    onError(text, child) {
      if (isTold || !enough.test(text)) return;
      isTold = true;
      if (then === 'kill') child.kill('SIGKILL');
      else child.stdin.end('x');
    },
    keepInput: true,
  });
}

describe('a thread that waits for a JavaScript thread which does not come', () => {
  const told =
    /arkffi: callback 'asked' has waited 2 s for its JavaScript thread, which is in a synchronous call of (\w+)\..*callbacks: 'pump'/;

  test('is told of, with the callback and the call that wait for each other', async () => {
    const { stdout, stderr, hung } = await untilTold('deadlock', [], { enough: /\n/, then: 'kill' });
    assert.equal(hung, false);
    assert.equal(told.exec(stderr)?.[1], 'thread_call', stderr);
    assert.equal(stdout, '');
  });

  test('gets its result all the same, when the call was only slow; and that is told once', async () => {
    const { stdout, stderr } = exited(await untilTold('slow', [3], { enough: /\n/, then: 'go' }));
    assert.equal(told.exec(stderr)?.[1], 'read', stderr);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.equal(stdout, 'sum 126\n');
  });

  test('is told of with the call also where V8 has optimised that', async () => {
    const { stdout, stderr } = exited(await run('callbacks', 'slowWhenHot'));
    assert.equal(told.exec(stderr)?.[1], 'poll', stderr);
    assert.equal(stdout, 'sum 42\n');
  });

  test('is told of where JavaScript is busy otherwise', async () => {
    const { stdout, stderr } = exited(await run('callbacks', 'busy'));
    assert.match(stderr, /^arkffi: callback 'asked' has waited 2 s .* whose event loop stands still\n$/);
    assert.equal(stdout, 'result 42\n');
  });

  test('is told of where its Promise cannot settle', async () => {
    const { stdout, stderr } = exited(await untilTold('blockedPromise', [], { enough: /\n/, then: 'go' }));
    assert.match(
      stderr,
      /^arkffi: callback 'asked' has waited 2 s for a Promise to settle .* synchronous call of read/,
    );
    assert.equal(stdout, 'result 42\n');
  });

  test('is not told of while the event loop turns and a Promise takes its time', async () => {
    const { stdout, stderr } = exited(await run('callbacks', 'slowPromise'));
    assert.equal(stderr, '');
    assert.equal(stdout, 'result 42\n');
  });
});

describe('while threads wait for Promises,', () => {
  test('process.exit ends the process', async () => exited(await run('callbacks', 'exitWhilePending', ['exit']), 3));

  test('an uncaught exception ends it', async () => {
    const { stderr } = exited(await run('callbacks', 'exitWhilePending', ['throw']), 1);
    assert.match(stderr, /ends the process/);
  });

  for (const how of ['terminate', 'exit']) {
    test(`a worker ends: ${how}`, async () =>
      assert.equal(await output('callbacks', 'workerEndsWhilePending', [how]), 'ended\n'));
  }
});

describe('posts', () => {
  test('beyond 65,536 are lost, which is told once for each time, with their number', async () => {
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
    [['close', 'ref'], false],
  ]) {
    test(`${stays ? 'keeps' : 'does not keep'} the process alive: ${what.join(', ') || 'as it is made'}`, async () =>
      assert.equal(await output('callbacks', 'refs', what), stays ? 'alive\n' : ''));
  }

  test('that has ref() lives to be called by a thread that no call waits for', async () =>
    assert.equal(await output('callbacks', 'refUntilCalled'), 'called 5\n'));
});

describe('a pumped call', () => {
  test('gives zero to a thread of the library whose callback is not threadsafe, and that is uncaught', async () =>
    assert.deepEqual((await output('callbacks', 'wrongThreadInPump')).trim().split('\n').sort(), [
      'ERR_FFI_WRONG_THREAD',
      'sum 0',
    ]));

  test('may end the process in a callback', async () => exited(await run('callbacks', 'exitInPump', [5]), 5));

  test('ends when its worker is terminated', async () =>
    assert.equal(await output('callbacks', 'terminateInPump', [isSanitized ? 3 : 20]), 'ended\n'));
});

test('8 threads that call 50,000 times each get 400,000 right results', async () => {
  assert.equal(await output('callbacks', 'storm', [8, 50_000]), `${50_000 * 36}\n`);
});
