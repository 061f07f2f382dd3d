// Declarations that are parsed once and kept as JSON.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, parseDeclarations } from 'arkffi';
import { fixture, throws } from './support.mjs';

const text = `
  typedef struct inner { int a : 3; char name[8]; } inner;
  typedef struct { inner one, many[2]; const char *text; union { int i; float f; }; } outer;
  typedef int (*compare)(const void *, const void *);
  typedef struct link { struct link *next, *two[2]; struct hidden *owner; } *link_ptr;
  extern struct link *first_link;
  typedef struct link *(*follow)(link_ptr at);
  struct link *link_of(struct hidden *owner);
  enum { FIRST = 7 };
  #define LARGE 0xffffffffffffffffu
  #define WORD "word"
  #define NO call()
  #define WITHOUT_END __builtin_inf()
  #define NEGATIVE_ZERO (-0.0)
  static inline int half(int x) { return x / 2; }
  int echo_i32(int value);
  double echo_f64(double value);
  void qsort(void *base, size_t count, size_t size, compare order);
`;
const kept = parseDeclarations(text);
const options = { lazy: true };

describe('declarations that are kept as JSON', () => {
  test('give the same library as their text', () => {
    const [lib, same] = [cdef(fixture, text, options), cdef(fixture, JSON.parse(JSON.stringify(kept)), options)];
    assert.equal(same.symbols.echo_i32(5), 5);
    assert.equal(same.symbols.echo_f64(0.5), 0.5);
    throws(() => same.symbols.echo_i32(2 ** 40), { code: 'ERR_FFI_OUT_OF_RANGE' });
    assert.deepEqual({ ...same.constants }, { ...lib.constants });
    const again = cdef(fixture, JSON.stringify(JSON.parse(kept)), options);
    assert.ok([lib, same, again].every(({ constants }) => Object.is(constants.NEGATIVE_ZERO, -0)));
    assert.deepEqual(same.types.compare, lib.types.compare);
    assert.deepEqual(same.structs.outer.offsets, lib.structs.outer.offsets);
    assert.equal(same.structs.outer.create({ i: 5, one: { name: 'x' } }).i, 5);
    for (const read of [(l) => l.symbols.half, (l) => l.constants.NO, (l) => l.symbols.ecko_i32]) {
      const messages = [lib, same].map((l) => {
        try {
          return read(l);
        } catch (error) {
          return error.message;
        }
      });
      assert.equal(messages[0], messages[1]);
    }
    lib.close();
    same.close();
  });

  test('take the options of cdef', () => {
    const declarations = parseDeclarations('\ufeffchar *echo_string(const char *text);');
    const { symbols } = cdef(null, declarations, { lazy: true, strings: 'none' });
    throws(() => symbols.echo_strin, { code: 'ERR_FFI_NOT_DEFINED' });
    const corrected = { lazy: true, symbols: { echo_string: { args: ['s', 's'] } } };
    throws(() => cdef(null, declarations, corrected), { code: 'ERR_FFI_BAD_SIGNATURE' });
  });

  test('name line and column of a text that is not understood', () => {
    throws(() => parseDeclarations('int a;\nint b'), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^parseDeclarations: line 2, column 6: /,
    });
    throws(() => parseDeclarations(5), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: 'parseDeclarations: argument 1: expected a string, got number',
    });
  });

  test('are refused if they belong to another version or platform, or are no JSON', () => {
    const refused = (json, message) => throws(() => cdef(fixture, json), { code: 'ERR_FFI_BAD_SIGNATURE', message });
    refused(kept.replace('"arkffi":1', '"arkffi":2'), /arkffi: expected 1, got 2: another version of arkffi made it$/);
    refused(kept.replace('pointer 8', 'pointer 4'), /platform: .*: it was made where C has other types$/);
    refused(kept.slice(0, -1), /^cdef: the declarations are no JSON: /);
    refused('{"arkffi":', /^cdef: the declarations are no JSON: /);
  });

  test('that are damaged are an error, wherever the damage is', () => {
    const whole = JSON.parse(kept);
    // Each value that there is, and what takes its place.
    const paths = [];
    const walk = (value, path) => {
      if (path.length > 0) paths.push(path);
      if (typeof value === 'object' && value !== null) {
        for (const key of Object.keys(value)) walk(value[key], [...path, key]);
      }
    };
    walk(whole, []);
    assert.ok(paths.length > 100);
    const use = (json) => {
      const lib = cdef(fixture, json, { ...options, pointers: 'typed' });
      attempt(() => lib.structs.link.create({ next: { two: [{}, null] } }).next.two[0].owner);
      for (const table of [lib.structs, lib.types]) for (const name of Object.keys(table)) attempt(() => table[name]);
      for (const name of ['echo_i32', 'echo_f64', 'qsort', 'half', 'link_of', 'first_link', 'x'])
        attempt(() => lib.symbols[name]);
      for (const name of ['FIRST', 'LARGE', 'NO', 'WITHOUT_END', 'Y_']) attempt(() => lib.constants[name]);
      lib.close();
    };
    const attempt = (run) => {
      try {
        run();
      } catch (error) {
        assert.match(String(error.code), /^ERR_FFI_/, error.stack);
      }
    };
    for (const path of paths) {
      for (const other of [null, true, -1, 1e9, 0, '', 'x', [], {}, ['i', 2], undefined]) {
        const damaged = JSON.parse(kept);
        const last = path.at(-1);
        path.slice(0, -1).reduce((at, key) => at[key], damaged)[last] = other;
        attempt(() => use(JSON.stringify(damaged)));
      }
    }
  });

  test('with a struct that lost its kind, or a function that is one besides, are an error', () => {
    const damaged = (index, change, message) => {
      const whole = JSON.parse(kept);
      const types = whole.types.filter((type) => (index === 'function' ? type.args : type.fields));
      change(types[0]);
      for (const pointers of ['typed', 'addresses']) {
        throws(() => cdef(fixture, JSON.stringify(whole), { pointers }), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      }
    };
    damaged('struct', (struct) => delete struct.kind, /damaged: types\[\d+\]\.kind: expected a string, got undefined$/);
    const lost = (struct) => {
      delete struct.kind;
      struct.fields = [null];
    };
    damaged('struct', lost, /damaged: types\[\d+\]\.kind: /);
    damaged('function', (type) => (type.kind = 'struct'), /damaged: types\[\d+\]\.name: /);
    damaged('function', (type) => (type.returns = [['i', 0], 99]) && (type.args = [999]), /there is no type 999$/);
    const whole = JSON.parse(kept);
    Object.assign(whole.types[0], { args: [999], returns: 999 }); // nothing reads them
    cdef(fixture, JSON.stringify(whole), options).close();
    whole.types.push({ args: [], returns: ['i', 99_999] });
    cdef(fixture, JSON.stringify(whole), options).close();
  });

  test('with structs that contain themselves, or nest too deep, are an error', () => {
    const damaged = (change) => {
      const whole = JSON.parse(kept);
      change(whole);
      throws(() => cdef(fixture, JSON.stringify(whole)), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /^cdef: the kept declarations are damaged: types/,
      });
    };
    damaged(({ types }) => (types[0].fields[0] = ['a', 0]));
    damaged(({ types }) => (types[0].fields[0] = ['a', [[1, 2], 3]]));
    damaged(({ types }) => {
      for (let i = 0; i < 100_000; i++) {
        types.push({ kind: 'struct', name: 's', size: 4, align: 4, fields: [['next', types.length + 1]] });
      }
      types.push({ kind: 'struct', name: 's', size: 4, align: 4, fields: [['x', 'i']] });
    });
    damaged(({ types }) => {
      let type = 'i';
      for (let i = 0; i < 1000; i++) type = [type, 1];
      types[0].fields[0] = ['a', type];
    });
  });
});
