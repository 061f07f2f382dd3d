// Signatures as text, for the raw bridge: valid ones, and invalid ones that are refused before anything is called.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ffi from 'liblibrary.so';
import { check, everyRoute, fixture, rejects, throws } from './support.mjs';

const handle = ffi.load(fixture);
const address = ffi.getSymbolPtr(handle, 'echo_void');
ffi.defineFunction(handle, 'echo_void', '', 'v');

/** Asserts that every function that takes a signature refuses this one. */
async function refused(args, returns, message) {
  const wanted = { code: 'ERR_FFI_BAD_SIGNATURE', message };
  throws(() => ffi.defineFunction(handle, 'echo_void', args, returns), wanted);
  throws(() => ffi.callMixed(handle, 'echo_void', args, returns, [], []), wanted);
  throws(() => ffi.callPtr(address, args, returns, [], []), wanted);
  throws(() => ffi.createCallback(() => 0, args, returns), wanted);
  await rejects(() => ffi.callPtrAsync(address, args, returns, [], []), wanted);
  await rejects(() => ffi.callAsync(handle, 'echo_void', args, returns, [], []), wanted);
}

test('an unknown code is refused, and named with its signature', () =>
  check(() => refused('ids?', 'v', /'\?'.*'ids\?'/)));

test('every character that is not a code is refused', () =>
  check(async () => {
    const codes = 'vbcChHiIlLqQfdsSwtpkxXD';
    for (let unit = 1; unit < 256; unit++) {
      const character = String.fromCharCode(unit);
      if (codes.includes(character)) continue;
      await refused(character, 'v', /./);
      if (character !== '2') await refused('', character, /./); // a struct of two doubles
    }
  }, 100));

test('characters beyond one byte are refused', () =>
  check(async () => {
    for (const text of ['é', 'i€', '😀i', 'ｉ', '\ud800', 'i\u0000'.slice(0, 1) + '\u0131'])
      await refused(text, 'v', /./);
    for (const text of ['é', '😀', 'ｉ']) await refused('', text, /./);
  }));

test('the raw bridge refuses names of types', () =>
  check(async () => {
    await refused('int', 'v', /'n'/);
    await refused('', 'int', /'int'/);
    await refused('', 'void', /'void'/);
  }));

test('an empty return type is refused', () => check(() => refused('', '', /return type/)));

test('two letters as return type are refused', () =>
  check(async () => {
    for (const returns of ['ii', 'vv', 'i ', ' i', 'dv']) await refused('', returns, /return type|unknown/);
  }));

test('a callback signature as return type is refused', () => check(() => refused('', 'k(i)i', /return type/)));

test("'v' as an argument is refused", () =>
  check(async () => {
    for (const args of ['v', 'iv', 'vi', 'k(v)i', 'k(iv)v']) await refused(args, 'v', /void|'v'/);
  }));

test('spaces and commas between codes are refused', () =>
  check(async () => {
    for (const args of [' ', 'i i', 'i,i', 'i\n', '\ti']) await refused(args, 'v', /./);
  }));

test("a '.' without an argument before it, a second one, or one in the middle of a callback's arguments is refused", () =>
  check(async () => {
    for (const args of ['...', '.', '.i', 's..', 's.i.', 'k(i.i)v', 'k(.)v']) await refused(args, 'i', /variadic|'\.'/);
  }));

test('malformed signatures of callbacks are refused', () =>
  check(async () => {
    const broken = [
      'k(',
      'k()',
      'k(i',
      'k(i)',
      'k)',
      '(',
      ')',
      '()',
      '()v',
      'i(i)i',
      'p(i)i',
      '(i)i',
      'k(i))',
      'k(i)i)',
      'k((i)i)i',
      'k(?)i',
      'k(i)?',
      'k(k(i)i',
      'k(k(i)i)',
      'kk(',
      'ik(ii)',
      'k(i)(i)i',
      'k()()v',
      ')(',
      'k(i)i(',
    ];
    for (const args of broken) await refused(args, 'v', /./);
  }, 10));

test('signatures of callbacks are accepted, including nested ones', () =>
  check(() => {
    const fine = ['k', 'kk', 'k()v', 'k(i)i', 'k(pp)ik(d)d', 'ik(cChHiIlLqQfdsSpkb)vd', 'k(k(k()v)i)p', 'k(k)k'];
    for (const args of fine) {
      assert.equal(ffi.defineFunction(handle, 'echo_void', args, 'v'), undefined);
      ffi.destroyCallback(ffi.createCallback(() => 0, args, 'v'));
    }
    ffi.defineFunction(handle, 'echo_void', '', 'v');
  }));

const nested = (depth) => 'k('.repeat(depth) + ')v'.repeat(depth);

test('callbacks may nest 12 levels deep and no deeper', () =>
  check(async () => {
    assert.equal(ffi.defineFunction(handle, 'echo_void', nested(12), 'v'), undefined);
    await refused(nested(13), 'v', /12/);
    await refused(nested(10000), 'v', /12/);
    await refused('k('.repeat(100000), 'v', /./);
    ffi.defineFunction(handle, 'echo_void', '', 'v');
  }, 100));

test('127 arguments are accepted and 128 are refused', () =>
  check(async () => {
    for (const code of ['i', 'd', 's']) {
      assert.equal(ffi.defineFunction(handle, 'echo_void', code.repeat(127), 'v'), undefined);
      await refused(code.repeat(128), 'v', /128.*127/);
    }
    assert.equal(ffi.defineFunction(handle, 'echo_void', 'k(ii)i'.repeat(127), 'v'), undefined);
    await refused('k(ii)i'.repeat(128), 'v', /128.*127/);
    await refused(`k(${'i'.repeat(128)})i`, 'v', /128.*127/);
    await refused('i'.repeat(100000), 'v', /128.*127/);
    ffi.defineFunction(handle, 'echo_void', '', 'v');
  }, 20));

