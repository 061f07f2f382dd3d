// Every function of the raw bridge refuses too few and too many arguments.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ffi from 'liblibrary.so';
import { ignoresReturnedObject } from './hosts.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const handle = ffi.load(fixture);
const address = ffi.getSymbolPtr(handle, 'echo_i32');
const memory = new Uint8Array(8);
const identity = (value) => value;
ffi.defineFunction(handle, 'echo_i32', 'i', 'i');
const callback = ffi.createCallback(identity, 'i', 'i', true);

/** Valid arguments of each function, in the greatest number; `least` is the least number if some are optional. */
const functions = {
  load: { most: [fixture] },
  close: { most: [handle] },
  defineFunction: { most: [handle, 'echo_i32', 'i', 'i'] },
  callBySig: { most: [handle, 'echo_i32', [1], []] },
  callMixed: { most: [handle, 'echo_i32', 'i', 'i', [1], []] },
  callString: { most: [handle, 'string_utf8'] },
  callPtr: { most: [address, 'i', 'i', [1], []] },
  callAsync: { most: [handle, 'echo_i32', 'i', 'i', [1], []], isAsync: true },
  callPtrAsync: { most: [address, 'i', 'i', [1], []], isAsync: true },
  callStringAsync: { most: [handle, 'string_utf8'], isAsync: true },
  getSymbolPtr: { most: [handle, 'echo_i32'] },
  readCString: { most: [ffi.ptr(memory), 1], least: 1 },
  readMemory: { most: [ffi.ptr(memory), 1] },
  writeMemory: { most: [ffi.ptr(memory), memory] },
  ptr: { most: [memory, 0], least: 1 },
  createCallback: { most: [identity, 'i', 'i', true], least: 3 },
  getCallbackPtr: { most: [callback] },
  getCallbackThreadsafe: { most: [callback] },
  callCallbackThreadSafe: { most: [callback, 1] },
  destroyCallback: { most: [callback] },
  configure: { most: [{}] },
};

test('the tested functions are all functions of the raw bridge', () => {
  const library = ['bind', 'bindAddress', 'bindCallback', 'layoutOf', 'platformTypes'];
  const named = [...Object.keys(functions), 'invokeCallback', ...library];
  const known = Object.getOwnPropertyNames(ffi).filter(
    (name) => typeof ffi[name] === 'function' || library.includes(name),
  );
  for (const name of [...Object.keys(functions), 'invokeCallback']) assert.equal(typeof ffi[name], 'function', name);
  // Functions that only the library calls are not required to stay.
  assert.deepEqual(
    named.filter((name) => !known.includes(name)),
    [],
  );
});

test('a loop over the raw bridge lists what programs may use, and nothing else', () => {
  const listed = Object.keys(ffi).sort();
  assert.deepEqual(listed, [...Object.keys(functions), 'invokeCallback', 'checked', 'engine'].sort());
});

for (const [name, { most, least = most.length, isAsync = false }] of Object.entries(functions)) {
  const fails = (args) => {
    const wanted = {
      code: 'ERR_FFI_ARG_COUNT',
      message: new RegExp(`^${name}: expected ${least}\\b.* arguments?, got ${args.length}$`),
    };
    return isAsync ? rejects(() => ffi[name](...args), wanted) : throws(() => ffi[name](...args), wanted);
  };

  test(`${name} refuses too few arguments`, () =>
    check(async () => {
      for (let count = 0; count < least; count++) await fails(most.slice(0, count));
    }));

  test(`${name} refuses too many arguments`, () =>
    check(async () => {
      await fails([...most, undefined]);
      await fails([...most, 1, 2]);
      await fails([...most, ...Array(200).fill(null)]);
    }));
}

test('invokeCallback refuses a call without a callback, and a wrong count of arguments for it', () =>
  check(() => {
    const wanted = { code: 'ERR_FFI_ARG_COUNT' };
    throws(() => ffi.invokeCallback(), wanted);
    throws(() => ffi.invokeCallback(callback), wanted);
    throws(() => ffi.invokeCallback(callback, 1, 2), wanted);
    throws(() => ffi.invokeCallback(callback, ...Array(127).fill(1)), wanted);
    throws(() => ffi.invokeCallback(callback, ...Array(128).fill(1)), wanted);
    assert.equal(ffi.invokeCallback(callback, 5), 5);
  }));

test('the functions work without the bridge as receiver', () =>
  check(async () => {
    const { callMixed, callPtrAsync, readCString } = ffi;
    assert.equal(callMixed(handle, 'echo_i32', 'i', 'i', [5], []), 5);
    assert.equal(await callPtrAsync(address, 'i', 'i', [5], []), 5);
    assert.equal(readCString.call(undefined, 0), '');
  }));

test('the functions refuse wrong argument counts when called with new', { skip: ignoresReturnedObject }, () =>
  check(async () => {
    for (const [name, { isAsync }] of Object.entries(functions)) {
      const call = () => new ffi[name]();
      if (isAsync) await rejects(call, { code: 'ERR_FFI_ARG_COUNT' });
      else throws(call, { code: 'ERR_FFI_ARG_COUNT' });
    }
  }),
);
