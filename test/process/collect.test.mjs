// Garbage collection at unfavourable moments. Memory that is freed too early shows in the results, or in a sanitizer's
// report.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { output } from './support.mjs';

const printed = async (name, env = {}) =>
  (await output('collect', name, [], { flags: ['--expose-gc'], env })).trimEnd();

test('the arguments of a call live until it ends, without any other reference', async () =>
  assert.equal(await printed('argumentsOfCalls'), '[4096,4096,4000,4096,4096,4096,4096,4096,2]'));

test('memory to which a struct points lives as long as the struct value', async () =>
  assert.equal(await printed('insideStructs'), '[4096]'));

for (const engine of ['', 'portable', 'napi']) {
  test(`strings of structs live as long as their memory, and during calls: ${engine || 'the fastest engine'}`, async () =>
    assert.equal(
      await printed('textsOfStructs', { ARKFFI_ENGINE: engine }),
      '[[4096,4096,4096,4096,397312],true,true]\n[[true,true],8192,8190]',
    ));
}

test('the string of a variable lives until another one is stored', async () =>
  assert.equal(await printed('textOfVariable'), 'true'));

test('functions and libraries live until their calls have ended', async () =>
  assert.equal(await printed('functionsOfCalls'), '[1,2,3,4]'));

test('a callback that C stores lives until it is closed', async () => assert.equal(await printed('callbacksOfC'), '2'));

test('symbols may outlive their library object, and libraries their symbols', async () =>
  assert.equal(await printed('symbolsAndLibraries'), '1\nERR_FFI_LIBRARY_CLOSED'));

test('callbacks may collect garbage while C is on the stack', async () =>
  assert.equal(await printed('insideCallbacks'), '210'));

for (const engine of ['', 'portable', 'napi']) {
  test(`async calls on an exhausted stack leave nothing behind: ${engine || 'the fastest engine'}`, async () =>
    assert.equal(await printed('onExhaustedStacks', { ARKFFI_ENGINE: engine }), '[true,true,0]'));
}
