// What stands for an address is refused once it is closed, wherever C would get the address.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  AsyncCFunction,
  CFunction,
  dlopen,
  JSCallback,
  owned,
  read,
  Struct,
  toArrayBuffer,
  typed,
  write,
} from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage } from './hosts.mjs';
import { ownFixture } from './lifetimes.mjs';
import { check, fixture, isWarm, rejects, throws } from './support.mjs';

const lib = dlopen(fixture, {
  call_i32: { args: ['callback', 'i32'], returns: 'i32' },
  buffer_address: { args: ['pointer'], returns: 'u64' },
});
const { call_i32, buffer_address } = lib.symbols;
const { snprintf } = dlopen(null, {
  snprintf: { args: ['buffer', 'size_t', 'cstring', '...'], returns: 'i32' },
}).symbols;
const Two = Struct({ p: 'pointer', list: ['callback', 2] });
const echo = { args: ['i32'], returns: 'i32' };
after(() => lib.close());

function closedSymbol() {
  const closed = dlopen(fixture, { echo_i32: echo });
  const { echo_i32 } = closed.symbols;
  closed.close();
  return echo_i32;
}

function closedCFunction(make) {
  const own = make({ ...echo, ptr: ffi.getSymbolPtr(lib.handle, 'echo_i32'), name: 'echo_i32' });
  own.close();
  return own;
}

function closedCallback() {
  const callback = new JSCallback((n) => n, echo);
  callback.close();
  return callback;
}

function closedVariable() {
  const closed = dlopen(fixture, { counter: { type: 'i32' } });
  const { counter } = closed.symbols;
  closed.close();
  return counter;
}

const closed = 'ERR_FFI_LIBRARY_CLOSED';
const kinds = {
  'a symbol of a closed library': [closedSymbol(), closed],
  'a closed CFunction': [closedCFunction(CFunction), closed],
  'a closed AsyncCFunction': [closedCFunction(AsyncCFunction), closed],
  'a closed JSCallback': [closedCallback(), 'ERR_FFI_CALLBACK_CLOSED'],
  'a variable of a closed library': [closedVariable(), closed],
};

for (const [what, [value, code]] of Object.entries(kinds)) {
  describe(what, () => {
    const uses = {
      'as an argument': () => call_i32(value, 1),
      'as a pointer': () => buffer_address(value),
      'in a call with options': () => call_i32.with({ errno: true })(value, 1),
      'as a variable argument': () => snprintf(new Uint8Array(32), 32, '%p', typed('pointer', value)),
      'in a field': () => Two.create({ p: value }),
      'in an array': () => Two.create({ list: [null, value] }),
      'in a field that is set': () => (Two.create().p = value),
      'for read': () => read.i32(value),
      'for write': () => write.i32(value, 1),
      'for fromPtr': () => Two.fromPtr(value),
      'for at': () => Two.at(value),
      'for toArrayBuffer': () => toArrayBuffer(value, 4),
      'for CFunction': () => CFunction({ ...echo, ptr: value }),
      'for AsyncCFunction': () => AsyncCFunction({ ...echo, ptr: value }),
      'for owned': () => dlopen(fixture, { echo_string: { args: ['s'], returns: owned('cstring', value) } }),
      'in callBySig': () => ffi.callMixed(lib.handle, 'buffer_address', 'p', 'L', [value], []),
      'in callPtr': () => ffi.callPtr(ffi.getSymbolPtr(lib.handle, 'buffer_address'), 'p', 'L', [value], []),
    };
    for (const [use, run] of Object.entries(uses)) {
      test(`is refused ${use}`, () => check(() => throws(run, { code }), 20));
    }

    test('is refused in async calls', () =>
      check(async () => {
        await rejects(() => call_i32.async(value, 1), { code });
        await rejects(() => buffer_address.async.with({ timeout: 10_000 })(value), { code });
        const address = ffi.getSymbolPtr(lib.handle, 'buffer_address');
        await rejects(() => ffi.callPtrAsync(address, 'p', 'L', [value], []), { code });
      }, 10));
  });
}

