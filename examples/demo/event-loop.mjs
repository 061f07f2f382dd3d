// A C function that works hard, on the JavaScript thread and on worker threads.
import { dlopen } from 'arkffi';
import { check, show } from './report.mjs';

export const title = 'Sync and async: the same function both ways';
export const shows = 'Counts the primes up to three million, while a timer ticks every 5 ms.';

export async function run() {
  const lib = dlopen('libffi_target.so', {
    count_primes: { args: ['int'], returns: 'int64' },
  });
  const { count_primes } = lib.symbols;

  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const inWords = (primes, ms) => `${primes} in ${ms.toFixed(0)} ms, ${ticks} ticks`;

  // On this thread: nothing else can happen until C returns.
  const sync = await show(() => count_primes(3_000_000), inWords);
  const ticksInSync = ticks;

  // On a worker thread: this one is free.
  ticks = 0;
  const async = await show(() => count_primes.async(3_000_000), inWords);
  const ticksInAsync = ticks;

  // Several at once, each on a thread of its own.
  ticks = 0;
  const parts = await show(() => Promise.all([1e6, 2e6, 3e6, 3e6].map(count_primes.async)), inWords);
  clearInterval(timer);
  lib.close();

  const PRIMES = { 1e6: 78498, 2e6: 148933, 3e6: 216816 };
  check('both ways give the same number, and it is right', sync === PRIMES[3e6] && async === sync);
  check('four calls at once each give their own', `${parts}` === `${[78498, 148933, 216816, 216816]}`);
  check(
    `the event loop stood still in the sync call and went on in the async one`,
    ticksInSync === 0 && ticksInAsync >= 5,
  );
}
