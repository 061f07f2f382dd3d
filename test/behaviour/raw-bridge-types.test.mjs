// Every argument of every function of the raw bridge, with values of the wrong type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ffi from 'liblibrary.so';
import { check, fixture, rejects, throws } from './support.mjs';

const handle = ffi.load(fixture);
const address = ffi.getSymbolPtr(handle, 'echo_i32');
const memory = new Uint8Array(8);
const identity = (value) => value;
ffi.defineFunction(handle, 'echo_i32', 'i', 'i');
const callback = ffi.createCallback(identity, 'i', 'i', true);

/** One value of each type, and some that resemble another type. */
const samples = [
  undefined,
  null,
  true,
  1,
  'text',
  Symbol('symbol'),
  5n,
  {},
  [],
  () => 1,
  memory,
  new ArrayBuffer(8),
  new String('text'),
  new Number(1),
  Object(1n),
  { toString: () => 'echo_i32', valueOf: () => 1 },
  new Proxy({}, {}),
  new Proxy([], {}),
];

const isString = (value) => typeof value === 'string';
const isBigint = (value) => typeof value === 'bigint';
const isAddress = (value) => typeof value === 'number' || typeof value === 'bigint';
const isNumber = (value) => typeof value === 'number';
const isArray = (value) => Array.isArray(value) && value.length === 0 && !isProxy(value);
const isBuffer = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
const isProxy = (value) => value === samples.at(-1);
const any = () => true;

/** Valid arguments of each function, and for each argument a test for samples of the right type. */
const functions = {
  load: [[fixture], [(value) => isString(value) || value === null]],
  close: [[handle], [isBigint]],
  defineFunction: [
    [handle, 'echo_i32', 'i', 'i'],
    [isBigint, isString, isString, isString],
  ],
  callBySig: [
    [handle, 'echo_i32', [1], []],
    [isBigint, isString, isArray, isArray],
  ],
  callMixed: [
    [handle, 'echo_i32', 'i', 'i', [1], []],
    [isBigint, isString, isString, isString, isArray, isArray],
  ],
  callString: [
    [handle, 'string_utf8'],
    [isBigint, isString],
  ],
  callPtr: [
    [address, 'i', 'i', [1], []],
    [isAddress, isString, isString, isArray, isArray],
  ],
  callAsync: [
    [handle, 'echo_i32', 'i', 'i', [1], []],
    [isBigint, isString, isString, isString, isArray, isArray],
  ],
  callPtrAsync: [
    [address, 'i', 'i', [1], []],
    [isAddress, isString, isString, isArray, isArray],
  ],
  callStringAsync: [
    [handle, 'string_utf8'],
    [isBigint, isString],
  ],
  getSymbolPtr: [
    [handle, 'echo_i32'],
    [isBigint, isString],
  ],
  readCString: [
    [ffi.ptr(memory), 1],
    [isAddress, (value) => isNumber(value) || value === undefined],
  ],
  readMemory: [
    [ffi.ptr(memory), 1],
    [isAddress, isNumber],
  ],
  writeMemory: [
    [ffi.ptr(memory), memory],
    [isAddress, isBuffer],
  ],
  ptr: [[memory], [isBuffer]],
  createCallback: [
    [identity, 'i', 'i', true],
    [
      (value) => typeof value === 'function',
      isString,
      isString,
      (value) => typeof value === 'boolean' || value === undefined,
    ],
  ],
  getCallbackPtr: [[callback], [isNumber]],
  getCallbackThreadsafe: [[callback], [isNumber]],
  invokeCallback: [
    [callback, 1],
    [isNumber, isNumber],
  ],
  callCallbackThreadSafe: [
    [callback, 1],
    [isNumber, isNumber],
  ],
  destroyCallback: [[callback], [isNumber]],
};

for (const [name, [good, types]] of Object.entries(functions)) {
  for (const [index, isRight = any] of types.entries()) {
    test(`${name} refuses a value of the wrong type as argument ${index + 1}`, () =>
      check(async () => {
        for (const sample of samples.filter((value) => !isRight(value))) {
          const args = good.with?.(index, sample) ?? Object.assign([...good], { [index]: sample });
          const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument \d+: expected .+, got [^;]+(; .+)?$/ };
          const call = () => ffi[name](...args);
          if (name.endsWith('Async')) await rejects(call, wanted);
          else throws(call, wanted);
        }
      }, 10));
  }
}

for (const name of ['load', 'close', 'callMixed', 'readMemory', 'writeMemory', 'getCallbackPtr', 'createCallback']) {
  test(`${name} names itself and the position of the wrong argument`, () =>
    check(() => {
      const [good] = functions[name];
      for (let index = 0; index < Math.min(good.length, 4); index++) {
        const args = Object.assign([...good], { [index]: Symbol('wrong') });
        throws(() => ffi[name](...args), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: new RegExp(`^${name}: argument ${index + 1}: expected .+, got symbol$`),
        });
      }
    }, 10));
}

test('numbers that are not handles of callbacks are refused', () =>
  check(() => {
    const wanted = { code: 'ERR_FFI_INVALID_HANDLE', message: /: argument 1: / };
    for (const number of [0, -0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 32 + 1, 2 ** 53, 1e300]) {
      throws(() => ffi.getCallbackPtr(number), wanted);
      throws(() => ffi.getCallbackThreadsafe(number), wanted);
      throws(() => ffi.destroyCallback(number), wanted);
      throws(() => ffi.invokeCallback(number, 1), wanted);
      throws(() => ffi.callCallbackThreadSafe(number, 1), wanted);
    }
  }, 10));

test('bigints that are not handles of libraries are refused', () =>
  check(async () => {
    const wanted = { code: 'ERR_FFI_INVALID_HANDLE', message: /: argument 1: / };
    for (const number of [
      0n,
      -1n,
      2n ** 31n,
      2n ** 63n,
      2n ** 64n,
      2n ** 64n + handle,
      handle - 2n ** 64n,
      2n ** 200n,
    ]) {
      throws(() => ffi.close(number), wanted);
      throws(() => ffi.getSymbolPtr(number, 'echo_i32'), wanted);
      throws(() => ffi.defineFunction(number, 'echo_i32', 'i', 'i'), wanted);
      throws(() => ffi.callBySig(number, 'echo_i32', [1], []), wanted);
      throws(() => ffi.callMixed(number, 'echo_i32', 'i', 'i', [1], []), wanted);
      throws(() => ffi.callString(number, 'string_utf8'), wanted);
      await rejects(() => ffi.callAsync(number, 'echo_i32', 'i', 'i', [1], []), wanted);
      await rejects(() => ffi.callStringAsync(number, 'string_utf8'), wanted);
    }
    assert.equal(ffi.callBySig(handle, 'echo_i32', [1], []), 1);
  }, 10));
