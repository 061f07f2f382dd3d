// cdef: attributes that change layouts and bytes, and pointers to characters that need not end with NUL.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, CFunction, CString, ffi, JSCallback, ptr, Struct } from 'arkffi';
import { check, fixture, throws } from './support.mjs';

const declare = (text, options) => cdef(fixture, text, options);
const refused = (message) => ({ code: 'ERR_FFI_BAD_SIGNATURE', message });

describe('attributes', () => {
  test('a struct whose layout an attribute changes is refused by name, and others are not', () =>
    check(() => {
      const { structs, symbols, types } = declare(
        `struct __attribute__((randomize_layout)) mixed { char a; int b : 3; };
         struct __attribute__((scalar_storage_order("big-endian"))) be { int x : 3; short y; };
         typedef struct { int a; } [[vendor::odd]] odd_after;
         typedef struct [[vendor::odd]] { int a; } odd;
         typedef int odd_int __attribute__((odd(1, 2)));
         struct holder { int a; struct mixed b; };
         struct plain { struct mixed *a; int b; };
         int misalignment(struct mixed *, int);
         int by_value(struct mixed);
         unsigned odd_function(int) __attribute__((odd));`,
        { lazy: true },
      );
      throws(() => structs.mixed, refused('mixed: struct mixed: the attribute randomize_layout is not supported'));
      throws(
        () => structs.be,
        refused("be: struct be: member 'x': a bit-field of the byte order big-endian is not supported"),
      );
      throws(() => structs.odd, refused('odd: odd: the attribute odd is not known'));
      throws(() => types.odd_int, refused('odd_int: the attribute odd is not known'));
      throws(
        () => structs.holder,
        refused("holder: struct holder: member 'b': the attribute randomize_layout is not supported"),
      );
      throws(() => symbols.by_value, refused('by_value: argument 1: the attribute randomize_layout is not supported'));
      throws(() => symbols.odd_function, refused('odd_function: the attribute odd is not known'));
      assert.equal(structs.plain.create({ a: 1, b: 2 }).b, 2);
      throws(() => types.odd_after, refused('odd_after: the attribute odd is not known'));
      assert.equal(symbols.misalignment(70000, 4), 0);
    }));

  test('an alignment like that of a type whose layout is not known spoils only what has it', () =>
    check(() => {
      const { structs, symbols } = declare(
        `struct __attribute__((randomize_layout)) mixed { char a; int b; };
         struct after { int a; char b __attribute__((aligned(_Alignof(struct mixed)))); };
         struct sized { int a; } __attribute__((aligned(sizeof(struct mixed))));
         int misalignment(struct after *, int);`,
        { lazy: true },
      );
      const unknown = 'the size of this type is not known, because of an attribute';
      throws(() => structs.after, refused(`after: struct after: member 'b': ${unknown}`));
      throws(() => structs.sized, refused(`sized: struct sized: ${unknown}`));
      assert.equal(symbols.misalignment(70000, 4), 0);
      throws(() => declare('struct bad { int a __attribute__((aligned(sizeof))); };'), {
        code: 'ERR_FFI_BAD_SIGNATURE',
      });
    }));

  // GCC ignores the attribute on other processors, which is why it is refused there.
  test('bit-fields are placed by the rules that an attribute or a pragma names', { skip: process.arch !== 'x64' }, () =>
    check(() => {
      const { structs } = declare(`
        struct __attribute__((ms_struct)) ms { signed char a; int b : 3; signed char c : 2; };
        #pragma ms_struct on
        struct by_pragma { signed char a; int b : 3; signed char c : 2; };
        struct __attribute__((gcc_struct)) gcc { signed char a; int b : 3; signed char c : 2; };
        #pragma ms_struct reset`);
      const layouts = ['ms', 'by_pragma', 'gcc'].map((name) => [structs[name].size, structs[name].offsets.c]);
      assert.deepEqual(layouts, [
        [12, 8],
        [12, 8],
        [4, 1],
      ]);
      const value = structs.ms.create({ a: 1, b: -2, c: 1 });
      assert.deepEqual([...new Uint8Array(value.buffer, value.byteOffset, 12)], [1, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 0]);
    }),
  );

  test('an enum has the size of its machine mode', () =>
    check(() => {
      const { structs } = declare(
        'typedef enum { A, B } __attribute__((mode(QI))) em; struct q { signed char a; em b; signed char c; };',
      );
      assert.deepEqual([structs.q.size, structs.q.align, structs.q.offsets.c], [3, 1, 2]);
      const value = structs.q.create({ a: 1, b: 200, c: 3 });
      assert.deepEqual([...new Uint8Array(value.buffer, value.byteOffset, 3)], [1, 200, 3]);
    }));

  test('attributes of the specifiers and of pointers place members', () =>
    check(() => {
      const { structs } = declare(`
        struct s { char a; __attribute__((packed)) int b, c; int *__attribute__((aligned(16))) d; };`);
      assert.deepEqual({ ...structs.s.offsets }, { a: 0, b: 1, c: 5, d: 16 });
      assert.deepEqual([structs.s.size, structs.s.align], [32, 16]);
    }));

  test('a value has the greatest alignment that a typedef gives its struct', () =>
    check(() => {
      const { structs, symbols } = declare(`
        typedef struct state { int number; } state_t __attribute__((aligned(64)));
        typedef state_t again;
        struct outer { char a; state_t b; };
        unsigned misalignment(const state_t *, unsigned);`);
      const { state, state_t: State, again, outer } = structs;
      assert.equal(State, state);
      assert.equal(again, state);
      assert.deepEqual([State.size, State.align, Struct.alignof(State), outer.offsets.b], [4, 4, 4, 64]);
      for (let i = 0; i < 200; i++) {
        assert.equal(symbols.misalignment(State.create({ number: i }), 64), 0);
        assert.equal(symbols.misalignment(State.fromPtr(State.create()), 64), 0);
        assert.equal(symbols.misalignment(outer.create().b, 64), 0);
      }
      assert.equal(State.create({ number: 7 }).number, 7);
    }, 100));
});

