// The end of a process, and what keeps it alive, while async calls are queued and running; each case runs several times.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exited, isSanitized, output, run } from './support.mjs';

const times = isSanitized ? 3 : 5;
const rounds = (usual) => String(isSanitized ? Math.ceil(usual / 10) : usual);
const pools = { 'the pool': 'pool', 'a lane of one': 1, 'a lane of three': 3 };

/** Runs a program to its end `times` times; returns what it printed to stderr the last time. */
async function endsWith(code, name, args) {
  let result;
  for (let i = 0; i < times; i++) result = exited(await run('ends', name, args), code);
  return result.stderr;
}

for (const [pool, threads] of Object.entries(pools)) {
  describe(`a process with calls queued and running on ${pool}`, () => {
    for (const when of ['at once', 'after some turns', 'in a then', 'in a callback', 'in a report', 'after closing']) {
      test(`a process with calls queued and running on ${pool} ends by process.exit(), ${when}`, async () =>
        assert.equal(await endsWith(3, 'endBusy', [when, threads, 3]), ''));
    }

    test(`a process ends by process.exit() in the middle of a batch on ${pool}`, async () =>
      assert.equal(await endsWith(3, 'endBatch', [threads, 3]), ''));

    for (const how of ['by an exception', 'by an exception in a then']) {
      test(`a process ends ${how} that is not caught, on ${pool}`, async () =>
        assert.match(await endsWith(1, 'endBusy', [how, threads, 3]), /uncaught on purpose/));
    }

    test(`a process ends by a rejection that is not caught, on ${pool}`, async () =>
      assert.match(await endsWith(1, 'endBusy', ['by a rejection', threads, 3]), /ERR_FFI_INVALID_ARG_TYPE/));

    test(`a process ends by itself when all calls have settled, on ${pool}`, async () => {
      for (let i = 0; i < times; i++) assert.equal(await output('ends', 'natural', [threads]), '0\n');
    });

    test(`a process ends by itself when all calls of a closed library have settled, on ${pool}`, async () => {
      for (let i = 0; i < times; i++) assert.equal(await output('ends', 'natural', [threads, 'closes']), '0\n');
    });

    for (const [when, early] of Object.entries({ before: 'early', after: '' })) {
      test(`a process ends although exit listeners added ${when} the calls call again, on ${pool}`, async () => {
        for (let i = 0; i < times; i++) {
          assert.equal(await output('ends', 'callsAtExit', [threads, early]), '2 3\n');
        }
      });
    }

    test(`a process may close the library hundreds of times, and all calls settle, on ${pool}`, async () =>
      assert.equal(await output('ends', 'closeBusy', [threads, rounds(300)]), 'true 0\n'));

    test(`a process stays alive until the last call has settled, on ${pool}`, async () =>
      assert.equal(await output('ends', 'pending', [threads]), '42\n'));

    test(`a process stays alive until the last call has ended, even if its Promise was rejected before, on ${pool}`, async () =>
      assert.equal(await output('ends', 'pendingCancelled', [threads]), 'rejected\n1\n'));
  });

  describe(`a worker with calls queued and running on ${pool}`, () => {
    for (const names of ['onBusy', 'onOpening', 'onBlocking', 'onBatch', 'onBusy,onBusy,onOpening']) {
      test(`a worker with calls queued and running on ${pool} is terminated, ${names}`, async () => {
        const count = Number(rounds(20)) * names.split(',').length;
        assert.equal(await output('ends', 'terminate', [names, threads, rounds(20)]), `${count} 2 1\n`);
      });
    }

    test(`a worker is terminated as soon as C returns, and not before, on ${pool}`, async () =>
      assert.equal(await output('ends', 'terminateStuck', [threads, rounds(20)]), `${rounds(20)}\n`));

    test(`a worker ends with the process, on ${pool}`, async () => {
      for (let i = 0; i < times; i++) exited(await run('ends', 'exitWithWorkers', [threads, 4]), 4);
    });
  });
}

test('process.exit() does not wait for a call in a lane', async () =>
  assert.equal(await endsWith(5, 'exitStuck', [5]), ''));

test('libraries, lanes, signals and timeouts do not keep a process alive after all calls have settled', async () =>
  assert.equal(await output('ends', 'idle'), 'done\n'));

test('an idle second after many calls takes almost no CPU time', async () => {
  // This test needs real time, because the cost of an idle thread shows only over time. A thread that waits actively
  // would take the whole second; 200 ms is a hundred times what an idle process needs.
  const microseconds = Number(await output('ends', 'silence'));
  assert.ok(microseconds < 200_000, `${microseconds} µs`);
});

describe('a rejection that is not caught', () => {
  for (const [how, said] of Object.entries({
    options: /ERR_FFI_OUT_OF_RANGE/,
    aborted: /Error: the reason/,
    abort: /Error: the reason/,
    timeout: /TimeoutError[^]*ERR_FFI_TIMEOUT/,
  })) {
    test(`a rejection that is not caught ends the process: ${how}`, async () =>
      assert.match(exited(await run('ends', 'unhandledRejection', [how]), 1).stderr, said));
  }
});
