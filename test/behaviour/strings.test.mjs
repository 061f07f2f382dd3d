// UTF-8 strings as arguments and results.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, everyRoute, fixture, got, rejects, throws } from './support.mjs';

const echo = everyRoute('echo_string', '(s)s', ['usual']);
const length = everyRoute('string_length', '(s)l', ['usual']);
const hash = everyRoute('string_hash', '(s)I', ['usual']);

/** FNV-1a of the UTF-8 bytes, as string_hash computes it. */
function fnv(text) {
  let sum = 2166136261;
  for (const byte of Buffer.from(text)) sum = Math.imul(sum ^ byte, 16777619) >>> 0;
  return sum;
}

/**
 * Asserts that C gets the UTF-8 bytes of the text, and that they come back as the same text, with U+FFFD for lone
 * surrogates.
 */
async function arrives(text) {
  await hash.gives([text], fnv(text));
  await length.gives([text], Buffer.byteLength(text));
  await echo.gives([text], Buffer.from(text).toString());
}

// One character of each length in UTF-8, and one that has no encoding in UTF-8.
const characters = {
  'one byte': 'a',
  'two bytes': 'é',
  'three bytes': '€',
  'four bytes': '😀',
  'a lone surrogate': '\ud83d',
};

test('a string result from a reused buffer is what the buffer has after each call', () => {
  const { string_overwritten, echo_string } = dlopen(fixture, {
    string_overwritten: { args: ['s'], returns: 's' },
    echo_string: { args: ['s'], returns: 's' },
  }).symbols;
  const texts = ['one', 'one', 'ones', 'on', '', '', 'two', 'zwölf', 'zwölf', '三', 'x'.repeat(62), 'x'.repeat(63)];
  for (let i = 0; i < 30000; i++) {
    const text = texts[i % texts.length];
    assert.equal(string_overwritten(text), text);
    const other = i % 7 ? `${text}${'y'.repeat(i % 3)}` : null;
    assert.equal(echo_string(other), other);
  }
});

test('string results are correct when they change with each call, and when they stop changing', () => {
  const { string_overwritten } = dlopen(fixture, { string_overwritten: { args: ['s'], returns: 's' } }).symbols;
  const kinds = [
    (i) => `${i}`,
    () => 'always the same',
    (i) => `число ${i}`,
    (i) => (i % 9 ? `${i >> 3}` : ''),
    (i) => `${i}`.padStart(40 + (i % 23), '-'),
  ];
  for (let i = 0; i < 60000; i++) {
    const text = kinds[Math.trunc(i / 1700) % kinds.length](i);
    assert.equal(string_overwritten(text), text);
  }
});

test('strings of common kinds arrive on every route', async () => {
  for (const text of ['', 'a', 'hello', 'aé€😀', '日本語', '\u0001\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}']) {
    await arrives(text);
  }
});

for (const [name, character] of Object.entries(characters)) {
  test(`strings of 0 to 300 characters of ${name} arrive whole on every route`, async () => {
    for (let count = 0; count <= 300; count++)
      await echo.gives([character.repeat(count)], wellFormed(character.repeat(count)));
  });

  test(`a character of ${name} arrives at every place where an internal buffer may end, on every route`, async () => {
    for (const end of [16, 32, 64, 128, 256, 512, 1024, 4096]) {
      for (let before = end - 9; before <= end + 1; before++) {
        await arrives(`${'x'.repeat(before)}${character}`);
        await arrives(`${'x'.repeat(before)}${character}z`);
      }
    }
  });
}

/** The text with U+FFFD for each lone surrogate. */
function wellFormed(text) {
  return Buffer.from(text).toString();
}

test('lone surrogates become U+FFFD on every route', async () => {
  await echo.gives(['\ud800'], '\ufffd');
  await echo.gives(['\udc00'], '\ufffd');
  await echo.gives(['a\ud83db'], 'a\ufffdb');
  await echo.gives(['a\ude00b'], 'a\ufffdb');
  await echo.gives(['\ude00\ud83d'], '\ufffd\ufffd');
  await echo.gives(['\ud83d\ud83d\ude00'], '\ufffd😀');
  await length.gives(['\ud800'], 3);
});

test('one-byte strings with characters above ASCII arrive on every route', async () => {
  for (const count of [1, 84, 125, 126, 127, 128, 250]) await arrives('ÿ'.repeat(count));
});

test('ropes, slices and thin strings arrive as flat strings do, on every route', async () => {
  let rope = '';
  for (let i = 0; i < 500; i++) rope += `é${i}`;
  await arrives(rope);
  await arrives(rope.slice(100, 1000));
  await arrives(`${rope}😀`.slice(1));
});

test('NULL is passed and returned as null on every route', async () => {
  await echo.gives([null], null);
  await length.gives([null], -1);
  await everyRoute('string_null', '()s', []).gives([], null);
});

test('the empty string is not NULL on every route', async () => {
  await echo.gives([''], '');
  await length.gives([''], 0);
  await everyRoute('string_empty', '()s', []).gives([], '');
});

test('a NUL inside a string is refused at any position, on every route', async () => {
  const wrong = ['\0', 'a\0', '\0a', 'a\0b', `${'x'.repeat(250)}\0`, `${'x'.repeat(300)}\0y`, `${'é'.repeat(600)}\0`];
  for (const text of wrong) {
    await echo.refuses([text], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: .*NUL/ });
  }
});

