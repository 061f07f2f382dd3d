// Text in encodings that the native module does not know: text('gbk') and the like, as every kind of type.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  Arena,
  AsyncCFunction,
  callbackType,
  cdef,
  CFunction,
  dlopen,
  inout,
  JSCallback,
  NativeLibrary,
  out,
  owned,
  ptr,
  readText,
  Struct,
  text,
  typed,
  Union,
} from 'arkffi';
import { isWindows } from './hosts.mjs';
import { check, fixture, isWarm, rejects, throws, withErrnoOf } from './support.mjs';

/** A text in each encoding, its bytes, and a character that the encoding has not. Not every host knows all of them. */
const samples = {
  'windows-1252': ['€ \u2019é', '80209 2e9', '\u0416'],
  ascii: ['plain', '706c61696e', 'é'],
  'windows-1251': ['Привет', 'cff0e8e2e5f2', '中'],
  'koi8-r': ['Привет', 'f0d2c9d7c5d4', '中'],
  'iso-8859-2': ['Łódź', 'a3f364bc', 'П'],
  gbk: ['中文a', 'd6d0cec461', '😀'],
  gb18030: ['中😀\u1e3f', 'd6d09439fc36a8bc', '\ud800'],
  big5: ['中文十', 'a4a4a4e5a451', 'é'],
  shift_jis: ['日本ｱ\u2160纊', '93fa967bb18754fa5c', '😀'],
  'euc-jp': ['日本', 'c6fccbdc', '😀'],
  'euc-kr': ['한국', 'c7d1b1b9', '😀'],
};
const bytesOf = (hex) =>
  hex
    .replace(/ /g, '')
    .match(/../g)
    .map((pair) => parseInt(pair, 16));

/** The type of an encoding; undefined if the host does not know it. */
function typeOf(name) {
  try {
    return text(name);
  } catch (error) {
    assert.equal(error.code, 'ERR_FFI_NOT_SUPPORTED');
    return undefined;
  }
}

const cp1252 = text('windows-1252');
const ascii = text('ascii');
const sign = '€uro';
const notIn = (index, point, name = 'windows-1252') => ({
  code: 'ERR_FFI_OUT_OF_RANGE',
  message: new RegExp(`${name} has no character U\\+${point}, as at index ${index} of the string$`),
});

