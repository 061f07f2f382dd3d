// A C function that computes for a long time, on the JavaScript thread and on worker threads.
import { dlopen } from 'arkffi';
import { check, show } from './report.mjs';

export const title = 'Sync and async: the same function both ways';
export const shows = 'Counts the primes up to five million, while a timer ticks every 5 ms.';

const PRIMES = { 2e6: 148933, 3e6: 216816, 4e6: 283146, 5e6: 348513 };

export async function run() {
  const lib = dlopen('libffi_target.so', {
    count_primes: { args: ['int'], returns: 'int64' },
  });
  const { count_primes } = lib.symbols;

  let ticks = 0;
  const timer = setInterval(() => ticks++, 5).unref();
  const inWords = (primes, ms) => `${primes} in ${ms.toFixed(0)} ms, ${ticks} ticks`;

  // On the JavaScript thread: no other JavaScript runs until C returns.
  const sync = await show(() => count_primes(5e6), inWords);
  const ticksInSync = ticks;

  // On a worker thread: the JavaScript thread is free.
  ticks = 0;
  const async = await show(() => count_primes.async(5e6), inWords);
  const ticksInAsync = ticks;

  // Several calls at once, each on a thread of its own.
  ticks = 0;
  const limits = [2e6, 3e6, 4e6, 5e6];
  const parts = await show(() => Promise.all(limits.map((limit) => count_primes.async(limit))), inWords);
  clearInterval(timer);
  lib.close();

  check('both ways give the same number, and it is right', sync === PRIMES[5e6] && async === sync);
  check(
    'four calls at once each give their own result',
    limits.every((limit, i) => parts[i] === PRIMES[limit]),
  );
  check(
    'the event loop stood still in the sync call and went on in the async one',
    ticksInSync === 0 && ticksInAsync >= 5,
  );
}
