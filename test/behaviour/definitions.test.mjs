// Types as dlopen, CFunction and JSCallback accept them: by letter, by name, from FFIType, or as a callback's
// signature.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncCFunction, CFunction, dlopen, FFIType, JSCallback, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture, throws } from './support.mjs';

const address = ffi.getSymbolPtr(ffi.load(fixture), 'echo_void');

/** Asserts that every function that takes a definition refuses this one. */
function refused(definition, message) {
  const wanted = { code: 'ERR_FFI_BAD_SIGNATURE', message };
  throws(() => dlopen(fixture, { echo_void: definition }), wanted);
  throws(() => CFunction({ ...definition, ptr: address }), wanted);
  throws(() => AsyncCFunction({ ...definition, ptr: address }), wanted);
  throws(() => new JSCallback(() => 0, definition), wanted);
}

test('a type may be given by any of its names', () =>
  check(() => {
    for (const [name, code] of Object.entries(FFIType)) {
      for (const type of [name, code, FFIType[name]]) {
        const args = code === 'v' ? [] : [type];
        const { signature } = dlopen(fixture, { echo_void: { args, returns: type } }).symbols.echo_void;
        assert.deepEqual(signature.args, code === 'v' ? [] : [code]);
        assert.equal(signature.returns, code);
      }
    }
  }, 100));

test('a function behaves alike for every name of a type', () => {
  const define = (args, returns) => dlopen(fixture, { echo_u8: { args, returns } }).symbols.echo_u8;
  return check(() => {
    for (const type of ['C', 'uint8_t', 'u8', 'uint8', 'uchar', FFIType.u8, FFIType.uint8_t]) {
      const echo = define([type], type);
      assert.equal(echo(255), 255);
      throws(() => echo(256), { code: 'ERR_FFI_OUT_OF_RANGE' });
    }
  }, 100);
});

test('without args a function takes no arguments, and without returns it returns undefined', () =>
  check(() => {
    const { echo_void: echo } = dlopen(fixture, { echo_void: {} }).symbols;
    assert.equal(echo(), undefined);
    assert.equal(String(echo.signature), '()v');
    throws(() => echo(1), { code: 'ERR_FFI_ARG_COUNT', message: /^echo_void: expected 0 arguments, got 1$/ });
    assert.equal(CFunction({ ptr: address })(), undefined);
    assert.equal(
      dlopen(fixture, { echo_void: { args: undefined, returns: undefined } }).symbols.echo_void(),
      undefined,
    );
  }, 10));

test('a symbol has a signature that cannot be changed', () =>
  check(() => {
    const args = ['f64', 'cstring', { args: ['pointer', 'i32'], returns: 'bool' }];
    const { signature } = dlopen(fixture, { echo_void: { args, returns: 'size_t' } }).symbols.echo_void;
    assert.deepEqual([...signature.args], ['d', 's', 'k(pi)b']);
    assert.equal(signature.returns, 'L');
    assert.equal(signature.toString(), '(dsk(pi)b)L');
    assert.ok(Object.isFrozen(signature) && Object.isFrozen(signature.args));
    args.push('i');
    assert.equal(signature.args.length, 3);
    const pointed = CFunction({ args: ['int'], returns: 'void', ptr: address });
    assert.equal(String(pointed.signature), '(i)v');
    assert.equal(String(AsyncCFunction({ args: ['int'], returns: 'void', ptr: address }).signature), '(i)v');
  }, 10));

