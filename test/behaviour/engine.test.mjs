// The engine in use, on every host: it gives the results and the errors of the slow path, also when C comes back to
// JavaScript in the middle of calls that have been made often. test/process/engines.test.mjs does more for V8's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CFunction, dlopen, ffi, JSCallback } from 'arkffi';
import { compareCalls } from '../process/programs/compare.mjs';
import { hostEngine } from './hosts.mjs';
import { ownFixture, unmaps } from './lifetimes.mjs';
import { fixture } from './support.mjs';

const OFTEN = 3000;

/** Makes a callback `int f(int)` of the host's own; undefined where the host has none. */
const hostCallback = {
  async bun(fn) {
    const { JSCallback: HostCallback } = await import('bun:ffi');
    return new HostCallback(fn, { args: ['i32'], returns: 'i32' });
  },
  deno(fn) {
    const made = new globalThis.Deno.UnsafeCallback({ parameters: ['i32'], result: 'i32' }, fn);
    return { ptr: Number(globalThis.Deno.UnsafePointer.value(made.pointer)), close: () => made.close() };
  },
}[hostEngine];

/** The host optimises what is called often. */
function callOften(fn, args) {
  for (let i = 0; i < OFTEN; i++) fn(...args);
}

// Callbacks are passed as addresses: no fast engine takes them as such.
const definitions = {
  call_i32: { args: ['p', 'i'], returns: 'i' },
  call_times: { args: ['p', 'i'], returns: 'l' },
  echo_i32: { args: ['i'], returns: 'i' },
  buffer_sum: { args: ['p', 'L'], returns: 'L' },
  unload_report_to: { args: ['p'] },
};

/** What libraries write to when they are unmapped. */
const reports = [];

/**
 * The functions after many calls, with a callback that runs what `inside.run` is. Once the library is unmapped,
 * `unmapped[0]` is 1.
 */
function prepared() {
  const library = dlopen(ownFixture(), definitions);
  const unmapped = new Uint8Array(1);
  reports.push(unmapped);
  library.symbols.unload_report_to(unmapped);
  const inside = { run: (n) => n + 1 };
  const callback = new JSCallback((n) => inside.run(n), { args: ['i'], returns: 'i' });
  const { call_i32, echo_i32 } = library.symbols;
  callOften(call_i32, [callback.ptr, 1]);
  callOften(echo_i32, [1]);
  return { library, unmapped, inside, callback, ...library.symbols };
}

test('the engine is that of the host, unless ARKFFI_ENGINE names another', () =>
  assert.equal(ffi.engine, process.env.ARKFFI_ENGINE || hostEngine || ffi.engine));

test('the engine gives the results and the errors of the slow path, optimised or not', () =>
  compareCalls(fixture, 1, 150, callOften));

test('a call of C calls C again, by the same function and by another', () => {
  const { library, inside, callback, call_i32, echo_i32 } = prepared();
  inside.run = (n) => (n > 0 ? call_i32(callback.ptr, n - 1) + echo_i32(1) : 0);
  for (let i = 0; i < 100; i++) assert.equal(call_i32(callback.ptr, 20), 20);
  callback.close();
  library.close();
});

test('the call throws what a callback throws, and so does each call around it', () => {
  const { library, inside, callback, call_i32, echo_i32 } = prepared();
  const caught = [];
  inside.run = (n) => {
    if (n === 0) throw new RangeError('from the innermost');
    try {
      return call_i32(callback.ptr, n - 1);
    } catch (error) {
      caught.push(error.message);
      throw new RangeError(`caught by ${n}`);
    }
  };
  for (let i = 0; i < 100; i++) {
    assert.throws(() => call_i32(callback.ptr, 2), { name: 'RangeError', message: 'caught by 2' });
    assert.equal(echo_i32(i), i);
  }
  assert.deepEqual(caught.slice(0, 2), ['from the innermost', 'caught by 1']);
  inside.run = (n) => n + 1;
  assert.equal(call_i32(callback.ptr, 4), 5);
  callback.close();
  library.close();
});

test('after a callback has thrown, C calls none in the same call', () => {
  const { library, inside, callback, call_times } = prepared();
  callOften(call_times, [callback.ptr, 2]);
  let count = 0;
  inside.run = () => {
    count++;
    throw new Error('once');
  };
  assert.throws(() => call_times(callback.ptr, 5), { message: 'once' });
  assert.equal(count, 1);
  callback.close();
  library.close();
});