test('a NUL in a signature is refused', () =>
  check(async () => {
    const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /NUL/ };
    throws(() => ffi.defineFunction(handle, 'echo_void', 'i\0', 'v'), wanted);
    throws(() => ffi.callMixed(handle, 'echo_void', '', 'v\0i', [], []), wanted);
    throws(() => ffi.callPtr(address, '\0', 'v', [], []), wanted);
    await rejects(() => ffi.callPtrAsync(address, '', '\0', [], []), wanted);
  }));

test('every code is accepted as an argument and as a result', () =>
  check(() => {
    for (const code of 'bcChHiIlLqQfdsSpk') {
      assert.equal(ffi.defineFunction(handle, 'echo_void', code, code), undefined);
    }
    assert.equal(ffi.defineFunction(handle, 'echo_void', '', 'v'), undefined);
  }));

test('a second definition replaces the signature', () =>
  check(() => {
    ffi.defineFunction(handle, 'echo_u8', 'C', 'C');
    assert.equal(ffi.callBySig(handle, 'echo_u8', [255], []), 255);
    ffi.defineFunction(handle, 'echo_u8', 'c', 'c');
    assert.equal(ffi.callBySig(handle, 'echo_u8', [-1], []), -1);
    throws(() => ffi.callBySig(handle, 'echo_u8', [255], []), { code: 'ERR_FFI_OUT_OF_RANGE' });
  }));

test('a failed definition leaves the previous one in place', () =>
  check(() => {
    ffi.defineFunction(handle, 'echo_i16', 'h', 'h');
    throws(() => ffi.defineFunction(handle, 'echo_i16', '?', 'h'), { code: 'ERR_FFI_BAD_SIGNATURE' });
    assert.equal(ffi.callBySig(handle, 'echo_i16', [-5], []), -5);
  }));

test('callAsync refuses types other than the defined ones, and names both', () =>
  check(async () => {
    ffi.defineFunction(handle, 'echo_i32', 'i', 'i');
    for (const [args, returns] of [
      ['I', 'i'],
      ['i', 'I'],
      ['', 'i'],
      ['ii', 'i'],
      ['k()v', 'i'],
      ['i', 'v'],
    ]) {
      const message = new RegExp(`echo_i32: .*\\(i\\)i.*\\(${args.replace(/[()]/g, '\\$&')}\\)${returns}`);
      await rejects(() => ffi.callAsync(handle, 'echo_i32', args, returns, [1], []), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message,
      });
    }
    assert.equal(await ffi.callAsync(handle, 'echo_i32', 'i', 'i', [1], []), 1);
  }, 10));

test('callBySig and callAsync refuse a function that was not defined; callMixed needs no definition', () =>
  check(async () => {
    const fresh = ffi.load(fixture);
    const wanted = { code: 'ERR_FFI_NOT_DEFINED', message: /echo_i8/ };
    throws(() => ffi.callBySig(fresh, 'echo_i8', [1], []), wanted);
    await rejects(() => ffi.callAsync(fresh, 'echo_i8', 'c', 'c', [1], []), wanted);
    assert.equal(ffi.callMixed(fresh, 'echo_i8', 'c', 'c', [1], []), 1);
    throws(() => ffi.callBySig(fresh, 'echo_i8', [1], []), wanted);
    ffi.close(fresh);
  }, 10));

test('numArgs has all arguments but strings, and strArgs the strings, each in order', () => {
  const concat = everyRoute('string_concat', '(pLss)i', [new Uint8Array(8), 8, 'a', 'b']);
  const bytes = new Uint8Array(16);
  return concat.gives([bytes, 16, 'left ', 'right'], (value) => {
    assert.equal(value, 10);
    assert.equal(Buffer.from(bytes.buffer, 0, 10).toString(), 'left right');
  });
});

test('numArgs and strArgs must each have the length that the signature requires', () =>
  check(async () => {
    const bytes = new Uint8Array(8);
    const right = [
      [bytes, 8],
      ['a', 'b'],
    ];
    ffi.defineFunction(handle, 'string_concat', 'pLss', 'i');
    const concat = ffi.getSymbolPtr(handle, 'string_concat');
    const wrong = [
      [[bytes, 8, 'a', 'b'], []],
      [[], ['a', 'b']],
      [[bytes], right[1]],
      [[bytes, 8, 0], right[1]],
      [right[0], ['a']],
      [right[0], ['a', 'b', 'c']],
      [[bytes, 8, 'a'], ['b']],
      [new Array(2 ** 32 - 1), right[1]],
      [right[0], new Array(1e6)],
    ];
    for (const [numbers, strings] of wrong) {
      const got = `got ${numbers.length} and ${strings.length}`;
      const wanted = { code: 'ERR_FFI_ARG_COUNT', message: new RegExp(`expected 2 numArgs and 2 strArgs, ${got}`) };
      throws(() => ffi.callBySig(handle, 'string_concat', numbers, strings), wanted);
      throws(() => ffi.callMixed(handle, 'string_concat', 'pLss', 'i', numbers, strings), wanted);
      throws(() => ffi.callPtr(concat, 'pLss', 'i', numbers, strings), wanted);
      await rejects(() => ffi.callAsync(handle, 'string_concat', 'pLss', 'i', numbers, strings), wanted);
      await rejects(() => ffi.callPtrAsync(concat, 'pLss', 'i', numbers, strings), wanted);
    }
    assert.equal(ffi.callBySig(handle, 'string_concat', ...right), 2);
  }, 10));
