// Libraries of many functions, most of which are made when they are first read.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, dlopen, out, Struct } from 'arkffi';
import { check, fixture, rejects, throws } from './support.mjs';

/** Definitions of many functions that return their argument, and those of `others`. */
function definitions(others = {}) {
  const many = {};
  for (let i = 0; i < 300; i++) {
    many[`echo${i}`] =
      i % 2 ? { name: 'echo_i32', args: ['i'], returns: 'i' } : { name: 'echo_f64', args: ['d'], returns: 'd' };
  }
  return { ...many, ...others };
}

const code = (name) => ({ code: name });

describe('a library of many functions', () => {
  test('has them all, whether they were read or not', () =>
    check(async () => {
      const lib = dlopen(fixture, definitions());
      const { symbols } = lib;
      assert.deepEqual(Object.keys(symbols), Object.keys(definitions()));
      assert.ok('echo7' in symbols && Object.hasOwn(symbols, 'echo8'));
      assert.equal(symbols.echo1(-5), -5);
      assert.equal(symbols.echo2(0.5), 0.5);
      assert.equal(await symbols.echo3.async(6), 6);
      assert.deepEqual(symbols.echo5.batch([Int32Array.of(1, 2)]), Int32Array.of(1, 2));
      assert.equal(symbols.echo1, symbols.echo1);
      assert.notEqual(symbols.echo1, symbols.echo3);
      assert.equal(symbols.echo1.ptr, symbols.echo3.ptr);
      assert.deepEqual([symbols.echo9.name, symbols.echo9.length], ['echo_i32', symbols.echo1.length]);
      assert.equal(`${symbols.echo9.signature}`, '(i)i');
      const { echo10, ...others } = symbols;
      assert.equal(echo10(1.5), 1.5);
      assert.equal(others.echo299(4), 4);
      assert.equal(Object.keys(others).length, 299);
      lib.close();
    }, 5));

  test('stays the same object with the same names, whenever they are read', () =>
    check(async () => {
      const { symbols, close } = dlopen(fixture, definitions());
      const names = Object.keys(symbols);
      const first = names.slice(100, 150).map((name) => symbols[name]);
      for (let turn = 0; turn < 3; turn++) {
        await null;
        assert.deepEqual(Reflect.ownKeys(symbols), names);
        assert.deepEqual([Object.isExtensible(symbols), symbols.then], [false, undefined]);
        throws(() => symbols.first, code('ERR_FFI_NOT_DEFINED'));
        assert.equal(symbols[names[turn]](turn), turn);
      }
      assert.ok(first.every((fn, i) => fn === symbols[names[100 + i]] && fn(i) === i));
      close();
    }, 5));

  test('refuses wrong values with the name of the function', () =>
    check(() => {
      const { symbols, close } = dlopen(fixture, definitions());
      throws(() => symbols.echo11('x'), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^echo_i32: argument 1: expected number/,
      });
      throws(() => symbols.echo301, { code: 'ERR_FFI_NOT_DEFINED', message: /'echo301' is not among the definitions/ });
      throws(() => (symbols.echo12 = 1), TypeError);
      throws(() => (symbols.another = 1), code('ERR_FFI_NOT_DEFINED'));
      close();
    }, 5));

  test('is not opened if one of them is wrong, which is named', () =>
    check(() => {
      const bad = (others, expected) => throws(() => dlopen(fixture, definitions(others)), expected);
      bad(
        { f: { name: 'echo_i33', args: ['i'], returns: 'i' } },
        { code: 'ERR_FFI_SYMBOL_NOT_FOUND', message: /^echo_i33: not exported .*did you mean 'echo_i32'/ },
      );
      bad(
        { f: { name: 'counter', args: ['i'], returns: 'i' } },
        { code: 'ERR_FFI_BAD_SIGNATURE', message: /^counter: / },
      );
      bad({ f: { name: 'echo_i32\necho_i32', args: ['i'], returns: 'i' } }, code('ERR_FFI_SYMBOL_NOT_FOUND'));
      bad({ f: { name: 'echo_i32\0', args: ['i'], returns: 'i' } }, code('ERR_FFI_INVALID_ARG_TYPE'));
      bad({ f: { name: '', args: ['i'], returns: 'i' } }, code('ERR_FFI_SYMBOL_NOT_FOUND'));
      bad({ f: { args: ['itn'] } }, { code: 'ERR_FFI_BAD_SIGNATURE', message: /^f: args\[0\]: unknown type 'itn'/ });
      const most = new Array(200).fill('i');
      bad({ f: { name: 'echo_i32', args: most } }, { code: 'ERR_FFI_BAD_SIGNATURE', message: /^echo_i32: / });
    }, 5));

  test('may have names that no C compiler makes', () =>
    check(() => {
      const none = { args: ['i'], returns: 'i', optional: true };
      const names = ['é', 'a b', '\ud800', 'echo_i32\n', ''];
      const lib = dlopen(fixture, definitions(Object.fromEntries(names.map((name) => [name, none]))));
      assert.deepEqual(
        names.map((name) => lib.symbols[name]),
        names.map(() => null),
      );
      assert.equal(lib.symbols.echo1(5), 5);
      lib.close();
      for (const name of names) {
        const wanted = definitions({ f: { name, args: ['i'], returns: 'i' } });
        throws(() => dlopen(fixture, wanted), code('ERR_FFI_SYMBOL_NOT_FOUND'));
      }
    }, 5));

  test('may be defined without another name', () =>
    check(() => {
      const plain = { echo_i32: { args: ['i'], returns: 'i' }, echo_f64: { args: ['d'], returns: 'd' } };
      const lib = dlopen(fixture, definitions(plain));
      const { echo_i32, echo_f64, echo1 } = lib.symbols;
      assert.deepEqual([echo_i32(5), echo_f64(0.5), echo1(6)], [5, 0.5, 6]);
      assert.deepEqual([echo_i32.name, echo_f64.name], ['echo_i32', 'echo_f64']);
      throws(() => dlopen(fixture, definitions({ counter: { args: ['i'], returns: 'i' } })), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /^counter: it is a variable/,
      });
      lib.close();
    }, 5));

  test('may have symbols of all kinds', () =>
    check(() => {
      const Pair = Struct({ x: 'i', y: 'i' });
      const lib = dlopen(
        fixture,
        definitions({
          counter: { type: 'i' },
          none: { name: 'no_such_symbol', args: ['i'], returns: 'i', optional: true },
          there: { name: 'echo_i32', args: ['i'], returns: 'i', optional: true },
          through: { name: 'echo_pointer', args: ['p'], returns: 'p' },
          given: { name: 'echo_pointer', args: [out(Pair)], returns: 'p' },
          pumped: { name: 'echo_i32', args: ['i'], returns: 'i', callbacks: 'pump' },
          slow: { name: 'echo_i32', args: ['i'], returns: 'i', fast: false },
        }),
      );
      const { counter, none, there, through, given, pumped, slow } = lib.symbols;
      counter.value = 5;
      assert.deepEqual([counter.value, none, there(1), through(0), pumped(2), slow(3)], [5, null, 1, 0, 2, 3]);
      assert.equal(given().out[0].x, 0);
      lib.close();
    }, 5));

  test('is closed with them', () =>
    check(async () => {
      const lib = dlopen(fixture, definitions());
      const { echo1 } = lib.symbols;
      lib.close();
      throws(() => echo1(1), code('ERR_FFI_LIBRARY_CLOSED'));
      await rejects(() => echo1.async(1), code('ERR_FFI_LIBRARY_CLOSED'));
      throws(() => lib.symbols.echo3(1), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^echo3: / });
    }, 5));

  test('can define more of them', () =>
    check(() => {
      const lib = dlopen(fixture);
      const { echo298, echo299 } = lib.define(definitions());
      assert.deepEqual([echo298(0.25), echo299(7)], [0.25, 7]);
      throws(() => lib.define(definitions({ f: { name: 'no_such_symbol' } })), code('ERR_FFI_SYMBOL_NOT_FOUND'));
      lib.close();
    }, 5));

  test('is not changed by what a program does to the definitions afterwards', () =>
    check(() => {
      const all = definitions();
      const lib = dlopen(fixture, all);
      all.echo1.args[0] = 'd';
      all.echo1.name = 'echo_f64';
      all.echo2.args.push('d');
      assert.equal(lib.symbols.echo1(5), 5);
      assert.equal(lib.symbols.echo2(5.5), 5.5);
      lib.close();
    }, 5));
});

test('a text with many functions declares them all', () =>
  check(() => {
    const texts = Array.from({ length: 250 }, (_, i) => `int f${i}(int) __asm__("echo_i32");`);
    const lib = cdef(fixture, texts.join('\n'));
    assert.equal(lib.symbols.f249(5), 5);
    assert.equal(Object.keys(lib.symbols).length, 250);
    lib.close();
  }, 5));
