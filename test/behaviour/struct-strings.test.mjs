// Strings in fields of structs, in arrays and in variables. Each is stored as a separate string that lives as long as
// the memory that points to it; process/collect.test.mjs tests that under garbage collection.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alloc, Arena, cdef, CString, dlopen, free, inout, Struct, Union, write } from 'arkffi';
import { check, fixture, rejects, throws } from './support.mjs';

/**
 * A struct that is passed by value like a bare pointer, so that functions with a `const char *` parameter accept it.
 */
const Text = Struct({ text: 's' }, { name: 'Text' });
const Names = Struct({ first: 's', wide: 'S', wider: 'w', list: ['s', 2], inner: Text }, { name: 'Names' });

const { symbols } = dlopen(fixture, {
  string_length: { args: [Text], returns: 'l' },
  string_hash: { args: ['s'], returns: 'I' },
  string_hash_after: { args: [Text, { args: [] }], returns: 'I' },
  call_string_copy: { args: [{ args: [Text], returns: Text }, Text, 'p', 'L'], returns: 'i' },
  pointer_strings_length: { args: ['p'], returns: 'l' },
  text: { type: 's' },
  text_read: { returns: 's' },
});

const all = { first: 'é😀', wide: 'w€', wider: '😀', list: ['one', null], inner: { text: '' } };

