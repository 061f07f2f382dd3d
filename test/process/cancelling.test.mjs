// What many cancellable calls leave behind: warnings, listeners, timers, memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exited, run } from './support.mjs';

test('20,000 calls of one signal print no warning of too many listeners, and all reject when it is aborted', async () => {
  const { stdout, stderr } = exited(await run('cancelling', 'abort', [20_000]));
  assert.deepEqual([stdout, stderr], ['well\n', '']);
});

test('calls that have settled leave no memory with their signal', async () => {
  const { stdout } = exited(await run('cancelling', 'keep', [20], { flags: ['--expose-gc'] }));
  assert.equal(stdout, 'well\n');
});
