// Out-parameters that a call passes for a pointer: out(type) and [inout(type), value].
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AsyncCFunction, CFunction, dlopen, inout, JSCallback, out, owned, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { ownFixture, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';

const Point = Struct({ x: 'i', y: 'i' });
const divide = { args: ['i', 'i', 'p', 'p'], returns: 'b' };
const { symbols } = dlopen(fixture, {
  pointer_out_divide: divide,
  pointer_swap: { args: ['p', inout('p')] },
  point_swap: { args: ['buffer'] },
  buffer_count_up: { args: ['p', 'L'] },
  errno_fail: { args: ['i'], returns: 'i' },
});
const libc = dlopen(null, {
  asprintf: { args: ['p', 's', '...'], returns: 'i' },
  strdup: { args: ['s'], returns: 'p' },
  strtol: { args: ['s', 'p', 'i'], returns: 'long' },
  div: { args: ['i', 'i'], returns: Struct({ quotient: 'i', rest: 'i' }) },
}).symbols;

test('a call may pass out(type) for any pointer, and gets what C has written, in every way of calling', () => {
  const ptr = ffi.getSymbolPtr(ffi.load(fixture), 'pointer_out_divide');
  const expected = { value: true, out: [6, 2] };
  const { pointer_out_divide: symbol } = symbols;
  const pointed = CFunction({ ...divide, ptr });
  const later = AsyncCFunction({ ...divide, ptr });
  const slow = CFunction({ ...divide, ptr, fast: false });
  const pumped = CFunction({ ...divide, ptr, callbacks: 'pump' });
  const call = () => [20, 3, out('i'), out('i32')];
  return check(async () => {
    assert.deepEqual(symbol(...call()), expected);
    assert.deepEqual(symbol.with({})(...call()), expected);
    assert.deepEqual(symbol.with({ errno: true })(...call()), { ...expected, ...withErrnoOf(expected.value, 0) });
    assert.deepEqual(await symbol.async(...call()), expected);
    assert.deepEqual(await symbol.async.with({ timeout: 10_000 })(...call()), expected);
    assert.deepEqual(await symbol.async.with({ errno: true })(...call()), {
      ...expected,
      ...withErrnoOf(expected.value, 0),
    });
    assert.deepEqual(pointed(...call()), expected);
    assert.deepEqual(await later(...call()), expected);
    assert.deepEqual(slow(...call()), expected);
    assert.deepEqual(pumped(...call()), expected);
    assert.deepEqual(ffi.callPtr(ptr, 'iipp', 'b', call(), []), { value: 1, out: [6, 2] });
    assert.deepEqual(await ffi.callPtrAsync(ptr, 'iipp', 'b', call(), []), { value: 1, out: [6, 2] });
  }, 4);
});

test('the result of such a call is an object, whatever C returns', () => {
  // C functions of one argument, which ignore the pointer.
  const echoes = { i8: 'c', u8: 'C', i16: 'h', u16: 'H', i32: 'i', u32: 'I', i64: 'l', u64: 'L', f32: 'f', f64: 'd' };
  const lib = ffi.load(fixture);
  const fns = Object.entries({ ...echoes, bigi64: 'q', bigu64: 'Q', bool: 'b', string: 's', pointer: 'p' }).map(
    ([name, type]) => {
      const ptr = ffi.getSymbolPtr(lib, `echo_${name}`);
      return { type, fn: CFunction({ args: [type, 'p'], returns: type, ptr }) };
    },
  );
  const value = (type) => (type === 'b' ? true : type === 's' ? 'text' : 'qQ'.includes(type) ? 5n : 5);
  return check(() => {
    for (const { type, fn } of fns) {
      assert.deepEqual(fn(value(type), out('i')), { value: value(type), out: [0] }, type);
      assert.equal(fn(value(type), null), value(type), type);
    }
    const callback = new JSCallback(() => {}, {});
    try {
      for (const { type, fn } of fns) {
        assert.deepEqual(fn(value(type), out('i')), { value: value(type), out: [0] }, type);
      }
    } finally {
      callback.close();
    }
  }, 4);
});

test('the other pointers of the call are passed as always', () => {
  const rest = new Int32Array(1);
  return check(() => {
    assert.deepEqual(symbols.pointer_out_divide(7, 2, out('i'), rest), { value: true, out: [3] });
    assert.equal(rest[0], 1);
    assert.equal(symbols.pointer_out_divide(9, 2, new Int32Array(1), rest), true);
  });
});

test('the values of declared out-parameters and of those in the call are in the order of the arguments', () =>
  check(async () => {
    const expected = { value: undefined, out: [0x20000, 0x10000] };
    assert.deepEqual(symbols.pointer_swap([inout('p'), 0x10000], 0x20000), expected);
    assert.deepEqual(await symbols.pointer_swap.async([inout('p'), 0x10000], 0x20000), expected);
    assert.deepEqual(symbols.pointer_swap.with({ errno: true })([inout('p'), 0x10000], 0x20000), {
      ...expected,
      ...withErrnoOf(undefined, 0),
    });
  }, 4));

test('an out-parameter in a call may be of every type that a field has', () =>
  check(() => {
    const [point] = symbols.point_swap([inout(Point), { x: 1, y: 2 }]).out;
    assert.deepEqual(point.toObject(), { x: 2, y: 1 });
    assert.deepEqual(symbols.buffer_count_up(out(['C', 5]), 5).out, [[0, 1, 2, 3, 4]]);
    const end = libc.strtol('12x', out('s'), 10);
    assert.equal(end.value, 12);
    assert.equal(typeof end.out[0], 'string');
  }, 4));

test('an array of char that C has written has its text', () => {
  const { snprintf } = dlopen(null, { snprintf: { args: ['p', 'L', 's', '...'], returns: 'i' } }).symbols;
  const declared = dlopen(null, { snprintf: { args: [out(['char', 16]), 'L', 's'], returns: 'i' } }).symbols.snprintf;
  return check(async () => {
    const { value, out: outs } = snprintf(out(['char', 16]), 16, '%s', ['s', 'naïve']);
    assert.equal(value, 6);
    assert.equal(outs[0].text(), 'naïve');
    assert.deepEqual(outs[0].slice(0, 3), [110, 97, -61]);
    assert.equal((await snprintf.async(out(['u8', 4]), 4, 'abcdefg')).out[0].text(), 'abc');
    assert.equal(declared(16, 'text').out[0].text(), 'text');
    assert.deepEqual(Object.keys(outs[0]).length, 16);
  }, 10);
});

test('a function that returns a struct takes out-parameters', () => {
  const Pair = Struct({ a: 'd', b: 'd' });
  const twice = new JSCallback(
    (p) => {
      ffi.writeMemory(p, Int32Array.of(5));
      return { a: 1, b: 2 };
    },
    { args: ['p'], returns: Pair },
  );
  const { ptr } = twice;
  const fn = CFunction({ args: ['p'], returns: Pair, ptr });
  const Large = Struct({ list: ['d', 1000] });
  const large = new JSCallback((p) => (ffi.writeMemory(p, Int32Array.of(6)), { list: Array(1000).fill(3) }), {
    args: ['p'],
    returns: Large,
  });
  const largeFn = CFunction({ args: ['p'], returns: Large, ptr: large.ptr });
  return check(() => {
    const plain = ({ value, out: outs, errno }) => ({ value: value.toObject(), outs, errno });
    assert.deepEqual(plain(fn(out('i'))), { value: { a: 1, b: 2 }, outs: [5], errno: undefined });
    assert.deepEqual(plain(fn.with({ errno: true })(out('i'))).outs, [5]);
    const answer = largeFn(out('i'));
    assert.deepEqual([answer.value.list[999], answer.out], [3, [6]]);
  }, 20);
});

describe('out(owned(type, release))', () => {
  const text = out(owned('cstring', 'free'));

  test('the string that C allocates is copied and freed, in a call and in a declaration', () => {
    const { asprintf } = dlopen(null, {
      asprintf: { args: [out(owned('cstring', 'free')), 's', '...'], returns: 'i' },
    }).symbols;
    return check(async () => {
      const expected = { value: 3, out: ['7 x'] };
      assert.deepEqual(libc.asprintf(text, '%d %s', ['i', 7], ['s', 'x']), expected);
      assert.deepEqual(await libc.asprintf.async(text, '%d x', ['i', 7]), expected);
      assert.deepEqual(asprintf('%d x', ['i', 7]), expected);
      assert.deepEqual(await asprintf.async('%d x%n', ['i', 7], out('i')), { value: 3, out: ['7 x', 3] });
    }, 10);
  });

  test('each string is freed once, whatever becomes of the call', async () => {
    const freed = [];
    const { strdup } = libc;
    const release = new JSCallback((p) => void freed.push(p), { args: ['p'] });
    const give = (fails) =>
      new JSCallback(
        (p) => {
          ffi.writeMemory(p, BigUint64Array.of(BigInt(strdup('given'))));
          if (fails) throw new Error('thrown');
        },
        { args: ['p'] },
      );
    const given = CFunction({ args: ['p'], ptr: give(false) });
    const failing = CFunction({ args: ['p'], ptr: give(true) });
    const type = out(owned('s', release));
    await check(async () => {
      freed.length = 0;
      assert.deepEqual(given(type).out, ['given']);
      assert.equal(freed.length, 1);
      assert.throws(() => failing(type), /thrown/);
      assert.equal(freed.length, 2);
    }, 20);
    const unused = CFunction({ args: ['p'], ptr: new JSCallback(() => {}, { args: ['p'] }) });
    freed.length = 0;
    assert.deepEqual(unused(type).out, [null]);
    assert.equal(freed.length, 0);
  });

  test('its release function is looked up in the library of the function, and must exist', () =>
    check(async () => {
      const wrong = { code: 'ERR_FFI_SYMBOL_NOT_FOUND', message: /^no_such_free: not exported/ };
      const missing = out(owned('s', 'no_such_free'));
      throws(() => libc.asprintf(missing, 'x'), wrong);
      await rejects(() => libc.asprintf.async(missing, 'x'), wrong);
      throws(() => dlopen(null, { asprintf: { args: [missing, 's'] } }), wrong);
      throws(() => CFunction({ args: [missing], ptr: 65536, name: 'f' }), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /^f: args\[0\]: there is no library to look 'no_such_free' up in/,
      });
      throws(() => inout(owned('s', 'free')), { code: 'ERR_FFI_BAD_SIGNATURE', message: /^inout: what is owned/ });
    }, 20));
});

