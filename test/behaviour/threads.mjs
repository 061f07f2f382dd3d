// What the tests of async calls share: libraries with and without threads of their own, and who works for them.
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

/** Opens the fixture library with that many threads of its own, or on the host's pool. */
export function open(threads, path = fixture) {
  return dlopen(path, definitions, threads === undefined ? {} : { threads });
}

/** Opens it for the body, which gets its symbols, and closes it. */
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

/** How many calls of the library can run at the same time. */
export const crewOf = (threads) => threads ?? poolSize;

/** Each kind of crew that a test runs on. */
export const crews = { 'the pool': undefined, 'a lane of one': 1, 'a lane of three': 3 };

const pool = open().symbols;

/** Has all threads that work for these symbols wait at a gate; gives their calls, each with its number. */
export async function occupy(symbols, threads, gate) {
  const calls = Array.from({ length: crewOf(threads) }, (_, i) => symbols.gate_echo_i32.async(gate, i));
  await gate.reached(crewOf(threads));
  return calls;
}

/**
 * Waits until every call that was made before, also a rejected one, has ended: each thread does one thing at a time, so
 * when all are in this gate nobody is in another call. Gives the event loop its turn while it waits.
 */
export async function drain(symbols = pool, threads) {
  await Gate.use(async (gate) => {
    const calls = await occupy(symbols, threads, gate);
    gate.open();
    await Promise.all(calls);
  });
}

/** Lets the event loop turn until it is so. */
export async function until(isSo) {
  while (!isSo()) await nextTurn();
}

/** Why threads cannot be counted here; false where they can. */
export const uncountable = process.platform !== 'linux' && 'only Linux lists the threads of a process';

/** How many threads this process has. */
export const threadCount = () => readdirSync('/proc/self/task').length;

/** Counts how often it is called from C: `total` is for add_to_total. */
export class Tally {
  total = new Int32Array(1);
  get count() {
    return this.total[0];
  }
}