describe('characters with a length', () => {
  test('a callback gets the address, and reads exactly as many', () =>
    check(() => {
      const { types } = declare('typedef int (*write_cb)(const char *data, size_t n, void *user);');
      assert.deepEqual(types.write_cb, { args: ['p', 'L', 'p'], returns: 'i' });
      const bytes = new TextEncoder().encode('abcdef, which has no NUL');
      const seen = [];
      const callback = new JSCallback((data, n) => seen.push(new CString(data, 0, n).toString()), types.write_cb);
      const call = CFunction({ args: ['p', 'size_t', 'p'], returns: 'int', ptr: callback.ptr });
      assert.equal(call(bytes, 6, null), 1);
      assert.equal(call(ptr(bytes) + 2, 0, null), 2);
      callback.close();
      assert.deepEqual(seen, ['abcdef', '']);
    }));

  test('the option strings does not make them strings', () =>
    check(() => {
      const text =
        'typedef void (*f)(char *, int); typedef void (*g)(char *, char *); struct s { char *a; size_t n; };';
      const { types, structs } = declare(text, { strings: 'all' });
      assert.deepEqual([types.f.args, types.g.args, structs.s.fields.a], [['p', 'i'], ['s', 's'], 'p']);
    }));

  test('a member before its length is an address', () =>
    check(() => {
      const { structs } = declare(
        'struct slice { const char *data; size_t size; }; struct named { const char *name; int x; };',
      );
      const bytes = new TextEncoder().encode('abc');
      const slice = structs.slice.create({ data: bytes, size: 3 });
      assert.equal(slice.data, ptr(bytes));
      assert.equal(ffi.readCString(slice.data, slice.size), 'abc');
      assert.equal(structs.named.create({ name: 'text', x: 1 }).name, 'text');
    }));

  test('an array parameter with a length takes a buffer, one without a string', () =>
    check(() => {
      const { symbols } = declare(
        `
        unsigned buffer_sum(const char a[4], size_t n);
        size_t string_length(const char a[]);`,
        { lazy: true },
      );
      assert.deepEqual(symbols.buffer_sum.signature.args, ['p', 'L']);
      assert.equal(symbols.string_length.signature.args[0], 's');
    }));
});
