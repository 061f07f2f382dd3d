// Several JavaScript threads in one process: each has its own arkffi, and may end at any moment.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exited, isSanitized, output, run } from './support.mjs';

const rounds = (usual) => String(isSanitized ? Math.ceil(usual / 10) : usual);

describe('workers', () => {
  test('load, call, make callbacks and exit at once, several side by side', async () =>
    assert.equal(await output('workers', 'everything', [4, rounds(10)]), '0\n'));

  test('exit with calls in flight', async () =>
    assert.equal(await output('workers', 'busyEnd', [4, rounds(10)]), '0\n'));

  test('leave the libraries of others open', async () =>
    assert.equal(await output('workers', 'sharedLibrary'), '1 2\n'));
});

describe('a worker is terminated', () => {
  const middle = {
    'in a loop of calls with callbacks': ['onSyncLoop', 50],
    'in a loop of calls with plain functions': ['onPlainLoop', 50],
    'in a loop that loads and closes': ['onLoadLoop', 50],
    'in C that calls back for ever': ['onEndlessC', 50],
    'in a callback that never ends': ['onEndlessCallback', 50],
    'with async calls in flight': ['onAsyncLoop', 50],
    'with posts under way': ['onPosts', 50],
    'with buffers over C’s memory, arenas and strings to be freed': ['onMemory', 50],
    'as one of several': ['onSyncLoop,onAsyncLoop,onPlainLoop,onPosts', 10],
  };

  for (const [how, [names, times]] of Object.entries(middle)) {
    test(how, async () => {
      const turns = rounds(times);
      const workers = Number(turns) * names.split(',').length;
      assert.equal(await output('workers', 'terminate', [names, turns]), `${workers} 2 1\n`);
    });
  }

  for (const [kept, who] of Object.entries({ kept: 'the main thread', '': 'nobody else' })) {
    test(`while the library's threads call it, and ${who} has the library open`, async () =>
      assert.equal(await output('workers', 'terminate', ['onThreads', rounds(10), kept]), `${rounds(10)} 2 1\n`));

    test(`by process.exit, and ${who} has the library open`, async () =>
      exited(await run('workers', 'exitWithWorkers', [9, kept]), 9));
  }

  test('before it has begun, or while it begins', async () =>
    assert.equal(await output('workers', 'terminateEarly', [rounds(30)]), '1\n'));
});

describe('a callback of the main thread, called by C that a worker calls,', () => {
  const outcome = async (kind) => JSON.parse(await output('workers', 'foreignCallback', [kind]));

  test('runs on the main thread where it is thread-safe', async () =>
    assert.deepEqual(await outcome('threadsafe'), { results: [6, 6], uncaught: [] }));

  test('gives zero, and is told of, where it is not', async () => {
    const { results, uncaught } = await outcome('plain');
    // An async call rejects, whosever it is; of the sync call the callback's own thread hears, once.
    assert.deepEqual(results, [0, 'ERR_FFI_WRONG_THREAD']);
    assert.deepEqual(uncaught, ['ERR_FFI_WRONG_THREAD']);
  });

  test('may throw: that is uncaught on the main thread, and C gets zero', async () => {
    const { results, uncaught } = await outcome('throws');
    assert.deepEqual(results, [0, 0]);
    assert.deepEqual(uncaught, Array(6).fill('on the main thread'));
  });
});

describe('a callback of a worker that has ended', () => {
  for (const kind of ['plain', 'threadsafe']) {
    test(`gives zero to C, and no crash: ${kind}`, async () => {
      const outcomes = JSON.parse(await output('workers', 'callbackOfTheDead', [kind]));
      for (const outcome of outcomes) assert.ok([0, 'ERR_FFI_CALLBACK_CLOSED'].includes(outcome), String(outcome));
      assert.equal(outcomes[2], 'ERR_FFI_CALLBACK_CLOSED', 'an async call rejects');
    });
  }
});
