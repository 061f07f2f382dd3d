// Arrays of strings, and buffers for strings that C writes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, readStringArray, StringArray, stringArray, StringBuffer } from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const { symbols } = dlopen(fixture, {
  pointer_strings_length: { args: ['p'], returns: 'l' },
  pointer_strings: { returns: 'p' },
  string_concat: { args: ['p', 'L', 's', 's'], returns: 'i' },
});
const { snprintf } = dlopen(null, { snprintf: { args: ['p', 'L', 's', '...'], returns: 'i' } }).symbols;

describe('stringArray', () => {
  test('a StringArray can be passed as char **, sync and async', () =>
    check(async () => {
      for (const texts of [[], ['a'], ['one', 'zwölf', '', '😀'], Array(100).fill('x')]) {
        const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
        assert.equal(symbols.pointer_strings_length(stringArray(texts)), bytes);
        assert.equal(await symbols.pointer_strings_length.async(stringArray(texts)), bytes);
      }
      const array = stringArray(['a', 'b']);
      assert.ok(array instanceof StringArray);
      assert.equal(array.length, 2);
      assert.equal(array.ptr % 8, 0);
    }, 10));

  test('a StringArray has NULL for null', () =>
    check(() => {
      assert.equal(symbols.pointer_strings_length(stringArray(['abc', null, 'def'])), 3);
      assert.deepEqual(readStringArray(stringArray(['a', null, 'b']), 4), ['a', null, 'b', null]);
    }, 10));

  test('a StringArray keeps its strings alive', () => {
    const array = stringArray(Array.from({ length: 1000 }, (_, i) => `text ${i}`));
    for (let i = 0; i < 5; i++) collectGarbage();
    assert.deepEqual(
      readStringArray(array),
      Array.from({ length: 1000 }, (_, i) => `text ${i}`),
    );
  });

  test('stringArray refuses values that are not lists of strings', () =>
    check(() => {
      const bad = (texts, message) => throws(() => stringArray(texts), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      bad(['a', 1], 'stringArray: argument 1[1]: expected string or null, got number');
      bad([undefined], 'stringArray: argument 1[0]: expected string or null, got undefined');
      bad(['a\0b'], /^stringArray: argument 1\[0\]: the string has a NUL inside/);
      bad('text', /^stringArray: argument 1: expected an array of strings, got string/);
      bad(null, /^stringArray: argument 1: expected an array of strings, got null/);
      const thrown = new Error('mine');
      throws(
        () =>
          stringArray({
            length: 1,
            get 0() {
              throw thrown;
            },
          }),
        thrown,
      );
    }, 10));
});

describe('readStringArray', () => {
  test('readStringArray reads up to NULL, or the given number of strings', () =>
    check(() => {
      const address = symbols.pointer_strings();
      assert.deepEqual(readStringArray(address), ['one', 'zwölf', '']);
      assert.deepEqual(readStringArray(BigInt(address)), ['one', 'zwölf', '']);
      assert.deepEqual(readStringArray(address, 0), []);
      assert.deepEqual(readStringArray(address, 2), ['one', 'zwölf']);
      assert.deepEqual(readStringArray(address, 5), ['one', 'zwölf', '', null, 'behind NULL']);
      assert.deepEqual(readStringArray(stringArray(['a', 'é'])), ['a', 'é']);
    }, 10));

  test('readStringArray of NULL is empty', () =>
    check(() => {
      assert.deepEqual(readStringArray(0), []);
      assert.deepEqual(readStringArray(null), []);
    }, 10));

  test('readStringArray refuses a wrong address or count', () =>
    check(() => {
      throws(() => readStringArray(1), { code: 'ERR_FFI_NULL_POINTER' });
      throws(() => readStringArray('x'), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^readStringArray: argument 1: /,
      });
      throws(() => readStringArray(0, '2'), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^readStringArray: argument 2: /,
      });
      throws(() => readStringArray(0, 0.5), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: /^readStringArray: argument 2: /,
      });
      throws(() => readStringArray(0, -1), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^readStringArray: argument 2: / });
    }, 10));
});

describe('StringBuffer', () => {
  test('a StringBuffer holds what C writes, up to the NUL, sync and async', () =>
    check(async () => {
      const room = new StringBuffer(16);
      assert.equal(room.byteLength, 16);
      assert.equal(room.toString(), '');
      symbols.string_concat(room, room.byteLength, 'é', '😀');
      assert.equal(room.toString(), 'é😀');
      assert.equal(`${room}`, 'é😀');
      await snprintf.async(room, room.byteLength, '%d', ['i', 42]);
      assert.equal(room.toString(), '42');
    }, 10));

  test('a StringBuffer without NUL is read to its end, and a truncated character is U+FFFD', () =>
    check(() => {
      const room = new StringBuffer(4);
      ffi.writeMemory(room.ptr, Buffer.from('abcd'));
      assert.equal(room.toString(), 'abcd');
      ffi.writeMemory(room.ptr, Buffer.from('ab€').subarray(0, 4));
      assert.equal(room.toString(), 'ab\ufffd');
    }, 10));

  test('a StringBuffer needs a size of at least one byte', () =>
    check(() => {
      for (const size of [0, -1, 0.5, NaN]) throws(() => new StringBuffer(size), { code: 'ERR_FFI_OUT_OF_RANGE' });
      for (const size of ['8', undefined, null, 8n])
        throws(() => new StringBuffer(size), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }, 10));
});
