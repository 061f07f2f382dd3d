// Addresses at which nothing can be mapped are refused with an error, wherever one is called, read or written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncCFunction, CFunction, CString, ffi as bridge, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, everyRoute, got, rejects, throws } from './support.mjs';

const low = [1, 2, 4095, 4096, 65535, 1n, 65535n];
const refused = { code: 'ERR_FFI_NULL_POINTER' };

test('calling an address up to 65535 is refused', () =>
  check(async () => {
    for (const address of [0, 0n, -0, ...low]) {
      throws(() => ffi.callPtr(address, 'i', 'i', [1], []), refused);
      throws(() => CFunction({ ptr: address, args: ['i'], returns: 'i' }), refused);
      throws(() => new CFunction({ ptr: address }), refused);
      throws(() => AsyncCFunction({ ptr: address, args: ['i'], returns: 'i' }), refused);
      throws(() => CFunction({ ptr: { ptr: address } }), refused);
      await rejects(() => ffi.callPtrAsync(address, 'i', 'i', [1], []), refused);
    }
    throws(() => CFunction({ ptr: null }), refused);
    throws(() => CFunction({ ptr: { ptr: null } }), refused);
  }, 4));

test('reading and writing at an address up to 65535 is refused', () =>
  check(() => {
    const { fromPtr } = Struct({ x: 'i' });
    for (const address of low) {
      throws(() => ffi.readMemory(address, 1), refused);
      throws(() => ffi.writeMemory(address, new Uint8Array(1)), refused);
      throws(() => ffi.readCString(address), refused);
      throws(() => ffi.readCString(address, 1), refused);
      throws(() => new CString(address), refused);
      throws(() => new CString({ ptr: address }), refused);
      throws(() => Struct({ x: 'i' }).fromPtr(address), refused);
    }
    throws(() => ffi.readMemory(0, 1), refused);
    throws(() => ffi.writeMemory(0, new Uint8Array(1)), refused);
    throws(() => Struct({ x: 'i' }).fromPtr(0), refused);
    assert.equal(typeof fromPtr, 'function');
  }, 4));

test('reading a string at NULL gives the empty string', () =>
  check(() => {
    for (const address of [0, 0n, -0]) {
      assert.equal(ffi.readCString(address), '');
      assert.equal(ffi.readCString(address, 5), '');
      assert.equal(ffi.readCString(address, undefined), '');
    }
  }));

test('a string result at an address up to 65535 is refused on every route', async () => {
  // echo_pointer declared as if it returned a string: C returns an address that cannot be one.
  for (const code of ['s', 'S']) {
    const echo = everyRoute('echo_pointer', `(p)${code}`, [null]);
    await echo.gives([null], null);
    for (const address of [1, 65535]) await echo.refuses([address], refused);
  }
});

test('an address must be a number or a bigint', () =>
  check(async () => {
    const wrong = [
      undefined,
      null,
      true,
      '65536',
      Symbol('address'),
      {},
      { ptr: '65536' },
      [65536],
      () => {},
      new Uint8Array(8),
    ];
    for (const value of wrong) {
      const wanted = (name) => ({
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: new RegExp(`^${name}: argument 1: expected an address.*, ${got(value)}`),
      });
      throws(() => ffi.callPtr(value, '', 'v', [], []), wanted('callPtr'));
      throws(() => ffi.readMemory(value, 1), wanted('readMemory'));
      throws(() => ffi.writeMemory(value, new Uint8Array(1)), wanted('writeMemory'));
      throws(() => ffi.readCString(value), wanted('readCString'));
      await rejects(() => ffi.callPtrAsync(value, '', 'v', [], []), wanted('callPtrAsync'));
    }
  }, 4));

test('an address must be an integer in range', () =>
  check(async () => {
    for (const value of [-1, 1.5, NaN, Infinity, -Infinity, 2 ** 53, 2 ** 64, -1n, 2n ** 64n, Number.MAX_VALUE]) {
      const wanted = { code: 'ERR_FFI_OUT_OF_RANGE', message: /argument 1: / };
      throws(() => ffi.callPtr(value, '', 'v', [], []), wanted);
      throws(() => ffi.readMemory(value, 1), wanted);
      throws(() => ffi.writeMemory(value, new Uint8Array(1)), wanted);
      throws(() => ffi.readCString(value), wanted);
      throws(() => CFunction({ ptr: value }), { code: 'ERR_FFI_OUT_OF_RANGE' });
      await rejects(() => ffi.callPtrAsync(value, '', 'v', [], []), wanted);
    }
  }, 4));

test('the raw bridge is the same object under all its names', async () => {
  const arkffi = await import('arkffi');
  assert.equal(bridge, ffi);
  assert.equal(arkffi.default, ffi);
  assert.equal(arkffi.ptr, ffi.ptr);
  assert.equal(arkffi.callAsync, ffi.callAsync);
  assert.equal(arkffi.callPtrAsync, ffi.callPtrAsync);
});
