// The memory of calls whose size is known: bounds of values in the raw bridge, padding of structs, buffers without bytes,
// and errno before a call.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  alloc,
  CFunction,
  CString,
  dlopen,
  ffi,
  free,
  JSCallback,
  ptr,
  read,
  StringBuffer,
  Struct,
  toArrayBuffer,
  Union,
  write,
} from 'arkffi';
import { isWindows } from './hosts.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';

const Small = Struct({ x: 'i' }, { name: 'Small' });
const Big = Struct({ list: ['d', 100] }, { name: 'Big' });

describe('the bounds of a value that is passed for an address', () => {
  const small = Small.create({ x: 7 });
  const beyond = (call, message) => throws(call, { code: 'ERR_FFI_OUT_OF_RANGE', message });

  test('are checked by what reads and writes at it', () =>
    check(() => {
      beyond(() => Big.fromPtr(small), /^Big\.fromPtr: argument 1: expected 800 bytes of the value, which has 4$/);
      beyond(() => Big.at(small), /^Big\.at: argument 1: expected 800 bytes/);
      beyond(() => write.f64(small, 64, 1), /^write\.f64: expected 8 bytes at offset 64 of the value, which has 4$/);
      beyond(() => read.f64(small), /^read\.f64: expected 8 bytes of the value, which has 4$/);
      beyond(() => toArrayBuffer(small, 64), /^toArrayBuffer: expected 64 bytes/);
      beyond(() => new CString(small, 0, 5), /^CString: expected 5 bytes/);
      beyond(() => ffi.readMemory(small, 5), 'readMemory: expected 5 bytes of the value, which has 4');
      beyond(
        () => ffi.writeMemory(small, new Uint8Array(5)),
        'writeMemory: expected 5 bytes of the value, which has 4',
      );
      beyond(() => ffi.readCString(small, 5), 'readCString: expected 5 bytes of the value, which has 4');
    }, 10));

  test('do not hinder what lies in them', () =>
    check(() => {
      assert.deepEqual([...new Uint8Array(ffi.readMemory(small, 4))], [7, 0, 0, 0]);
      ffi.writeMemory(small, Uint8Array.of(8, 0, 0, 0));
      assert.equal(small.x, 8);
      small.x = 7;
      const text = new StringBuffer(4);
      ffi.writeMemory(text, Uint8Array.of(97, 98, 99, 100));
      beyond(() => ffi.readCString(text), 'readCString: expected 5 bytes of the value, which has 4');
      assert.equal(ffi.readCString(text, 4), 'abcd');
      ffi.writeMemory(text, Uint8Array.of(97, 0));
      assert.equal(ffi.readCString(text), 'a');
    }, 10));
});

describe('the padding of a struct that C gives', () => {
  const Gaps = Struct({ a: 'C', b: 'f', c: 'C', d: 'd', e: 'h' });
  const Inner = Struct({ list: [Struct({ a: 'C', b: 'h' }), 3], either: Union({ a: 'C', b: 'h' }) });
  const filled = (Type, set) => {
    const bytes = new Uint8Array(Type.size).fill(0xee);
    const value = Type.create(bytes);
    set(value);
    return value;
  };
  const bytesOf = (value) => [...new Uint8Array(value.buffer, value.byteOffset, value.schema.size)];

  test('is zero, in results by every way of calling and in the arguments of callbacks', () => {
    const given = filled(Gaps, (value) => Object.assign(value, { a: 1, b: 2, c: 3, d: 4, e: 5 }));
    const expected = bytesOf(Gaps.create({ a: 1, b: 2, c: 3, d: 4, e: 5 }));
    const got = [];
    const callback = new JSCallback((value) => (got.push(bytesOf(value)), given), { args: [Gaps], returns: Gaps });
    const fn = CFunction({ args: [Gaps], returns: Gaps, ptr: callback });
    return check(async () => {
      got.length = 0;
      const results = [fn(given), fn(given.toObject()), fn.with({ errno: true })(given).value, callback.call(given)];
      for (const result of results) assert.deepEqual(bytesOf(result), expected);
      for (const bytes of got) assert.deepEqual(bytes, expected);
      assert.equal(got.length, 4);
    }, 20);
  });

  test('is found in arrays, inner structs and unions', () => {
    const given = filled(Inner, (value) => {
      for (const each of value.list) Object.assign(each, { a: 1, b: 2 });
      value.either.b = 3;
    });
    const callback = new JSCallback(() => given, { returns: Inner });
    const fn = CFunction({ returns: Inner, ptr: callback });
    return check(() => assert.deepEqual(bytesOf(fn()), [1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 2, 0, 3, 0]), 20);
  });

  test('is zero in the raw bridge too', () => {
    const among =
      (...used) =>
      (i) =>
        used.some(([from, to]) => i >= from && i < to);
    // A bit-field of no bits ends a unit; on 64-bit ARM it has an alignment, too, and by Microsoft it needs a bit-field before it.
    const zeroBits = isWindows
      ? ['{CI:0C}', 2, among([0, 2])]
      : process.arch === 'arm64'
        ? ['{CI:0C}', 8, among([0, 1], [4, 5])]
        : ['{CI:0C}', 5, among([0, 1], [4, 5])];
    const cases = [
      ['{CfCdh}', 32, among([0, 1], [4, 9], [16, 26])],
      ['{[3{Ch}]{|Ch}}', 14, (i) => i % 4 !== 1 || i > 11],
      ['{|{Ci}h}', 8, among([0, 2], [4, 8])],
      ['{|{Ci}{CC:3h}}', 8, among([0, 8])],
      ['{|{Ci}{C_C:3h}}', 8, among([0, 1], [2, 8])],
      ['{I:3_I:9I:3i}', 8, among([0, 2], [4, 8])],
      ['{!Cd}', 9, among([0, 9])],
      zeroBits,
      ['{dd}', 16, among([0, 16])],
      ['{@32:C}', 32, among([0, 1])],
    ];
    return check(async () => {
      for (const [type, size, isUsed] of cases) {
        const bytes = new Uint8Array(size).fill(0xee);
        const expected = [...bytes].map((byte, i) => (isUsed(i) ? byte : 0));
        const got = [];
        const callback = ffi.createCallback((value) => (got.push(new Uint8Array(value)), bytes), type, type);
        const address = ffi.getCallbackPtr(callback);
        const results = [ffi.callPtr(address, type, type, [bytes], []), ffi.invokeCallback(callback, bytes)];
        ffi.destroyCallback(callback);
        const later = ffi.createCallback((value) => (got.push(new Uint8Array(value)), bytes), type, type, true);
        results.push(await ffi.callPtrAsync(ffi.getCallbackPtr(later), type, type, [bytes], []));
        ffi.destroyCallback(later);
        for (const result of [...results, ...got]) assert.deepEqual([...new Uint8Array(result)], expected, type);
        assert.equal(got.length, 3);
      }
    }, 20);
  });

  test('of small structs in registers is zero', async () => {
    const Pair = Struct({ a: 'C', b: 'f' });
    const callback = new JSCallback(() => filled(Pair, (value) => Object.assign(value, { a: 3, b: 0.5 })), {
      returns: Pair,
    });
    const fn = CFunction({ returns: Pair, ptr: callback });
    await check(() => assert.deepEqual(bytesOf(fn()), [3, 0, 0, 0, 0, 0, 0, 63]), 10);
    const { ldiv } = dlopen(null, {
      ldiv: { args: ['long', 'long'], returns: Struct({ q: 'long', r: 'long' }) },
    }).symbols;
    assert.deepEqual(ldiv(7, 2).toObject(), { q: 3, r: 1 });
    assert.deepEqual((await ldiv.async(7, 2)).toObject(), { q: 3, r: 1 });
  });
});

