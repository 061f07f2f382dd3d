// Async calls that end at once keep the JavaScript thread from sleeping. What that could break needs a process of its
// own: the sleep of the event loop, uncaught exceptions, the ends of workers, and C that turns the event loop.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

const pools = { 'the pool': 'pool', 'a lane of one': 1 };
const workers = isSanitized ? 2 : 5;

for (const [pool, threads] of Object.entries(pools)) {
  describe(`quick calls on ${pool}`, () => {
    test(`the event loop sleeps while a long call runs, on ${pool}`, async () =>
      assert.equal(await output('quick', 'sleeps', [threads]), '42 true\n'));

    test(`the event loop sleeps after the last call, on ${pool}`, async () =>
      assert.equal(await output('quick', 'rests', [threads]), 'true\n'));

    test(`calls go on after uncaught exceptions that the program handles, on ${pool}`, async () =>
      assert.equal(await output('quick', 'catches', [threads]), '150\n'));

    test(`C may turn the event loop after the result of a call, on ${pool}`, async () =>
      assert.equal(await output('quick', 'turns', [threads]), '200\n'));

    const ends = { end: '0', exit: '7', throw: 'on purpose 1', terminate: '1' };
    for (const [how, codes] of Object.entries(ends)) {
      test(`a worker with quick calls ends by ${how}, on ${pool}`, async () =>
        assert.equal(await output('quick', 'workers', [threads, how, workers]), `${codes}\n`));
    }
  });
}
