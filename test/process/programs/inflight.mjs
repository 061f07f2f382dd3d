// Programs with a great many async calls in flight at once, and with a JavaScript thread that is blocked meanwhile.
import { dlopen } from 'arkffi';
import { definitions, path } from './fixture.mjs';

/** The process's memory outside the JavaScript heap. */
const nativeBytes = () => {
  globalThis.gc?.();
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
};

const wanted = { ...definitions, gate_echo_f64: { args: ['p', 'd'], returns: 'd' } };

/** Opens the fixture library; `pool` is 'pool', or the number of threads of a lane. */
const open = (pool) => dlopen(path, wanted, pool === 'pool' ? {} : { threads: Number(pool) }).symbols;

const text = (i) => `the text of call ${i}`;

/** For each kind, a function that starts a call, and one that returns its expected value. */
const kinds = {
  numbers: { start: ({ echo_i32 }, i) => echo_i32.async(i), value: (i) => i },
  many: { start: ({ weigh_i32_2 }, i) => weigh_i32_2.async(i, i), value: (i) => 3 * i },
  strings: { start: ({ echo_string }, i) => echo_string.async(text(i)), value: text },
  buffers: {
    start: ({ gate_buffer_sum }, i, gate) => gate_buffer_sum.async(gate, new Uint8Array([i, 1]), 2),
    value: (i) => (i & 255) + 1,
  },
  options: {
    start: ({ echo_i32 }, i) => echo_i32.async.with({ timeout: 2 ** 31 - 1, errno: true })(i),
    value: (i) => i,
    of: ({ value, errno }) => (errno === 0 ? value : undefined),
  },
};

/**
 * Has `count` calls in flight, queued after calls that wait at a gate on every thread. Prints how many returned the
 * right value, and how many bytes outside the JavaScript heap each took while all were in flight.
 */
export async function many(kind, pool, count, rounds = 1) {
  const { start, value, of = (it) => it } = kinds[kind];
  const symbols = open(pool);
  const threads = pool === 'pool' ? Number(process.env.UV_THREADPOOL_SIZE ?? 4) : Number(pool);
  const promises = Array(Number(count)).fill(null);
  const results = [];
  for (let round = 0; round < rounds; round++) {
    const gate = symbols.gate_new();
    const first = Array.from({ length: threads }, (_, i) => symbols.gate_echo_i32.async(gate, i));
    symbols.gate_await(gate, threads);
    const before = nativeBytes();
    for (let i = 0; i < count; i++) promises[i] = start(symbols, i, gate);
    const bytes = (nativeBytes() - before) / count;
    symbols.gate_open(gate);
    await Promise.all(first);
    let right = 0;
    for (let i = 0; i < count; i++) {
      right += Number(of(await promises[i]) === value(i));
      promises[i] = null;
    }
    results.push([right, bytes]);
  }
  console.log(JSON.stringify(results));
}

function block(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

const range = (length) => Array.from({ length }, (_, i) => i);

/** Opens gates one after the other, from a JavaScript thread that never returns to its event loop. */
export async function blockedByGates(pool) {
  const symbols = open(pool);
  const threads = pool === 'pool' ? Number(process.env.UV_THREADPOOL_SIZE ?? 4) : Number(pool);
  const gates = range(4).map(() => symbols.gate_new());
  const calls = gates.flatMap((gate) => range(threads).map((i) => symbols.gate_echo_i32.async(gate, i)));
  for (const gate of gates) {
    symbols.gate_await(gate, threads);
    block(20);
    symbols.gate_open(gate);
  }
  console.log((await Promise.all(calls)).length / threads);
}

/** Waits for the last of many long calls, on a JavaScript thread that never returns to its event loop. */
export async function blockedAfterMany(pool, count) {
  const symbols = open(pool);
  const [first, last] = [symbols.gate_new(), symbols.gate_new()];
  const bytes = new Uint8Array(8 * 1024 * 1024);
  symbols.gate_open(first);
  const calls = range(Number(count)).map(() => symbols.gate_buffer_fill.async(first, bytes, bytes.length, 1));
  const call = symbols.gate_echo_i32.async(last, 42);
  symbols.gate_await(last, 1);
  symbols.gate_open(last);
  await Promise.all(calls);
  console.log(await call);
}

/**
 * Makes a call just when long ones have ended, and waits for it on a JavaScript thread that never returns to its event
 * loop.
 */
export async function blockedAfterLong(pool, rounds) {
  const symbols = open(pool);
  const threads = pool === 'pool' ? Number(process.env.UV_THREADPOOL_SIZE ?? 4) : Number(pool);
  let right = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const [long, next] = [symbols.gate_new(), symbols.gate_new()];
    const calls = range(threads).map((i) => symbols.gate_echo_i32.async(long, i));
    symbols.gate_await(long, threads);
    block(5);
    symbols.gate_open(long);
    await calls[round % threads];
    const call = symbols.gate_echo_i32.async(next, round);
    symbols.gate_await(next, 1);
    symbols.gate_open(next);
    await Promise.all(calls);
    right += Number((await call) === round);
    [long, next].forEach((gate) => symbols.gate_free(gate));
  }
  console.log(right);
}
