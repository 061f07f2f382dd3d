// A JavaScript thread that stands still, in a synchronous call say, holds up none of the calls that it has made.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

for (const [pool, threads] of Object.entries({ 'the pool': 'pool', 'a lane of one': 1, 'a lane of four': 4 })) {
  describe(`while JavaScript stands still, calls on ${pool}`, () => {
    test('run on all threads, one pool after the other', async () =>
      assert.equal(await output('inflight', 'blockedByGates', [threads]), '4\n'));

    test('run though many others were made before', async () =>
      assert.equal(await output('inflight', 'blockedAfterMany', [threads, 100]), '42\n'));

    test('run though long ones have just ended', async () => {
      const rounds = isSanitized ? 20 : 200;
      assert.equal(await output('inflight', 'blockedAfterLong', [threads, rounds]), `${rounds}\n`);
    });
  });
}
