// Programs with callbacks that may hang, overflow, or decide how long the process lives.
import { writeSync } from 'node:fs';
import { dlopen, JSCallback } from 'arkffi';
import { intToInt, open, path as fixture } from './fixture.mjs';

const lib = open();
const threadsafe = { ...intToInt, threadsafe: true };
const never = new Promise(() => {});

/** Prints at once, even if JavaScript is then blocked or the process ends. */
const print = (...values) => writeSync(1, `${values.join(' ')}\n`);

/** Blocks in C until the standard input has data. */
const { read } = dlopen(null, { read: { args: ['i', 'p', 'L'], returns: 'l' } }).symbols;
const waitForInput = () => read(0, new Uint8Array(1), 1);

/** A synchronous call waits for a thread that waits for JavaScript. */
export function deadlock() {
  const asked = (n) => n;
  print('sum', lib.symbols.thread_call(new JSCallback(asked, threadsafe), 1));
}

/** A callback waits for a slow synchronous call, and gets its result in the end. */
export async function slow(times) {
  const alive = setInterval(() => {}, 1000);
  const asked = (n) => n * 2;
  const thread = lib.symbols.thread_call_start(new JSCallback(asked, threadsafe), 21, Number(times));
  waitForInput();
  print('sum', await lib.symbols.thread_call_join.async(thread));
  clearInterval(alive);
}

/** A callback waits for a slow synchronous call that V8 has optimised. */
export async function slowWhenHot() {
  const { poll } = dlopen(null, { poll: { args: ['p', 'L', 'i'], returns: 'i' } }).symbols;
  const asked = (n) => n * 2;
  const callback = new JSCallback(asked, threadsafe);
  const wait = (count, milliseconds) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += poll(null, 0, milliseconds);
    return sum;
  };
  for (let i = 0; i < 50; i++) wait(2000, 0);
  const thread = lib.symbols.thread_call_start(callback, 21, 1);
  wait(1, 3000);
  print('sum', await lib.symbols.thread_call_join.async(thread));
  callback.close();
}

/** A callback waits while JavaScript is busy without any call. */
export async function busy() {
  const asked = (n) => n * 2;
  const call = lib.symbols.call_i32.async(new JSCallback(asked, threadsafe), 21);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
  print('result', await call);
}

/** A Promise cannot settle in time, because JavaScript is in a synchronous call. */
export async function blockedPromise() {
  let pending;
  const isPending = new Promise((resolve) => (pending = resolve));
  const asked = (n) =>
    new Promise((resolve) => {
      pending();
      setTimeout(resolve, 1, n * 2);
    });
  const call = lib.symbols.call_i32.async(new JSCallback(asked, threadsafe), 21);
  await isPending;
  waitForInput();
  print('result', await call);
}

/** A Promise takes long while the event loop turns, which is no error. */
export async function slowPromise() {
  const later = (n) => new Promise((resolve) => setTimeout(resolve, 5000, n * 2));
  print('result', await lib.symbols.call_i32.async(new JSCallback(later, threadsafe), 21));
}

/** The process ends while a thread waits for a Promise; the thread continues with zero. */
export async function exitWhilePending(how) {
  const asked = new JSCallback(() => {
    setImmediate(() => {
      if (how === 'exit') process.exit(3);
      if (how === 'throw') throw new Error('ends the process');
    });
    return never;
  }, threadsafe);
  await Promise.all([1, 2, 3].map((n) => lib.symbols.thread_call.async(asked, n)));
}

/** A worker ends, by itself or by termination, while threads wait for its Promises. */
export async function workerEndsWhilePending(how) {
  const { Worker } = await import('node:worker_threads');
  for (let i = 0; i < 10; i++) {
    const argv = ['callbacks', 'pendingInWorker', how];
    const worker = new Worker(new URL('main.mjs', import.meta.url), { argv, stdout: false });
    const exit = new Promise((resolve) => worker.on('exit', resolve));
    await new Promise((resolve) => worker.on('message', resolve));
    if (how === 'terminate') worker.terminate();
    await exit;
  }
  print('ended');
}

