// Programs that end, or stay alive, with async calls queued and running, on the host's pool and in lanes.
import { Worker, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { dlopen, JSCallback } from 'arkffi';
import { definitions, intToInt, path } from './fixture.mjs';

const main = fileURLToPath(new URL('main.mjs', import.meta.url));
const threadsafe = { ...intToInt, threadsafe: true };
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Opens the fixture library; `threads` is 'pool', or the number of threads of a lane. */
function open(threads) {
  const wanted = {
    ...definitions,
    batch_add: { args: ['d', 'd'], returns: 'd' },
    batch_spin: intToInt,
    call_while: { args: ['k'], returns: 'i' },
  };
  return dlopen(path, wanted, threads === 'pool' ? {} : { threads: Number(threads) });
}

/**
 * Starts calls of every kind that end by themselves: queued and running ones, with callbacks and options. Returns the
 * Promises of all.
 */
function manyCalls({ symbols }, count = 30) {
  const { batch_add, call_i32, call_times, echo_i32, echo_string, gate_buffer_fill, gate_new, gate_open, thread_call } =
    symbols;
  const callback = new JSCallback((n) => n, threadsafe);
  const gate = gate_new();
  gate_open(gate);
  const calls = [];
  for (let i = 0; i < count; i++) {
    const { signal } = new AbortController();
    calls.push(
      ...[call_times.async(callback, 20), echo_i32.async(i), echo_string.async('text'), thread_call.async(callback, i)],
      call_i32.async((n) => n, i),
      batch_add.batch.async([new Float64Array(i + 1), i]),
      gate_buffer_fill.async(gate, new Uint8Array(1000), 1000, 1),
      echo_i32.async.with({ signal, timeout: 60_000, errno: true })(i),
      echo_i32.async
        .with({ signal: AbortSignal.abort('gone') })(i)
        .catch(() => {}),
      call_times.async
        .with({ timeout: 0 })(callback, 20)
        .catch(() => {}),
    );
  }
  return calls;
}

/** Makes new calls as long as JavaScript runs. */
function neverIdle({ symbols: { echo_i32, call_i32 } }) {
  const flow = async () => {
    for (;;) await Promise.all([echo_i32.async(1), call_i32.async((n) => n, 1)]);
  };
  for (let i = 0; i < 5; i++) flow();
}

/** Makes a call that reports, and continues as long as `report` returns 1. */
function neverEnding({ symbols: { call_while } }, report = () => 1) {
  call_while.async(new JSCallback(report, threadsafe)).catch(() => {});
}

/** Starts a batch that takes minutes, and waits until it is in the middle of its rows. */
async function longBatch({ symbols: { batch_spin } }) {
  const results = new Int32Array(2 ** 24);
  batch_spin.batch.async([new Int32Array(results.length).fill(20_000)], results);
  while (!results[0]) await nextTurn();
}

/** Starts all of these calls on the given threads. */
function busy(threads) {
  const lib = open(threads);
  const calls = manyCalls(lib);
  neverIdle(lib);
  if (threads !== '1') neverEnding(lib); // in a lane of one it would occupy the only thread
  return { lib, calls };
}

/** Ends the process by process.exit() or an error, at different moments. */
export async function endBusy(how, threads, code) {
  const exit = () => process.exit(Number(code));
  const { lib, calls } = busy(threads);
  if (how === 'at once') exit();
  if (how === 'in a then') calls[1].then(exit);
  if (how === 'in a callback') lib.symbols.call_i32.async(exit, 1);
  if (how === 'in a report') neverEnding(lib, (n) => (n < 5 ? 1 : exit()));
  if (how === 'after closing') calls[5].then(() => (lib.close(), exit()));
  for (let i = 0; i < 3; i++) await nextTurn();
  if (how === 'after some turns') exit();
  if (how === 'by an exception')
    setImmediate(() => {
      throw new Error('uncaught on purpose');
    });
  if (how === 'by a rejection') lib.symbols.echo_i32.async('no number');
  if (how === 'by an exception in a then')
    calls[3].then(() =>
      process.nextTick(() => {
        throw new Error('uncaught on purpose');
      }),
    );
}

/** Calls process.exit() in the middle of a batch. */
export async function endBatch(threads, code) {
  await longBatch(open(threads));
  process.exit(Number(code));
}

/** Calls process.exit() while the threads of a lane are in C and do not return. */
export async function exitStuck(code) {
  const { gate_new, gate_pass, gate_await } = open(2).symbols;
  const gate = gate_new();
  [gate_pass.async(gate), gate_pass.async(gate)];
  gate_await(gate, 2);
  await nextTurn();
  process.exit(Number(code));
}

/** Nothing but the calls keeps the process alive, and they all end. */
export function natural(threads, closes) {
  const lib = open(threads);
  let settled = 0;
  const calls = manyCalls(lib);
  for (const call of calls) call.then(() => settled++);
  if (closes) lib.close();
  process.on('exit', () => console.log(calls.length - settled));
}

/** Exit listeners make further calls, in every way. */
export async function callsAtExit(threads, early) {
  const again = () => {
    const later = open(threads);
    const report = new JSCallback(() => console.log('never'), threadsafe);
    console.log(later.symbols.echo_i32.with({ errno: true })(2).value, lib.symbols.echo_i32(3));
    for (const { symbols } of [lib, later]) {
      symbols.echo_i32.async(4).then(() => console.log('never'));
      symbols.call_while.async(report);
      symbols.echo_i32.async.with({ timeout: 0, signal: new AbortController().signal })(4);
    }
    later.close();
  };
  if (early) process.on('exit', again);
  const lib = open(threads);
  await Promise.all(manyCalls(lib));
  if (!early) process.on('exit', again);
  manyCalls(lib);
}

/** Repeatedly opens a library, calls, and closes it with calls queued and running. */
export async function closeBusy(threads, rounds) {
  let settled = 0;
  let wanted = 0;
  for (let i = 0; i < Number(rounds); i++) {
    const lib = open(threads);
    const calls = manyCalls(lib, 3);
    wanted += calls.length;
    const all = Promise.all(calls.map((call) => call.then(() => settled++)));
    if (i % 3 === 0) await nextTurn();
    lib.close();
    if (i % 2 === 0) await all;
    if (i === rounds - 1) await all;
  }
  process.on('exit', () => console.log(wanted > 0, wanted - settled));
}

/** A thread of the pool opens the gate: from then on only the call keeps the process alive. */
export function pending(threads) {
  const { gate_echo_i32 } = open(threads).symbols;
  const { gate_new, gate_await, gate_open } = open('pool').symbols;
  const gate = gate_new();
  gate_echo_i32.async(gate, 42).then((value) => console.log(value));
  gate_await(gate, 1);
  gate_open.async(gate);
}

/** Nothing but a call whose Promise has been rejected keeps the process alive, while C still writes. */
export function pendingCancelled(threads) {
  const { gate_buffer_fill } = open(threads).symbols;
  const { gate_new, gate_await, gate_open } = open('pool').symbols;
  const gate = gate_new();
  const bytes = new Uint8Array(32 * 1024 * 1024);
  const controller = new AbortController();
  const call = gate_buffer_fill.async.with({ signal: controller.signal })(gate, bytes, bytes.length, 1);
  call.catch((reason) => console.log(reason));
  gate_await(gate, 1);
  controller.abort('rejected');
  gate_open.async(gate);
  process.on('exit', () => console.log(bytes.at(-1)));
}

/** Everything is open and has been used, but nothing is in flight, including timers of calls that have settled. */
export async function idle() {
  const longest = 2 ** 31 - 1;
  for (const threads of ['pool', 1, 4]) {
    const { echo_i32, call_i32 } = open(threads).symbols;
    const { signal } = new AbortController();
    const calls = Array.from({ length: 100 }, (_, i) => echo_i32.async.with({ signal, timeout: longest })(i));
    await Promise.all(calls);
    await call_i32.async.with({ timeout: longest })((n) => n, 1);
    await echo_i32.async
      .with({ timeout: longest })('1')
      .catch(() => {});
    open(threads);
  }
  console.log('done');
}

/** Prints the processor time, in microseconds, of an idle second after calls on many threads. */
export async function silence() {
  const libraries = ['pool', 1, 4].map(open);
  for (const { symbols } of libraries) {
    await Promise.all(Array.from({ length: 1000 }, (_, i) => symbols.echo_i32.async(i)));
    await symbols.echo_i32.async(1);
  }
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const { user, system } = process.cpuUsage(before);
  console.log(user + system);
}

/** A call with options rejects, and the rejection is not handled. */
export function unhandledRejection(how) {
  const { gate_new, gate_pass, echo_i32 } = open(1).symbols;
  const gate = gate_new();
  const controller = new AbortController();
  const { signal } = controller;
  if (how === 'options') echo_i32.async.with({ timeout: -1 })(1);
  if (how === 'aborted') echo_i32.async.with({ signal: AbortSignal.abort(new Error('the reason')) })(1);
  if (how === 'abort') gate_pass.async.with({ signal })(gate);
  if (how === 'timeout') gate_pass.async.with({ timeout: 1 })(gate);
  setImmediate(() => controller.abort(new Error('the reason')));
}

/* These functions run in workers: each reports that it runs, and waits to be terminated. */

export async function onBusy() {
  busy(workerData.threads);
  await nextTurn();
  parentPort.postMessage('running');
}

export async function onBatch() {
  await longBatch(open(workerData.threads));
  parentPort.postMessage('running');
}

export async function onOpening() {
  parentPort.postMessage('running');
  for (;;) {
    const lib = open(workerData.threads);
    const calls = manyCalls(lib, 2);
    lib.close();
    await calls[0];
  }
}

/** The JavaScript thread never returns to its event loop, so that the results are never taken. */
export function onBlocking() {
  const { echo_i32, echo_string } = open(workerData.threads).symbols;
  for (let i = 0; i < 5000; i++) [echo_i32.async(i), echo_string.async('text')];
  parentPort.postMessage('running');
  for (;;) echo_i32(1);
}

/** Calls are in C until the main thread opens the gate. */
export function onStuck() {
  const { gate_echo_i32 } = open(workerData.threads).symbols;
  for (let i = 0; i < 10; i++) gate_echo_i32.async(workerData.gate, i);
  parentPort.postMessage('running');
}

function start(name, data) {
  const worker = new Worker(main, { argv: ['ends', name], workerData: data });
  worker.hasStarted = new Promise((resolve, reject) => worker.on('error', reject).once('message', resolve));
  return worker;
}

/** Starts workers with the named functions, and terminates them while they run, `rounds` times. */
export async function terminate(names, threads, rounds) {
  let ended = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const workers = names.split(',').map((name) => start(name, { threads }));
    for (const worker of workers) await worker.hasStarted;
    for (let i = 0; i < round % 5; i++) await nextTurn();
    const codes = await Promise.all(workers.map((worker) => worker.terminate()));
    ended += codes.filter((code) => code === 1).length;
  }
  // Remains of the workers must not disturb this thread.
  const { echo_i32, call_i32 } = open(threads).symbols;
  console.log(ended, await call_i32.async((n) => n + 1, 1), echo_i32(1));
}

/** A worker ends when the C function that it is in returns, and not before. */
export async function terminateStuck(threads, rounds) {
  const { gate_new, gate_open, gate_await, gate_free } = open('pool').symbols;
  let ended = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const gate = gate_new();
    const worker = start('onStuck', { threads, gate });
    await worker.hasStarted;
    gate_await(gate, 1);
    let isOver = false;
    const over = worker.terminate().then(() => (isOver = true));
    for (let i = 0; i < 5; i++) await nextTurn();
    const early = isOver;
    gate_open(gate);
    await over;
    ended += Number(!early);
    gate_free(gate);
  }
  console.log(ended);
}

/** The whole process ends while workers are busy. */
export async function exitWithWorkers(threads, code) {
  const workers = ['onBusy', 'onOpening', 'onBlocking'].map((name) => start(name, { threads }));
  for (const worker of workers) await worker.hasStarted;
  busy(threads);
  process.exit(Number(code));
}
