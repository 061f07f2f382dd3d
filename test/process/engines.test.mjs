// The engine that a process uses for synchronous calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSanitized, output } from './support.mjs';

/** Whether arkffi's V8 engine supports this Node.js; otherwise another engine is the fastest. */
const hasV8 = /^2[0-6]\./.test(process.versions.node) && ['x64', 'arm64'].includes(process.arch);
const fastest = hasV8 ? 'v8' : 'portable';

const sum = async (engine, options) =>
  (await output('engines', 'sum', [], { ...options, env: { ARKFFI_ENGINE: engine, ...options?.env } })).trimEnd();

for (const engine of ['portable', 'napi', ...(hasV8 ? ['v8'] : [])]) {
  test(`ARKFFI_ENGINE=${engine} selects the engine, and ffi.engine reports it`, async () =>
    assert.equal(await sum(engine), `${engine} 5`));
}

test('ffi.configure chooses another engine, also while a callback is open', async () => {
  const chosen = (engine) => output('engines', 'chosenLater', [engine], { env: { ARKFFI_ENGINE: 'napi' } });
  assert.equal(await chosen('portable'), 'portable\nportable 5\n');
  if (!hasV8) return;
  assert.equal(await chosen('v8'), 'v8\nv8 5\n');
});

test('the engine is chosen when one is first needed, also if a callback is open by then', async () =>
  assert.equal(await output('engines', 'chosenLate', [], { env: { ARKFFI_ENGINE: '' } }), `${fastest} 6 5\n`));

test('without ARKFFI_ENGINE the fastest engine is used', async () => assert.equal(await sum(''), `${fastest} 5`));

test('an unknown engine makes the import fail', async () =>
  assert.equal(
    await sum('turbo'),
    "ERR_FFI_NO_ENGINE ARKFFI_ENGINE: expected 'v8', 'bun', 'deno', 'portable' or 'napi', got 'turbo'",
  ));

test('an engine of another host makes the import fail', async () =>
  assert.equal(await sum('bun'), "ERR_FFI_NO_ENGINE ARKFFI_ENGINE: 'bun' works in another host only"));

test('where V8 generates no code another engine is used, and selecting v8 fails', async () => {
  assert.equal(await sum('', { flags: ['--jitless'] }), 'portable 5');
  assert.match(
    await sum('v8', { flags: ['--jitless'] }),
    /^ERR_FFI_NO_ENGINE ARKFFI_ENGINE: 'v8' does not work here: /,
  );
});

test('memory is read without the engine that was selected and does not work', async () => {
  const options = { flags: ['--jitless'], env: { ARKFFI_ENGINE: 'v8' } };
  assert.equal(await output('engines', 'readOften', [], options), '1000\n');
});

test(
  'where no memory can be made executable another engine is used, and selecting v8 fails',
  { skip: isSanitized && 'a sanitizer must be loaded first' },
  async () => {
    const env = { LD_PRELOAD: process.env.ARKFFI_FIXTURE.replace('_fixture.so', '_noexec.so') };
    assert.equal(await sum('', { env }), 'portable 5');
    if (hasV8)
      assert.match(
        await sum('v8', { env }),
        /^ERR_FFI_NO_ENGINE ARKFFI_ENGINE: 'v8' does not work here: no memory can be made executable/,
      );
  },
);

test('a V8 that compresses its pointers, as that of Electron does, has no engine v8', async () => {
  const refusal = /^ERR_FFI_NO_ENGINE ARKFFI_ENGINE: 'v8' does not work here: this V8 compresses its pointers$/;
  for (const variable of ['v8_enable_pointer_compression', 'v8_enable_sandbox']) {
    const before = `Object.defineProperty(process, 'config', { value: { variables: { ${variable}: 1 } } });`;
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(before)}`];
    assert.equal(await sum('', { flags }), 'portable 5');
    if (hasV8) assert.match(await sum('v8', { flags }), refusal);
  }
  if (isSanitized) return; // A sanitizer must be loaded first.
  const env = { LD_PRELOAD: process.env.ARKFFI_FIXTURE.replace('_fixture.so', '_sandbox.so') };
  assert.equal(await sum('', { env }), 'portable 5');
  if (hasV8) assert.match(await sum('v8', { env }), refusal);
});

test('the engines work where code generation from strings is forbidden', async () =>
  assert.equal(await sum('', { flags: ['--disallow-code-generation-from-strings'] }), `${fastest} 5`));

test('each worker and each context uses the same engine', async () =>
  assert.equal(await output('engines', 'everywhere', [2]), `${fastest} 5\n`.repeat(3)));

test('thousands of libraries can be opened and closed, more than the engine has gates', async () =>
  assert.equal(await output('engines', 'manyLibraries', [5000]), 'well\n'));

test(
  'V8 keeps omitting the check for detached buffers at accesses to typed arrays, in the whole program',
  { skip: !hasV8 && "V8's optimisation is known for the supported versions only" },
  async () =>
    assert.equal(await output('engines', 'detaching', [], { flags: ['--allow-natives-syntax'] }), 'unchecked\n'),
);

const comparisons = [
  { engine: 'portable', calls: 2000 },
  ...(hasV8 ? [{ engine: 'v8', calls: 2000 }] : []),
  ...(hasV8 ? [{ engine: 'v8', calls: 200, moving: ['--gc-interval=200', '--stress-compaction'] }] : []),
];

for (const { engine, calls, moving = [] } of comparisons) {
  const when = moving.length ? ', while V8 moves its objects constantly' : '';
  test(`${engine} gives the results and the errors of the slow path, optimised or not${when}`, async () => {
    const options = { flags: ['--allow-natives-syntax', ...moving], env: { ARKFFI_ENGINE: engine } };
    const fewer = isSanitized ? 0.15 : 1;
    assert.equal(
      await output('compare', 'compare', [engine, process.env.ARKFFI_FIXTURE, 1, calls * fewer], options),
      'the same\n',
    );
  });
}
