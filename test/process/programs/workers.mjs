// Programs with several JavaScript threads. The functions whose names begin with `on` run in workers.
import { fileURLToPath } from 'node:url';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { Arena, AsyncCFunction, dlopen, JSCallback, owned, toArrayBuffer } from 'arkffi';
import ffi from 'liblibrary.so';
import { definitions, intToInt, open, path } from './fixture.mjs';

const main = fileURLToPath(new URL('main.mjs', import.meta.url));
const threadsafe = { ...intToInt, threadsafe: true };

/** Starts a function of this file in a worker. */
function start(name, { args = [], data } = {}) {
  const worker = new Worker(main, { argv: ['workers', name, ...args], workerData: data });
  worker.ended = new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve));
  worker.message = () => new Promise((resolve) => worker.once('message', resolve));
  return worker;
}

/** Runs `count` workers at once, `rounds` times, and prints the sum of their exit codes. */
async function runAll(name, count, rounds, args) {
  let codes = 0;
  for (let round = 0; round < rounds; round++) {
    const workers = Array.from({ length: count }, () => start(name, { args }));
    for (const worker of workers) codes += await worker.ended;
  }
  console.log(codes);
}

/** Loads libraries, calls in every way, creates callbacks, and exits with everything open. */
export async function onEverything() {
  const lib = open();
  const handle = ffi.load(path);
  ffi.defineFunction(handle, 'echo_string', 's', 's');
  const callback = new JSCallback((n) => n + 1, intToInt);
  const safe = new JSCallback((n) => n + 1, threadsafe);
  const results = [
    ffi.callBySig(handle, 'echo_string', [], ['text']) === 'text',
    lib.symbols.call_i32(callback, 1) === 2,
    lib.symbols.call_i32((n) => n, 1) === 1,
    lib.symbols.call_times(callback, 10) === 55,
    (await lib.symbols.call_times.async(safe, 10)) === 55,
    (await lib.symbols.call_i32.async((n) => n * 2, 4)) === 8,
    (await lib.symbols.thread_call.async(safe, 1)) === 2,
    (await ffi.callAsync(handle, 'echo_string', 's', 's', [], ['text'])) === 'text',
  ];
  process.exit(results.every(Boolean) ? 0 : 1);
}

/** Exits with everything open and calls in flight. */
export async function onBusyEnd() {
  const lib = open();
  const safe = new JSCallback((n) => n + 1, threadsafe);
  for (let i = 0; i < 20; i++) {
    lib.symbols.call_times.async(safe, 20).catch(() => {});
    lib.symbols.echo_string.async('text');
  }
  await lib.symbols.echo_i32.async(1);
  process.exit(0);
}

export const everything = (count, rounds) => runAll('onEverything', Number(count), Number(rounds));
export const busyEnd = (count, rounds) => runAll('onBusyEnd', Number(count), Number(rounds));

/** These loops never end by themselves: each reports that it runs, and waits to be terminated. */
export function onSyncLoop() {
  const { call_times } = open().symbols;
  const callback = new JSCallback((n) => n, intToInt);
  parentPort.postMessage('running');
  for (;;) call_times(callback, 100);
}

export function onPlainLoop() {
  const { call_i32 } = open().symbols;
  parentPort.postMessage('running');
  for (;;) call_i32((n) => call_i32((m) => m, n), 1);
}

export function onLoadLoop() {
  parentPort.postMessage('running');
  for (;;) {
    const lib = dlopen(path, definitions);
    lib.symbols.echo_string('text');
    lib.close();
  }
}

/** Uses buffers over C's memory with finalizers that may not run any more, arenas, and strings that C frees. */
export async function onMemory() {
  const { symbols } = dlopen(path, {
    buffer_static: { returns: 'p' },
    string_new: { args: ['s'], returns: owned('s', 'string_free') },
    variadic_weigh_i32: { args: ['i', '...'], returns: 'l' },
  });
  const kept = [];
  parentPort.postMessage('running');
  for (let i = 0; ; i++) {
    kept[i % 100] = toArrayBuffer(symbols.buffer_static(), 16, () => kept.pop());
    const arena = new Arena();
    void symbols.string_new.async('text').catch(() => {});
    symbols.variadic_weigh_i32(1, ['i', i % 10]);
    arena.stringArray(['a', 'b']);
    if (i % 2) arena.close();
    if (i % 50 === 0) await symbols.string_new.async('other');
  }
}

/** C calls back until it gets zero, which it must get when the worker is terminated. */
export function onEndlessC() {
  const { call_while } = open().symbols;
  const callback = new JSCallback((n) => {
    if (n === 0) parentPort.postMessage('running');
    return 1;
  }, intToInt);
  call_while(callback);
}

export function onEndlessCallback() {
  const { call_i32 } = open().symbols;
  call_i32(() => {
    parentPort.postMessage('running');
    for (;;);
  }, 1);
}

