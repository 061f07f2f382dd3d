// Invalid UTF-8 and invalid UTF-16: one rule for every direction and every way of conversion.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CString, dlopen, JSCallback, owned, read, readStringArray, stringArray, StringBuffer, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture, kept } from './support.mjs';

// By the Encoding Standard, each maximal prefix of a character becomes one U+FFFD, and so does each other invalid byte.
const invalid = [
  [0xff],
  [0xc3, 0x28],
  [0xe2, 0x82, 0x41],
  [0xf0, 0x9f, 0x98],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0x80, 0x61, 0xbf],
  [0x61, 0xf0, 0x9f, 0x98, 0x80, 0xfe, 0x62],
];
const bytesOf = (bytes) => Buffer.from([...bytes, 0]);
const expected = (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));

const { symbols } = dlopen(fixture, {
  echo_string: { args: ['p'], returns: 's' },
  call_string: { args: ['k', 'p', 's'], returns: 's' },
  string_new: { args: ['p'], returns: owned('s', 'string_free') },
  string_hash: { args: ['s'], returns: 'I' },
  echo_string16: { args: ['S'], returns: 'S' },
});

/** Every way in which C's bytes become a string. */
const waysOut = {
  'a result': (bytes) => symbols.echo_string(bytes),
  'an async result': (bytes) => symbols.echo_string.async(bytes),
  'a string that is freed': (bytes) => symbols.string_new(bytes),
  'an argument of a callback': (bytes) => {
    let got;
    const callback = new JSCallback((text) => ((got = text), text), { args: ['s'], returns: 's' });
    symbols.call_string(callback, bytes, 'x');
    callback.close();
    return got;
  },
  readCString: (bytes) => ffi.readCString(ffi.ptr(kept(bytes))),
  'readCString with a length': (bytes) => ffi.readCString(ffi.ptr(kept(bytes)), bytes.length - 1),
  CString: (bytes) => new CString(ffi.ptr(kept(bytes))).toString(),
  'a field of a struct': (bytes) => {
    const Holder = Struct({ text: 's' });
    return Holder.get(Holder.create({ text: bytes }), 'text');
  },
  'read.cstring': (bytes) => {
    const address = kept(BigUint64Array.of(BigInt(ffi.ptr(kept(bytes)))));
    return read.cstring(ffi.ptr(address));
  },
  readStringArray: (bytes) => {
    const list = kept(BigUint64Array.of(BigInt(ffi.ptr(kept(bytes))), 0n));
    return readStringArray(ffi.ptr(list))[0];
  },
  StringBuffer: (bytes) => {
    const room = new StringBuffer(bytes.length);
    ffi.writeMemory(room.ptr, bytes);
    return room.toString();
  },
};

for (const [way, decode] of Object.entries(waysOut)) {
  test(`invalid UTF-8 becomes U+FFFD through ${way}`, () =>
    check(async () => {
      for (const bytes of invalid) assert.equal(await decode(bytesOf(bytes)), expected(bytes), bytes.join());
    }, 20));
}

test('random bytes are decoded as the Encoding Standard requires', () => {
  let seed = 12345;
  const random = (limit) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % limit;
  for (let i = 0; i < 20_000; i++) {
    const bytes = Array.from({ length: 1 + random(12) }, () => (random(3) ? 0x80 + random(128) : 1 + random(127)));
    assert.equal(symbols.echo_string(bytesOf(bytes)), expected(bytes), bytes.join());
  }
});

/** Every way in which a string becomes bytes for C. */
const waysIn = {
  'an argument': (text) => ffi.callMixed(ffi.load(fixture), 'string_hash', 's', 'I', [], [text]),
  'an async argument': (text) =>
    dlopen(fixture, { string_hash: { args: ['s'], returns: 'I' } }).symbols.string_hash.async(text),
  'a variable argument': (text) => {
    const { variadic_print } = dlopen(fixture, {
      variadic_print: { args: ['p', 'L', 's', '...'], returns: 'i' },
    }).symbols;
    const bytes = new Uint8Array(64);
    variadic_print(bytes, 64, '%s', ['s', text]);
    return symbols.string_hash(Buffer.from(bytes.buffer, 0, bytes.indexOf(0)).toString());
  },
  stringArray: (text) => symbols.string_hash(readStringArray(stringArray([text]))[0]),
};

for (const [way, encode] of Object.entries(waysIn)) {
  test(`lone surrogates become U+FFFD in UTF-8 through ${way}`, async () => {
    for (const text of ['\ud800', 'a\udc00b', '\ude00\ud83d', 'x\ud83d']) {
      assert.equal(await encode(text), symbols.string_hash(Buffer.from(text).toString()), JSON.stringify(text));
    }
  });
}

test('UTF-16 strings pass unchanged, including lone surrogates', () =>
  check(() => {
    for (const text of ['\ud800', 'a\udc00b', '\ude00\ud83d', '😀']) assert.equal(symbols.echo_string16(text), text);
  }, 20));
