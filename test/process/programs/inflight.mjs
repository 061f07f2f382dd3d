// Programs with very many async calls in flight at once, and with a JavaScript thread that stands still meanwhile.
import { dlopen } from 'arkffi';
import { definitions, path } from './fixture.mjs';

/** What this process has of memory that is not JavaScript's. */
const own = () => {
  globalThis.gc?.();
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
};

const wanted = { ...definitions, gate_echo_f64: { args: ['p', 'd'], returns: 'd' } };

/** `crew` is 'pool', or the number of threads of a lane. */
const open = (crew) => dlopen(path, wanted, crew === 'pool' ? {} : { threads: Number(crew) }).symbols;

const text = (i) => `the text of call ${i}`;

/** Each starts a call, and says what its value is. */
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
 * Has as many calls in flight as asked for, behind one that waits at a gate, on every thread there is. Prints how many
 * gave the right value, and how many bytes each took of the memory that is not JavaScript's, while all were in flight.
 */
export async function many(kind, crew, count, rounds = 1) {
  const { start, value, of = (it) => it } = kinds[kind];
  const symbols = open(crew);
  const threads = crew === 'pool' ? Number(process.env.UV_THREADPOOL_SIZE ?? 4) : Number(crew);
  const promises = Array(Number(count)).fill(null);
  const told = [];
  for (let round = 0; round < rounds; round++) {
    const gate = symbols.gate_new();
    const first = Array.from({ length: threads }, (_, i) => symbols.gate_echo_i32.async(gate, i));
    symbols.gate_await(gate, threads);
    const before = own();
    for (let i = 0; i < count; i++) promises[i] = start(symbols, i, gate);
    const bytes = (own() - before) / count;
    symbols.gate_open(gate);
    await Promise.all(first);
    let right = 0;
    for (let i = 0; i < count; i++) {
      right += Number(of(await promises[i]) === value(i));
      promises[i] = null;
    }
    told.push([right, bytes]);
  }
  console.log(JSON.stringify(told));
}

function standStill(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

const range = (length) => Array.from({ length }, (_, i) => i);

/** Gates are opened one after the other, by a thread that never goes back to its event loop. */
export async function blockedByGates(crew) {
  const symbols = open(crew);
  const threads = crew === 'pool' ? Number(process.env.UV_THREADPOOL_SIZE ?? 4) : Number(crew);
  const gates = range(4).map(() => symbols.gate_new());
  const calls = gates.flatMap((gate) => range(threads).map((i) => symbols.gate_echo_i32.async(gate, i)));
  for (const gate of gates) {
    symbols.gate_await(gate, threads);
    standStill(20);
    symbols.gate_open(gate);
  }
  console.log((await Promise.all(calls)).length / threads);
}

/** The last of many calls that take their time is waited for, by such a thread. */
export async function blockedAfterMany(crew, count) {
  const symbols = open(crew);
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

/** A call is made and waited for by such a thread at the moment when long ones have just ended. */
export async function blockedAfterLong(crew, rounds) {
  const symbols = open(crew);
  const threads = crew === 'pool' ? Number(process.env.UV_THREADPOOL_SIZE ?? 4) : Number(crew);
  let right = 0;
  for (let round = 0; round < Number(rounds); round++) {
    const [long, next] = [symbols.gate_new(), symbols.gate_new()];
    const calls = range(threads).map((i) => symbols.gate_echo_i32.async(long, i));
    symbols.gate_await(long, threads);
    standStill(5);
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
