// C calls JavaScript in the middle of calls from optimised code. Needs --allow-natives-syntax and --expose-gc.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker, parentPort } from 'node:worker_threads';
import { CFunction, dlopen, JSCallback } from 'arkffi';
import { path } from './fixture.mjs';
import { deoptimize, optimize } from './optimize.mjs';

/** Callbacks are passed as addresses, because arkffi's V8 engine does not make calls that take callbacks as such. */
const definitions = {
  call_times: { args: ['p', 'i'], returns: 'l' },
  call_i32: { args: ['p', 'i'], returns: 'i' },
  call_u8: { args: ['p', 'C'], returns: 'C' },
  call_f32: { args: ['p', 'f'], returns: 'f' },
  call_f64: { args: ['p', 'd'], returns: 'd' },
  call_i64: { args: ['p', 'l'], returns: 'l' },
  call_void: { args: ['p'] },
  echo_i64: { args: ['l'], returns: 'l' },
};

/** Optimises a function of the library, and a caller of it that holds values on V8's heap during the call. */
function siteOf(fn, args) {
  const site = new Function(
    'fn',
    `return function site(...args) {
       const half = args[args.length - 1] / 2 + 0.25, text = 'at ' + args[args.length - 1], held = { half, text };
       const result = fn(...args);
       if (held.half !== args[args.length - 1] / 2 + 0.25 || held.text !== text)
         throw new Error('what the caller held has changed');
       return result;
     }`,
  )(fn);
  const warm = () => {
    for (let round = 0; round < 3; round++) {
      optimize(fn, args);
      optimize(site, args);
    }
  };
  warm();
  return { site, warm };
}

const collect = () => {
  for (let i = 0; i < 50; i++) new Array(100).fill(i + 0.5);
  globalThis.gc({ type: 'minor' });
  globalThis.gc();
};

/** Operations in the middle of a call that must not affect the call. */
const operationsOf = (callee, site, { echo_i64 }) => ({
  nothing() {},
  collect,
  deoptimize() {
    deoptimize(callee);
    deoptimize(site);
  },
  /** Each call leaves its result in the same place. */
  callAnother() {
    optimize(echo_i64, [1]);
    for (let i = 0; i < 10; i++) assert.equal(echo_i64(2 ** 33), 2 ** 33);
  },
  all() {
    collect();
    optimize(echo_i64, [1]);
    assert.equal(echo_i64(-(2 ** 33)), -(2 ** 33));
    deoptimize(site);
    collect();
    deoptimize(callee);
  },
});

/** For each type, the result is right, and so are the values that the caller held. */
export function values() {
  const { symbols } = dlopen(path, definitions);
  const samples = {
    i32: [-7, 2 ** 31 - 1],
    u8: [200],
    f32: [0.5],
    f64: [0.1, 1e300],
    i64: [5, 2 ** 40, -(2 ** 53) + 1],
  };
  for (const [name, list] of Object.entries(samples)) {
    const fn = symbols[`call_${name}`];
    const [, type] = definitions[`call_${name}`].args;
    let operation = () => {};
    const callback = new JSCallback((value) => (operation(), value), { args: [type], returns: type });
    const { site, warm } = siteOf(fn, [callback.ptr, list[0]]);
    for (const one of Object.values(operationsOf(fn, site, symbols))) {
      operation = one;
      for (const value of list) {
        warm();
        for (let i = 0; i < 20; i++) assert.equal(site(callback.ptr, value), value, `${name}, ${one.name}`);
      }
    }
    callback.close();
  }
  console.log('well');
}

/** An exception, on one or several levels, is thrown by the call to which it belongs, and C continues with zero. */
export function exceptions() {
  const { symbols } = dlopen(path, definitions);
  const { call_times, call_i32, call_void } = symbols;
  let [calls, thrown] = [0, undefined];
  const failing = new JSCallback(
    (n) => {
      calls++;
      if (n === 3) throw thrown;
      return 1;
    },
    { args: ['i'], returns: 'i' },
  );
  const many = siteOf(call_times, [failing.ptr, 2]);
  for (const what of [new RangeError('three'), undefined, 'text', null]) {
    thrown = what;
    for (let i = 0; i < 50; i++) {
      calls = 0;
      assert.throws(
        () => many.site(failing.ptr, 10),
        (error) => error === what,
      );
      assert.equal(calls, 4);
      assert.equal(many.site(failing.ptr, 3), 3);
    }
  }
  thrown = new Error('inner');
  const outer = new JSCallback(
    (n) => {
      assert.throws(() => many.site(failing.ptr, 10), /inner/);
      collect();
      assert.equal(many.site(failing.ptr, 2), 2);
      if (n < 0) many.site(failing.ptr, 10);
      return n;
    },
    { args: ['i'], returns: 'i' },
  );
  const one = siteOf(call_i32, [outer.ptr, 1]);
  for (let i = 0; i < 20; i++) {
    assert.equal(one.site(outer.ptr, 41), 41);
    assert.throws(() => one.site(outer.ptr, -41), /inner/);
  }
  assert.match(thrown.stack, /at call_times/);
  const closed = new JSCallback(() => {}, {});
  const address = closed.ptr;
  const none = siteOf(call_void, [address]);
  closed.close();
  for (let i = 0; i < 20; i++) assert.throws(() => none.site(address), { code: 'ERR_FFI_CALLBACK_CLOSED' });
  console.log('well');
}

