// CString: a copy of a string in C's memory, with its address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CString } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, throws } from './support.mjs';

const bytes = Buffer.from('aé€😀\0beyond\0');
const at = ffi.ptr(bytes);
globalThis.keptForAddress = bytes; // no test uses the variable, so that JavaScriptCore would collect it
const libc = ffi.load(null);

test('a CString is the text up to the NUL', () =>
  check(() => {
    const text = new CString(at);
    assert.equal(text.toString(), 'aé€😀');
    assert.equal(`${text}`, 'aé€😀');
    assert.equal(text.length, 5);
    assert.equal(text.byteLength, 10);
    assert.equal(text.byteOffset, 0);
    assert.equal(text.ptr, at);
    assert.ok(text instanceof String);
    assert.equal(text.slice(1, 3), 'é€');
    assert.equal(JSON.stringify({ text }), '{"text":"aé€😀"}');
  }));

test('byteOffset skips bytes, and byteLength limits their number', () =>
  check(() => {
    const text = new CString(at, 1, 5);
    assert.equal(text.toString(), 'é€');
    assert.deepEqual([text.ptr, text.byteOffset, text.byteLength, text.length], [at, 1, 5, 2]);
    assert.equal(new CString(at, 11).toString(), 'beyond');
    assert.equal(new CString(at, 11).byteLength, 6);
    assert.equal(new CString(at + 11, -11).toString(), 'aé€😀');
    assert.equal(new CString(at, 10, 3).toString(), '\0be');
    assert.equal(new CString(at, 0, 0).toString(), '');
    assert.equal(new CString(at, 0, 0).byteLength, 0);
  }));

test('byteLength counts the bytes of invalid UTF-8 as they are in memory', () => {
  const broken = Buffer.from([0x61, 0xff, 0x62, 0xc3, 0x63, 0]);
  return check(() => {
    const text = new CString(ffi.ptr(broken));
    assert.equal(text.toString(), 'a\ufffdb\ufffdc');
    assert.equal(text.byteLength, 5);
  });
});

test('byteLength is correct if the text itself contains U+FFFD', () => {
  const replaced = Buffer.from('a\ufffdb\0');
  return check(() => assert.equal(new CString(ffi.ptr(replaced)).byteLength, 5));
});

test('a CString does not change when the memory changes', () =>
  check(() => {
    const memory = Buffer.from('before\0');
    const text = new CString(ffi.ptr(memory));
    memory.write('after!');
    assert.equal(text.toString(), 'before');
  }));

test('NULL gives the empty string', () =>
  check(() => {
    for (const nothing of [0, 0n, null, { ptr: 0 }]) {
      const text = new CString(nothing);
      assert.equal(text.toString(), '');
      assert.equal(text.byteLength, 0);
      assert.equal(text.length, 0);
    }
    assert.equal(new CString(0, 4, 8).toString(), '');
  }));

test('a bigint address and any object with a ptr are accepted', () =>
  check(() => {
    assert.equal(new CString(BigInt(at)).toString(), 'aé€😀');
    assert.equal(new CString(BigInt(at), 11).toString(), 'beyond');
    assert.equal(new CString({ ptr: at }).toString(), 'aé€😀');
    assert.equal(new CString(new CString(at)).toString(), 'aé€😀');
  }));

test('a value that is not an address is refused', () =>
  check(() => {
    for (const address of [undefined, true, {}, Symbol('s'), () => {}]) {
      throws(() => new CString(address), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^CString: argument 1: / });
    }
    for (const address of [-1, 1.5, NaN, 2 ** 53]) {
      throws(() => new CString(address), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^CString: argument 1: / });
    }
    for (const address of [-1n, 2n ** 64n]) throws(() => new CString(address), { code: 'ERR_FFI_OUT_OF_RANGE' });
  }, 4));

test('an offset that is not an integer is refused', () =>
  check(() => {
    for (const offset of ['1', null, 1n, {}, true]) {
      throws(() => new CString(at, offset), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^CString: argument 2: / });
    }
    for (const offset of [1.5, NaN, Infinity, 2 ** 53]) {
      throws(() => new CString(at, offset), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^CString: argument 2: / });
    }
  }, 4));

test('a length that is not a non-negative integer is refused', () =>
  check(() => {
    for (const length of ['1', null, 1n, {}, true]) {
      throws(() => new CString(at, 0, length), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 3: / });
    }
    for (const length of [-1, 1.5, NaN, Infinity]) {
      throws(() => new CString(at, 0, length), { code: 'ERR_FFI_OUT_OF_RANGE', message: /argument 3: / });
    }
  }, 4));

test('an offset that leads below the lowest address is refused', () =>
  check(() => {
    throws(() => new CString(at, 1 - at), { code: 'ERR_FFI_NULL_POINTER' });
    throws(() => new CString(at, -at - 1), { code: 'ERR_FFI_OUT_OF_RANGE' });
    throws(() => new CString(BigInt(at), -at - 1), { code: 'ERR_FFI_OUT_OF_RANGE' });
  }));

test('a CString of a JavaScript string is a copy that C can read', () =>
  check(() => {
    const text = new CString('aé€😀');
    assert.deepEqual([text.toString(), text.length, text.byteLength, text.byteOffset], ['aé€😀', 5, 10, 0]);
    assert.equal(ffi.readCString(text.ptr), 'aé€😀');
    assert.equal(ffi.ptr(text), text.ptr);
    assert.equal(ffi.callMixed(libc, 'strlen', 'p', 'L', [text], []), 10);
    assert.equal(new CString(text).toString(), 'aé€😀');
    assert.deepEqual(Object.keys(text).includes('copy'), false);
    assert.equal(new CString('').byteLength, 0);
    assert.equal(new CString('aé€', 1, 2).toString(), 'é');
  }));

test('a string with a NUL, and parts outside a string, are refused', () =>
  check(() => {
    throws(() => new CString('a\0b'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^CString: argument 1: / });
    for (const offset of [-1, 5]) throws(() => new CString('text', offset), { code: 'ERR_FFI_OUT_OF_RANGE' });
    throws(() => new CString('text', 0, 6), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^CString: expected 6 bytes/ });
    assert.equal(new CString('text', 4).toString(), '');
  }));
