// Names that a library, its symbols, structs and types do not have: reading and setting them throws, and what hosts and
// test frameworks read from any object does not.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { format, inspect } from 'node:util';
import { cdef, dlopen } from 'arkffi';
import { check, throws } from './support.mjs';

const lib = cdef(
  null,
  `
  typedef struct point { int x, y; } point_t;
  typedef struct hidden hidden_t;
  typedef unsigned long size;
  enum mode { READ, WRITE };
  #define LIMIT 3
  #define twice(x) (2 * (x))
  static inline int half(int x) { return x / 2; }
  inline int third(int x) { return x / 3; }
  static int local(int);
  size_t strlen(const char *text);
  int abs(int value);
`,
);
const { symbols } = dlopen(null, { strlen: { args: ['s'], returns: 'L' }, abs: { args: ['i'], returns: 'i' } });

const notDefined = (run, message) => throws(run, { code: 'ERR_FFI_NOT_DEFINED', message });
const noCode = (run, message) => throws(run, { code: 'ERR_FFI_SYMBOL_NOT_FOUND', message });

suite('names that are not there', () => {
  test('a symbol', async () => {
    await check(() => {
      notDefined(() => symbols.strlem, "dlopen: 'strlem' is not among the definitions; did you mean 'strlen'?");
      notDefined(() => symbols.something(), "dlopen: 'something' is not among the definitions");
      notDefined(
        () => lib.symbols.strlne,
        /^cdef: the text has no function or variable 'strlne'; did you mean 'strlen'\?$/,
      );
      notDefined(() => lib.symbols.LIMIT, /'LIMIT'; constants\.LIMIT is a constant$/);
      notDefined(() => lib.symbols.size, /'size'; types\.size is a type$/);
    }, 20);
  });

  test('a struct', () => {
    notDefined(() => lib.structs.pont, "cdef: the text has no struct or union 'pont'; did you mean 'point'?");
    notDefined(() => lib.structs.size, /'size'; types\.size is a type$/);
    notDefined(() => lib.structs.abs, /'abs'; symbols\.abs is a function or variable$/);
    throws(() => lib.structs.hidden, {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: 'hidden is never defined in the text: only pointers to it can be used',
    });
  });

  test('a type', () => {
    notDefined(() => lib.types.sise, "cdef: the text has no typedef 'sise'; did you mean 'size'?");
    notDefined(() => lib.types.point, /'point'; structs\.point is a struct$/);
    notDefined(() => lib.types.READ, /'READ'; constants\.READ is a constant$/);
  });

  test('a function that only the header has is named as such', () => {
    const way = ': no code in the library has that name; compile a C function that calls it, and declare that';
    noCode(() => lib.symbols.twice, `twice is a macro with parameters${way}`);
    noCode(() => lib.symbols.half, `half is static or inline in the header${way}`);
    noCode(() => lib.symbols.third, `third is static or inline in the header${way}`);
    noCode(() => lib.symbols.local, `local is static or inline in the header${way}`);
  });

  test('what is there is found as before, and `in` throws nothing', async () => {
    await check(() => {
      assert.equal(symbols.abs(-3), 3);
      assert.equal(lib.symbols.strlen('abc'), 3);
      assert.equal('strlem' in symbols || 'strlem' in lib.symbols || 'pont' in lib.structs, false);
      assert.equal('strlen' in symbols && 'strlen' in lib.symbols, true);
    });
    assert.deepEqual(Object.keys(symbols), ['strlen', 'abs']);
    assert.equal(Reflect.has(symbols, 'x'), false);
    assert.equal(Object.getOwnPropertyDescriptor(symbols, 'x'), undefined);
  });
});

suite('what is read from any object', () => {
  // JSON reads every type, and one that cannot be used throws.
  const { types } = cdef(null, 'typedef unsigned long size; typedef struct { int x, y; } point;');
  const tables = { symbols, 'symbols of cdef': lib.symbols, structs: lib.structs, types };
  Object.entries(tables).forEach(([name, table]) => {
    test(`${name}: promises, JSON, console.log, assertions and test frameworks throw nothing`, async () => {
      assert.equal(await Promise.resolve(table), table);
      assert.equal(typeof JSON.stringify(table), 'string');
      assert.equal(typeof inspect(table, { depth: 4, showHidden: true, getters: false }), 'string');
      assert.equal(typeof format('%o %O %j %s', table, table, {}, ''), 'string');
      assert.deepEqual(table, table);
      assert.notDeepEqual(table, { other: 1 });
      for (const key in table) assert.equal(typeof key, 'string');
      assert.equal(Object.prototype.toString.call(table), '[object Object]');
      const read = ['then', 'toJSON', 'constructor', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName', 'inspect'];
      const more = [
        '@@__IMMUTABLE_ITERABLE__@@',
        '_isMockFunction',
        '__esModule',
        'valueOf',
        '0',
        'length',
        '__proto__',
      ];
      const strange = [Symbol.toStringTag, Symbol.iterator, Symbol.toPrimitive, Symbol('any'), Symbol.asyncIterator];
      for (const key of [...read, ...more, ...strange]) assert.equal(table[key], undefined, String(key));
    });
  });
});

suite('names that are set', () => {
  test('a library and its symbols, structs and types take no unknown property', () => {
    const other = dlopen(null, { abs: { args: ['i'], returns: 'i' } });
    for (const library of [lib, other]) assert.throws(() => void (library.simbols = {}), TypeError);
    throws(() => void (other.symbols.extra = 1), { code: 'ERR_FFI_NOT_DEFINED' });
    throws(() => void (lib.symbols.extra = 1), { code: 'ERR_FFI_NOT_DEFINED' });
    throws(() => void (lib.structs.extra = 1), { code: 'ERR_FFI_NOT_DEFINED' });
    throws(() => void (lib.types.extra = 1), { code: 'ERR_FFI_NOT_DEFINED' });
    other.close();
  });
});
