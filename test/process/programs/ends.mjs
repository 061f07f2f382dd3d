// Programs that end, or live on, with async calls queued and running: on the host's pool and in lanes.
import { Worker, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { dlopen, JSCallback } from 'arkffi';
import { definitions, intToInt, path } from './fixture.mjs';

const main = fileURLToPath(new URL('main.mjs', import.meta.url));
const threadsafe = { ...intToInt, threadsafe: true };
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** `crew` is 'pool', or the number of threads of a lane. */
function open(crew) {
  const wanted = {
    ...definitions,
    batch_add: { args: ['d', 'd'], returns: 'd' },
    batch_spin: intToInt,
    call_while: { args: ['k'], returns: 'i' },
  };
  return dlopen(path, wanted, crew === 'pool' ? {} : { threads: Number(crew) });
}

/** Calls of every kind that end by themselves: queued and running ones, with callbacks and options. Promises of all. */
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

/** New calls as long as there is JavaScript. */
function neverIdle({ symbols: { echo_i32, call_i32 } }) {
  const flow = async () => {
    for (;;) await Promise.all([echo_i32.async(1), call_i32.async((n) => n, 1)]);
  };
  for (let i = 0; i < 5; i++) flow();
}

/** A call that reports, and goes on as long as JavaScript answers. */
function neverEnding({ symbols: { call_while } }, report = () => 1) {
  call_while.async(new JSCallback(report, threadsafe)).catch(() => {});
}

/** Gives its turn to others until a batch that takes minutes is in the middle of its rows. */
async function longBatch({ symbols: { batch_spin } }) {
  const results = new Int32Array(2 ** 24);
  batch_spin.batch.async([new Int32Array(results.length).fill(20_000)], results);
  while (!results[0]) await turn();
}

/** All of these are under way in a library, and the same on the pool. */
function busy(crew) {
  const lib = open(crew);
  const calls = manyCalls(lib);
  neverIdle(lib);
  if (crew !== '1') neverEnding(lib); // else no other would run
  return { lib, calls };
}

/** process.exit() and its like, at different moments. */
export async function endBusy(how, crew, code) {
  const exit = () => process.exit(Number(code));
  const { lib, calls } = busy(crew);
  if (how === 'at once') exit();
  if (how === 'in a then') calls[1].then(exit);
  if (how === 'in a callback') lib.symbols.call_i32.async(exit, 1);
  if (how === 'in a report') neverEnding(lib, (n) => (n < 5 ? 1 : exit()));
  if (how === 'after closing') calls[5].then(() => (lib.close(), exit()));
  for (let i = 0; i < 3; i++) await turn();
  if (how === 'after some turns') exit();
  if (how === 'by an exception')
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
  if (how === 'by a rejection') lib.symbols.echo_i32.async('no number');
  if (how === 'by an exception in a then')
    calls[3].then(() =>
      process.nextTick(() => {
        throw new Error('nobody catches this');
      }),
    );
}

/** process.exit() in the middle of a batch. */
export async function endBatch(crew, code) {
  await longBatch(open(crew));
  process.exit(Number(code));
}

/** A thread of a lane is in C, and will not come back. */
export async function exitStuck(code) {
  const { gate_new, gate_pass, gate_await } = open(2).symbols;
  const gate = gate_new();
  [gate_pass.async(gate), gate_pass.async(gate)];
  gate_await(gate, 2);
  await turn();
  process.exit(Number(code));
}

/** Nothing but its calls keeps it alive, and they all end. */
export function natural(crew, closes) {
  const lib = open(crew);
  let settled = 0;
  const calls = manyCalls(lib);
  for (const call of calls) call.then(() => settled++);
  if (closes) lib.close();
  process.on('exit', () => console.log(calls.length - settled));
}

/** Listeners for the exit call again, in every way. */
export async function callsAtExit(crew, early) {
  const again = () => {
    const later = open(crew);
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
  const lib = open(crew);
  await Promise.all(manyCalls(lib));
  if (!early) process.on('exit', again);
  manyCalls(lib);
}

/** Opens, calls and closes with calls queued and running, over and over. */
export async function closeBusy(crew, rounds) {
  let settled = 0;
  let wanted = 0;
  for (let i = 0; i < Number(rounds); i++) {
    const lib = open(crew);
    const calls = manyCalls(lib, 3);
    wanted += calls.length;
    const all = Promise.all(calls.map((call) => call.then(() => settled++)));
    if (i % 3 === 0) await turn();
    lib.close();
    if (i % 2 === 0) await all;
    if (i === rounds - 1) await all;
  }
  process.on('exit', () => console.log(wanted > 0, wanted - settled));
}

/** The gate is opened by a thread of the pool: from then on nothing but the call is left. */
export function pending(crew) {
  const { gate_echo_i32 } = open(crew).symbols;
  const { gate_new, gate_await, gate_open } = open('pool').symbols;
  const gate = gate_new();
  gate_echo_i32.async(gate, 42).then((value) => console.log(value));
  gate_await(gate, 1);
  gate_open.async(gate);
}

/** As above, where the Promise has been rejected and C still writes. */
export function pendingCancelled(crew) {
  const { gate_buffer_fill } = open(crew).symbols;
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

/** Everything is open and was used, and nothing goes on: not even timers of calls that have settled. */
export async function idle() {
  const longest = 2 ** 31 - 1;
  for (const crew of ['pool', 1, 4]) {
    const { echo_i32, call_i32 } = open(crew).symbols;
    const { signal } = new AbortController();
    const calls = Array.from({ length: 100 }, (_, i) => echo_i32.async.with({ signal, timeout: longest })(i));
    await Promise.all(calls);
    await call_i32.async.with({ timeout: longest })((n) => n, 1);
    await echo_i32.async
      .with({ timeout: longest })('1')
      .catch(() => {});
    open(crew);
  }
  console.log('done');
}

/** The processor time, in microseconds, of a second in which nothing happens, right after calls on many threads. */
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

/** Nobody catches what a call with options rejects with. */
export function nobodyCatches(how) {
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

/* In workers: each says that it runs, and waits to be terminated. */

export async function onBusy() {
  busy(workerData.crew);
  await turn();
  parentPort.postMessage('running');
}

export async function onBatch() {
  await longBatch(open(workerData.crew));
  parentPort.postMessage('running');
}

export async function onOpening() {
  parentPort.postMessage('running');
  for (;;) {
    const lib = open(workerData.crew);
    const calls = manyCalls(lib, 2);
    lib.close();
    await calls[0];
  }
}

/** Its results find nobody who takes them. */
export function onBlocking() {
  const { echo_i32, echo_string } = open(workerData.crew).symbols;
  for (let i = 0; i < 5000; i++) [echo_i32.async(i), echo_string.async('text')];
  parentPort.postMessage('running');
  for (;;) echo_i32(1);
}

/** In C, until the main thread opens the gate. */
export function onStuck() {
  const { gate_echo_i32 } = open(workerData.crew).symbols;
  for (let i = 0; i < 10; i++) gate_echo_i32.async(workerData.gate, i);
  parentPort.postMessage('running');
}

function start(name, data) {
  const worker = new Worker(main, { argv: ['ends', name], workerData: data });
  worker.said = new Promise((resolve, reject) => worker.on('error', reject).once('message', resolve));
  return worker;
}

/** Starts each of those named, and terminates them in the middle, as often as that. */
export async function terminate(names, crew, rounds) {
  let ended = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const workers = names.split(',').map((name) => start(name, { crew }));
    for (const worker of workers) await worker.said;
    for (let i = 0; i < round % 5; i++) await turn();
    const codes = await Promise.all(workers.map((worker) => worker.terminate()));
    ended += codes.filter((code) => code === 1).length;
  }
  // What is left of them must not be in the way of this thread.
  const { echo_i32, call_i32 } = open(crew).symbols;
  console.log(ended, await call_i32.async((n) => n + 1, 1), echo_i32(1));
}

/** A worker ends when the C function that it is in returns, and not before. */
export async function terminateStuck(crew, rounds) {
  const { gate_new, gate_open, gate_await, gate_free } = open('pool').symbols;
  let ended = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const gate = gate_new();
    const worker = start('onStuck', { crew, gate });
    await worker.said;
    gate_await(gate, 1);
    let isOver = false;
    const over = worker.terminate().then(() => (isOver = true));
    for (let i = 0; i < 5; i++) await turn();
    const early = isOver;
    gate_open(gate);
    await over;
    ended += Number(!early);
    gate_free(gate);
  }
  console.log(ended);
}

/** The whole process ends while workers are busy. */
export async function exitWithWorkers(crew, code) {
  const workers = ['onBusy', 'onOpening', 'onBlocking'].map((name) => start(name, { crew }));
  for (const worker of workers) await worker.said;
  busy(crew);
  process.exit(Number(code));
}
