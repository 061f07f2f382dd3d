// Async hooks of the program that start calls, from the first call of the process on.
import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { dlopen } from 'arkffi';
import { path } from './fixture.mjs';

const MOST = 2000; // calls that the hooks start; each starts more hooks

/** The event of the hook, and what the library is opened with. */
export async function start(event, options) {
  const { symbols } = dlopen(
    path,
    { echo_i32: { args: ['i'], returns: 'i' }, echo_u64: { args: ['L'], returns: 'L' } },
    JSON.parse(options),
  );
  const started = [];
  let isInside = false;
  const hook = () => {
    if (isInside || started.length === MOST) return;
    isInside = true;
    const value = started.length;
    started.push(symbols.echo_i32.async(value).then((result) => assert.equal(result, value)));
    isInside = false;
  };
  createHook({ [event]: hook }).enable();
  for (let round = 0; round < 5; round++) {
    // Results of every tenth call are bigints, which no wave takes.
    const valueOf = (i) => (i % 10 === 0 ? 2n ** 63n + BigInt(i) : i);
    const call = (value) => (typeof value === 'bigint' ? symbols.echo_u64 : symbols.echo_i32).async(value);
    const values = Array.from({ length: 200 }, (_, i) => valueOf(i));
    assert.deepEqual(await Promise.all(values.map(call)), values);
    for (const value of values) assert.equal(await call(value), value);
  }
  assert.ok(started.length > 0);
  await Promise.all(started);
  console.log('well');
}
