// JavaScript functions that C calls: on this thread, on workers and on threads of the library. They run further
// operations, throw, return values that C cannot take, and close themselves.
import assert from 'node:assert/strict';
import { CFunction, JSCallback, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { refuses, Thrown } from '../world.mjs';
import { Complex, openLibrary, openSymbols } from './libraries.mjs';

const CLOSED = 'ERR_FFI_CALLBACK_CLOSED';
const Large = Struct({ values: ['l', 5] });
const intToInt = { args: ['i'], returns: 'i' };

/** What a callback does when it is called: a function of the number that C passes, and what the call then gives. */
function behaviour(world) {
  const add = world.random.below(1000);
  const thrown = new Thrown('thrown by a callback');
  return world.random.pick([
    { run: (n) => n + add, value: (n) => n + add },
    { run: (n) => (world.nested(), n + add), value: (n) => n + add },
    {
      run: () => {
        world.nested();
        throw thrown;
      },
      error: thrown,
    },
    { run: () => 'no number', error: 'ERR_FFI_INVALID_ARG_TYPE' },
    { run: () => 2 ** 40, error: 'ERR_FFI_OUT_OF_RANGE' },
  ]);
}

function check({ value, error }, n, call) {
  if (error) refuses(call, error);
  else assert.equal(call(), value(n));
}

function makeCallback(world, threadsafe) {
  const how = behaviour(world);
  const callback = new JSCallback(how.run, { ...intToInt, threadsafe });
  return world.keep(world.callbacks, { callback, how, threadsafe, isOpen: true }, closeCallback);
}

function closeCallback(it) {
  it.isOpen = false;
  it.callback.close();
}

/** An open or closed callback. */
function anyCallback(world) {
  return world.callbacks.length ? world.random.pick(world.callbacks) : makeCallback(world, false);
}

const openCallback = (world, threadsafe) =>
  world.callbacks.find((it) => it.isOpen && it.threadsafe === threadsafe) ?? makeCallback(world, threadsafe);

export const callbacks = {
  makeCallback(world) {
    makeCallback(world, world.random.oneIn(2));
  },

  closeCallback(world) {
    closeCallback(anyCallback(world));
    world.callbacks = world.callbacks.filter(({ isOpen }) => isOpen || world.random.oneIn(2));
  },

  callDirectly(world) {
    const { callback, how, isOpen } = anyCallback(world);
    if (!isOpen) return refuses(() => callback.call(1), CLOSED);
    refuses(() => callback.call(), 'ERR_FFI_ARG_COUNT');
    check(how, 1, () => callback.call(1));
  },

  passCallback(world) {
    const { call_i32 } = openSymbols(world);
    const { callback, how, isOpen } = anyCallback(world);
    if (!isOpen) return refuses(() => call_i32(callback, 1), CLOSED);
    check(how, 7, () => call_i32(callback, 7));
  },

  passAddress(world) {
    const { call_i32 } = openSymbols(world);
    const { callback, how, isOpen } = anyCallback(world);
    if (!isOpen) return refuses(() => callback.ptr, CLOSED);
    check(how, 7, () => call_i32(callback.ptr, 7));
  },

  /** C keeps the address of a callback that has been closed: it gets zero, and the call that led to it fails. */
  closedAddress(world) {
    const { call_i32 } = openSymbols(world);
    const callback = new JSCallback((n) => n, intToInt);
    const { ptr } = callback;
    assert.equal(call_i32(ptr, 5), 5);
    callback.close();
    refuses(() => call_i32(ptr, 5), CLOSED);
  },

  plainFunction(world) {
    const { call_both, call_times } = openSymbols(world);
    const [first, second] = [behaviour(world), behaviour(world)];
    if (first.error) return refuses(() => call_both(first.run, second.run, 3), first.error);
    check(second, first.value(3), () => call_both(first.run, second.run, 3));
    assert.equal(
      call_times((n) => 2 * n, 100),
      9900,
    );
  },

  recursion(world) {
    const { call_me_back } = openSymbols(world);
    const callback = new JSCallback((n) => (n === 3 && world.nested(), call_me_back(callback, n)), intToInt);
    assert.equal(call_me_back(callback, 10), 10);
    callback.close();
  },

  closesItself(world) {
    const { call_i32 } = openSymbols(world);
    const callback = new JSCallback((n) => {
      callback.close();
      world.nested();
      return n;
    }, intToInt);
    assert.equal(call_i32(callback, 5), 5);
    refuses(() => call_i32(callback, 5), CLOSED);
  },

  closesLibrary(world) {
    const library = openLibrary(world);
    const { call_i32 } = library.lib.symbols;
    const callback = new JSCallback((n) => {
      library.isOpen = false;
      library.lib.close();
      world.nested();
      return n;
    }, intToInt);
    assert.equal(call_i32(callback, 5), 5);
    callback.close();
    refuses(() => call_i32(null, 5), 'ERR_FFI_LIBRARY_CLOSED');
  },

  asCFunction(world) {
    const { callback, how } = openCallback(world, false);
    const fn = CFunction({ ...intToInt, ptr: callback });
    check(how, 2, () => fn(2));
    fn.close();
  },

  rawCallback(world) {
    const how = behaviour(world);
    const callback = ffi.createCallback(how.run, 'i', 'i', true);
    check(how, 4, () => ffi.invokeCallback(callback, 4));
    ffi.destroyCallback(callback);
    refuses(() => ffi.invokeCallback(callback, 4), CLOSED);
  },

  structCallback(world) {
    const { complex_apply } = openSymbols(world);
    const swap = new JSCallback(({ re, im }) => (world.nested(), { re: im, im: re }), {
      args: [Complex, Large],
      returns: Complex,
    });
    const { re, im } = complex_apply(swap, { re: 1, im: 2 });
    assert.deepEqual([re, im], [2, 1]);
    swap.close();
  },

  stringCallback(world) {
    const { call_string_copy } = openSymbols(world);
    const text = world.random.text();
    const length = new TextEncoder().encode(text).length;
    const bytes = new Uint8Array(8192);
    const same = (given) => (world.nested(), given);
    assert.equal(call_string_copy(same, text, bytes, bytes.length), length);
    assert.equal(new TextDecoder().decode(bytes.subarray(0, length)), text);
  },

  fillsMemoryOfC(world) {
    const { call_fill } = openSymbols(world);
    const value = world.random.below(256);
    const fill = (address, size) => {
      world.nested();
      ffi.writeMemory(address, new Uint8Array(Number(size)).fill(value));
    };
    assert.equal(call_fill(fill, 100), 100 * value);
  },

  fromWorker(world) {
    const { call_i32 } = openSymbols(world);
    const { callback, how } = openCallback(world, true);
    const { error, value } = how;
    // The callback may be closed before the worker calls it.
    world.later(call_i32.async(callback, 3), {
      value: error ? undefined : (result) => assert.equal(result, value(3)),
      code: error ? [error, CLOSED] : CLOSED,
    });
  },

  fromWorkerUnsafe(world) {
    const { call_i32 } = openSymbols(world);
    const { callback } = openCallback(world, false);
    world.later(call_i32.async(callback, 3), { code: ['ERR_FFI_WRONG_THREAD', CLOSED] });
  },

  plainFromWorker(world) {
    const { call_times } = openSymbols(world);
    world.later(
      call_times.async((n) => n, 50),
      { value: (sum) => assert.equal(sum, 1225) },
    );
  },

  pumped(world) {
    const { again_i32, thread_call, thread_call_many } = openSymbols(world);
    const how = behaviour(world);
    const callback = new JSCallback(how.run, intToInt);
    check(how, 6, () => again_i32(callback, 6, 1));
    callback.close();
    const safe = new JSCallback((n) => n + 1, { ...intToInt, threadsafe: true });
    assert.equal(thread_call(safe, 6), 7);
    safe.close();
    assert.equal(
      thread_call_many((n) => n + 1, 3, 10),
      60,
    );
  },

  promised(world) {
    const { call_i32 } = openSymbols(world);
    const callback = new JSCallback(async (n) => (await null, 2 * n), { ...intToInt, threadsafe: true });
    const call = call_i32.async(callback, 8).finally(() => callback.close());
    world.later(call, { value: (value) => assert.equal(value, 16) });
  },

  post(world) {
    const callback = new JSCallback(
      (text) => {
        world.posted.received += text.length;
        if (text.length % 2) world.nested();
      },
      { args: ['s'], threadsafe: 'post' },
    );
    const text = world.random.text();
    for (let i = 0; i < 3; i++) callback.call(text);
    world.posted.sent += 3 * text.length;
    // A callback that is closed at once drops what has not run.
    if (world.random.oneIn(4)) {
      callback.close();
      world.posted.sent -= 3 * text.length;
    } else {
      world.posters.push(callback);
    }
  },
};