export async function pendingInWorker(how) {
  const { parentPort } = await import('node:worker_threads');
  const asked = new JSCallback(() => {
    parentPort.postMessage('pending');
    if (how === 'exit') setImmediate(() => process.exit());
    return never;
  }, threadsafe);
  await lib.symbols.thread_call.async(asked, 1);
}

/** A thread makes more posted calls than can be queued while JavaScript is blocked. */
export async function overflow() {
  const { thread_tell } = dlopen(fixture, { thread_tell: { args: ['k', 'i'] } }).symbols;
  let [calls, last] = [0, 0];
  process.on('uncaughtException', ({ code, message }) => print(calls, code, message));
  const note = (_, i) => {
    calls++;
    last = i;
  };
  const callback = new JSCallback(note, { args: ['s', 'i'], threadsafe: 'post' });
  const drain = async (count) => {
    while (calls < count) await new Promise((resolve) => setImmediate(resolve));
  };
  thread_tell(callback, 70_000);
  await drain(65_536);
  print('last', last);
  thread_tell(callback, 65_537);
  await drain(2 * 65_536);
  await new Promise((resolve) => setImmediate(resolve));
  print('calls', calls);
}

/** Shows what keeps the process alive: only a callback with ref(). */
export function refs(...what) {
  const callback = new JSCallback(() => {}, { threadsafe: true });
  for (const method of what) callback[method]();
  // A timer that is late may run once in a process that nothing keeps alive, but not three times.
  let turns = 0;
  const timer = setInterval(() => {
    if (++turns < 3) return;
    print('alive');
    callback.close();
    clearInterval(timer);
  }, 20).unref();
}

/** A thread that no call waits for calls a callback that keeps the process alive until then. */
export function refUntilCalled() {
  const callback = new JSCallback((n) => {
    print('called', n);
    callback.close();
    setImmediate(() => lib.symbols.thread_call_join(thread));
    return n;
  }, threadsafe).ref();
  const thread = lib.symbols.thread_call_start(callback, 5, 1);
}

/** In a pumped call, a thread of the library calls a callback that is not threadsafe. */
export async function wrongThreadInPump() {
  // The report does not keep the process alive, but this timer does until the report has come.
  const timer = setInterval(() => {}, 1000);
  process.on('uncaughtException', ({ code }) => {
    print(code);
    clearInterval(timer);
  });
  const { thread_call } = dlopen(fixture, {
    thread_call: { args: ['k', 'i'], returns: 'l', callbacks: 'pump' },
  }).symbols;
  print('sum', thread_call(new JSCallback((n) => n, intToInt), 1));
}

/** Calls process.exit() in a callback of a pumped call. */
export function exitInPump(code) {
  const { thread_call } = dlopen(fixture, {
    thread_call: { args: [intToInt, 'i'], returns: 'l', callbacks: 'pump' },
  }).symbols;
  thread_call(() => process.exit(Number(code)), 1);
}

/** Terminates workers in the middle of pumped calls. */
export async function terminateInPump(times) {
  const { Worker } = await import('node:worker_threads');
  for (let i = 0; i < times; i++) {
    const worker = new Worker(new URL('main.mjs', import.meta.url), { argv: ['callbacks', 'pumpForever'] });
    await new Promise((resolve) => worker.on('message', resolve));
    await worker.terminate();
  }
  print('ended');
}

export async function pumpForever() {
  const { parentPort } = await import('node:worker_threads');
  const { thread_call_many } = dlopen(fixture, {
    thread_call_many: { args: [intToInt, 'i', 'i'], returns: 'l', callbacks: 'pump' },
  }).symbols;
  for (let i = 0; ; i++) {
    thread_call_many((n) => n, 4, 10);
    if (i === 3) parentPort.postMessage('pumping');
  }
}

/** Many threads make many calls. */
export async function storm(threads, times) {
  const callback = new JSCallback((n) => n + 1, threadsafe);
  print(await lib.symbols.thread_call_many.async(callback, Number(threads), Number(times)));
}
