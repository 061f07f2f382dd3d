// A blocked JavaScript thread, for example in a synchronous call, does not hold up the async calls that it has made.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

for (const [where, threads] of Object.entries({ 'the pool': 'pool', 'a lane of one': 1, 'a lane of four': 4 })) {
  describe(`while JavaScript is blocked, calls on ${where}`, () => {
    test(`while JavaScript is blocked, calls run on all threads of ${where}, one group after the other`, async () =>
      assert.equal(await output('inflight', 'blockedByGates', [threads]), '4\n'));

    test(`while JavaScript is blocked, calls on ${where} run after many others that were made before`, async () =>
      assert.equal(await output('inflight', 'blockedAfterMany', [threads, 100]), '42\n'));

    test(`while JavaScript is blocked, calls on ${where} run after long ones that have just ended`, async () => {
      const rounds = isSanitized ? 20 : 200;
      assert.equal(await output('inflight', 'blockedAfterLong', [threads, rounds]), `${rounds}\n`);
    });
  });
}
