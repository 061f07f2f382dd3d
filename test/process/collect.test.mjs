// Garbage collection at bad moments. What is freed too early shows in the results, or in a sanitizer's report.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { output } from './support.mjs';

const printed = async (name, env = {}) =>
  (await output('collect', name, [], { flags: ['--expose-gc'], env })).trimEnd();

test('the arguments of a call live until it ends, though nobody else has them', async () =>
  assert.equal(await printed('argumentsOfCalls'), '[4096,4096,4000,4096,4096,4096,4096,4096,2]'));

test('what a struct points to lives as long as its value', async () =>
  assert.equal(await printed('insideStructs'), '[4096]'));

for (const engine of ['', 'portable', 'napi']) {
  test(`the texts of structs live as long as their memory, and through calls: ${engine || 'the fastest engine'}`, async () =>
    assert.equal(
      await printed('textsOfStructs', { ARKFFI_ENGINE: engine }),
      '[[4096,4096,4096,4096,397312],true,true]\n[[true,true],8192,8190]',
    ));
}

test('the text of a variable lives till another one is stored', async () =>
  assert.equal(await printed('textOfVariable'), 'true'));

test('functions and libraries live until their calls have ended', async () =>
  assert.equal(await printed('functionsOfCalls'), '[1,2,3,4]'));

test('a callback that C keeps lives until it is closed', async () => assert.equal(await printed('callbacksOfC'), '2'));

test('symbols live without their library, and libraries without their symbols', async () =>
  assert.equal(await printed('symbolsAndLibraries'), '1\nERR_FFI_LIBRARY_CLOSED'));

test('callbacks may collect garbage while C is on the stack', async () =>
  assert.equal(await printed('insideCallbacks'), '210'));
