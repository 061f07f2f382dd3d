// Symbols under other names, symbols that are bound later, addresses, functions at addresses, and names of libraries.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cdef, dlopen, LinkedFunctions, linkSymbols, suffix } from 'arkffi';
import { check, fixture, rejects, throws } from './support.mjs';

const echo = { args: ['i'], returns: 'i' };

describe('a definition with a name', () => {
  test('is for that symbol, which may have several signatures', () =>
    check(async () => {
      const lib = dlopen(fixture, {
        number: { name: 'echo_i64', args: ['l'], returns: 'l' },
        big: { name: 'echo_i64', args: ['q'], returns: 'q' },
        echo_i64: { args: ['l'], returns: 'l' },
        count: { name: 'counter', type: 'int' },
        none: { name: 'no_such_symbol', optional: true },
      });
      const { number, big, echo_i64, count, none } = lib.symbols;
      assert.deepEqual([number(5), big(5), echo_i64(5), none], [5, 5n, 5, null]);
      assert.equal(await big.async(6), 6n);
      assert.equal(number.name, 'echo_i64');
      assert.equal(number.ptr, big.ptr);
      count.value = 3;
      assert.equal(count.value, 3);
      throws(() => number('x'), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^echo_i64: argument 1: expected number/,
      });
      lib.close();
    }, 50));

  test('must exist, and its name must be a string', () =>
    check(() => {
      const bad = (definition, code, message) => throws(() => dlopen(fixture, { f: definition }), { code, message });
      bad(
        { ...echo, name: 'echo_i33' },
        'ERR_FFI_SYMBOL_NOT_FOUND',
        /^echo_i33: not exported .*did you mean 'echo_i32'/,
      );
      bad({ ...echo, name: 5 }, 'ERR_FFI_BAD_SIGNATURE', 'f: name: expected a string, got 5');
      bad({ type: 'i', name: null }, 'ERR_FFI_BAD_SIGNATURE', 'f: name: expected a string, got null');
      bad({ args: ['itn'], name: 'echo_i32' }, 'ERR_FFI_BAD_SIGNATURE', /^f: args\[0\]: unknown type 'itn'/);
    }, 50));
});

describe('a library that is opened without definitions', () => {
  test('gives symbols and addresses later', () =>
    check(async () => {
      const lib = dlopen(fixture);
      assert.deepEqual(Object.keys(lib.symbols), []);
      const { echo_i32, counter, twice } = lib.define({
        echo_i32: echo,
        counter: { type: 'i' },
        twice: { ...echo, name: 'echo_i32' },
      });
      assert.deepEqual([echo_i32(5), twice(6), await echo_i32.async(7)], [5, 6, 7]);
      assert.equal(typeof counter.value, 'number');
      assert.deepEqual(Object.keys(lib.symbols), []);
      const { address, define } = lib; // without their object
      assert.equal(address('echo_i32'), echo_i32.ptr);
      assert.equal(address('counter'), counter.ptr);
      assert.deepEqual(Object.keys(define({})), []);
      lib.close();
      const closed = { code: 'ERR_FFI_LIBRARY_CLOSED' };
      throws(() => echo_i32(1), closed);
      throws(() => define({ echo_i32: echo }), closed);
      throws(() => define({}), closed);
      throws(() => address('echo_i32'), closed);
    }, 50));

  test('takes options, and so does one that has definitions', () =>
    check(async () => {
      const lib = dlopen(fixture, undefined, { threads: 1 });
      assert.equal(await lib.define({ echo_i32: echo }).echo_i32.async(5), 5);
      lib.close();
      const declared = cdef(fixture, 'int echo_i32(int);');
      assert.equal(declared.define({ f: { ...echo, name: 'echo_i32' } }).f(4), 4);
      declared.close();
    }, 50));

  test('refuses wrong definitions and unknown names', () =>
    check(() => {
      const lib = dlopen(fixture);
      const bad = (call, code, message) => throws(call, { code, message });
      bad(() => lib.define(), 'ERR_FFI_BAD_SIGNATURE', /^define: expected an object with the definition/);
      bad(() => lib.define([]), 'ERR_FFI_BAD_SIGNATURE', /^define: expected an object/);
      bad(() => lib.define({ f: { args: ['x'] } }), 'ERR_FFI_BAD_SIGNATURE', /^f: args\[0\]: unknown type/);
      bad(() => lib.define({ echo_i33: echo }), 'ERR_FFI_SYMBOL_NOT_FOUND', /did you mean 'echo_i32'/);
      bad(() => lib.address('echo_i33'), 'ERR_FFI_SYMBOL_NOT_FOUND', /did you mean 'echo_i32'/);
      bad(() => lib.address(5), 'ERR_FFI_INVALID_ARG_TYPE', 'address: argument 1: expected string, got number');
      bad(() => dlopen(fixture, null), 'ERR_FFI_BAD_SIGNATURE', /^dlopen: expected an object/);
      lib.close();
    }, 50));
});

describe('linkSymbols', () => {
  const lib = dlopen(fixture);
  const ptr = lib.address('echo_i32');

  test('makes functions of addresses, which are closed together', () =>
    check(async () => {
      const { symbols, close } = linkSymbols({
        one: { ...echo, ptr },
        two: { args: ['i'], returns: 'i', ptr: lib.address('echo_i32'), name: 'second' },
      });
      assert.deepEqual([symbols.one(5), await symbols.two.async(6), symbols.two.name], [5, 6, 'second']);
      symbols.two.close();
      throws(() => symbols.two(1), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^second: / });
      close();
      close();
      throws(() => symbols.one(1), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^one: / });
      await rejects(() => symbols.one.async(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      assert.ok(linkSymbols({}) instanceof LinkedFunctions);
    }, 50));

  test('refuses wrong definitions, by their keys', () =>
    check(() => {
      const bad = (definitions, code, message) => throws(() => linkSymbols(definitions), { code, message });
      bad(undefined, 'ERR_FFI_BAD_SIGNATURE', /^linkSymbols: expected an object with the definition of each function/);
      bad({ f: 5 }, 'ERR_FFI_BAD_SIGNATURE', 'f: expected { args, returns, ptr }, got 5');
      bad({ f: echo }, 'ERR_FFI_INVALID_ARG_TYPE', /^f: ptr: expected an address/);
      bad({ f: { ...echo, ptr: 0 } }, 'ERR_FFI_NULL_POINTER', /^f: /);
      bad({ f: { ...echo, ptr, nme: 'x' } }, 'ERR_FFI_BAD_SIGNATURE', /^f: unknown key 'nme'; did you mean 'name'/);
    }, 50));
});

test('the text of a file URL is a path', () =>
  check(() => {
    const url = pathToFileURL(fixture).href;
    for (const path of [url, url.replace('file://', 'file:'), url.replace('file://', 'file://localhost')]) {
      const lib = dlopen(path, { echo_i32: echo });
      assert.equal(lib.symbols.echo_i32(5), 5);
      lib.close();
    }
    for (const path of ['file:///a%2Fb.so', 'file:///a%00', 'file:///%', 'file://host/a.so', 'file:a.so', 'file:']) {
      throws(() => dlopen(path, {}), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: `dlopen: argument 1: '${path}' is not the URL of a file of this machine; paths and file: URLs are taken`,
      });
    }
  }, 50));

test('suffix is what the names of shared libraries end with', () => {
  assert.equal(suffix, { win32: 'dll', darwin: 'dylib' }[process.platform] ?? 'so');
  assert.ok(fixture.endsWith(`.${suffix}`));
});
