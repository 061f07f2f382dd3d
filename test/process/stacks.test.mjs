// The ends of the stack, and other stacks: V8 ends the process when it is entered there.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

const kilobytes = (...counts) => counts.map((count) => count * 1024);
const sizes = kilobytes(1, 30, 66, 100, 200, 400);
// The frames of C itself must fit on what V8 leaves of a worker's stack, some 190 KB.
const sizesInWorker = kilobytes(1, 30, 66, 100, 160);
const skip = isSanitized && 'a sanitizer needs several times the stack';

describe('recursion through C with large frames ends with a RangeError', { skip }, () => {
  test('on the main thread', async () => assert.equal(await output('stacks', 'descend', sizes), 'well\n'));

  for (const size of [400, 3000]) {
    test(`with --stack-size=${size}`, async () =>
      assert.equal(
        await output('stacks', 'descend', sizes.slice(0, 4), { flags: [`--stack-size=${size}`] }),
        'well\n',
      ));
  }

  for (const megabytes of [1, 4]) {
    test(`in a worker with ${megabytes} MB`, async () =>
      assert.equal(await output('stacks', 'worker', [megabytes, 'descend', ...sizesInWorker]), 'well\n'));
  }
});

describe('callbacks on the stacks of coroutines', () => {
  test('are refused, however often', async () => assert.equal(await output('stacks', 'coroutines', [5000]), 'well\n'));

  test('are refused in a worker', async () =>
    assert.equal(await output('stacks', 'worker', [4, 'coroutines', 5000]), 'well\n'));
});

describe('where the stack ends, what needs memory succeeds or says that the stack is exhausted', { skip }, () => {
  for (const name of ['batch', 'strings', 'wide', 'struct', 'definition', 'declarations']) {
    test(name, async () => assert.equal(await output('stacks', 'attempts', [name, 1500]), 'well\n'));
  }
});