describe('the bytes of a text', () => {
  for (const [name, [given, hex, missing]] of Object.entries(samples)) {
    const type = typeOf(name);
    test(`in ${name}`, { skip: type === undefined && 'this host has no decoder for it' }, () => {
      const lib = dlopen(null, {
        strcpy: { args: ['buffer', type], returns: type },
        strlen: { args: [type], returns: 'size_t' },
        strdup: { args: [type], returns: owned(type, 'free') },
      });
      const { strcpy, strlen, strdup } = lib.symbols;
      const expected = bytesOf(hex);
      return check(async () => {
        const bytes = new Uint8Array(64);
        assert.equal(strcpy(bytes, given), given);
        assert.deepEqual([...bytes.subarray(0, expected.length + 1)], [...expected, 0]);
        assert.equal(readText(bytes, { encoding: name }), given);
        assert.equal(readText(bytes, { encoding: name, length: expected.length }), given);
        assert.equal(strlen(given), expected.length);
        assert.equal(await strlen.async(given), expected.length);
        assert.deepEqual([strdup(given), await strdup.async(given)], [given, given]);
        assert.deepEqual(strdup.with({ errno: { set: 0 } })(given), withErrnoOf(given, 0));
        const point = missing.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
        throws(() => strlen(`a${missing}`), notIn(1, point, name));
        await rejects(() => strlen.async(`a${missing}`), notIn(1, point, name));
      }, 10);
    });
  }

  test('are decoded to the same character again', () => {
    for (const name of Object.keys(samples)) {
      const type = typeOf(name);
      if (type === undefined) continue;
      const { strdup } = dlopen(null, { strdup: { args: [type], returns: owned(type, 'free') } }).symbols;
      const known = Array.from({ length: 1400 }, (_, i) => String.fromCharCode(0x20 + i * 37)).filter((character) => {
        try {
          return strdup(character) === character || assert.fail(`${name}: ${character}`);
        } catch (error) {
          if (error.code !== 'ERR_FFI_OUT_OF_RANGE') throw error;
          return false;
        }
      });
      assert.ok(known.length >= 3, `${name}: ${known.length}`);
      assert.equal(strdup(known.join('')), known.join(''), name);
    }
  });

  test('that mean nothing become U+FFFD', () =>
    check(() => {
      const echo = dlopen(fixture, { echo_pointer: { args: ['pointer'], returns: ascii } }).symbols.echo_pointer;
      assert.equal(echo(Uint8Array.of(0x61, 0x80, 0x62, 0)), 'a\ufffdb');
      assert.equal(readText(Uint8Array.of(0xff, 0), { encoding: 'ascii' }), '\ufffd');
      if (typeOf('gbk')) assert.match(readText(Uint8Array.of(0x61, 0xd6, 0), { encoding: 'gbk' }), /^a\ufffd/);
    }, 10));

  test('are those of the native module, where another name of the host means one that it knows', () =>
    check(() => {
      for (const name of ['unicode-1-1-utf-8', 'x-unicode20utf8'])
        if (typeOf(name)) assert.equal(text(name), 'cstring');
      for (const name of ['ucs-2', 'csunicode']) if (typeOf(name)) assert.equal(text(name), 'CString16');
      const label = typeOf('iso-ir-100'); // of windows-1252, by the standard
      if (label) assert.equal(label, cp1252);
      const bytes = new TextEncoder().encode('é中😀');
      if (typeOf('unicode20utf8')) assert.equal(readText(bytes, { encoding: 'unicode20utf8' }), 'é中😀');
    }, 10));

  test('of long texts are right at every place', () =>
    check(() => {
      for (const [name, [given, hex]] of Object.entries(samples)) {
        const type = typeOf(name);
        if (type === undefined || isWarm) continue;
        const { strdup, strlen } = dlopen(null, {
          strdup: { args: [type], returns: owned(type, 'free') },
          strlen: { args: [type], returns: 'size_t' },
        }).symbols;
        for (const before of ['', 'a', 'ab', 'abc']) {
          const long = before + given.repeat(5000);
          assert.equal(strlen(long), before.length + 5000 * bytesOf(hex).length);
          assert.equal(strdup(long), long);
        }
      }
      const units = new Uint16Array(20_000).map((_, i) => 0x4e00 + (i % 5000));
      const long = readText(units, { encoding: 'utf16' });
      assert.ok(long.length === units.length && units.every((unit, i) => long.charCodeAt(i) === unit));
      if (typeOf('gb18030')) {
        const { strdup } = dlopen(null, {
          strdup: { args: [text('gb18030')], returns: owned(text('gb18030'), 'free') },
        }).symbols;
        assert.equal(strdup('\ufffd'), '\ufffd'); // one of its characters
      }
    }, 100));

  test('of a stateful encoding can be decoded only', { skip: !typeOf('iso-2022-jp') }, () =>
    check(() => {
      const bytes = Uint8Array.from([0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42, 0]);
      assert.equal(readText(bytes, { encoding: 'iso-2022-jp' }), '日');
      const { strlen } = dlopen(null, { strlen: { args: [text('iso-2022-jp')], returns: 'size_t' } }).symbols;
      throws(() => strlen('a'), { code: 'ERR_FFI_NOT_SUPPORTED', message: /^strlen: argument 1: iso-2022-jp: / });
    }),
  );
});

