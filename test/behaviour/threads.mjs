// Shared by the tests of async calls: libraries with and without threads of their own, and how many threads work for
// them.
import { readdirSync } from 'node:fs';
import { dlopen } from 'arkffi';
import { Gate, nextTurn } from './lifetimes.mjs';
import { fixture } from './support.mjs';

export const intToInt = { args: ['i'], returns: 'i' };

export const definitions = {
  add_to_total: { args: ['p', 'i'], returns: 'i' },
  call_i32: { args: [intToInt, 'i'], returns: 'i' },
  call_times: { args: ['k', 'i'], returns: 'l' },
  call_while: { args: ['k'], returns: 'i' },
  echo_i32: intToInt,
  echo_string: { args: ['s'], returns: 's' },
  echo_void: {},
  gate_buffer_fill: { args: ['p', 'p', 'L', 'C'] },
  gate_call: { args: ['p', 'k', 'i'], returns: 'i' },
  gate_echo_i32: { args: ['p', 'i'], returns: 'i' },
  gate_echo_string: { args: ['p', 's'], returns: 's' },
  gate_errno: { args: ['p', 'i'], returns: 'i' },
  gate_thread: { args: ['p'], returns: 'q' },
  string_overwritten: { args: ['s'], returns: 's' },
  thread_self: { returns: 'q' },
};

/** Opens the fixture library with `threads` threads of its own, or on the host's pool if that is undefined. */
export function open(threads, path = fixture) {
  return dlopen(path, definitions, threads === undefined ? {} : { threads });
}

/** Opens the library for `body`, which gets its symbols, and closes it afterwards. */
export async function using(threads, body) {
  const lib = open(threads);
  try {
    return await body(lib.symbols, lib);
  } finally {
    lib.close();
  }
}

/** How many threads the host's pool has. */
export const poolSize = Number(process.env.UV_THREADPOOL_SIZE ?? 4);

/** How many calls of a library opened with `threads` can run at the same time. */
export const poolSizeOf = (threads) => threads ?? poolSize;

/** Each kind of worker pool that a test runs on: its name, and the `threads` that open it. */
export const pools = { 'the pool': undefined, 'a lane of one': 1, 'a lane of three': 3 };

const hostPool = open().symbols;

/** Makes all threads that work for these symbols wait at a gate; returns their calls, each with its number. */
export async function occupy(symbols, threads, gate) {
  const calls = Array.from({ length: poolSizeOf(threads) }, (_, i) => symbols.gate_echo_i32.async(gate, i));
  await gate.reached(poolSizeOf(threads));
  return calls;
}

/**
 * Waits until every call that was made before, including rejected ones, has ended. Each thread makes one call at a
 * time, so when all are at this gate, no thread is in another call. The event loop turns while this waits.
 */
export async function drain(symbols = hostPool, threads) {
  await Gate.use(async (gate) => {
    const calls = await occupy(symbols, threads, gate);
    gate.open();
    await Promise.all(calls);
  });
}

/** Lets the event loop turn until the condition holds. */
export async function until(isDone) {
  while (!isDone()) await nextTurn();
}

/** The reason why threads cannot be counted here; false where they can. */
export const uncountable = process.platform !== 'linux' && 'only Linux lists the threads of a process';

/** How many threads this process has. */
export const threadCount = () => readdirSync('/proc/self/task').length;

/** A counter that add_to_total, called from C, increments through `total`. */
export class Tally {
  total = new Int32Array(1);
  get count() {
    return this.total[0];
  }
}
