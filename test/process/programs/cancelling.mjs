// Many cancellable calls at once.
import assert from 'node:assert/strict';
import { dlopen } from 'arkffi';
import { path } from './fixture.mjs';

/** Starts and aborts that many calls of one signal. */
export async function abort(count) {
  const { echo_i32 } = dlopen(path, { echo_i32: { args: ['i'], returns: 'i' } }).symbols;
  const controller = new AbortController();
  const reason = new Error('mine');
  const call = echo_i32.async.with({ signal: controller.signal, timeout: 2 ** 31 - 1 });
  const calls = Array.from({ length: Number(count) }, (_, i) => call(i));
  controller.abort(reason);
  for (const { status, reason: given } of await Promise.allSettled(calls)) {
    assert.deepEqual([status, given], ['rejected', reason]);
  }
  assert.equal(await echo_i32.async(1), 1);
  console.log('well');
}

/** Finishes many rounds of calls of one signal that is never aborted, and returns to the memory of the first ones. */
export async function keep(rounds) {
  const { echo_i32 } = dlopen(path, { echo_i32: { args: ['i'], returns: 'i' } }).symbols;
  const { signal } = new AbortController();
  const round = async () => {
    await Promise.all(Array.from({ length: 1000 }, (_, i) => echo_i32.async.with({ signal, timeout: 60_000 })(i)));
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  for (let i = 0; i < 5; i++) await round();
  const before = await round();
  for (let i = 0; i < Number(rounds); i++) await round();
  const grown = (await round()) - before;
  assert.ok(grown < 20 * Number(rounds) * 1000, `${grown} bytes`);
  console.log('well');
}
