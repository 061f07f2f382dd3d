// Memory of JavaScript is never read or written past its end by way of a value that lies in it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  alloc,
  CString,
  free,
  read,
  readStringArray,
  stringArray,
  StringBuffer,
  Struct,
  toArrayBuffer,
  write,
} from 'arkffi';
import { check, throws } from './support.mjs';

const Small = Struct({ n: 'i32' }, { name: 'Small' });
const Pair = Struct({ a: Small, b: Small }, { name: 'Pair' });
const Big = Struct({ list: ['f64', 100_000] }, { name: 'Big' });
const Text = Struct({ length: 'i32', bytes: ['u8', 0] }, { name: 'Text' });
const range = (message) => ({ code: 'ERR_FFI_OUT_OF_RANGE', message });

describe('the bounds of a value', () => {
  test('hold for read and write', () =>
    check(() => {
      const pair = Pair.create({ a: { n: 1 }, b: { n: 2 } });
      assert.equal(read.i32(pair, 4), 2);
      assert.equal(read.i32(pair.b), 2);
      assert.equal(read.i32(pair.b, -4), 1);
      write.i32(pair.a, 4, 3);
      assert.equal(pair.b.n, 3);
      throws(() => read.i32(pair, 5), range('read.i32: expected 4 bytes at offset 5 of the value, which has 8'));
      throws(() => read.i32(pair, -1), range(/^read\.i32: expected 4 bytes at offset -1 of the value/));
      throws(() => read.f64(pair.b), range('read.f64: expected 8 bytes of the value, which has 4'));
      throws(() => write.f64(pair, 64, 1), range(/^write\.f64: expected 8 bytes at offset 64 of the value/));
      throws(() => write.u8(pair.b, -5, 1), range(/^write\.u8: expected 1 bytes at offset -5 of the value/));
      assert.deepEqual(pair.toObject(), { a: { n: 1 }, b: { n: 3 } });
    }));

  test('hold for fromPtr and at', () =>
    check(() => {
      const small = Small.create({ n: 5 });
      const wanted = (method) => range(`Big.${method}: argument 1: expected 800000 bytes of the value, which has 4`);
      throws(() => Big.fromPtr(small), wanted('fromPtr'));
      throws(() => Big.at(small), wanted('at'));
      throws(() => Pair.at(small), range(/expected 8 bytes/));
      throws(() => Text.fromPtr(small, 2 ** 30), range(/expected 1073741828 bytes of the value/));
      throws(() => Text.at(small, 1), range(/expected 5 bytes of the value/));
      throws(() => Small.at(new StringBuffer(3)), range(/expected 4 bytes of the value, which has 3/));
      assert.equal(Small.fromPtr(Pair.create({ b: { n: 8 } }).b).n, 8);
    }));

  test('at gives a view of the same memory, which keeps what is stored in it', () =>
    check(() => {
      const pair = Pair.create();
      const view = Small.at(pair.b);
      view.n = 9;
      assert.equal(pair.b.n, 9);
      const Named = Struct({ name: 'cstring', other: 'cstring' });
      const first = Named.create({ name: 'first' });
      const second = Named.at(first);
      second.other = 'second';
      assert.deepEqual(first.toObject(), { name: 'first', other: 'second' });
    }));

  test('hold for text and arrays of text', () =>
    check(() => {
      const buffer = new StringBuffer(4);
      for (let i = 0; i < 4; i++) write.u8(buffer, i, 65);
      throws(() => new CString(buffer), range(/^CString: expected 5 bytes of the value, which has 4/));
      throws(() => new CString(buffer, 2, 3), range(/^CString: expected 3 bytes at offset 2/));
      throws(() => new CString(buffer, -1), range(/^CString/));
      assert.equal(new CString(buffer, 1, 3).toString(), 'AAA');
      const texts = stringArray(['one', 'two']);
      assert.deepEqual(readStringArray(texts), ['one', 'two']);
      assert.deepEqual(readStringArray(texts, 3), ['one', 'two', null]);
      throws(() => readStringArray(texts, 4), range(/expected at most 3 strings, got 4/));
      const array = Struct({ list: ['pointer', 2] }).create();
      array.list[0] = array.list[1] = new CString(0).ptr;
      throws(() => readStringArray(array, 3), range(/^readStringArray: expected 8 bytes at offset 16/));
    }, 4));

  test('hold for toArrayBuffer', () =>
    check(() => throws(() => toArrayBuffer(Small.create(), 5), range(/^toArrayBuffer: expected 5 bytes/))));

  test('are the caller’s for a number', () => {
    const memory = alloc(8);
    write.i32(memory, 4, 7);
    assert.equal(read.i32(memory, 4), 7);
    assert.equal(Pair.at(memory).b.n, 7);
    free(memory);
  });
});

test('a base that is no address is refused whatever the offset', () =>
  check(() => {
    throws(() => read.i32(2n ** 64n, -1), range(/^read\.i32: argument 1: 18446744073709551616n is no address/));
    throws(() => write.i32(-1n, 8, 1), range(/^write\.i32: argument 1: -1n is no address/));
    for (const base of [0, 1, 65_535, 65_535n]) {
      throws(() => read.i32(base, 2 ** 40), { code: 'ERR_FFI_NULL_POINTER' });
      throws(() => write.i32(base, 2 ** 40, 1), { code: 'ERR_FFI_NULL_POINTER' });
    }
  }));
