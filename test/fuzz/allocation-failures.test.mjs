// Each allocation inside the native module fails once, and from each one on all fail: no crash, no hang, no wrong value,
// and no error without the code that says so. ARKFFI_FUZZ=n tries n times as many allocations.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, isSanitized, node } from '../process/support.mjs';

const program = fileURLToPath(new URL('allocation-program.mjs', import.meta.url));
const preloaded = join(dirname(process.env.ARKFFI_FIXTURE ?? ''), 'libarkffi_failing.so');
const most = 12 * Number(process.env.ARKFFI_FUZZ || 1);
const skip = isSanitized && 'a sanitizer has its own allocator';

const scenarios =
  'open names missing find declarations texts callback function exception alone async many buffers lane cancellable batch ' +
  'batches thread pump stack memory variadic worker';

describe('allocations inside the native module fail', { skip }, () => {
  const run = async (...args) => exited(await node([program, ...args], { env: { LD_PRELOAD: preloaded } })).stdout;

  for (const name of scenarios.split(' ')) {
    test(name, async () => assert.match(await run(name, String(most)), /^\w+: \d+ allocations, \d+ errors\n$/));
  }

  test('every scenario is named here', async () => assert.equal(await run('list'), `${scenarios}\n`));
});
