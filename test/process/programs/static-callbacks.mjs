// Programs whose callbacks have their C addresses in the native module, as where no memory can be made executable.
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { CFunction, dlopen, JSCallback, Struct } from 'arkffi';
import { intToInt, open, path } from './fixture.mjs';

const codeOf = (fn) => {
  try {
    fn();
    return 'no error';
  } catch ({ code, message }) {
    return `${code} ${message}`;
  }
};

/** Opens callbacks until there are no more; returns them. */
function openAll() {
  const all = [];
  const add = () => all.push(new JSCallback((n) => n + all.length, intToInt));
  const error = codeOf(() => {
    for (;;) add();
  });
  return { all, error };
}

/** Uses up all, with what the error says, and closes some. */
export function used() {
  const { call_i32 } = open().symbols;
  const { all, error } = openAll();
  console.log(all.length, error);
  const addresses = new Set(all.map(({ ptr }) => ptr));
  console.log(addresses.size, call_i32(all[0], 1));
  console.log(codeOf(() => call_i32((n) => n, 1)).split(' ')[0]); // a plain function needs one too
  const closed = [all[5], all[3]].map((callback) => {
    const { ptr } = callback;
    callback.close();
    return ptr;
  });
  const [next, last] = [1, 2].map((by) => new JSCallback((n) => n * by, intToInt));
  console.log(next.ptr === closed[0], last.ptr === closed[1], call_i32(last, 21));
  console.log(codeOf(() => new JSCallback(() => 0, intToInt)).split(' ')[0]);
}

/** The address of a closed callback is not used again until all others have been. */
export function reused() {
  const first = new JSCallback((n) => n, intToInt);
  const { ptr } = first;
  first.close();
  const call = CFunction({ ...intToInt, ptr });
  let made = 0;
  for (;;) {
    const next = new JSCallback((n) => n, intToInt);
    if (next.ptr === ptr) break;
    if (made++ % 500 === 0 && !codeOf(() => call(1)).startsWith('ERR_FFI_CALLBACK_CLOSED'))
      throw new Error('not closed');
    next.close();
  }
  console.log(made, call(7));
}

/** Nor is it used again at once where nearly all are open; what is closed stays closed to C until then. */
export function reusedAmongMany() {
  const { all } = openAll();
  const { ptr } = all[0];
  const call = CFunction({ ...intToInt, ptr });
  all[0].close();
  all[1].close();
  let [made, isClosed] = [0, true];
  for (;;) {
    const next = new JSCallback((n) => n, intToInt);
    if (next.ptr === ptr) break;
    isClosed &&= codeOf(() => call(1)).startsWith('ERR_FFI_CALLBACK_CLOSED');
    made++;
    next.close();
  }
  console.log(made, isClosed);
}

const definitions = {
  call_i32: { args: [intToInt, 'i'], returns: 'i' },
  call_store: { args: [intToInt] },
  call_stored: { args: ['i'], returns: 'i' },
};

/**
 * Each function that takes a plain function has an address for it until the function or its library is closed. Few are
 * left here, and more are closed in one turn of the event loop.
 */
export async function closedFunctions() {
  const { call_i32, call_stored } = dlopen(path, definitions).symbols;
  const held = openAll().all;
  held.splice(0, 100).forEach((callback) => callback.close());
  const definition = { ...definitions.call_i32, ptr: call_i32 };
  const ways = {
    library() {
      const lib = dlopen(path, definitions);
      lib.symbols.call_store((n) => n);
      lib.symbols.call_i32((n) => n, 1);
      lib.close();
    },
    functionAtAnAddress() {
      const f = CFunction(definition);
      f((n) => f((m) => m, n), 1);
      f.close();
    },
    variant() {
      const f = CFunction(definition);
      f.with({ errno: true })((n) => n, 1);
      f.close();
    },
    whileItRuns() {
      const f = CFunction(definition);
      f((n) => (f.close(), n), 1);
    },
    libraryWhileItRuns() {
      const lib = dlopen(path, definitions);
      const f = CFunction({ ...definition, ptr: lib.symbols.call_i32 });
      lib.symbols.call_i32((n) => (f((m) => m, 1), lib.close(), n), 1);
      f.close();
    },
  };
  for (const [way, run] of Object.entries(ways)) {
    for (let i = 0; i < 150; i++) run();
    console.log(way, codeOf(() => call_stored(1)).split(' ')[0]);
  }
  for (let i = 0; i < 4; i++) {
    const f = CFunction(definition);
    const results = Array.from({ length: 50 }, () => f.async((n) => n, i));
    f.close();
    if ((await Promise.all(results)).some((result) => result !== i)) throw new Error('a wrong result');
  }
  console.log('async', codeOf(() => call_stored(1)).split(' ')[0]);
}

/** Workers have their callbacks from the same few, and give them back when they end. */
export async function workers() {
  if (!isMainThread) {
    const { all } = openAll();
    parentPort.postMessage(all.length);
    return;
  }
  const held = Array.from({ length: 96 }, () => new JSCallback((n) => n, intToInt));
  for (let i = 0; i < 2; i++) {
    const worker = new Worker(new URL('main.mjs', import.meta.url), { argv: ['static-callbacks', 'workers'] });
    const [count] = await Promise.all([
      new Promise((resolve) => worker.once('message', resolve)),
      new Promise((resolve) => worker.once('exit', resolve)),
    ]);
    console.log(held.length + count);
  }
}

/**
 * A callback that is closed while a thread waits for it, and whose address another one takes meanwhile. A thread that has
 * not called yet when the callback closes calls the other one.
 */
export async function closedWhileAwaited() {
  const { gate_new, gate_await, gate_open, gate_call, gate_free } = open().symbols;
  const types = { ...intToInt, threadsafe: true };
  const { all } = openAll();
  for (let round = 0; round < 10; round++) {
    all.pop().close();
    const callback = new JSCallback((n) => n + 1, types);
    const gate = gate_new();
    const result = gate_call.async(gate, callback, 1);
    gate_await(gate, 1);
    gate_open(gate);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); // so that the thread mostly has called
    callback.close();
    all.push(new JSCallback((n) => n + 2, types));
    const answer = await result.catch(({ code }) => code);
    if (answer !== 'ERR_FFI_CALLBACK_CLOSED' && answer !== 3) throw new Error(`the call gave ${answer}`);
    gate_free(gate);
  }
  console.log('done');
}

/** A callback that closes itself and has another take its address, while it makes its result. */
export function replaced() {
  const Quad = Struct({ x: 'f32', y: 'f32', z: 'f32', w: 'f32' });
  const types = { args: [Quad], returns: Quad };
  const { all } = openAll();
  all.pop().close();
  let next;
  const callback = new JSCallback(({ x, y, z, w }) => {
    callback.close();
    next = codeOf(() => new JSCallback((n) => n, intToInt).close());
    return { x: w, y: z, z: y, w: x };
  }, types);
  const { x, y, z, w } = CFunction({ ...types, ptr: callback.ptr })({ x: 1, y: 2, z: 3, w: 4 });
  console.log(x, y, z, w, next.split(' ')[0]);
  console.log(codeOf(() => new JSCallback((n) => n, intToInt)));
}