/** Callbacks call again until the stack overflows; afterwards calls work as before. */
export function recursion() {
  const { call_i32 } = dlopen(path, definitions).symbols;
  let depth = 0;
  const callback = new JSCallback((n) => (n <= 0 ? 0 : ((depth = n), 1 + again.site(callback.ptr, n - 1))), {
    args: ['i'],
    returns: 'i',
  });
  const again = siteOf(call_i32, [callback.ptr, 0]);
  for (let i = 0; i < 3; i++) {
    assert.equal(again.site(callback.ptr, 100), 100);
    assert.throws(() => again.site(callback.ptr, 1e6), RangeError);
    assert.ok(depth < 1e6 - 100);
  }
  assert.equal(again.site(callback.ptr, 100), 100);
  console.log('well');
}

/** The library is closed while its code is on the stack, on one or several levels. */
export function closing() {
  for (let i = 0; i < 200; i++) {
    const library = dlopen(path, definitions);
    const { call_i32 } = library.symbols;
    let isClosing = false;
    const callback = new JSCallback(
      (n) => {
        if (n > 0 && isClosing) return one.site(callback.ptr, n - 1);
        if (isClosing) library.close();
        return 7;
      },
      { args: ['i'], returns: 'i' },
    );
    const one = siteOf(call_i32, [callback.ptr, 1]);
    isClosing = true;
    assert.equal(one.site(callback.ptr, i % 3), 7);
    assert.throws(() => one.site(callback.ptr, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    callback.close();
  }
  console.log('well');
}

/** Callbacks have the asynchronous context of the call. */
export function contexts() {
  const { call_i32 } = dlopen(path, definitions).symbols;
  const storage = new AsyncLocalStorage();
  const callback = new JSCallback(() => storage.getStore() ?? -1, { args: ['i'], returns: 'i' });
  const { site } = siteOf(call_i32, [callback.ptr, 1]);
  for (let i = 0; i < 100; i++) assert.equal(storage.run(i, site, callback.ptr, 1), i);
  assert.equal(site(callback.ptr, 1), -1);
  console.log('well');
}

/** Runs in a worker: calls until the worker is terminated in the middle of a callback. */
export function untilEnded() {
  const { call_times } = dlopen(path, definitions).symbols;
  let isHot = false;
  const callback = new JSCallback(
    () => {
      while (isHot) globalThis.gc?.({ type: 'minor' });
      return 1;
    },
    { args: ['i'], returns: 'i' },
  );
  const { site } = siteOf(call_times, [callback.ptr, 2]);
  isHot = true;
  parentPort.postMessage('hot');
  try {
    site(callback.ptr, 5);
  } finally {
    parentPort.postMessage('survived');
  }
}

/** Terminates workers in the middle of their callbacks. */
export async function termination(times) {
  dlopen(path, definitions);
  for (let i = 0; i < Number(times); i++) {
    const argv = ['reentry', 'untilEnded'];
    const worker = new Worker(fileURLToPath(new URL('main.mjs', import.meta.url)), { argv });
    const messages = [];
    worker.on('message', (what) => messages.push(what));
    await once(worker, 'message');
    await worker.terminate();
    assert.deepEqual(messages, ['hot']);
  }
  console.log('well');
}

/** C runs the event loop of the program, which runs JavaScript: each definition may say that with `fast: false`. */
export function loop() {
  const types = { args: ['p', 'int'], returns: 'int', fast: false };
  const lib = dlopen(null, { uv_run: types, uv_default_loop: { returns: 'p' } });
  const own = lib.symbols.uv_default_loop();
  const runs = [lib.symbols.uv_run, CFunction({ ...types, ptr: lib.symbols.uv_run, name: 'run' })];
  for (const run of runs) {
    let isDone = false;
    const turns = (count) => {
      for (let i = 0; i < count; i++) run(own, 2);
    };
    for (let i = 0; i < 20; i++) turns(5000);
    setTimeout(() => {
      isDone = true;
      deoptimize(turns);
    }, 1);
    while (!isDone) turns(100);
  }
  console.log('well');
}
