// Programs for ARKFFI_ENGINE, which is read once in a process.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const add = { add: { args: ['d', 'd'], returns: 'd' } };

/** Prints the engine in use and a sum computed with it, or the code and message of the error that the import throws. */
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

/** Chooses another engine by ffi.configure, while a callback is open and while none is, and calls C by it. */
export async function chosenLater(engine) {
  const { dlopen, ffi, JSCallback } = require('arkffi');
  const callback = new JSCallback((n) => 2 * n, { args: ['i'], returns: 'i' });
  ffi.configure({ engine });
  const kept = { apply_callback: { args: ['p', 'i'], returns: 'i' } }; // an address, so that the call can be a fast one
  const { apply_callback } = dlopen('libffi_target.so', kept).symbols;
  for (let i = 0; i < 1e5; i++) assert.equal(apply_callback(callback.ptr, i), 2 * i);
  console.log(ffi.engine);
  callback.close();
  ffi.configure({ engine });
  const { symbols } = dlopen('libffi_target.so', add);
  for (let i = 0; i < 1e5; i++) assert.equal(symbols.add(i, 3), i + 3);
  console.log(`${ffi.engine} ${symbols.add(2, 3)}`);
}

/** Makes a callback before there is any function: the first functions are made when C calls it. */
export async function chosenLate() {
  const { dlopen, ffi } = require('arkffi');
  let inside;
  const late = (n) => {
    inside ??= dlopen('libffi_target.so', add).symbols;
    return inside.add(n, n);
  };
  const callback = ffi.createCallback(late, 'i', 'i');
  const handle = ffi.load('libffi_target.so');
  const address = ffi.getCallbackPtr(callback);
  const apply = (n) => ffi.callMixed(handle, 'apply_callback', 'pi', 'i', [address, n], []);
  for (let i = 0; i < 1e4; i++) assert.equal(apply(i), 2 * i);
  const three = apply(3);
  ffi.destroyCallback(callback);
  for (let i = 0; i < 1e5; i++) assert.equal(inside.add(i, 3), i + 3);
  console.log(`${ffi.engine} ${three} ${inside.add(2, 3)}`);
}

/**
 * Prints the engine and the sum in `workers` worker threads, one after the other, and from functions of another
 * context.
 */
export async function everywhere(workers) {
  // Loaded here first, so that the native module is not loaded and unloaded with each worker.
  const { dlopen, ffi } = require('arkffi');
  for (let i = 0; i < Number(workers); i++) {
    await once(new Worker(fileURLToPath(new URL('main.mjs', import.meta.url)), { argv: ['engines', 'sum'] }), 'exit');
  }
  const { symbols } = dlopen('libffi_target.so', add);
  const text = '(add) => { let sum = 0; for (let i = 0; i < 1e5; i++) sum = add(sum, 1); return sum; }';
  assert.equal(runInNewContext(text)(symbols.add), 1e5);
  console.log(`${ffi.engine} ${runInNewContext('(add) => add(2, 3)')(symbols.add)}`);
}

/** Opens libraries, keeps them open for a while, and calls each while it is open and after it has been closed. */
export async function manyLibraries(count) {
  const { dlopen } = require('arkffi');
  const libraries = Array.from({ length: Number(count) }, () => dlopen('libffi_target.so', add));
  for (const { symbols } of libraries) for (let i = 0; i < 20; i++) assert.equal(symbols.add(i, 3), i + 3);
  for (const library of libraries) library.close();
  for (const { symbols } of libraries) assert.throws(() => symbols.add(2, 3), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  console.log('well');
}

/**
 * Prints whether V8 omits the check for detached buffers at accesses to typed arrays: if so, it discards the optimised
 * code when the first buffer is detached.
 */
export async function detaching() {
  // optimize.mjs uses syntax that needs a flag, so it is imported only here.
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

export async function readOften() {
  const { alloc, read, write } = await import('arkffi');
  const address = alloc(4);
  write.i32(address, 2);
  let sum = 0;
  for (let i = 0; i < 500; i++) sum += read.i32(address);
  console.log(sum);
}