test('values of other types are refused and never converted to strings, on every route', async () => {
  const wrong = {
    undefined: [undefined],
    boolean: [true],
    number: [1, 65535],
    bigint: [1n],
    symbol: [Symbol('text')],
    object: [{}, ['a'], new String('a'), { toString: () => 'a' }],
    function: [() => 'a'],
  };
  for (const values of Object.values(wrong)) {
    for (const value of values) {
      await echo.refuses([value], {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: new RegExp(`: argument 1: expected string, a buffer, an address or null, ${got(value)}`),
      });
    }
  }
});

test("C's UTF-8 is decoded, and invalid bytes become U+FFFD, on every route", async () => {
  await everyRoute('string_utf8', '()s', []).gives([], 'aé€😀');
  await everyRoute('string_invalid_utf8', '()s', []).gives([], 'a\ufffdb\ufffdc');
});

test('a result that C overwrites with the next call has been copied, on every route', async () => {
  const overwritten = everyRoute('string_overwritten', '(s)s', ['usual']);
  await overwritten.gives(['first'], 'first');
  await overwritten.gives(['second'], 'second');
});

test('a hundred async results from one buffer for each thread each have their own text', () => {
  const lib = dlopen(fixture, { string_overwritten: { args: ['s'], returns: 's' } });
  const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`);
  return check(async () => {
    const results = await Promise.all(texts.map((text) => lib.symbols.string_overwritten.async(text)));
    assert.deepEqual(results, texts);
  }, 10);
});

test('several strings among numbers each arrive in their position on every route', () => {
  const bytes = new Uint8Array(256);
  const signature = '(pLsisdlsfCsb)i';
  const given = [bytes, 256, 'one', -1, 'zwei', 0.5, 2 ** 40, '三', 1.5, 255, '😀', true];
  const expected = 'one,-1,zwei,0.5,1099511627776,三,1.5,255,😀,1';
  return everyRoute('string_print', signature, given).gives(given, (value) => {
    assert.equal(value, Buffer.byteLength(expected));
    assert.equal(Buffer.from(bytes.buffer, 0, value).toString(), expected);
    bytes.fill(0);
  });
});

test('the same string may be passed twice on every route', () => {
  const bytes = new Uint8Array(2048);
  const text = 'é'.repeat(200);
  return everyRoute('string_concat', '(pLss)i', [bytes, 16, 'a', 'b']).gives([bytes, 2048, text, text], (value) => {
    assert.equal(value, 800);
    assert.equal(Buffer.from(bytes.buffer, 0, 800).toString(), text + text);
    bytes.fill(0);
  });
});

test('a string of a megabyte can be passed and returned on every route', async () => {
  const ascii = 'abcdefghijklmnopqrstuvwxyz'.repeat(40330).slice(0, 2 ** 20);
  await hash.gives([ascii], fnv(ascii));
  await echo.gives([ascii], (value) => assert.ok(value === ascii));
  await everyRoute('string_megabyte', '()s', [], 100).gives([], (value) => assert.ok(value === ascii));
});

test('a megabyte of 2-, 3- and 4-byte characters can be passed and returned on every route', async () => {
  for (const character of ['é', '€', '😀', '\ud83d']) {
    const text = character.repeat(Math.ceil(2 ** 20 / Buffer.byteLength(character)));
    await hash.gives([text], fnv(text));
    await echo.gives([text], (value) => assert.ok(value === wellFormed(text)));
  }
});

test('a NUL at the end of a megabyte is refused on every route', () =>
  echo.refuses(['x'.repeat(2 ** 20) + '\0'], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /NUL/ }));

test('callString and callStringAsync return the string, and an empty one for NULL', () => {
  const handle = ffi.load(fixture);
  const megabyte = ffi.callString(handle, 'string_megabyte');
  assert.equal(megabyte.length, 2 ** 20);
  return check(async () => {
    const texts = { string_utf8: 'aé€😀', string_empty: '', string_null: '', string_invalid_utf8: 'a\ufffdb\ufffdc' };
    for (const [name, text] of Object.entries(texts)) {
      assert.equal(ffi.callString(handle, name), text);
      assert.equal(await ffi.callStringAsync(handle, name), text);
    }
  });
});

test('names of symbols with a NUL inside are refused', () => {
  const handle = ffi.load(fixture);
  return check(async () => {
    const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /NUL/ };
    throws(() => ffi.load('lib\0.so'), wanted);
    throws(() => ffi.callString(handle, 'string_utf8\0'), wanted);
    throws(() => ffi.getSymbolPtr(handle, 'string_utf8\0x'), wanted);
    throws(() => dlopen(fixture, { 'string_utf8\0x': { returns: 's' } }), wanted);
    await rejects(() => ffi.callStringAsync(handle, 'string_utf8\0'), wanted);
  });
});

test('a string that was read stays valid after C frees its memory', () => {
  const lib = dlopen(fixture, {
    string_new: { args: ['s'], returns: 'p' },
    string_free: { args: ['p'] },
    strings_alive: { returns: 'i' },
  });
  return check(() => {
    const address = lib.symbols.string_new('kept é');
    const text = ffi.readCString(address);
    lib.symbols.string_free(address);
    assert.equal(text, 'kept é');
    assert.equal(lib.symbols.strings_alive(), 0);
  });
});

test('a string argument stays valid during the call, whatever strings a callback passes to C', async () => {
  const { symbols } = dlopen(fixture, {
    string_hash_after: { args: ['cstring', 'pointer'], returns: 'u32' },
    string_hash: { args: ['cstring'], returns: 'u32' },
  });
  const other = 'another one';
  const callback = new JSCallback(() => assert.equal(symbols.string_hash(other), fnv(other)), { returns: 'void' });
  await check(() => assert.equal(symbols.string_hash_after('my text', callback.ptr), fnv('my text')));
  callback.close();
});
