// How a process ends, and what keeps it alive, while async calls are queued and running: each tried many times.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exited, isSanitized, output, run } from './support.mjs';

const times = isSanitized ? 3 : 12;
const rounds = (usual) => String(isSanitized ? Math.ceil(usual / 10) : usual);
const pools = { 'the pool': 'pool', 'a lane of one': 1, 'a lane of three': 3 };

/** Has a program end that many times; what it printed to stderr the last time. */
async function endsWith(code, name, args) {
  let result;
  for (let i = 0; i < times; i++) result = exited(await run('ends', name, args), code);
  return result.stderr;
}

for (const [pool, threads] of Object.entries(pools)) {
  describe(`a process with calls queued and running on ${pool}`, () => {
    for (const when of ['at once', 'after some turns', 'in a then', 'in a callback', 'in a report', 'after closing']) {
      test(`ends by process.exit(), ${when}`, async () =>
        assert.equal(await endsWith(3, 'endBusy', [when, threads, 3]), ''));
    }

    test('ends by process.exit() in the middle of a batch', async () =>
      assert.equal(await endsWith(3, 'endBatch', [threads, 3]), ''));

    for (const how of ['by an exception', 'by an exception in a then']) {
      test(`ends ${how} that nobody catches`, async () =>
        assert.match(await endsWith(1, 'endBusy', [how, threads, 3]), /nobody catches this/));
    }

    test('ends by a rejection that nobody catches', async () =>
      assert.match(await endsWith(1, 'endBusy', ['by a rejection', threads, 3]), /ERR_FFI_INVALID_ARG_TYPE/));

    test('ends by itself when all have settled', async () => {
      for (let i = 0; i < times; i++) assert.equal(await output('ends', 'natural', [threads]), '0\n');
    });

    test('ends by itself when all have settled, though the library was closed', async () => {
      for (let i = 0; i < times; i++) assert.equal(await output('ends', 'natural', [threads, 'closes']), '0\n');
    });

    for (const [when, early] of Object.entries({ before: 'early', after: '' })) {
      test(`ends though listeners for the exit, added ${when} the calls, call again`, async () => {
        for (let i = 0; i < times; i++) {
          assert.equal(await output('ends', 'callsAtExit', [threads, early]), '2 3\n');
        }
      });
    }

    test('closes the library, hundreds of times, and all of them settle', async () =>
      assert.equal(await output('ends', 'closeBusy', [threads, rounds(300)]), 'true 0\n'));

    test('stays alive until the last has settled', async () =>
      assert.equal(await output('ends', 'pending', [threads]), '42\n'));

    test('stays alive until the last has ended, also when its Promise was rejected long before', async () =>
      assert.equal(await output('ends', 'pendingCancelled', [threads]), 'rejected\n1\n'));
  });

  describe(`a worker with calls queued and running on ${pool}`, () => {
    for (const names of ['onBusy', 'onOpening', 'onBlocking', 'onBatch', 'onBusy,onBusy,onOpening']) {
      test(`is terminated, ${names}`, async () => {
        const count = Number(rounds(30)) * names.split(',').length;
        assert.equal(await output('ends', 'terminate', [names, threads, rounds(30)]), `${count} 2 1\n`);
      });
    }

    test('is terminated as soon as C returns, and not before', async () =>
      assert.equal(await output('ends', 'terminateStuck', [threads, rounds(30)]), `${rounds(30)}\n`));

    test('ends with the process', async () => {
      for (let i = 0; i < times; i++) exited(await run('ends', 'exitWithWorkers', [threads, 4]), 4);
    });
  });
}

test('process.exit() does not wait for a call in a lane', async () =>
  assert.equal(await endsWith(5, 'exitStuck', [5]), ''));

test('nobody is kept alive by libraries, lanes, signals and timeouts when all calls have settled', async () =>
  assert.equal(await output('ends', 'idle'), 'done\n'));

test('a second of silence after many calls costs next to nothing', async () => {
  // The one place where time passes: what an idle thread costs shows only over time. A thread that waits actively would
  // take all of the second; 200 ms are a hundred times what a process needs that has nothing to do.
  const microseconds = Number(await output('ends', 'silence'));
  assert.ok(microseconds < 200_000, `${microseconds} µs`);
});

describe('a rejection that nobody catches ends the process, with', () => {
  for (const [how, said] of Object.entries({
    options: /ERR_FFI_OUT_OF_RANGE/,
    aborted: /Error: the reason/,
    abort: /Error: the reason/,
    timeout: /TimeoutError[^]*ERR_FFI_TIMEOUT/,
  })) {
    test(how, async () => assert.match(exited(await run('ends', 'nobodyCatches', [how]), 1).stderr, said));
  }
});