test('an out-parameter in a call is refused where there is no pointer, and without the value that it takes', () =>
  check(async () => {
    const bad = async (args, message) => {
      throws(() => symbols.pointer_out_divide(...args), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      await rejects(() => symbols.pointer_out_divide.async(...args), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
    };
    const name = 'pointer_out_divide: argument';
    await bad([out('i'), 1, null, null], `${name} 1: expected number, got an Out`);
    await bad([1, 1, inout('i'), null], `${name} 3: expected [inout(type), value]`);
    await bad([1, 1, [inout('i')], null], `${name} 3: expected [inout(type), value]`);
    await bad([1, 1, null, [out('i'), 1]], `${name} 4: expected out(type), which takes no value`);
    await bad([1, 1, out('i'), [inout('i'), 'x']], `${name} 4: expected number, got string`);
    await bad([1, 1, [1, 2], null], /^pointer_out_divide: argument 3: expected an address, a buffer or null/);
    throws(() => ffi.ptr(out('i')), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^ptr: argument 1: .*got an Out$/ });
  }, 20));

test('an out-parameter is refused for a callback, and as the result of one', () => {
  const { call_i32: call } = dlopen(fixture, { call_i32: { args: ['k', 'i'], returns: 'i' } }).symbols;
  return check(() => {
    throws(() => call(out('p'), 1), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^call_i32: argument 1: expected a callback/,
    });
    const callback = new JSCallback(() => out('p'), { returns: 'p' });
    const fn = CFunction({ returns: 'p', ptr: callback });
    throws(() => fn(), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^callback: result: expected an address/ });
    callback.close();
  }, 20);
});

test('a batch has no out-parameters', () =>
  check(() => {
    throws(() => symbols.pointer_out_divide.batch([Int32Array.of(1), 1, out('i'), out('i')]), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^pointer_out_divide.*: argument 3: /,
    });
  }, 20));

test('a closed library refuses calls with out-parameters, and calls in flight finish', () => {
  const path = ownFixture();
  return repeat(async () => {
    const lib = dlopen(path, { pointer_out_divide: divide });
    const { pointer_out_divide: own } = lib.symbols;
    const pending = own.async(9, 4, out('i'), out('i'));
    lib.close();
    assert.deepEqual(await pending, { value: true, out: [2, 1] });
    throws(() => own(9, 4, out('i'), out('i')), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^pointer_out_divide: / });
    await rejects(() => own.async(9, 4, out('i'), null), { code: 'ERR_FFI_LIBRARY_CLOSED' });
  }, 20);
});
