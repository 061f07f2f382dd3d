// Names beyond ASCII in C declarations: in UTF-8, and by the names of characters, as GCC's preprocessor writes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cdef } from 'arkffi';
import { compile } from './compiler.mjs';
import { fixture, throws } from './support.mjs';

test('a character and its name are the same in a name', () => {
  const { symbols, structs, constants, types } = cdef(
    fixture,
    String.raw`
    int gr\u00fc\U000000dfe(int wert) __asm__("echo_i32");
    struct stra\u00dfe { int größe, l\u00e4nge; };
    typedef struct straße stra\U000000dfe_t;
    enum { größte\U0001F600 = 7 };
    #define h\u00f6he (größte\U0001F600 + 1)
    `,
  );
  assert.equal(symbols.grüße(5), 5);
  throws(() => symbols.grüße('5'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 1 \(wert\)/ });
  assert.deepEqual(structs.straße.create({ größe: 1, länge: 2 }).toObject(), { größe: 1, länge: 2 });
  assert.equal(types.straße_t, structs.straße);
  assert.equal(constants['größte😀'], 7);
  assert.equal(constants.höhe, 8);
});

test('names are read as the preprocessor writes them', () => {
  const text = compile(['-E', '-'], 'int straße(int) __asm__("echo_i32");\n');
  assert.equal(cdef(fixture, text).symbols.straße(3), 3);
});

test('what is no character of a name is refused with its place', () => {
  for (const name of ['\\u0041', '\\ud800', '\\U00110000']) {
    throws(() => cdef(null, `int f(void);\nint a${name};`), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: 'cdef: line 2, column 5: this name has a \\u or \\U that no character of a name has',
    });
  }
});
