// Programs whose main thread does not load arkffi: only workers do, one after the other.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort, Worker } from 'node:worker_threads';

const main = fileURLToPath(new URL('main.mjs', import.meta.url));

/** In a worker: calls C, lets it call back, and ends with everything open. */
export async function onCalls() {
  const { JSCallback } = await import('arkffi');
  const { intToInt, open } = await import('./fixture.mjs');
  const { echo_i32, call_i32 } = open().symbols;
  let sum = 0;
  for (let i = 0; i < 1000; i++) sum += echo_i32(1);
  parentPort.postMessage(call_i32(new JSCallback((n) => n + sum, intToInt), 1));
}

/** Prints what each worker computed, and whether the native module is still mapped when the worker has ended. */
export async function oneAfterTheOther(count) {
  for (let i = 0; i < count; i++) {
    const worker = new Worker(main, { argv: ['alone', 'onCalls'] });
    const ended = new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve));
    const result = await new Promise((resolve) => worker.once('message', resolve));
    await ended;
    console.log(result, /\/liblibrary\.(node|so)$/m.test(readFileSync('/proc/self/maps', 'utf8')));
  }
}
