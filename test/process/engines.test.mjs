// Which engine a process calls with.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { output } from './support.mjs';

const sum = async (engine) => (await output('engines', 'sum', [], { env: { ARKFFI_ENGINE: engine } })).trimEnd();

for (const engine of ['portable', 'napi']) {
  test(`ARKFFI_ENGINE=${engine} is obeyed, and ffi.engine tells it`, async () =>
    assert.equal(await sum(engine), `${engine} 5`));
}

test('without it the fastest engine is in use', async () => assert.equal(await sum(''), 'portable 5'));

test('a name that is no engine fails the import', async () =>
  assert.equal(await sum('turbo'), "ERR_FFI_NO_ENGINE ARKFFI_ENGINE: expected 'portable' or 'napi', got 'turbo'"));
