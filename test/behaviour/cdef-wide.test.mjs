// Text in units of wchar_t, declared in C.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef } from 'arkffi';
import { isWindows } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const Wide = isWindows ? Uint16Array : Uint32Array;
const text = `
  int64_t wstring_length(const wchar_t *text);
  const wchar_t *wstring_text(void);
  const wchar_t *wstring_null(void);
  wchar_t wchar_next(wchar_t character);
  typedef void (*on_text)(const wchar_t *text, int length);
  typedef struct { const wchar_t *name; wchar_t unit; } named;
  typedef struct { const wchar_t *data; size_t length; } counted;
`;
const { symbols, types, structs } = cdef(fixture, text);

describe('const wchar_t * in a text', () => {
  test('is a string as an argument, a result and a field', () =>
    check(async () => {
      assert.equal(symbols.wstring_length('four'), 4);
      assert.equal(await symbols.wstring_length.async('four'), 4);
      assert.equal(typeof symbols.wstring_text(), 'string');
      assert.equal(symbols.wstring_null(), null);
      assert.equal(symbols.wchar_next(65), 66);
      assert.equal(structs.named.create({ name: 'Ädä', unit: 65 }).name, 'Ädä');
      throws(() => symbols.wstring_length('a\0b'), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^wstring_length: argument 1 \(text\): /,
      });
    }));

  test('is an address where C gives a number of characters with it', () => {
    assert.deepEqual(types.on_text, { args: ['p', 'i'], returns: 'v' });
    const { name } = structs.counted.create({ data: 0, length: 0 }).schema;
    assert.equal(name, 'counted');
    assert.equal(structs.counted.create().data, 0);
  });

  test('may be corrected to an address, and to no other string', () => {
    const corrected = (args) => cdef(fixture, text, { symbols: { wstring_length: { args } } }).symbols.wstring_length;
    assert.equal(corrected(['p'])(new Wide([65, 66, 0])), 2);
    throws(() => corrected(['s']), { code: 'ERR_FFI_BAD_SIGNATURE' });
  });

  test('is known where the text defines wchar_t as the compiler does', () => {
    const own = { i: 'int', I: 'unsigned int', H: 'unsigned short' }[cdef(null, 'typedef wchar_t wide;').types.wide];
    const lib = cdef(fixture, `typedef ${own} wchar_t;\nint64_t wstring_length(const wchar_t *);`);
    assert.equal(lib.symbols.wstring_length('four'), 4);
  });
});
