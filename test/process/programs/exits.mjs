// Programs that end in different ways while something of arkffi is still in progress.
import { AsyncCFunction, CFunction, dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { definitions, intToInt, open, path } from './fixture.mjs';

const threadsafe = { ...intToInt, threadsafe: true };

/** Nothing but a call keeps the process alive: a thread of the pool opens the gate. */
export function pendingCall() {
  const { gate_new, gate_await, gate_open, gate_echo_i32 } = open().symbols;
  const gate = gate_new();
  gate_echo_i32.async(gate, 42).then((value) => console.log(value));
  gate_await(gate, 1);
  gate_open.async(gate);
}

/** Nothing but a call keeps the process alive, and the call waits for JavaScript as well. */
export function pendingCallback() {
  const { call_times } = open().symbols;
  const callback = new JSCallback((n) => n, threadsafe);
  call_times.async(callback, 10).then((value) => console.log(value));
}

export function pendingPost() {
  const callback = ffi.createCallback((n) => console.log(n), 'i', 'v', true);
  ffi.callCallbackThreadSafe(callback, 1);
  ffi.callCallbackThreadSafe(callback, 2);
}

/** Everything is open, and nothing is in flight. */
export async function idle() {
  const lib = open();
  ffi.defineFunction(lib.handle, 'echo_i32', 'i', 'i');
  const made = [
    CFunction({ ...intToInt, ptr: lib.symbols.echo_i32 }),
    AsyncCFunction({ ...intToInt, ptr: lib.symbols.echo_i32 }),
  ];
  const callbacks = [new JSCallback((n) => n, intToInt), new JSCallback((n) => n, threadsafe)];
  lib.symbols.call_store(callbacks[1]);
  console.log(
    await made[1](1),
    lib.symbols.call_i32(callbacks[0], 2),
    await lib.symbols.call_i32.async(callbacks[1], 3),
  );
  ffi.callCallbackThreadSafe(callbacks[1].getHandle(), 4);
}

function manyCalls(lib, count = 100) {
  const callback = new JSCallback((n) => n, threadsafe);
  const { call_times, echo_i32, thread_call, echo_string } = lib.symbols;
  for (let i = 0; i < count; i++) {
    [call_times.async(callback, 50), echo_i32.async(i), echo_string.async('text'), thread_call.async(callback, i)];
  }
}

/** Calls are queued and running, and wait for JavaScript, which does not run any more. */
export async function exitWithCalls(code, turns) {
  manyCalls(open());
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
  process.exit(Number(code));
}

/** The process ends while C is on the stack. */
export function exitInCallback(code) {
  const lib = open();
  manyCalls(lib);
  lib.symbols.call_i32(() => lib.symbols.call_i32(() => process.exit(Number(code)), 1), 1);
}

/** A worker thread of the pool waits for the callback that ends the process. */
export function exitInAsyncCallback(code) {
  const lib = open();
  const callback = new JSCallback(() => process.exit(Number(code)), threadsafe);
  lib.symbols.call_times.async(callback, 10);
  manyCalls(lib);
}

/** Threads of the library call JavaScript repeatedly. */
export function exitWithThreads(code, how) {
  const lib = open();
  let calls = 0;
  const callback = new JSCallback((n) => {
    if (++calls < 20) return n;
    if (how === 'throw') throw new Error('the twentieth');
    return process.exit(Number(code));
  }, threadsafe);
  for (let i = 0; i < 4; i++) lib.symbols.thread_call_start(callback, i, 1_000_000);
  setInterval(() => {}, 1000);
}

/** The library's own threads run its code, and no JavaScript, when everything else has ended. */
export function endWithThreads() {
  const { thread_call_start, echo_i32 } = open().symbols;
  for (let i = 0; i < 4; i++) thread_call_start(echo_i32, i, 2_000_000_000);
}

/** C is called in the last moments of the process. */
export function callsAtExit() {
  const lib = open();
  const callback = new JSCallback((n) => n + 1, intToInt);
  process.on('exit', () => {
    console.log(lib.symbols.call_i32(callback, 1), lib.symbols.echo_i32(3));
    lib.symbols.echo_i32.async(4);
    lib.symbols.call_times.async(new JSCallback(() => console.log('never'), threadsafe), 1);
    lib.close();
  });
}

export function uncaughtWithCalls() {
  const lib = open();
  manyCalls(lib);
  setImmediate(() => {
    throw new Error('uncaught on purpose');
  });
}

export function unhandledRejection() {
  open().symbols.echo_i32.async('no number');
}

/** A library is closed while calls run, and the process ends before they do. */
export function exitWithClosedLibrary(code) {
  for (let i = 0; i < 50; i++) {
    const lib = dlopen(path, definitions);
    const pending = lib.symbols.echo_string.async(`text ${i}`);
    lib.close();
    pending.then((text) => text === 'text 5' && process.exit(Number(code)));
  }
}

/** Nothing is closed, ten thousand times. */
export async function nothingClosed() {
  for (let i = 0; i < 10_000; i++) {
    new JSCallback(() => i, {});
    if (i % 100 === 0) open();
  }
  console.log(await open().symbols.echo_i32.async(1));
}