test('a buffer of no bytes over memory of C keeps the address', () => {
  const { echo_pointer: echo } = dlopen(fixture, { echo_pointer: { args: ['p'], returns: 'p' } }).symbols;
  const memory = alloc(16);
  return check(async () => {
    const empty = toArrayBuffer(memory, 0);
    assert.deepEqual([empty.byteLength, ptr(empty), ptr(new Uint8Array(empty))], [0, memory, memory]);
    assert.equal(echo(empty), memory);
    assert.equal(await echo.async(empty), memory);
    assert.equal(echo(new Uint8Array(0)), 0);
  }, 4).then(() => free(memory));
});

describe('with({ errno: { set } })', () => {
  const { strtol } = dlopen(null, { strtol: { args: ['s', 'p', 'i'], returns: 'long' } }).symbols;
  const { abs } = dlopen(null, { abs: { args: ['i'], returns: 'i' } }).symbols;
  const Pair = Struct({ q: 'i', r: 'i' });
  const { div } = dlopen(null, { div: { args: ['i', 'i'], returns: Pair } }).symbols;

  test('sets errno before the call, and gives it afterwards, sync and async', () =>
    check(async () => {
      assert.deepEqual(abs.with({ errno: { set: 5 } })(-1), withErrnoOf(1, 5));
      assert.deepEqual(abs.with({ errno: { set: 0 } })(-1), withErrnoOf(1, 0));
      assert.deepEqual(abs.with({ errno: true })(-1), withErrnoOf(1, 0));
      assert.deepEqual(await abs.async.with({ errno: { set: 7 } })(-1), withErrnoOf(1, 7));
      assert.deepEqual(await abs.async.with({ errno: { set: 8 }, timeout: 10_000 })(-1), withErrnoOf(1, 8));
      assert.equal(strtol.with({ errno: { set: 3 } })('9'.repeat(30), null, 10).errno, 34);
      const { value, errno } = div.with({ errno: { set: -2 } })(7, 2);
      assert.deepEqual([value.toObject(), errno], [{ q: 3, r: 1 }, -2]);
      for (let set = 0; set < 40; set++) assert.equal(abs.with({ errno: { set } })(1).errno, set);
    }, 40));

  test('refuses what is no errno', () =>
    check(async () => {
      const bad = async (errno, code, message) => {
        throws(() => abs.with({ errno }), { code, message: `abs.with: errno${message}` });
        await rejects(() => abs.async.with({ errno })(1), { code, message: `abs.async.with: errno${message}` });
      };
      await bad(1, 'ERR_FFI_INVALID_ARG_TYPE', ': expected a boolean or { set }, got number');
      await bad({}, 'ERR_FFI_INVALID_ARG_TYPE', ': set: expected a number, got undefined');
      await bad({ set: '1' }, 'ERR_FFI_INVALID_ARG_TYPE', ': set: expected a number, got string');
      await bad({ sett: 1 }, 'ERR_FFI_INVALID_ARG_TYPE', ": unknown option 'sett'; did you mean 'set'?");
      await bad({ set: 0.5 }, 'ERR_FFI_OUT_OF_RANGE', ': set: 0.5 is no int');
      await bad({ set: 2 ** 31 }, 'ERR_FFI_OUT_OF_RANGE', ': set: 2147483648 is no int');
    }, 20));
});