describe('a string in a field', () => {
  test('a string field is set to a string, and read as one', () =>
    check(() => {
      const names = Names.create(all);
      assert.deepEqual(names.toObject(), all);
      names.first = 'another';
      names.list[1] = 'two';
      names.list.set(0, 'ONE');
      names.inner = { text: 'inside' };
      Names.set(names, 'wide', 'WIDE');
      assert.deepEqual(names.toObject(), {
        first: 'another',
        wide: 'WIDE',
        wider: '😀',
        list: ['ONE', 'two'],
        inner: { text: 'inside' },
      });
      assert.equal(new CString(new DataView(names.buffer).getBigUint64(0, true)).toString(), 'another');
    }));

  test('a string field is NULL for null, and accepts an address and a buffer as well', () =>
    check(() => {
      const names = Names.create(all);
      names.first = null;
      assert.equal(names.first, null);
      assert.equal(new DataView(names.buffer).getBigUint64(0, true), 0n);
      Names.set(names, 'first', new TextEncoder().encode('bytes\0'));
      assert.equal(names.first, 'bytes');
      Names.set(names, 'first', 0);
      assert.equal(names.first, null);
    }));

  test('a string field is copied with its value', () =>
    check(() => {
      const names = Names.create(all);
      const copy = Names.create(names);
      const another = Names.fromPtr(names);
      names.first = 'changed';
      names.inner.text = 'changed';
      assert.deepEqual(copy.toObject(), all);
      assert.deepEqual(another.toObject(), all);
    }));

  test('a string field is passed with its struct by value, also from a plain object, sync and async', () =>
    check(async () => {
      assert.equal(symbols.string_length({ text: 'é😀' }), 6);
      assert.equal(symbols.string_length(Text.create({ text: 'four' })), 4);
      assert.equal(await symbols.string_length.async({ text: 'é😀' }), 6);
      assert.equal(await symbols.string_length.async(Text.create({ text: 'four' })), 4);
    }));

  test('a string field stays valid when a call is made inside the call', () =>
    check(() => {
      const hash = symbols.string_hash('the outer text');
      let inside;
      const again = () => (inside = symbols.string_hash_after({ text: 'inner' }, () => {}));
      assert.equal(symbols.string_hash_after({ text: 'the outer text' }, again), hash);
      assert.equal(inside, symbols.string_hash('inner'));
    }, 10));

  test('a callback may return a struct with a string field', () =>
    check(() => {
      const out = new Uint8Array(16);
      const shout = ({ text }) => ({ text: text.toUpperCase() });
      symbols.call_string_copy(shout, { text: 'quiet' }, out, out.length);
      assert.equal(new TextDecoder().decode(out.subarray(0, 6)), 'QUIET\0');
    }, 10));

  test('strings in an array or an inout-parameter are set in the same way', () =>
    check(() => {
      const list = Struct({ texts: ['s', 3] }).create({ texts: ['one', 'zwölf', null] });
      assert.equal(symbols.pointer_strings_length(list), 9);
      const strings_length = { args: [inout(['s', 3])], returns: 'l' };
      const lib = dlopen(fixture, { pointer_strings_length: strings_length });
      const result = lib.symbols.pointer_strings_length(['a', 'b', null]);
      assert.deepEqual(result, { value: 2, out: [['a', 'b', null]] });
      lib.close();
    }, 50));

  test('a union may have a string field, and so may structs of cdef', () =>
    check(() => {
      const either = Union({ text: 's', address: 'p' }).create({ text: 'either' });
      assert.equal(new CString(either.address).toString(), 'either');
      const { structs } = cdef(null, 'struct option { const char *name; int has_arg; };', { lazy: true });
      assert.equal(structs.option.create({ name: 'verbose' }).name, 'verbose');
    }, 50));

  test('a string field refuses invalid values, and keeps its old one', () =>
    check(async () => {
      const names = Names.create(all);
      const bad = (run, message) => throws(run, { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      bad(() => (names.first = 'a\0b'), /^Names\.first: the string has a NUL inside/);
      bad(() => (names.list = ['x', 'a\0b']), /^Names\.list\[1\]: the string has a NUL inside/);
      bad(
        () => (names.inner = { text: Symbol('s') }),
        'Names.inner.text: expected a string, null, an address or a buffer, got symbol',
      );
      bad(() => symbols.string_length({ text: 'a\0b' }), /^string_length: argument 1: \.text: the string has a NUL/);
      await rejects(() => symbols.string_length.async({ text: true }), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      assert.deepEqual(names.toObject(), all);
    }));
});

describe('a string in an array of char', () => {
  const Entry = Struct({ name: ['char', 8], bytes: ['u8', 4], wide: ['h', 2] }, { name: 'Entry' });

  test('a string is written to an array of char with zeros to its end, and read up to the NUL', () =>
    check(() => {
      const entry = Entry.create({ name: 'longest', bytes: 'é' });
      assert.deepEqual([entry.name.text(), entry.bytes.text()], ['longest', 'é']);
      entry.name = 'ab';
      assert.deepEqual([...entry.name], [97, 98, 0, 0, 0, 0, 0, 0]);
      assert.deepEqual(Entry.get(entry, 'bytes'), [0xc3, 0xa9, 0, 0]);
      const inC = Entry.at(entry.ptr);
      inC.name = '';
      assert.deepEqual([inC.name.text(), entry.name.text()], ['', '']);
      entry.bytes = [65, 66, 67, 255]; // without NUL
      assert.deepEqual([entry.bytes.text(), inC.bytes.text()], ['ABC\ufffd', 'ABC\ufffd']);
    }));

  test('a string in an array of char is passed by value and through an inout, and gives a flexible array its length', () =>
    check(() => {
      const { strlen } = dlopen(null, { strlen: { args: [inout(['char', 8])], returns: 'L' } }).symbols;
      assert.equal(strlen('four').value, 4);
      const Bytes = Struct({ all: ['C', 8] });
      const lib = dlopen(fixture, { echo_u64: { args: [Bytes], returns: 'Q' } });
      assert.equal(lib.symbols.echo_u64({ all: 'a' }), 97n);
      lib.close();
      const Line = Struct({ length: 'I', text: ['char', 0] });
      const line = Line.create({ text: 'zwölf' });
      assert.deepEqual([line.text.length, line.text.text()], [7, 'zwölf']);
    }, 50));

  test('a string must fit into its array of char, and must be valid', () =>
    check(() => {
      const entry = Entry.create({ name: 'kept' });
      const bad = (run, code, message) => throws(run, { code, message });
      const long = 'Entry.name: the string takes 9 bytes with its NUL, and there are 8';
      bad(() => (entry.name = '12345678'), 'ERR_FFI_OUT_OF_RANGE', long);
      bad(() => (entry.name = 'a\0b'), 'ERR_FFI_INVALID_ARG_TYPE', /^Entry\.name: the string has a NUL inside/);
      bad(
        () => (entry.wide = 'x'),
        'ERR_FFI_INVALID_ARG_TYPE',
        'Entry.wide: expected an array of 2 values, got string',
      );
      bad(() => entry.wide.text(), 'ERR_FFI_INVALID_ARG_TYPE', 'array.text: only an array of char has text');
      assert.equal(entry.name.text(), 'kept');
    }));
});

describe('a string in C’s memory', () => {
  test("a string is refused as a field in C's memory, because it would have no owner", () =>
    check(() => {
      const own = Names.create(all);
      const inC = Names.at(own.ptr);
      const bad = (run, message) => throws(run, { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      bad(() => (inC.first = 'x'), /^Names\.first: a string in C's memory would have no owner: /);
      bad(() => (inC.list[1] = 'x'), /^array\[1\]: a string in C's memory would have no owner/);
      bad(() => (inC.inner = { text: 'x' }), /^Names\.inner\.text: a string in C's memory would have no owner/);
      bad(() => Names.set(inC, 'wide', 'x'), /^Names\.wide: a string in C's memory would have no owner/);
      bad(() => write.cstring(own, 'x'), /^write\.cstring: argument 2: a string in C's memory would have no owner/);
      assert.deepEqual(own.toObject(), all);
      inC.first = null;
      assert.equal(own.first, null);
    }));

  test("a field in C's memory accepts the address of a string that has an owner", () =>
    check(() => {
      const arena = new Arena();
      const at = alloc(Text.size);
      Text.set(Text.at(at), 'text', arena.string('owned by an arena'));
      assert.equal(Text.at(at).text, 'owned by an arena');
      free(at);
      arena.close();
    }, 10));

  test('a string variable accepts a string, and keeps it until the next assignment', () =>
    check(() => {
      const before = symbols.text.value;
      symbols.text.value = 'a text of JavaScript’s';
      assert.equal(symbols.text_read(), 'a text of JavaScript’s');
      throws(() => (symbols.text.value = 'a\0b'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^text: the string/ });
      assert.equal(symbols.text.value, 'a text of JavaScript’s');
      symbols.text.value = null;
      assert.equal(symbols.text_read(), null);
      symbols.text.value = before;
    }));
});
