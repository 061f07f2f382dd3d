// Async calls that end at once, one after the other, until the program does something in between.
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { dlopen } from 'arkffi';
import { definitions, path } from './fixture.mjs';

const main = fileURLToPath(new URL('main.mjs', import.meta.url));
const open = (threads) => dlopen(path, definitions, threads === 'pool' ? {} : { threads: Number(threads) }).symbols;

async function chain({ echo_i32 }, length) {
  for (let i = 0; i < length; i++) if ((await echo_i32.async(i)) !== i) throw new Error(`the result of call ${i}`);
}

/** While a call is out that does not end, the event loop sleeps. */
export async function sleeps(threads) {
  const symbols = open(threads);
  const others = open('pool');
  const gate = symbols.gate_new();
  const slow = symbols.gate_echo_i32.async(gate, 42);
  await chain(others, 2000);
  const before = performance.eventLoopUtilization();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { utilization } = performance.eventLoopUtilization(before);
  symbols.gate_open(gate);
  console.log(await slow, utilization < 0.5);
}

/** Nothing is out any more. */
export async function rests(threads) {
  await chain(open(threads), 2000);
  const before = performance.eventLoopUtilization();
  await new Promise((resolve) => setTimeout(resolve, 500));
  console.log(performance.eventLoopUtilization(before).utilization < 0.5);
}

/** The program catches what is thrown in the middle of the chain. */
export async function catches(threads) {
  const symbols = open(threads);
  let caught = 0;
  process.on('uncaughtException', ({ message }) => (caught += message === 'on purpose'));
  process.on('unhandledRejection', (reason) => (caught += reason === 'on purpose'));
  const fail = () => {
    throw new Error('on purpose');
  };
  for (let i = 0; i < 50; i++) {
    await symbols.echo_i32.async(i).then(() => {
      process.nextTick(fail);
      queueMicrotask(fail);
      Promise.reject('on purpose');
    });
    await chain(symbols, 20);
  }
  await new Promise((resolve) => setImmediate(resolve));
  console.log(caught);
}

/** C turns the program's event loop between the result of a call and the next call. */
export async function turns(threads) {
  const symbols = open(threads);
  const types = { args: ['p', 'int'], returns: 'int', fast: false };
  const { uv_run, uv_default_loop } = dlopen(null, { uv_run: types, uv_default_loop: { returns: 'p' } }).symbols;
  let inner = 0;
  for (let i = 0; i < 200; i++) {
    await symbols.echo_i32.async(i);
    symbols.echo_i32.async(i).then((value) => (inner += value === i));
    for (let turn = 0; turn < 3; turn++) uv_run(uv_default_loop(), 2);
    await chain(symbols, 5);
  }
  await chain(symbols, 100);
  console.log(inner);
}

export async function inWorker(threads, how) {
  const symbols = open(threads);
  await chain(symbols, 500);
  if (how === 'exit') symbols.echo_i32.async(1).then(() => process.exit(7));
  if (how === 'throw') {
    symbols.echo_i32.async(1).then(() =>
      process.nextTick(() => {
        throw new Error('on purpose');
      }),
    );
  }
  if (how !== 'end') await chain(symbols, Infinity);
}

/** Workers end in the middle of a chain or after it, while the main thread has a chain of its own. */
export async function workers(threads, how, count) {
  const symbols = open(threads);
  const codes = new Set();
  for (let i = 0; i < Number(count); i++) {
    const worker = new Worker(main, { argv: ['quick', 'inWorker', threads, how] });
    let hasEnded = false;
    worker.on('error', ({ message }) => codes.add(message));
    worker.on('exit', (code) => {
      codes.add(code);
      hasEnded = true;
    });
    if (how === 'terminate') worker.on('online', () => setTimeout(() => worker.terminate(), 30 + 10 * i));
    while (!hasEnded) await chain(symbols, 10);
  }
  console.log(...codes);
}