test('types that were declared before are the same, and others that look like them are not', () =>
  check(() => {
    const bind = (definition) => dlopen(fixture, { echo_i32: definition }).symbols.echo_i32;
    const { signature } = bind({ args: ['i32', 'f64'], returns: 'i32' });
    assert.equal(String(bind({ args: ['i32', 'f64'], returns: 'i32' }).signature), String(signature));
    assert.equal(String(bind({ args: ['i32'], returns: 'i32' }).signature), '(i)i');
    assert.equal(String(bind({ args: ['i32', 'f64'], returns: 'void' }).signature), '(id)v');
    assert.equal(String(bind({ args: ['i32', 'f64', 'f32'], returns: 'i32' }).signature), '(idf)i');
    const refused = { code: 'ERR_FFI_BAD_SIGNATURE' };
    throws(() => bind({ args: ['i32,f64'], returns: 'i32' }), refused);
    throws(() => bind({ args: ['i32', 'f64'], returns: 'i32', abi: 'none' }), refused);
    throws(() => bind({ args: ['i32', 'f64', undefined], returns: 'i32' }), refused);
    throws(() => bind({ args: ['i32', , 'f64'], returns: 'i32' }), refused);
    const changed = ['i32'];
    const first = bind({ args: changed, returns: 'i32' });
    changed.push('f64');
    assert.equal(String(first.signature), '(i)i');
    assert.equal(String(bind({ args: changed, returns: 'i32' }).signature), '(id)i');
  }, 10));

test('an unknown type is refused with the symbol, the position and a similar name', () =>
  check(() => {
    const wanted = (message) => ({ code: 'ERR_FFI_BAD_SIGNATURE', message });
    throws(
      () => dlopen(fixture, { echo_i32: { args: ['i32', 'dubble'], returns: 'i' } }),
      wanted(/^echo_i32: args\[1\]: .*'dubble'.*'double'/),
    );
    throws(
      () => dlopen(fixture, { echo_i32: { args: ['i'], returns: 'unit8_t' } }),
      wanted(/^echo_i32: returns: .*'unit8_t'.*'uint8_t'/),
    );
    throws(() => CFunction({ args: ['x'], ptr: address }), wanted(/^CFunction: args\[0\]: .*'x'/));
    throws(() => new JSCallback(() => 0, { args: ['i', 'zz'] }), wanted(/^JSCallback: args\[1\]: .*'zz'/));
  }, 10));

test('names that every object inherits are not types', () =>
  check(() => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf', '']) {
      refused({ args: [name] }, /args\[0\]: /);
      refused({ returns: name }, /returns: /);
    }
  }, 20));

test('several letters are not a type', () =>
  check(() => {
    for (const type of ['ii', 'i,i', ' i', 'k(i)i', 'int *', 'struct point *']) {
      refused({ args: [type] }, /args\[0\]: /);
      refused({ returns: type }, /returns: /);
    }
  }, 20));

test('a value that cannot be a type is refused', () =>
  check(() => {
    for (const type of [null, 1, true, 1n, Symbol('i'), [], ['i', 3], () => 'i', new String('i')]) {
      refused({ args: [type] }, /args\[0\]/);
      refused({ returns: type }, /returns: /);
    }
    refused({ args: [undefined] }, /args\[0\]: /);
    refused({ args: ['i', , 'i'] }, /args\[1\]: /);
    refused({ returns: {} }, /returns: /);
  }, 20));

test('void is refused as an argument', () =>
  check(() => {
    for (const type of ['v', 'void', FFIType.void]) {
      refused({ args: ['i', type] }, /args\[1\]: .*void/);
      refused({ args: [{ args: [type] }] }, /args\[0\].*args\[0\]: .*void/);
    }
  }, 20));

test('a value that is not a definition is refused', () =>
  check(() => {
    for (const definition of [null, undefined, 1, 'i', [], ['i'], () => {}, true]) {
      const wanted = (place) => ({ code: 'ERR_FFI_BAD_SIGNATURE', message: new RegExp(`^${place}: `) });
      throws(() => dlopen(fixture, { echo_void: definition }), wanted('echo_void'));
      throws(() => CFunction(definition), wanted('CFunction'));
      throws(() => AsyncCFunction(definition), wanted('AsyncCFunction'));
      throws(() => new JSCallback(() => 0, definition), wanted('JSCallback'));
    }
    for (const args of ['i', 1, null, {}, { length: 1, 0: 'i' }, true]) refused({ args }, /args: /);
    for (const definitions of [null, 1, 'echo_void', [], [{ returns: 'v' }], () => {}]) {
      throws(() => dlopen(fixture, definitions), { code: 'ERR_FFI_BAD_SIGNATURE', message: /^dlopen: / });
    }
  }, 20));

