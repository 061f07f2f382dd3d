// Async hooks run in the middle of what the native module does, and may start async calls there. A process of its own, because
// the first call of a process makes what the later ones use.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { output } from './support.mjs';

describe('async hooks of the program that start async calls', () => {
  for (const event of ['init', 'before', 'after', 'promiseResolve']) {
    for (const options of [{}, { threads: 1 }]) {
      const where = options.threads ? 'in a lane' : 'in the pool';
      test(`${event}, ${where}: each call gives its own result, and the process ends`, async () =>
        assert.equal(await output('hooks', 'start', [event, JSON.stringify(options)]), 'well\n'));
    }
  }
});
