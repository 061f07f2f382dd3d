// Text in other encodings together with typed pointers, functions in data, and the names of parameters.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cdef, dlopen, JSCallback, out, owned, pointerTo, ptr, readText, Struct, text } from 'arkffi';
import { check, throws, withErrnoOf } from './support.mjs';

const cp1252 = text('windows-1252');
const sign = '€uro';
const notIn = { code: 'ERR_FFI_OUT_OF_RANGE', message: /: windows-1252 has no character U\+0416, as at index 0 of/ };

test('a typed pointer leads to text in an encoding, which is read and written there', () =>
  check(() => {
    const kept = [];
    for (const [type, given, bytes] of [
      ['latin1', 'café', [0x63, 0x61, 0x66, 0xe9, 0]],
      [cp1252, '€é', [0x80, 0xe9, 0]],
    ]) {
      const Holder = Struct({ name: type, next: pointerTo(type) });
      const holder = Holder.create({ name: given });
      holder.next = ptr(holder);
      assert.equal(holder.next.value, given);
      const noOwner = /^pointer\.value: a string in C's memory would have no owner/;
      throws(() => (holder.next.value = 'é'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: noOwner });
      holder.next = ['é', null];
      assert.equal(holder.next.value, 'é');
      const address = pointerTo('pointer').at(ptr(holder.next)).value;
      assert.equal(readText(address, { encoding: 'latin1' }), 'é');

      const text = Uint8Array.from(bytes);
      kept.push(text);
      const list = new BigUint64Array([BigInt(ptr(text)), 0n]);
      const { memchr } = dlopen(null, {
        memchr: { args: [pointerTo(type), 'int', 'size_t'], returns: pointerTo([type, 0]) },
      }).symbols;
      const found = memchr(list, new Uint8Array(list.buffer)[0], 8);
      assert.deepEqual([found[0], found[1]], [given, null]);
      assert.equal(kept.pop(), text);
      // The array that the call makes ends with NULL.
      const first = memchr([given, null], 0, 24);
      assert.notEqual(first, null);
    }
    throws(() => Struct({ list: pointerTo(cp1252) }).create({ list: ['\u0416'] }), notIn);
  }, 4));

test('text and typed pointers stand in the same function', () =>
  check(async () => {
    const { strdup, strchr } = dlopen(null, {
      strdup: { args: [cp1252], returns: owned(pointerTo(['uchar', 5]), 'free') },
      strchr: { args: [pointerTo(['uchar', 0]), 'int'], returns: cp1252 },
    }).symbols;
    assert.deepEqual([...strdup(sign)], [0x80, 0x75, 0x72, 0x6f, 0]);
    assert.deepEqual([...(await strdup.async(sign))], [0x80, 0x75, 0x72, 0x6f, 0]);
    assert.equal(strchr([0x61, 0x80, 0x62, 0], 0x80), '€b');
    assert.equal(await strchr.async([0x61, 0x80, 0x62, 0], 0x80), '€b');
    assert.equal(strchr([0x61, 0], 0x80), null);
    assert.deepEqual(strchr.with({ errno: { set: 0 } })([0x61, 0], 0x80), withErrnoOf(null, 0));
    throws(() => strdup('\u0416'), notIn);
  }, 4));

test('a function in data takes and returns text in an encoding', () =>
  check(() => {
    const shape = { args: [cp1252, pointerTo(cp1252)], returns: cp1252 };
    const Operations = Struct({ join: shape });
    const operations = Operations.create({ join: (one, other) => `${one}${other?.value ?? '…'}` });
    assert.equal(operations.join(sign, [sign]), '€uro€uro');
    assert.equal(operations.join(sign, null), '€uro…');
    throws(() => operations.join('\u0416', null), notIn);
    const callback = new JSCallback((one) => (one === sign ? null : sign), shape);
    operations.join = callback;
    assert.deepEqual([operations.join(sign, null), operations.join('', null)], [null, sign]);
    callback.close();
  }, 4));

test('an out-parameter of an encoding leads into the memory of an argument', () =>
  check(() => {
    const { strtol } = dlopen(null, { strtol: { args: [cp1252, out(cp1252), 'int'], returns: 'long' } }).symbols;
    assert.deepEqual(strtol(Uint8Array.of(0x31, 0x32, 0x80, 0), 10), { value: 12, out: ['€'] });
  }, 4));

test('the message about a character that an encoding has not names the parameter', () =>
  check(() => {
    const { symbols } = cdef(
      null,
      'size_t strlen(const char *string); char *strncpy(char *to, const char *from, size_t);',
      {
        symbols: { strlen: { args: [cp1252] }, strncpy: { args: [pointerTo('char'), cp1252, 'size_t'] } },
      },
    );
    assert.equal(symbols.strlen(sign), 4);
    throws(() => symbols.strlen('\u0416'), {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: 'strlen: argument 1 (string): windows-1252 has no character U+0416, as at index 0 of the string',
    });
    throws(() => symbols.strncpy(new Uint8Array(8), '\u0416', 8), {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: /^strncpy: argument 2 \(from\): windows-1252 has no character/,
    });
  }, 4));
