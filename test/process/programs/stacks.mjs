// Recursion through C and back, until the stack ends. Each C function needs a large stack frame.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { cdef, dlopen, int128, JSCallback, out, readStringArray, Struct, stringArray } from 'arkffi';
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

/** What needs memory of JavaScript, with what it gives. */
const needsMemory = {
  batch: [({ echo_i32 }) => echo_i32.batch([Int32Array.of(1, 2)]).join(), '1,2'],
  strings: [() => readStringArray(stringArray(['a', 'b'])).join(), 'a,b'],
  wide: [({ wide_add }) => wide_add(3n, 4n), 7n],
  struct: [() => Struct({ a: 'i', b: ['d', 300] }).create({ a: 5 }).a, 5],
  definition: [
    () => {
      const pointer_out_divide = { args: ['i', 'i', out('i'), out('i')], returns: 'bool' };
      return JSON.stringify(dlopen(path, { pointer_out_divide }).symbols.pointer_out_divide(7, 2));
    },
    '{"value":true,"out":[3,1]}',
  ],
  declarations: [() => cdef(path, 'int echo_i32(int);').symbols.echo_i32(4), 4],
};

/** Each of the innermost calls of a recursion does one of these things: the value is right, or the stack was exhausted. */
export function attempts(name, times) {
  const { symbols } = dlopen(path, {
    echo_i32: { args: ['i'], returns: 'i' },
    wide_add: { args: [int128, int128], returns: int128 },
  });
  const [attempt, wanted] = needsMemory[name];
  const results = [];
  let left = 0;
  const descend = () => {
    try {
      descend();
    } catch {
      // the stack is exhausted
    }
    if (left-- <= 0) return;
    try {
      results.push({ value: attempt(symbols) });
    } catch (error) {
      results.push({ error });
    }
  };
  for (let turn = 0; turn < 5; turn++) {
    left = Number(times);
    descend();
  }
  const errors = results.filter(({ error }) => error).map(({ error }) => `${error.name} ${error.code}`);
  assert.deepEqual([...new Set(errors)], ['RangeError undefined']);
  const values = results.filter(({ error }) => !error).map(({ value }) => value);
  assert.deepEqual([...new Set(values)], [wanted]);
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
