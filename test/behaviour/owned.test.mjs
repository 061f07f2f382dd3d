// Strings that C allocates and JavaScript has to free: owned(type, release) as a result type.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AsyncCFunction, CFunction, CString, dlopen, FFIType, JSCallback, owned, Owned } from 'arkffi';
import ffi from 'liblibrary.so';
import { ownFixture, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';

const lib = dlopen(fixture, {
  string_new: { args: ['s'], returns: owned('s', 'string_free') },
  string_free: { args: ['p'] },
  strings_alive: { returns: 'i' },
  string_null: { returns: owned('s', 'string_free') },
  call_string: { args: ['k', 's', 's'], returns: 's' },
});
const { string_new, string_free, strings_alive, string_null } = lib.symbols;

test('an owned string is copied and then freed, in every way of calling', () => {
  const ptr = ffi.getSymbolPtr(lib.handle, 'string_new');
  const definition = { args: ['s'], returns: owned(FFIType.CString, string_free), ptr };
  const pointed = CFunction(definition);
  const later = AsyncCFunction(definition);
  return check(async () => {
    assert.equal(string_new('kept é😀'), 'kept é😀');
    assert.equal(string_new(''), '');
    assert.deepEqual(string_new.with({ errno: true })('a'), withErrnoOf('a', 0));
    assert.equal(await string_new.async('b'), 'b');
    assert.deepEqual(await string_new.async.with({ errno: true })('c'), withErrnoOf('c', 0));
    assert.equal(pointed('d'), 'd');
    assert.equal(await pointed.async('e'), 'e');
    assert.equal(await later('f'), 'f');
    assert.equal(strings_alive(), 0);
  });
});

test('NULL is returned as null, and nothing is freed', () =>
  check(async () => {
    assert.equal(string_null(), null);
    assert.equal(await string_null.async(), null);
  }));

test('a hundred concurrent calls each return their own string, and all strings are freed', () =>
  check(async () => {
    const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`);
    assert.deepEqual(await Promise.all(texts.map((text) => string_new.async(text))), texts);
    assert.equal(strings_alive(), 0);
  }, 20));

test('the release function may be a symbol, a function or an address, of the same library or another', () => {
  const libc = dlopen(null, { free: { args: ['p'] } });
  const address = ffi.getSymbolPtr(lib.handle, 'string_free');
  const callback = new JSCallback((pointer) => string_free(pointer), { args: ['p'] });
  return check(() => {
    for (const release of [string_free, address, BigInt(address), callback]) {
      const own = dlopen(fixture, { string_new: { args: ['s'], returns: owned('s', release) } });
      assert.equal(own.symbols.string_new('x'), 'x');
      own.close();
    }
    assert.equal(strings_alive(), 0);
    const own = dlopen(null, { strdup: { args: ['s'], returns: owned('s', libc.symbols.free) } });
    assert.equal(own.symbols.strdup('of the C library'), 'of the C library');
    own.close();
  }, 20);
});

test('an exception from the release function is thrown by the call', () => {
  const thrown = new Error('mine');
  const failing = new JSCallback(
    (pointer) => {
      string_free(pointer);
      throw thrown;
    },
    { args: ['p'] },
  );
  const own = dlopen(fixture, { string_new: { args: ['s'], returns: owned('s', failing) } });
  return check(() => {
    throws(() => own.symbols.string_new('x'), thrown);
    assert.equal(strings_alive(), 0);
  }, 20);
});

test('the library of the release function stays mapped while a function that needs it exists', () => {
  const path = ownFixture();
  const other = dlopen(path, { string_free: { args: ['p'] }, strings_alive: { returns: 'i' } });
  const own = dlopen(fixture, { string_new: { args: ['s'], returns: owned('s', other.symbols.string_free) } });
  other.close();
  return check(async () => {
    assert.equal(own.symbols.string_new('x'), 'x');
    assert.equal(await own.symbols.string_new.async('y'), 'y');
  });
});

test('a call in flight frees its string after its library has been closed', () => {
  const path = ownFixture();
  return repeat(async () => {
    const own = dlopen(path, { string_new: { args: ['s'], returns: owned('s', 'string_free') } });
    const pending = own.symbols.string_new.async('in flight');
    own.close();
    assert.equal(await pending, 'in flight');
    throws(() => own.symbols.string_new('x'), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  }, 20);
});

describe('the declaration of an owned string', () => {
  const bad = (make, message, code = 'ERR_FFI_BAD_SIGNATURE') => throws(make, { code, message });

  test('owned takes a string type and a release function', () =>
    check(() => {
      assert.ok(owned('s', 'free') instanceof Owned);
      bad(() => owned('p', 'free'), "owned: argument 1: expected a type of strings or pointers, got 'p'");
      bad(() => owned('cstirng', 'free'), /^owned: argument 1: unknown type 'cstirng'; did you mean 'CString'/);
      bad(
        () => owned('s'),
        /^owned: argument 2: expected the name of a function that frees it, an address or /,
        'ERR_FFI_INVALID_ARG_TYPE',
      );
      bad(() => owned('s', -1), /^owned: argument 2: /, 'ERR_FFI_OUT_OF_RANGE');
    }, 20));

  test('a wrong release function is reported when the library is opened', () =>
    check(() => {
      const open = (release) => dlopen(fixture, { string_new: { args: ['s'], returns: owned('s', release) } });
      bad(() => open('string_fere'), /^string_fere: .*did you mean 'string_free'\?/, 'ERR_FFI_SYMBOL_NOT_FOUND');
      bad(() => open(null), /^string_new: 0 is no address/, 'ERR_FFI_NULL_POINTER');
      bad(() => open(1), /^string_new: 1 is no address/, 'ERR_FFI_NULL_POINTER');
      const ptr = ffi.getSymbolPtr(lib.handle, 'string_new');
      const message = /^CFunction: returns: there is no library to look 'string_free' up in/;
      bad(() => CFunction({ args: ['s'], returns: owned('s', 'string_free'), ptr }), message);
    }, 20));

  test('owned is allowed only as the result of a C function', () =>
    check(() => {
      bad(() => dlopen(fixture, { string_new: { args: [owned('s', 'string_free')] } }), /args\[0\]/);
      bad(() => new JSCallback(() => 'x', { returns: owned('s', string_free) }), /never C's to free/);
    }, 20));
});

test('an optional function whose release function is missing as well is null', () =>
  check(() => {
    const own = dlopen(fixture, { no_such: { returns: owned('s', 'no_such_free'), optional: true } });
    assert.equal(own.symbols.no_such, null);
    own.close();
  }, 20));

test('a plain string result is not freed', () =>
  check(async () => {
    const own = dlopen(fixture, { string_new: { args: ['s'], returns: 'p' } });
    const before = strings_alive(); // not 0 if another copy of the library has freed some
    const address = own.symbols.string_new('mine to free');
    assert.equal(strings_alive(), before + 1);
    assert.equal(new CString(address).toString(), 'mine to free');
    string_free(address);
    assert.equal(strings_alive(), before);
    own.close();
    await rejects(() => own.symbols.string_new.async('x'), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  }, 20));