test('an unknown key is refused with a similar one', () =>
  check(() => {
    const wanted = (message) => ({ code: 'ERR_FFI_BAD_SIGNATURE', message });
    throws(
      () => dlopen(fixture, { echo_i32: { args: ['i'], return: 'i' } }),
      wanted(/^echo_i32: .*'return'.*'returns'/),
    );
    throws(() => dlopen(fixture, { echo_i32: { arg: ['i'] } }), wanted(/^echo_i32: .*'arg'.*'args'/));
    throws(() => CFunction({ ptr: address, result: 'i' }), wanted(/'result'/));
  }, 10));

test('127 arguments are accepted and 128 are refused', () =>
  check(() => {
    const { signature } = dlopen(fixture, { weigh_i32_127: { args: Array(127).fill('i'), returns: 'l' } }).symbols
      .weigh_i32_127;
    assert.equal(signature.args.length, 127);
    refused({ args: Array(128).fill('i') }, /128.*127/);
  }, 20));

test('callbacks may nest 12 levels deep and no deeper, and one that contains itself is refused', () =>
  check(() => {
    const nested = (depth) => (depth ? { args: [nested(depth - 1)] } : 'i');
    const { signature } = dlopen(fixture, { echo_void: { args: [nested(12)] } }).symbols.echo_void;
    assert.equal(signature.args[0], `${'k('.repeat(12)}i${')v'.repeat(12)}`);
    refused({ args: [nested(13)] }, /12/);
    const endless = { args: [] };
    endless.args.push(endless);
    refused(endless, /12/);
  }, 20));

test('one wrong definition makes dlopen fail', () =>
  check(() => {
    const definitions = { echo_i32: { args: ['i'], returns: 'i' }, echo_u8: { args: ['wrong'] } };
    throws(() => dlopen(fixture, definitions), { code: 'ERR_FFI_BAD_SIGNATURE', message: /^echo_u8: / });
  }, 10));

test('an exception from a getter in a definition is rethrown unchanged', () =>
  check(() => {
    const thrown = new Error('thrown by a getter');
    const bomb = {
      get args() {
        throw thrown;
      },
    };
    throws(() => dlopen(fixture, { echo_void: bomb }), thrown);
    throws(() => CFunction(bomb), thrown);
    throws(() => new JSCallback(() => 0, bomb), thrown);
    throws(() => CFunction({ get ptr() { throw thrown; } }), thrown); // prettier-ignore
  }, 10));

