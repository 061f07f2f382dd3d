// Failures in callbacks that no call from JavaScript can throw become uncaught exceptions of the process.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as arkffi from 'arkffi';
import { mistakes, ways } from './programs/mistakes.cjs';
import { exited, node, output, run } from './support.mjs';

const programs = new URL('programs/', import.meta.url);

const lines = async (name, ...args) => (await output('uncaught', name, args)).trimEnd().split('\n');

/** Separates the lines that report uncaught exceptions from the others. */
function separated(all) {
  const isUncaught = (line) => line.startsWith('uncaught: ');
  return [all.filter(isUncaught), all.filter((line) => !isUncaught(line))];
}

test('a callback that is not thread-safe gives zero to a thread of the library, and the error is reported once', async () => {
  const [uncaught, others] = separated(await lines('wrongThread'));
  assert.equal(uncaught.length, 1, uncaught.join('\n'));
  assert.match(uncaught[0], /ERR_FFI_WRONG_THREAD/);
  assert.deepEqual(others, ['sum 0', 'sum 0', 'own thread 5']);
});

test('a closed callback gives zero to a thread of the library, and the error is reported once', async () => {
  const [uncaught, others] = separated(await lines('closedOnAThread'));
  assert.equal(uncaught.length, 1, uncaught.join('\n'));
  assert.match(uncaught[0], /ERR_FFI_CALLBACK_CLOSED/);
  assert.deepEqual(others, ['sum 0']);
});

test('a weak callback that has been collected gives zero to a thread of the library, and the error is reported once', async () => {
  const [uncaught, others] = separated(await lines('collectedOnAThread'));
  assert.equal(uncaught.length, 1, uncaught.join('\n'));
  assert.match(uncaught[0], /ERR_FFI_CALLBACK_CLOSED.* closed, or collected with what kept it$/);
  assert.deepEqual(others, ['sum 0', 'sum 0']);
});

test('calls that are posted to a weak callback that has been collected are lost, which is reported once', async () => {
  const [uncaught, others] = separated(await lines('collectedPosted'));
  assert.equal(uncaught.length, 1, uncaught.join('\n'));
  assert.match(uncaught[0], /ERR_FFI_CALLBACK_CLOSED.* closed, or collected with what kept it$/);
  assert.deepEqual(others, []);
});

test('an exception in a callback on a thread of the library is uncaught, and the thread gets zero', async () => {
  const [uncaught, others] = separated(await lines('throwsOnAThread', 'caught'));
  assert.deepEqual(uncaught, Array(3).fill('uncaught:  on a thread'));
  assert.deepEqual(others, ['sum 0', 'sum 6']);
});

test('an exception on a thread of the library ends a process without a listener for uncaught exceptions', async () => {
  const { stderr } = exited(await run('uncaught', 'throwsOnAThread', ['']), 1);
  assert.match(stderr, /Error: on a thread/);
});

test('an exception on a thread of the library ends a process whose listener throws as well', async () => {
  const { stderr } = exited(await run('uncaught', 'handlerThrows'), 7);
  assert.match(stderr, /Error: the handler threw/);
});

test('the uncaught exception is the exact value that was thrown', async () => {
  const [uncaught, others] = separated(await lines('throwsAnything'));
  assert.equal(uncaught.length, 6);
  assert.deepEqual(
    others.filter((line) => line.startsWith('the same')),
    Array(6).fill('the same true'),
  );
});

test('a result of the wrong type on a thread of the library is uncaught as well', async () => {
  const [uncaught, others] = separated(await lines('wrongResultOnAThread'));
  assert.deepEqual(uncaught, [
    "uncaught: ERR_FFI_INVALID_ARG_TYPE callback 'compare': result: expected number, got string",
  ]);
  assert.deepEqual(others, ['sum 0']);
});

test('an exception in a posted callback is uncaught, and the next posted call runs', async () =>
  assert.deepEqual(await lines('throwsInAPost'), ['uncaught:  post 1', 'uncaught:  post 2']));

test('a callback that is closed before its posted call runs is not called', async () =>
  assert.deepEqual(await lines('closedBeforeThePost'), ['calls 0']));

describe('what Node.js prints of an uncaught error of arkffi has no line of arkffi, and the first one of the program', () => {
  const made = Object.keys(mistakes(arkffi));
  const some = ['dlopen: no such library', 'cdef: no such symbol', 'a call: text for a number', 'findLibrary: no name'];
  const given = [
    ...made.filter((name) => !some.includes(name)).map((name) => ['atTopLevel', name]),
    ...ways.flatMap((how) => some.map((name) => [how, name])),
  ];

  for (const file of ['mistaken.mjs', 'mistaken.cjs']) {
    describe(file, { concurrency: 4 }, () => {
      for (const [how, name] of given) {
        test(`${how}, ${name}`, async () => {
          const { stderr } = exited(await node([fileURLToPath(new URL(file, programs)), how, name]), 1);
          assert.doesNotMatch(stderr, /[\\/]dist[\\/](?:library|index|load)|arkffi:call/, stderr);
          assert.match(stderr, /^\w*Error: .*\n(?: +at call_i32 \(lib.*\n)? +at .*mistakes\.cjs:/m, stderr);
        });
      }
    });
  }
});

test('traces begin in the program where it has frozen Error', async () => {
  for (const flags of [[], ['--frozen-intrinsics', '--no-warnings']]) {
    assert.equal(await output('uncaught', 'tracesOfFrozen', [], { flags }), 'uncaught.mjs\n'.repeat(4));
  }
});
