// Strings of Latin-1 as arguments and results.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CFunction, dlopen, FFIType, JSCallback, owned, read, Struct, text } from 'arkffi';
import { check, everyRoute, fixture, throws } from './support.mjs';

const echo = everyRoute('echo_latin1', '(t)t', ['usual']);

test('every character has the byte of its number, on every route', async () => {
  const all = Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).join('');
  for (const given of ['', 'a', 'aéÿ', '\x80\x9f', all, 'é'.repeat(1000), all.repeat(20)])
    await echo.gives([given], given);
});

test('NULL is passed and returned as null, on every route', () => echo.gives([null], null));

test('C has one byte for each character', () => {
  const { strlen } = dlopen(null, { strlen: { args: ['latin1'], returns: 'size_t' } }).symbols;
  return check(async () => {
    assert.equal(strlen('aéÿ'), 3);
    assert.equal(await strlen.async('é'.repeat(500)), 500);
  }, 10);
});

test('a character that Latin-1 has not, a NUL and values of other types are refused, on every route', async () => {
  for (const [given, point, index] of [
    ['€', '20AC', 0],
    ['a😀', '1F600', 1],
    ['é\ud800', 'FFFD', 1],
    ['\u0100', '0100', 0],
  ]) {
    const message = `argument 1: latin1 has no character U+${point}, as at index ${index} of the string`;
    await echo.refuses([given], { code: 'ERR_FFI_OUT_OF_RANGE', message });
  }
  await echo.refuses(['a\0b'], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: .*NUL/ });
  for (const [value, got] of [
    [1, 'number; 1 is no address, because nothing is mapped below 65536'],
    [undefined, 'undefined'],
    [{}, 'object'],
  ]) {
    const message = `argument 1: expected string, a buffer, an address or null, got ${got}`;
    await echo.refuses([value], { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
  }
});

test('fields, callbacks, owned strings and variable arguments have it too', () => {
  const Names = Struct({ first: 'latin1', list: ['latin1', 2] });
  const { strdup, snprintf } = dlopen(null, {
    strdup: { args: ['latin1'], returns: owned('latin1', 'free') },
    snprintf: { args: ['buffer', 'size_t', 'latin1', '...'], returns: 'int' },
  }).symbols;
  const room = new Uint8Array(32);
  return check(async () => {
    const names = Names.create({ first: 'é', list: ['ÿ', null] });
    assert.deepEqual(names.toObject(), { first: 'é', list: ['ÿ', null] });
    assert.equal(read.latin1(names), 'é');
    throws(() => (names.first = 'a€'), {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: 'Struct.first: latin1 has no character U+20AC, as at index 1 of the string',
    });
    assert.equal(names.first, 'é');
    assert.deepEqual([strdup('é'), await strdup.async('ÿ')], ['é', 'ÿ']);
    assert.equal(snprintf(room, 32, 'é%s', ['latin1', 'ÿ']), 2);
    assert.deepEqual([...room.subarray(0, 3)], [0xe9, 0xff, 0]);
    const callback = new JSCallback((given) => `${given}é`, { args: ['latin1'], returns: 'latin1' });
    assert.equal(CFunction({ args: ['latin1'], returns: 'latin1', ptr: callback })('ÿ'), 'ÿé');
    callback.close();
  }, 10);
});

test("it is FFIType.latin1, and text('latin1') by any of its names", () =>
  check(() => {
    assert.equal(FFIType.latin1, 't');
    for (const name of ['latin1', 'ISO-8859-1', 'iso88591', 'l1']) assert.equal(text(name), 'latin1');
    assert.ok(dlopen(fixture, { echo_latin1: { args: [text('latin1')], returns: text('latin1') } }));
  }));