test('the call throws if C calls a closed callback', () => {
  const { library, callback, call_i32 } = prepared();
  const { ptr } = callback;
  callback.close();
  assert.throws(() => call_i32(ptr, 1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
  library.close();
});

test('a callback closes the library of the function that has called it', () => {
  for (const nested of [false, true]) {
    const { library, unmapped, inside, callback, call_i32, echo_i32 } = prepared();
    inside.run = (n) => {
      if (nested && n > 0) return call_i32(callback.ptr, n - 1);
      library.close();
      assert.equal(unmapped[0], 0);
      assert.throws(() => echo_i32(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      return 7;
    };
    assert.equal(call_i32(callback.ptr, 1), 7);
    assert.equal(unmapped[0] === 1, unmaps);
    assert.throws(() => call_i32(callback.ptr, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    assert.throws(() => echo_i32('x'), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    callback.close();
  }
});

test('a stack that overflows in a call leaves nothing behind', () => {
  const { library, unmapped, inside, callback, call_i32, echo_i32 } = prepared();
  const fall = (n) => 1 + echo_i32(n) + fall(n);
  callOften((n) => 1 + echo_i32(n), [1]);
  for (let i = 0; i < 50; i++) assert.throws(() => fall(i), RangeError);
  inside.run = (n) => call_i32(callback.ptr, n);
  assert.throws(() => call_i32(callback.ptr, 1), RangeError);
  inside.run = (n) => n + 1;
  assert.equal(call_i32(callback.ptr, 1), 2);
  callback.close();
  library.close();
  assert.equal(unmapped[0] === 1, unmaps);
});

test('a function at an address that has been called often is closed', () => {
  const library = dlopen(null, { abs: { args: ['i'], returns: 'i' } });
  const abs = CFunction({ ptr: library.symbols.abs.ptr, args: ['i'], returns: 'i' });
  callOften(abs, [-3]);
  assert.equal(abs(-3), 3);
  abs.close();
  assert.throws(() => abs(-3), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  library.close();
});

test('a call is refused, and not made, for each wrong value after many right ones', () => {
  const { symbols } = dlopen(fixture, definitions);
  const { echo_i32, buffer_sum } = symbols;
  const bytes = Uint8Array.of(1, 2, 3);
  callOften(buffer_sum, [bytes, 3]);
  callOften(echo_i32, [1]);
  assert.throws(() => echo_i32(), { code: 'ERR_FFI_ARG_COUNT' });
  assert.throws(() => echo_i32(1, 2), { code: 'ERR_FFI_ARG_COUNT' });
  assert.throws(() => echo_i32(2 ** 31), { code: 'ERR_FFI_OUT_OF_RANGE' });
  assert.throws(() => echo_i32('1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  assert.equal(buffer_sum(bytes, 3), 6);
  const fake = Object.create(Uint8Array.prototype);
  assert.throws(() => buffer_sum(fake, 0), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  assert.throws(() => buffer_sum(bytes, 3), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
});

test('the bytes of a buffer stay where C has found them', () => {
  const { symbols } = dlopen(fixture, { buffer_address: { args: ['p'], returns: 'L' } });
  callOften(symbols.buffer_address, [new Uint8Array(8)]);
  for (const size of [8, 900, 5000]) {
    const bytes = new Uint8Array(size);
    const address = symbols.buffer_address(bytes);
    assert.equal(bytes.buffer.byteLength, size);
    assert.equal(symbols.buffer_address(bytes), address);
  }
});

test(
  'JavaScript that comes back by a callback of the host itself closes the library whose function is on the stack',
  { skip: !hostCallback && 'the host has no callbacks of its own' },
  async () => {
    for (const another of [false, true]) {
      const { library, unmapped, callback, call_i32 } = prepared();
      const other = dlopen(fixture, { string_length: { args: ['s'], returns: 'l' } });
      callback.close();
      let isClosing = false;
      const close = (n) => {
        if (!isClosing) return n;
        library.close();
        const length = another ? other.symbols.string_length('four') : 4;
        assert.equal(unmapped[0], 0);
        return length;
      };
      const host = await hostCallback(close);
      callOften(call_i32, [host.ptr, 1]);
      isClosing = true;
      assert.equal(call_i32(host.ptr, 1), 4);
      assert.equal(unmapped[0] === 1, unmaps);
      assert.throws(() => call_i32(host.ptr, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      other.close();
      host.close();
    }
  },
);

test(
  'JavaScript that comes back by a callback of the host itself calls C, which calls it again and throws',
  { skip: !hostCallback && 'the host has no callbacks of its own' },
  async () => {
    const { library, unmapped, inside, callback, call_i32, echo_i32 } = prepared();
    const caught = [];
    const again = (n) => {
      if (n === 0) return echo_i32(7);
      if (n === 1) return call_i32(callback.ptr, 1);
      if (n < 4) return call_i32(host.ptr, n - 1);
      try {
        call_i32(callback.ptr, n);
      } catch (error) {
        caught.push(error.message);
      }
      if (n === 4) return echo_i32(8);
      library.close();
      assert.throws(() => echo_i32(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      assert.equal(unmapped[0], 0);
      return 9;
    };
    inside.run = (n) => {
      if (n > 1) throw new RangeError(`from ${n}`);
      return echo_i32(n + 1);
    };
    const host = await hostCallback(again);
    for (let i = 0; i < 100; i++) {
      const results = [0, 1, 2, 3, 4].map((n) => call_i32(host.ptr, n));
      assert.deepEqual(results, [7, 2, 2, 2, 8]);
      assert.throws(() => call_i32(callback.ptr, 2), { message: 'from 2' });
    }
    assert.deepEqual(new Set(caught), new Set(['from 4']));
    assert.equal(unmapped[0], 0);
    assert.equal(call_i32(host.ptr, 5), 9);
    assert.equal(caught.at(-1), 'from 5');
    assert.equal(unmapped[0] === 1, unmaps);
    callback.close();
    host.close();
  },
);
