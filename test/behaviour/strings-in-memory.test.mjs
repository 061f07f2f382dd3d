// Parameters of the types of strings take what fields take: also memory with a text in it, and its address.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Arena, CFunction, CString, dlopen, JSCallback, out, ptr, Struct, StringBuffer } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, everyRoute, fixture, rejects, throws } from './support.mjs';

const echo = everyRoute('echo_string', '(s)s', ['usual']);
const length = everyRoute('string_length', '(s)l', ['usual']);
const length16 = everyRoute('string16_length', '(S)l', ['usual']);
const wide = everyRoute('wstring_length', '(w)l', ['usual']);
const bytes = new TextEncoder().encode('naïve\0 and more');

test('a buffer of any kind passes the text in its memory, on every route', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  shared.set(bytes.subarray(0, 7));
  for (const buffer of [bytes, bytes.buffer, new DataView(bytes.buffer), Buffer.from(bytes), shared.buffer, shared]) {
    await echo.gives([buffer], 'naïve');
    await length.gives([buffer], 6);
  }
  await length.gives([bytes.subarray(2)], 4);
  await length16.gives([Uint16Array.of(0x61, 0x62, 0)], 2);
  await wide.gives([Int32Array.of(0x1f600, 0x62, 0x63, 0)], 3);
});

test('an address, a CString, a StringBuffer, a struct and null pass what is there, on every route', async () => {
  const address = ptr(bytes);
  const room = new StringBuffer(8);
  ffi.writeMemory(room.ptr, Buffer.from('room\0'));
  const arena = new Arena();
  const Named = Struct({ name: ['char', 8], next: 'p' });
  const values = [
    [address, 'naïve'],
    [BigInt(address), 'naïve'],
    [new CString(address), 'naïve'],
    [new CString('text'), 'text'],
    [room, 'room'],
    [arena.string('of an arena'), 'of an arena'],
    [Named.create({ name: 'struct' }), 'struct'],
    [Named.create({ name: 'array' }).name, 'array'],
    [{ ptr: address }, 'naïve'],
    [null, null],
    [0, null],
    [0n, null],
  ];
  for (const [value, expected] of values) await echo.gives([value], expected);
  arena.close();
});

test('text of UTF-16, wchar_t and Latin-1 may be an address, a view, a StringBuffer or NULL too, on every route', async () => {
  const echoes = {
    S: everyRoute('echo_string16', '(S)S', ['usual']),
    w: everyRoute('echo_wstring', '(w)w', ['usual']),
    t: everyRoute('echo_latin1', '(t)t', ['usual']),
  };
  const arena = new Arena();
  const made = {
    S: arena.string16('naïve'),
    w: arena.wstring('naïve'),
    t: arena.string('naïve', 'latin1'),
  };
  for (const [type, route] of Object.entries(echoes)) {
    const memory = made[type];
    const { buffer, byteOffset, byteLength } = memory;
    const room = new StringBuffer(byteLength);
    ffi.writeMemory(room, memory);
    const Text = Struct({ bytes: ['u8', 32] });
    const value = Text.create();
    ffi.writeMemory(value, memory);
    const holders = [memory, new DataView(buffer, byteOffset), room, value, value.bytes, { ptr: ptr(memory) }];
    for (const given of [...holders, ptr(memory), BigInt(ptr(memory)), new CString(ptr(memory))]) {
      await route.gives([given], 'naïve');
    }
    for (const given of [null, 0, 0n, { ptr: null }]) await route.gives([given], null);
    await route.refuses([5], {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /argument 1: expected string, .* got number; 5 is no address, because nothing is mapped below 65536$/,
    });
    await route.refuses([{}], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 1: expected string, / });
  }
  arena.close();
});

