// Recursion through C and back, until the stack ends. Each C function needs a large stack frame.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { dlopen, JSCallback } from 'arkffi';
import { path } from './fixture.mjs';

const definitions = {
  stack_below: { args: ['pointer', 'i', 'size_t'], returns: 'i' },
  stack_coroutine: { args: ['pointer', 'i', 'i', 'size_t'], returns: 'i64' },
};

/** Descends until the stack ends, five times with frames of each size. */
export function descend(...sizes) {
  const { stack_below } = dlopen(path, definitions).symbols;
  let depth = 0;
  let size;
  const down = (n) => {
    depth = n;
    return stack_below(callback, n + 1, size);
  };
  const callback = new JSCallback(down, { args: ['i'], returns: 'i' });
  for (size of sizes.map(Number)) {
    for (let i = 0; i < 5; i++) {
      assert.throws(() => down(0), RangeError);
      assert.ok(depth > 0, `${size}: ${depth}`);
    }
  }
  callback.close();
  console.log('well');
}

/** Calls a callback on a coroutine's stack, hot, and catches the error of each call. */
export function coroutines(times) {
  const { stack_coroutine } = dlopen(path, definitions).symbols;
  const callback = new JSCallback((n) => n, { args: ['i'], returns: 'i' });
  for (let i = 0; i < times; i++) {
    assert.throws(() => stack_coroutine(callback, 1, 2, 1 << 16), { code: 'ERR_FFI_WRONG_STACK' });
  }
  callback.close();
  console.log('well');
}

/** Runs one of these functions in a worker with that many MB of stack. */
export async function worker(megabytes, name, ...args) {
  const main = fileURLToPath(new URL('main.mjs', import.meta.url));
  const started = new Worker(main, {
    argv: ['stacks', name, ...args],
    resourceLimits: { stackSizeMb: Number(megabytes) },
  });
  assert.deepEqual(await once(started, 'exit'), [0]);
}