/** A definition whose every property, and every element of a list, counts how often it is read. */
function counted(definition, counts = {}, path = '') {
  const get = (target, key, receiver) => {
    const value = Reflect.get(target, key, receiver);
    if (typeof key === 'symbol' || key === 'length' || typeof value === 'function') return value;
    counts[`${path}${key}`] = (counts[`${path}${key}`] ?? 0) + 1;
    const isPart =
      Array.isArray(value) || (value && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
    return isPart ? counted(value, counts, `${path}${key}.`).definition : value;
  };
  return { definition: new Proxy(definition, { get }), counts };
}

/** A definition whose `args` and `returns` are right the first time, and another time `other`. */
function changing({ args, returns, ...others }, other) {
  const reads = { args: 0, returns: 0 };
  const definition = {
    ...others,
    get args() {
      return reads.args++ ? other.args : args;
    },
    get returns() {
      return reads.returns++ ? other.returns : returns;
    },
  };
  return { definition, reads };
}

const Pair = Struct({ a: 'i', b: 'i' });

test('every function that takes a definition reads each key and each list element once', () =>
  check(() => {
    const pair = { args: ['p', Pair], returns: 'i', abi: undefined };
    const types = { args: ['i', pair], returns: 'i', abi: undefined };
    const once = (keys) => Object.fromEntries(keys.map((key) => [key, 1]));
    const callback = ['args.1.args', 'args.1.args.0', 'args.1.args.1', 'args.1.returns', 'args.1.abi'];
    const read = ['args', 'args.0', 'args.1', ...callback, 'returns', 'abi'];

    const symbol = counted({ ...types, optional: false, fast: true, callbacks: undefined, name: undefined });
    dlopen(fixture, { echo_void: symbol.definition });
    assert.deepEqual(symbol.counts, once([...read, 'optional', 'fast', 'callbacks', 'name']));

    for (const make of [CFunction, AsyncCFunction]) {
      const pointed = counted({ ...types, ptr: address, name: 'pointed', callbacks: 'pump', fast: false });
      make(pointed.definition);
      assert.deepEqual(pointed.counts, once([...read, 'ptr', 'name', 'callbacks', 'fast']));
    }

    const called = counted({ ...types, threadsafe: true, weak: undefined });
    new JSCallback(() => 0, called.definition).close();
    assert.deepEqual(called.counts, once([...read, 'threadsafe', 'weak']));

    const variable = counted({ type: 'i', optional: true, name: undefined });
    dlopen(fixture, { no_such_variable: variable.definition });
    assert.deepEqual(variable.counts, once(['type', 'optional', 'name']));

    const bits = { type: 'i', align: 4, packed: false, bits: 3, endian: undefined };
    const fields = counted({ a: 'i', b: bits, c: ['d', 2], d: ['i', 0] });
    Struct(fields.definition);
    const parts = ['b.type', 'b.align', 'b.packed', 'b.endian', 'b.bits', 'c.0', 'c.1', 'd.0', 'd.1'];
    assert.deepEqual(fields.counts, once(['a', 'b', 'c', 'd', ...parts]));
    const plain = counted({ a: 'i', b: ['d', 2] });
    Struct(plain.definition);
    assert.deepEqual(plain.counts, once(['a', 'b', 'b.0', 'b.1']));
  }, 20));

test('what a definition has beside its own types counts, however it has it', () =>
  check(() => {
    const types = { args: ['i'], returns: 'i' };
    const hidden = (key, value) => Object.defineProperty({ ...types }, key, { value });
    const inherited = (key, value) => Object.assign(Object.create({ [key]: value }), types);
    const answering = (key, value) =>
      new Proxy(types, {
        has: (target, name) => name === key || name in target,
        get: (target, name) => (name === key ? value : target[name]),
      });
    const listed = (key, value) => new Proxy({ ...types, [key]: value }, { ownKeys: () => ['args', 'returns'] });
    for (const having of [hidden, inherited, answering, listed]) {
      assert.equal(dlopen(fixture, { absent: having('optional', true) }).symbols.absent, null, having.name);
      throws(() => dlopen(fixture, { echo_i32: having('abi', 'none') }), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: "echo_i32: abi: expected 'ms' or 'sysv', got 'none'",
      });
      throws(() => dlopen(fixture, { echo_i32: having('fast', 1) }), { code: 'ERR_FFI_BAD_SIGNATURE' });
      throws(() => dlopen(fixture, { echo_i32: having('callbacks', 1) }), { code: 'ERR_FFI_BAD_SIGNATURE' });
    }
    for (const having of [hidden, inherited, listed]) {
      const { i32, again } = dlopen(fixture, {
        i32: having('name', 'echo_i32'),
        again: having('name', 'echo_i32'),
      }).symbols;
      assert.deepEqual([i32(5), again(6)], [5, 6], having.name);
    }
    const list = Object.assign([], types);
    throws(() => dlopen(fixture, { echo_i32: list }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^echo_i32: expected \{ args, returns \}/,
    });
    for (const args of [['...'], ['i', '...', 'i']]) {
      for (let time = 0; time < 2; time++) {
        throws(() => dlopen(fixture, { echo_i32: { args, returns: 'i' } }), {
          code: 'ERR_FFI_BAD_SIGNATURE',
          message: /^echo_i32: args\[[01]\]: '\.\.\.': /,
        });
      }
    }
  }, 5));

