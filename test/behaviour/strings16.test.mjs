// UTF-16 strings as arguments and results: every unit passes unchanged, also lone surrogates.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everyRoute, got } from './support.mjs';

const echo = everyRoute('echo_string16', '(S)S', ['usual']);
const length = everyRoute('string16_length', '(S)l', ['usual']);

test('strings arrive unit by unit on every route', async () => {
  const unit = everyRoute('string16_unit', '(SL)H', ['usual', 0]);
  const text = 'aé€😀\uffff';
  for (let i = 0; i < text.length; i++) await unit.gives([text, i], text.charCodeAt(i));
  await unit.gives([text, text.length], 0);
  await length.gives([text], 6);
  await echo.gives([text], text);
});

test('lone surrogates pass unchanged on every route', async () => {
  for (const text of ['\ud800', '\udc00', 'a\ud83db', '\ude00\ud83d']) await echo.gives([text], text);
  await everyRoute('string16_lone_surrogate', '()S', []).gives([], 'a\ude00b');
});

test('strings of 0 to 300 units arrive whole on every route', async () => {
  for (let count = 0; count <= 300; count++) {
    await echo.gives(['x'.repeat(count)], 'x'.repeat(count));
    await echo.gives(['€'.repeat(count)], '€'.repeat(count));
  }
});

test('NULL is null, and the empty string is not NULL, on every route', async () => {
  await echo.gives([null], null);
  await length.gives([null], -1);
  await echo.gives([''], '');
  await length.gives([''], 0);
  await everyRoute('string16_null', '()S', []).gives([], null);
  await everyRoute('string16_empty', '()S', []).gives([], '');
  await everyRoute('string16_text', '()S', []).gives([], 'a€😀');
});

test('a NUL inside a string is refused at any position, on every route', async () => {
  for (const text of ['\0', 'a\0', '\0a', 'é\0b', `${'€'.repeat(300)}\0`]) {
    await echo.refuses([text], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: .*NUL/ });
  }
});

test('values of other types are refused on every route', async () => {
  const values = [
    undefined,
    true,
    1,
    1n,
    Symbol('text'),
    {},
    ['a'],
    new String('a'),
    { toString: () => 'a' },
    () => 'a',
  ];
  for (const value of values) {
    await echo.refuses([value], {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: new RegExp(`: argument 1: expected string, a buffer, an address or null, ${got(value)}`),
    });
  }
});

test('a string of a megabyte can be passed and returned on every route', async () => {
  const greek = Array.from({ length: 24 }, (_, i) => String.fromCharCode(0x3b1 + i)).join('');
  const text = greek.repeat(21846).slice(0, 2 ** 19);
  await echo.gives([text], (value) => assert.ok(value === text));
  await length.gives([text], 2 ** 19);
  await everyRoute('string16_megabyte', '()S', [], 100).gives([], (value) => assert.ok(value === text));
});
