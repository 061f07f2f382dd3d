// Several JavaScript threads in one process: each has its own arkffi, and may end at any moment.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exited, isSanitized, output, run } from './support.mjs';

const rounds = (usual) => String(isSanitized ? Math.ceil(usual / 10) : usual);

describe('workers', () => {
  test('several workers may load, call, create callbacks and exit at the same time', async () =>
    assert.equal(await output('workers', 'everything', [4, rounds(10)]), '0\n'));

  test('workers may exit with calls in flight', async () =>
    assert.equal(await output('workers', 'busyEnd', [4, rounds(10)]), '0\n'));

  test('a worker that ends leaves the libraries of other threads open', async () =>
    assert.equal(await output('workers', 'sharedLibrary'), '1 2\n'));

  test('the native module stays mapped when the only worker that has loaded it ends, and the next one uses it', async () =>
    assert.equal(await output('alone', 'oneAfterTheOther', [3]), '1001 true\n'.repeat(3)));
});

describe('a worker is terminated', () => {
  const middle = {
    'in a loop of calls with callbacks': ['onSyncLoop', 50],
    'in a loop of calls with plain functions': ['onPlainLoop', 50],
    'in a loop that loads and closes': ['onLoadLoop', 50],
    'in C that calls back endlessly': ['onEndlessC', 50],
    'in a callback that never ends': ['onEndlessCallback', 50],
    'with async calls in flight': ['onAsyncLoop', 50],
    'with posted calls queued': ['onPosts', 50],
    'with buffers over C’s memory, arenas and owned strings': ['onMemory', 50],
    'as one of several': ['onSyncLoop,onAsyncLoop,onPlainLoop,onPosts', 10],
  };

  for (const [how, [names, times]] of Object.entries(middle)) {
    test(`a worker is terminated ${how}`, async () => {
      const turns = rounds(times);
      const workers = Number(turns) * names.split(',').length;
      assert.equal(await output('workers', 'terminate', [names, turns]), `${workers} 2 1\n`);
    });
  }

  for (const [kept, opener] of Object.entries({ kept: 'the main thread', '': 'no other thread' })) {
    test(`a worker is terminated while the library's threads call it, and ${opener} has the library open`, async () =>
      assert.equal(await output('workers', 'terminate', ['onThreads', rounds(10), kept]), `${rounds(10)} 2 1\n`));

    test(`a worker ends by process.exit, and ${opener} has the library open`, async () =>
      exited(await run('workers', 'exitWithWorkers', [9, kept]), 9));
  }

  test('a worker is terminated before it has begun, or while it begins', async () =>
    assert.equal(await output('workers', 'terminateEarly', [rounds(30)]), '1\n'));
});

describe('a callback of the main thread, called by C from a worker', () => {
  const outcome = async (kind) => JSON.parse(await output('workers', 'foreignCallback', [kind]));

  test('a thread-safe callback of the main thread runs on the main thread', async () =>
    assert.deepEqual(await outcome('threadsafe'), { results: [6, 6], uncaught: [] }));

  test('a callback of the main thread that is not thread-safe gives zero, and the error is reported', async () => {
    const { results, uncaught } = await outcome('plain');
    // An async call rejects on the thread that made it; the error of the sync call is reported once on the callback's
    // own thread.
    assert.deepEqual(results, [0, 'ERR_FFI_WRONG_THREAD']);
    assert.deepEqual(uncaught, ['ERR_FFI_WRONG_THREAD']);
  });

  test('an exception of a callback of the main thread is uncaught there, and C gets zero', async () => {
    const { results, uncaught } = await outcome('throws');
    assert.deepEqual(results, [0, 0]);
    assert.deepEqual(uncaught, Array(6).fill('on the main thread'));
  });
});

describe('a callback of a worker that has ended', () => {
  for (const kind of ['plain', 'threadsafe']) {
    test(`a callback of an ended worker gives zero to C, without a crash: ${kind}`, async () => {
      const outcomes = JSON.parse(await output('workers', 'callbackOfEndedWorker', [kind]));
      for (const outcome of outcomes) assert.ok([0, 'ERR_FFI_CALLBACK_CLOSED'].includes(outcome), String(outcome));
      assert.equal(outcomes[2], 'ERR_FFI_CALLBACK_CLOSED', 'an async call rejects');
    });
  }
});