test('a symbol that is passed in optimised code is refused as soon as it is closed', () => {
  const own = dlopen(fixture, { echo_i32: echo });
  const { echo_i32 } = own.symbols;
  let passed = echo_i32.ptr;
  const run = () => call_i32(passed, 21);
  for (let i = 0; i < (isWarm ? 20_000 : 10); i++) assert.equal(run(), 21);
  passed = echo_i32;
  assert.equal(run(), 21);
  own.close();
  throws(run, { code: closed, message: 'call_i32: argument 1: echo_i32: its library has been closed' });
});

test('ptr of a closed function stays the number that it was', () => {
  const own = dlopen(fixture, { echo_i32: echo });
  const { echo_i32 } = own.symbols;
  const { ptr } = echo_i32;
  own.close();
  assert.equal(echo_i32.ptr, ptr);
});

test('an async call keeps the library of a symbol among its arguments', () =>
  check(async () => {
    const own = dlopen(ownFixture(), { echo_i32: echo });
    const calls = Array.from({ length: 8 }, (_, n) => call_i32.async(own.symbols.echo_i32, n));
    own.close();
    assert.deepEqual(await Promise.all(calls), [0, 1, 2, 3, 4, 5, 6, 7]);
  }, 200));

test('a library that a later argument closes stays mapped until the call has ended', () =>
  check(() => {
    const own = dlopen(ownFixture(), { echo_i32: echo });
    const { call_with_context } = dlopen(fixture, {
      call_with_context: { args: ['callback', 'pointer', 'i32'], returns: 'i32' },
    }).symbols;
    const hostile = {
      get ptr() {
        own.close();
        return 5;
      },
    };
    assert.equal(call_with_context(own.symbols.echo_i32, hostile, 1), 5);
  }, 200));

describe('a callback that an argument closes', () => {
  const two = { args: ['pointer', 'pointer'], returns: 'pointer' };
  const hostile = (close) => ({
    get ptr() {
      close();
      return 65536;
    },
  });

  test('is not called by call', () =>
    check(() => {
      const callback = new JSCallback(() => assert.fail('it ran'), two);
      throws(
        () =>
          callback.call(
            hostile(() => callback.close()),
            0,
          ),
        { code: 'ERR_FFI_CALLBACK_CLOSED' },
      );
    }));

  test('is not called by invokeCallback, cold or used before', () =>
    check(() => {
      let runs = 0;
      const handle = ffi.createCallback(() => runs++, 'pp', 'p');
      ffi.invokeCallback(handle, 0, 0);
      const closing = hostile(() => ffi.destroyCallback(handle));
      throws(() => ffi.invokeCallback(handle, 0, closing), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      assert.equal(runs, 1);
    }));

  test('gets no post', () =>
    check(() => {
      const handle = ffi.createCallback(() => assert.fail('it ran'), 'p', 'v', true);
      const closing = hostile(() => ffi.destroyCallback(handle));
      throws(() => ffi.callCallbackThreadSafe(handle, closing), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }, 4));
});

test('a callback that closes itself while others take all closed entry points returns its result', () => {
  const callback = new JSCallback(() => {
    callback.close();
    for (let i = 0; i < 33_000; i++) new JSCallback(() => 0.5, { args: ['f64', 'i32'], returns: 'f64' }).close();
    return 5;
  }, echo);
  assert.equal(callback.call(1), 5);
});

test('a symbol that is a finalizer frees the memory although its library has been closed', async () => {
  const libc = dlopen(null, { malloc: { args: ['size_t'], returns: 'pointer' }, free: { args: ['pointer'] } });
  const registry = [];
  for (let i = 0; i < 20; i++)
    registry.push(new WeakRef(toArrayBuffer(libc.symbols.malloc(64), 64, libc.symbols.free)));
  libc.close();
  // An error in a finalizer would be an uncaught exception, which fails this file.
  for (let i = 0; i < 200 && registry.some((one) => one.deref()); i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    collectGarbage();
  }
  await new Promise((resolve) => setTimeout(resolve, 0));
});