describe('text in an encoding is', () => {
  test('an argument and a result that may be null, a buffer or an address too, by each way of calling', () => {
    const definition = { args: [cp1252], returns: cp1252 };
    const echo = dlopen(fixture, { echo_string: definition }).symbols.echo_string;
    const bytes = Uint8Array.of(0x80, 0x75, 0);
    const ways = [echo, CFunction({ ...definition, ptr: echo }), echo.with({})];
    const asyncWays = [echo.async, AsyncCFunction({ ...definition, ptr: echo }), echo.async.with({ timeout: 60_000 })];
    return check(async () => {
      for (const call of ways) {
        assert.deepEqual(
          [call(sign), call(null), call(bytes), call(''), call(ptr(bytes))],
          [sign, null, '€u', '', '€u'],
        );
        throws(() => call('a\0b'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 1: .*NUL/ });
        throws(() => call(), { code: 'ERR_FFI_ARG_COUNT' });
        throws(() => call({}), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
        throws(() => call('aЖ'), notIn(1, '0416'));
      }
      for (const call of asyncWays) {
        assert.deepEqual([await call(sign), await call(null), await call(bytes)], [sign, null, '€u']);
        await rejects(() => call('a\0b'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
        await rejects(() => call('Ж'), notIn(0, '0416'));
      }
      throws(() => echo.batch([]), { code: 'ERR_FFI_BAD_SIGNATURE' });
    }, 4);
  });

  test('a field, an element of an array, and a member of a union', () => {
    const Names = Struct({ name: cp1252, list: [ascii, 2], either: Union({ text: cp1252, n: 'u64' }) });
    return check(() => {
      const names = Names.create({ name: sign, list: ['a', null], either: { text: '€' } });
      assert.deepEqual(names.toObject().list, ['a', null]);
      assert.equal(names.either.text, '€');
      names.name = 'é€';
      assert.equal(Names.fromPtr(names).name, 'é€');
      assert.deepEqual([...new Uint8Array(toBytes(Names.get(names, 'name')))], [0xe9, 0x80, 0]);
      names.list[1] = 'b';
      assert.deepEqual([...names.list], ['a', 'b']);
      throws(() => (names.name = 'Ж'), notIn(0, '0416'));
      throws(() => Names.create({ list: ['é', null] }), notIn(0, '00E9', 'ascii'));
      throws(() => (names.name = {}), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      assert.equal(names.name, 'é€');
      names.name = null;
      assert.equal(names.name, null);
    }, 10);
  });

  test('a field of a struct that is passed by value, and in callbacks', () => {
    const Pair = Struct({ name: cp1252, n: 'i' });
    const signature = { args: [Pair], returns: Pair };
    const callback = new JSCallback(({ name, n }) => ({ name: `${name}!`, n: n + 1 }), signature);
    const call = CFunction({ ...signature, ptr: callback });
    return check(() => assert.deepEqual(call({ name: sign, n: 1 }).toObject(), { name: `${sign}!`, n: 2 }), 10).then(
      () => callback.close(),
    );
  });

  test('what a callback gets and returns: a JSCallback, a plain function, and nested ones', () => {
    const signature = { args: [cp1252, 'i'], returns: cp1252 };
    const seen = [];
    const callback = new JSCallback(
      (given, n) => (seen.push(given), n === 0 ? null : n === 1 ? `${given}é` : 'Ж'),
      signature,
    );
    const call = CFunction({ ...signature, ptr: callback });
    const { call_string: callIt } = dlopen(fixture, {
      call_string: { args: [{ args: [cp1252], returns: cp1252 }, cp1252], returns: cp1252 },
    }).symbols;
    return check(async () => {
      assert.deepEqual([call(sign, 1), call(sign, 0), callback.call(sign, 1)], [`${sign}é`, null, `${sign}é`]);
      throws(() => call(sign, 2), { ...notIn(0, '0416'), message: /result: windows-1252 has no character U\+0416/ });
      assert.equal(seen.at(-1), sign);
      assert.equal(
        callIt((given) => `${given}!`, sign),
        `${sign}!`,
      );
      assert.equal(await callIt.async((given) => `${given}?`, sign), `${sign}?`);
      assert.equal(await callIt.async(async (given) => `${given}…`, sign), `${sign}…`);
    }, 10).then(() => callback.close());
  });

  test('copied for a posted callback, and for one on another thread', async () => {
    const got = [];
    let arrived;
    const last = new Promise((resolve) => (arrived = resolve));
    const note = (given) => (got.push(given), given === null && arrived());
    const post = new JSCallback(note, { args: [cp1252], threadsafe: 'post' });
    const later = AsyncCFunction({ args: [cp1252], ptr: post });
    post.call(sign);
    await later('é');
    post.call(null);
    await last;
    assert.deepEqual(got, [sign, 'é', null]);
    post.close();
  });

  test('a variable, an out-parameter, and one that is freed', () => {
    const lib = dlopen(null, {
      [isWindows ? '_tzname' : 'tzname']: { type: [ascii, 2] },
      [isWindows ? '_tzset' : 'tzset']: {},
      asprintf: { args: ['pointer', cp1252, '...'], returns: 'int' },
      strtol: { args: [cp1252, out(cp1252), 'int'], returns: 'long' },
      strsep: { args: [inout(cp1252), 'cstring'], returns: cp1252, optional: isWindows },
    });
    const { asprintf, strtol } = lib.symbols;
    const tzname = lib.symbols[isWindows ? '_tzname' : 'tzname'];
    lib.symbols[isWindows ? '_tzset' : 'tzset']();
    return check(async () => {
      assert.equal(typeof tzname.value[0], 'string');
      const made = asprintf(out(owned(cp1252, 'free')), '%d %s€', ['int', 7], [cp1252, '€']);
      assert.deepEqual(made, { value: 4, out: ['7 €€'] });
      const later = await asprintf.async(out(owned(cp1252, 'free')), '%s', typed(cp1252, 'é'));
      assert.deepEqual(later, { value: 1, out: ['é'] });
      assert.equal(strtol('12', 10).value, 12);
      throws(() => asprintf(out(owned(cp1252, 'free')), '%s', [cp1252, 'Ж']), notIn(0, '0416'));
    }, 10);
  });

  test('a type of cdef corrections, of the strict classes and of callbackType', () =>
    check(() => {
      const declared = 'typedef struct { char *name; int *n; } person; char *strdup(const char *); int abs(int);';
      const lib = cdef(null, declared, {
        symbols: { strdup: { args: [cp1252], returns: owned(cp1252, 'free') } },
        fields: { person: { name: cp1252 } },
      });
      assert.equal(lib.symbols.strdup(sign), sign);
      assert.equal(lib.structs.person.create({ name: sign }).name, sign);
      for (const wrong of [
        { symbols: { abs: { args: [cp1252] } } },
        { symbols: { abs: { returns: owned(cp1252, 'free') } } },
        { fields: { person: { n: [cp1252, 1] } } },
      ]) {
        const message = /the text declares .*windows-1252/;
        throws(() => cdef(null, declared, wrong), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      }
      const strict = NativeLibrary.open(null);
      assert.equal(strict.func('strlen', [cp1252], 'size_t')(sign), 4);
      strict.close();
      assert.deepEqual(callbackType([cp1252], cp1252), { args: [cp1252], returns: cp1252 });
    }, 4));
});

/** The bytes of a text in windows-1252, with its NUL. */
const toBytes = (given) => new Arena().string(given, 'windows-1252');

describe('text(encoding)', () => {
  test('is a name of a type for the encodings that the native module knows', () =>
    check(() => {
      for (const name of ['utf8', 'UTF-8', ' utf-8 ']) assert.equal(text(name), 'cstring');
      for (const name of ['utf16', 'UTF-16', 'utf-16le']) assert.equal(text(name), 'CString16');
      for (const name of ['wchar', 'wchar_t']) assert.equal(text(name), 'WString');
      if (process.platform !== 'win32') assert.equal(text('utf-32'), 'WString');
    }));

  test('is the same type for the same encoding, and frozen', () =>
    check(() => {
      assert.equal(text('cp1252'), cp1252);
      assert.equal(text('US-ASCII'), ascii);
      assert.ok(Object.isFrozen(cp1252));
      assert.deepEqual({ ...cp1252 }, { encoding: 'windows-1252' });
    }));

  test('refuses what is no encoding, and what has other units', () =>
    check(() => {
      const code = 'ERR_FFI_NOT_SUPPORTED';
      throws(() => text('no-such-encoding'), {
        code,
        message: "text: argument 1: 'no-such-encoding' is no encoding that this host's TextDecoder knows",
      });
      for (const name of ['utf-16be', 'replacement', ''])
        throws(() => text(name), { code, message: /^text: argument 1: / });
      for (const value of [undefined, null, 1, {}, Symbol('x')]) {
        throws(() => text(value), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /^text: argument 1: expected the name/,
        });
      }
    }));

  test('says so where the host has no TextDecoder', () => {
    const { TextDecoder } = globalThis;
    delete globalThis.TextDecoder;
    try {
      const message = "text: argument 1: 'koi8-u': this host has no TextDecoder";
      throws(() => text('koi8-u'), { code: 'ERR_FFI_NOT_SUPPORTED', message });
      assert.equal(text('windows-1252'), cp1252);
      assert.equal(text('utf8'), 'cstring');
    } finally {
      Object.defineProperty(globalThis, 'TextDecoder', { value: TextDecoder, writable: true, configurable: true });
    }
  });
});

describe('readText', () => {
  const wide = Uint16Array.from([0x41, 0x20ac, 0xd800, 0]);
  const wider = Uint32Array.from([0x41, 0x1f600, 0xd800, 0x110000, 0]);

  test('reads text of any encoding at an address, up to its NUL', () =>
    check(() => {
      assert.equal(readText(ptr(wide), { encoding: 'utf16' }), 'A€\ud800');
      if (process.platform !== 'win32') {
        assert.equal(readText(ptr(wider), { encoding: 'wchar_t' }), 'A😀\ufffd\ufffd');
        assert.equal(readText(ptr(wider), { encoding: 'utf32', length: 5 }), 'A😀\ufffd\ufffd\0');
      }
      const bytes = Uint8Array.of(0xc3, 0xa9, 0xff, 0);
      assert.equal(readText(ptr(bytes)), 'é\ufffd');
      assert.equal(readText(BigInt(ptr(bytes)), { encoding: 'utf-8' }), 'é\ufffd');
      assert.equal(readText(ptr(bytes), { encoding: 'latin1' }), 'Ã©ÿ');
      assert.equal(readText(ptr(bytes), { encoding: 'windows-1252' }), 'Ã©ÿ');
      assert.equal(readText(ptr(bytes), {}), 'é\ufffd');
      assert.equal(readText(null), null);
      assert.equal(readText(0, { encoding: 'ascii' }), null);
    }, 10));

  test('reads as many units as length says, NULs among them', () =>
    check(() => {
      const bytes = Uint8Array.of(0x61, 0, 0x80, 0x62);
      assert.equal(readText(ptr(bytes), { encoding: 'windows-1252', length: 3 }), 'a\0€');
      assert.equal(readText(bytes, { encoding: 'latin1', length: 4 }), 'a\0\x80b');
      assert.equal(readText(bytes, { length: 2 }), 'a\0');
      assert.equal(readText(bytes, { length: 0 }), '');
      assert.equal(readText(wide, { encoding: 'utf16', length: 1 }), 'A');
      assert.equal(readText(ptr(wide), { encoding: 'utf16', length: 4 }), 'A€\ud800\0');
    }, 10));

  test('ends with the memory that it knows', () =>
    check(() => {
      const Name = Struct({ name: ['char', 4], n: 'i' });
      const value = Name.create({ name: 'abc' });
      assert.equal(readText(Uint8Array.of(0x61, 0x62)), 'ab');
      assert.equal(readText(new Uint8Array([0x61, 0x62, 0x63]).subarray(1, 2)), 'b');
      assert.equal(readText(new Uint8Array(0)), '');
      assert.equal(readText(new Uint8Array([0x61, 0, 0x62]).buffer), 'a');
      assert.equal(readText(value.name), 'abc');
      assert.equal(readText(Uint8Array.of(0x41, 0, 0x42), { encoding: 'utf16' }), 'A');
      throws(() => readText(Uint8Array.of(0x61), { length: 2 }), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: 'readText: expected 2 bytes of the value, which has 1',
      });
      throws(() => readText(wide, { encoding: 'utf16', length: 5 }), { code: 'ERR_FFI_OUT_OF_RANGE' });
    }, 10));

  test('refuses what is no address and what is no option', () =>
    check(() => {
      const type = 'ERR_FFI_INVALID_ARG_TYPE';
      for (const value of [undefined, 'text', {}, Symbol('x'), true]) {
        throws(() => readText(value), { code: type, message: /^readText: argument 1: / });
      }
      for (const address of [1, 65_535]) {
        throws(() => readText(address, { encoding: 'ascii' }), {
          code: 'ERR_FFI_NULL_POINTER',
          message: /^readText: /,
        });
      }
      for (const address of [-1, 0.5, NaN, 2n ** 64n])
        throws(() => readText(address), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => readText(0, { encodin: 'gbk' }), {
        code: type,
        message: "readText: options: unknown option 'encodin'; did you mean 'encoding'?",
      });
      throws(() => readText(0, 'gbk'), { code: type, message: 'readText: argument 2: expected an object, got string' });
      throws(() => readText(0, { encoding: 5 }), { code: type, message: /^readText: options\.encoding: / });
      throws(() => readText(0, { length: '1' }), { code: type, message: /^readText: options\.length: / });
      for (const length of [-1, 0.5, NaN]) throws(() => readText(0, { length }), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => readText(0, { encoding: 'nothing' }), { code: 'ERR_FFI_NOT_SUPPORTED' });
      const gone = new Uint8Array(8);
      structuredClone(gone.buffer, { transfer: [gone.buffer] });
      throws(() => readText(gone), { code: type, message: /^readText: .*detached/ });
    }, 4));
});

test('Arena.string takes an encoding', () =>
  check(() => {
    const arena = new Arena();
    assert.deepEqual([...arena.string(sign, 'windows-1252')], [0x80, 0x75, 0x72, 0x6f, 0]);
    assert.deepEqual([...arena.string('é', 'latin1')], [0xe9, 0]);
    assert.deepEqual([...arena.string('é')], [0xc3, 0xa9, 0]);
    assert.deepEqual([...arena.string('A', 'utf16')], [0x41, 0, 0, 0]);
    throws(() => arena.string('Ж', 'ascii'), {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: /^Arena\.string: argument 1: ascii/,
    });
    throws(() => arena.string('€', 'latin1'), {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: /^Arena\.string: argument 1: latin1/,
    });
    throws(() => arena.string('x', 'nothing'), {
      code: 'ERR_FFI_NOT_SUPPORTED',
      message: /^Arena\.string: argument 2: /,
    });
    throws(() => arena.string(5, 'ascii'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    arena.close();
    throws(() => arena.string('x', 'ascii'), { code: 'ERR_FFI_ARENA_CLOSED' });
  }, 10));
