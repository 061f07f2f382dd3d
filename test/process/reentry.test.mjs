// C calls JavaScript in the middle of a call, while V8's optimised code is below it on the stack.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

const flags = ['--allow-natives-syntax', '--expose-gc'];

const cases = {
  values: 'garbage collection and deoptimisation in a callback do not affect the caller',
  exceptions: 'an exception from a callback is thrown by the call to which it belongs',
  recursion: 'callbacks that call again may overflow the stack',
  closing: 'a callback may close the library that called it',
  loop: 'a function with fast: false may run the event loop of the program',
  contexts: 'a callback has the asynchronous context of the call',
};

describe('a callback in the middle of a call by optimised code', () => {
  for (const [name, title] of Object.entries(cases)) {
    test(title, async () => assert.equal(await output('reentry', name, [], { flags }), 'well\n'));
  }

  test(
    'values stay right however often garbage is collected',
    { skip: isSanitized && 'it takes minutes' },
    async () => {
      const often = [...flags, '--gc-interval=97'];
      assert.equal(await output('reentry', 'values', [], { flags: often }), 'well\n');
    },
  );

  test('a worker may be terminated in such a callback', async () =>
    assert.equal(await output('reentry', 'termination', [5], { flags }), 'well\n'));
});