test('a variable argument of a callback’s type is read once', () =>
  check(() => {
    const types = { args: ['i', '...'], returns: 'l' };
    const { variadic_weigh_i32: weigh } = dlopen(fixture, { variadic_weigh_i32: types }).symbols;
    const { definition, counts } = counted({ args: [Pair], returns: 'v', abi: undefined });
    const callback = () => {};
    assert.equal(weigh(0, [definition, callback]), 0);
    assert.deepEqual(counts, { args: 1, 'args.0': 1, returns: 1, abi: 1 });
  }, 20));

test('the first reading of a definition decides, whatever later readings would give', () =>
  check(async () => {
    const other = { args: [Pair], returns: Pair };
    const first = { args: ['i'], returns: 'i' };
    const ptr = dlopen(fixture, { echo_i32: {} }).symbols.echo_i32.ptr;

    const symbol = changing(first, other);
    const { echo_i32: echo } = dlopen(fixture, { echo_i32: symbol.definition }).symbols;
    assert.equal(echo(-5), -5);
    assert.equal(await echo.async(-5), -5);
    assert.equal(echo.with({ errno: true })(-5).value, -5);
    assert.equal(String(echo.signature), '(i)i');
    assert.deepEqual(symbol.reads, { args: 1, returns: 1 });

    const pointed = changing({ ...first, ptr }, other);
    assert.equal(CFunction(pointed.definition)(-5), -5);
    assert.deepEqual(pointed.reads, { args: 1, returns: 1 });

    const later = changing({ ...first, ptr }, other);
    assert.equal(await AsyncCFunction(later.definition)(-5), -5);
    assert.deepEqual(later.reads, { args: 1, returns: 1 });

    const called = changing(first, other);
    const callback = new JSCallback((value) => value + 1, called.definition);
    assert.equal(callback.call(1), 2);
    callback.close();
    assert.deepEqual(called.reads, { args: 1, returns: 1 });

    const inner = changing({ args: ['i'], returns: 'v' }, { args: [Pair], returns: 'v' });
    const definitions = { echo_void: { args: [inner.definition] } };
    assert.equal(String(dlopen(fixture, definitions).symbols.echo_void.signature), '(k(i)v)v');
    assert.deepEqual(inner.reads, { args: 1, returns: 1 });
  }, 20));

test('CFunction refuses a missing address and an invalid name', () =>
  check(() => {
    for (const make of [CFunction, AsyncCFunction]) {
      for (const ptr of [undefined, '65536', true, {}, Symbol('ptr'), () => {}]) {
        throws(() => make({ ptr }), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^(Async)?CFunction: ptr: / });
      }
      throws(() => make({}), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      for (const name of [1, null, {}])
        throws(() => make({ ptr: address, name }), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }
  }, 10));

test('CFunction and AsyncCFunction give the same function with and without new', () =>
  check(async () => {
    const definition = { args: ['i'], returns: 'i', ptr: dlopen(fixture, { echo_i32: {} }).symbols.echo_i32.ptr };
    for (const add of [CFunction(definition), new CFunction(definition)]) {
      assert.equal(typeof add, 'function');
      assert.equal(add(5), 5);
      assert.equal(await add.async(5), 5);
      assert.equal(add.ptr, definition.ptr);
    }
    for (const add of [AsyncCFunction(definition), new AsyncCFunction(definition)]) {
      assert.equal(await add(5), 5);
      assert.equal(await add.async(5), 5);
      assert.equal(add.ptr, definition.ptr);
    }
  }, 10));