test('what is no text and no memory is refused, on every route', async () => {
  const closed = new Arena();
  const gone = closed.string('gone');
  closed.close();
  const type = 'ERR_FFI_INVALID_ARG_TYPE';
  const expected = 'argument 1: expected string, a buffer, an address or null, got';
  await echo.refuses([1], {
    code: type,
    message: `${expected} number; 1 is no address, because nothing is mapped below 65536`,
  });
  await echo.refuses([65535n], {
    code: type,
    message: `${expected} bigint; 65535n is no address, because nothing is mapped below 65536`,
  });
  await echo.refuses([new String('text')], { code: type, message: /got a String; toString\(\) gives its text$/ });
  await echo.refuses([gone], { code: type, message: 'argument 1: the buffer is detached' });
  for (const number of [-1, 0.5, NaN, 2 ** 53, 2n ** 64n]) {
    await echo.refuses([number], { code: 'ERR_FFI_OUT_OF_RANGE', message: /argument 1: / });
  }
});

test('C gets the memory itself, and not a copy', () => {
  const { echo_string: addressIn } = dlopen(fixture, { echo_string: { args: ['s'], returns: 'p' } }).symbols;
  return check(async () => {
    assert.equal(addressIn(bytes), ptr(bytes));
    assert.equal(addressIn(ptr(bytes) + 1), ptr(bytes) + 1);
    const text = new CString('text');
    assert.equal(await addressIn.async(text), text.ptr);
  }, 4);
});

describe('memory with a text in an async call', () => {
  const { string_length: lengthOf } = dlopen(fixture, { string_length: { args: ['s'], returns: 'l' } }).symbols;

  test('it is valid until C has finished, even if it is transferred', () =>
    check(async () => {
      const given = new TextEncoder().encode('transferred\0');
      const pending = lengthOf.async(given);
      structuredClone(given.buffer, { transfer: [given.buffer] });
      assert.equal(await pending, 11);
    }, 10));

  test('a resizable buffer is refused', { skip: !ArrayBuffer.prototype.resize && 'the host has none' }, () =>
    check(async () => {
      const given = new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 }));
      await rejects(() => lengthOf.async(given), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /resizable/ });
    }, 10),
  );
});

test('a getter of an argument runs before any argument is converted', () => {
  const { string_hash_both: hash } = dlopen(fixture, {
    string_hash_both: { args: ['s', 'i', 's'], returns: 'I' },
  }).symbols;
  return check(() => {
    const first = new TextEncoder().encode('first\0');
    const second = {
      get ptr() {
        structuredClone(first.buffer, { transfer: [first.buffer] });
        return null;
      },
    };
    throws(() => hash(first, 1, second), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: 'string_hash_both: argument 1: the buffer is detached',
    });
  }, 20);
});

test('a callback may return an address or a buffer for a string', () => {
  const values = [bytes, ptr(bytes), new CString(ptr(bytes)), 'naïve', null];
  let next = 0;
  const callback = new JSCallback(() => values[next++ % values.length], { returns: 's' });
  const fn = CFunction({ returns: 's', ptr: callback });
  return check(() => {
    next = 0;
    assert.deepEqual([fn(), fn(), fn(), fn(), fn()], ['naïve', 'naïve', 'naïve', 'naïve', null]);
  }, 10);
});

test('variable arguments, functions with structs and out-parameters take such memory', () => {
  const { snprintf } = dlopen(null, { snprintf: { args: ['p', 'L', 's', '...'], returns: 'i' } }).symbols;
  const { strtol } = dlopen(null, { strtol: { args: ['s', 's', 'i'], returns: 'l' } }).symbols;
  const format = Buffer.from('%s!\0');
  return check(() => {
    const room = new StringBuffer(16);
    assert.equal(snprintf(room, 16, format, ['s', bytes]), 7);
    assert.equal(room.toString(), 'naïve!');
    assert.deepEqual(strtol(Buffer.from('12x\0'), out('s'), 10).value, 12);
  }, 10);
});

test('a posted text must be a string, which is copied', () => {
  const callback = ffi.createCallback(() => {}, 's', 'v', true);
  return check(() => {
    throws(() => ffi.callCallbackThreadSafe(callback, bytes), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /expected string or null/,
    });
  }, 20);
});