/** Keeps some calls in flight, but not more, because other threads need the pool as well. */
export function onAsyncLoop() {
  const { call_times, call_i32, thread_call, echo_string } = open().symbols;
  const safe = new JSCallback((n) => n, threadsafe);
  const echo = AsyncCFunction({ args: ['s'], returns: 's', ptr: echo_string });
  const starters = [
    () => call_times.async(safe, 10),
    () => call_i32.async((n) => n, 1),
    () => thread_call.async(safe, 1),
    () => echo('text'),
  ];
  const forever = async (start) => {
    for (;;) await start();
  };
  for (let i = 0; i < 5; i++) starters.forEach(forever);
  parentPort.postMessage('running');
}

export function onThreads() {
  const { thread_call_start } = open().symbols;
  const safe = new JSCallback((n) => n, threadsafe);
  for (let i = 0; i < 3; i++) thread_call_start(safe, i, 2_000_000);
  setTimeout(() => parentPort.postMessage('running'), 0);
  setInterval(() => {}, 1000);
}

export function onPosts() {
  const callback = ffi.createCallback((text) => ffi.callCallbackThreadSafe(callback, text), 's', 'v', true);
  for (let i = 0; i < 100; i++) ffi.callCallbackThreadSafe(callback, 'a text that is allocated');
  parentPort.postMessage('running');
}

/**
 * Starts workers with the named functions, and terminates them while they run, `rounds` times. If `kept`, this thread
 * has the library open all the time.
 */
export async function terminate(names, rounds, kept) {
  let ended = 0;
  if (kept) open();
  for (let round = 0; round < Number(rounds); round++) {
    const workers = names.split(',').map((name) => start(name));
    await Promise.all(workers.map((worker) => worker.message()));
    const codes = await Promise.all(workers.map((worker) => worker.terminate()));
    ended += codes.filter((code) => code === 1).length;
  }
  // Remains of the workers must not disturb this thread.
  const lib = open();
  console.log(
    ended,
    await lib.symbols.call_i32.async((n) => n + 1, 1),
    lib.symbols.call_i32((n) => n, 1),
  );
}

/** Terminates workers before they have sent a message: while they load, or just before. */
export async function terminateEarly(rounds) {
  const names = ['onEverything', 'onSyncLoop', 'onAsyncLoop', 'onPosts'];
  for (let round = 0; round < Number(rounds); round++) {
    const workers = names.map((name) => start(name));
    for (let turn = 0; turn < round % 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  console.log(open().symbols.echo_i32(1));
}

/** The whole process ends while workers are busy. */
export async function exitWithWorkers(code, kept) {
  if (kept) open();
  const workers = ['onSyncLoop', 'onAsyncLoop', 'onThreads', 'onPlainLoop'].map((name) => start(name));
  await Promise.all(workers.map((worker) => worker.message()));
  process.exit(Number(code));
}

/** Calls a function pointer of the main thread, sync and async. */
export async function onForeignCallback() {
  const { call_times } = open().symbols;
  const results = [];
  for (const call of [() => call_times(workerData.pointer, 3), () => call_times.async(workerData.pointer, 3)]) {
    try {
      results.push(await call());
    } catch (error) {
      results.push(error.code ?? error.message);
    }
  }
  parentPort.postMessage(results);
}

/** A worker calls C, which calls a callback of the main thread. */
export async function foreignCallback(kind) {
  const uncaught = [];
  process.on('uncaughtException', (error) => uncaught.push(error.code ?? error.message));
  const callback = new JSCallback(
    (n) => {
      if (kind === 'throws') throw new Error('on the main thread');
      return n + 1;
    },
    kind === 'plain' ? intToInt : threadsafe,
  );
  const worker = start('onForeignCallback', { data: { pointer: callback.ptr } });
  const results = await worker.message();
  await worker.ended;
  await new Promise((resolve) => setTimeout(resolve, 0));
  console.log(JSON.stringify({ results, uncaught }));
}

/** Stores a callback in C, which the main thread calls after this worker has ended. */
export async function onStoreCallback() {
  const { call_store } = open().symbols;
  const callback = new JSCallback((n) => n, workerData === 'plain' ? intToInt : threadsafe);
  call_store(callback);
  parentPort.postMessage(callback.ptr);
}

export async function callbackOfEndedWorker(kind) {
  const lib = open();
  const worker = start('onStoreCallback', { data: kind });
  const pointer = await worker.message();
  await worker.ended;
  const outcomes = [];
  for (const call of [
    () => lib.symbols.call_stored(1),
    () => lib.symbols.call_i32(pointer, 1),
    () => lib.symbols.call_stored.async(1),
  ]) {
    try {
      outcomes.push(await call());
    } catch (error) {
      outcomes.push(error.code);
    }
  }
  console.log(JSON.stringify(outcomes));
}

/**
 * A library that a worker opened stays open for other threads when the worker ends, and is unmapped with the last of
 * them.
 */
export async function sharedLibrary() {
  const lib = open();
  for (let i = 0; i < 5; i++) await start('onEverything').ended;
  console.log(lib.symbols.echo_i32(1), await lib.symbols.echo_i32.async(2));
}
