// Strings of wchar_t as arguments and results.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dlopen, FFIType, owned } from 'arkffi';
import { check, everyRoute, fixture } from './support.mjs';

/** Whether a wchar_t is one unit of UTF-16, as on Windows, and not a character. */
const isUtf16 = FFIType.wchar === 'H';

/** The number of wchar_t in a text. */
const unitsOf = (text) => (isUtf16 ? text.length : [...text].length);

const echo = everyRoute('echo_wstring', '(w)w', ['usual']);
const length = everyRoute('wstring_length', '(w)l', ['usual']);
const unit = everyRoute('wstring_unit', '(wL)I', ['usual', 0]);

test('strings arrive with one unit for each character, on every route', async () => {
  for (const text of ['', 'a', 'aé€😀', '日本語', 'x'.repeat(1000), '😀'.repeat(300)]) {
    await echo.gives([text], text);
    await length.gives([text], unitsOf(text));
  }
  await unit.gives(['a😀b', 1], isUtf16 ? 0xd83d : 0x1f600);
  await unit.gives(['a😀b', unitsOf('a😀b')], 0);
});

test("C's strings are returned on every route", async () => {
  await everyRoute('wstring_text', '()w', []).gives([], 'aé€😀');
  await everyRoute('wstring_empty', '()w', []).gives([], '');
  await everyRoute('wstring_null', '()w', []).gives([], null);
});

const asUtf16 = isUtf16 && 'UTF-16 has a representation of every text of JavaScript';

test('characters without a representation become U+FFFD, on every route', { skip: asUtf16 }, async () => {
  await everyRoute('wstring_invalid', '()w', []).gives([], 'a\ufffdb\ufffdc\ufffd');
  await echo.gives(['a\ud800b'], 'a\ufffdb');
  await echo.gives(['\ude00\ud83d'], '\ufffd\ufffd');
  await echo.gives(['\ud83d\ud83d\ude00'], '\ufffd😀');
  await unit.gives(['\ud800', 0], 0xfffd);
});

test('NULL is passed and returned as null, on every route', async () => {
  await echo.gives([null], null);
  await length.gives([null], -1);
});

test('a NUL inside a string and values of other types are refused, on every route', async () => {
  for (const text of ['\0', 'a\0b', '😀\0']) {
    await echo.refuses([text], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: .*NUL/ });
  }
  for (const [value, got] of [
    [1, 'number; 1 is no address, because nothing is mapped below 65536'],
    [undefined, 'undefined'],
    [{}, 'object'],
    [Symbol('x'), 'symbol'],
  ]) {
    await echo.refuses([value], {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: `argument 1: expected string, a buffer, an address or null, got ${got}`,
    });
  }
});

test('FFIType.wchar is one character of a wide string', () =>
  check(() => {
    const lib = dlopen(fixture, { wchar_next: { args: [FFIType.wchar], returns: 'wchar' } });
    if (isUtf16) assert.equal(lib.symbols.wchar_next(0x20ac), 0x20ad);
    else assert.equal(lib.symbols.wchar_next(0x1f600), 0x1f601);
    lib.close();
  }, 20));

test("the C library's wide functions take and return such strings", () => {
  const lib = dlopen(null, {
    wcslen: { args: ['WString'], returns: 'size_t' },
    wcschr: { args: ['wstring', 'wchar'], returns: FFIType.WString },
    wcsdup: { args: ['w'], returns: owned('w', 'free') },
  });
  return check(async () => {
    assert.equal(lib.symbols.wcslen('aé€😀'), unitsOf('aé€😀'));
    assert.equal(lib.symbols.wcsdup('aé€😀'), 'aé€😀');
    assert.equal(await lib.symbols.wcsdup.async('😀'), '😀');
  }, 20);
});
