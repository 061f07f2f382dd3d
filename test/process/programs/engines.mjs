// What ARKFFI_ENGINE does, which is read once in a process.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const add = { add: { args: ['d', 'd'], returns: 'd' } };

/** Prints the engine in use and a sum by it, or the code and the message of what the import throws. */
export async function sum() {
  try {
    const { dlopen, ffi } = require('arkffi');
    const { symbols } = dlopen('libffi_target.so', add);
    for (let i = 0; i < 1e5; i++) assert.equal(symbols.add(i, 3), i + 3);
    console.log(`${ffi.engine} ${symbols.add(2, 3)}`);
  } catch ({ code, message }) {
    console.log(`${code} ${message}`);
  }
}

/** The same in so many worker threads, one after the other, and by functions of another context. */
export async function everywhere(workers) {
  // Loaded first, so that the module does not come and go with each worker.
  const { dlopen, ffi } = require('arkffi');
  for (let i = 0; i < Number(workers); i++) {
    await once(new Worker(fileURLToPath(new URL('main.mjs', import.meta.url)), { argv: ['engines', 'sum'] }), 'exit');
  }
  const { symbols } = dlopen('libffi_target.so', add);
  const text = '(add) => { let sum = 0; for (let i = 0; i < 1e5; i++) sum = add(sum, 1); return sum; }';
  assert.equal(runInNewContext(text)(symbols.add), 1e5);
  console.log(`${ffi.engine} ${runInNewContext('(add) => add(2, 3)')(symbols.add)}`);
}

/** Opens libraries, keeps them for a while, and calls each while it is open and after it is closed. */
export async function manyLibraries(count) {
  const { dlopen } = require('arkffi');
  const libraries = Array.from({ length: Number(count) }, () => dlopen('libffi_target.so', add));
  for (const { symbols } of libraries) for (let i = 0; i < 20; i++) assert.equal(symbols.add(i, 3), i + 3);
  for (const library of libraries) library.close();
  for (const { symbols } of libraries) assert.throws(() => symbols.add(2, 3), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  console.log('well');
}

/**
 * Whether V8 leaves out the check for detached buffers at accesses to typed arrays: then it gives up what it has optimised
 * so when the first is detached.
 */
export async function detaching() {
  // Uses syntax that has to be allowed.
  const { optimize, statusOf } = await import('./optimize.mjs');
  const { dlopen } = require('arkffi');
  const { symbols } = dlopen(process.env.ARKFFI_FIXTURE, { buffer_sum: { args: ['p', 'L'], returns: 'L' } });
  const firstOf = (array) => array[0];
  const [bytes, gone] = [Uint8Array.of(1, 2, 3), new ArrayBuffer(8)];
  for (let i = 0; i < 1e5; i++) assert.equal(symbols.buffer_sum(bytes, 3), 6);
  optimize(firstOf, [bytes]);
  const status = statusOf(firstOf);
  structuredClone(gone, { transfer: [gone] });
  console.log(statusOf(firstOf) === status ? 'checked' : 'unchecked');
}
