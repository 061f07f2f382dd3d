// Out-parameters: out(type) and inout(type) in the arguments.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AsyncCFunction, CFunction, dlopen, findLibrary, inout, JSCallback, Out, out, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { isWindows } from './hosts.mjs';
import { ownFixture, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';

const Point = Struct({ x: 'i', y: 'i' });
const divide = { args: ['i', 'i', out('i32'), out('i32')], returns: 'b' };
const { symbols } = dlopen(fixture, {
  pointer_out_divide: divide,
  pointer_out_string: { args: [out('cstring')], returns: 'i' },
  pointer_swap: { args: [inout('p'), inout('p')] },
  point_swap: { args: [inout(Point)] },
  buffer_count_up: { args: [out(['C', 5]), 'L'] },
  errno_fail: { args: ['i'], returns: 'i' },
});
// No library of Windows exports it: the fixture library does.
const { sincosf } = dlopen(isWindows ? null : findLibrary('m'), {
  sincosf: { args: ['f', out('f'), out('f')] },
}).symbols;
const libm = dlopen(findLibrary('m'), {
  frexp: { args: ['d', out('int')], returns: 'd' },
  modf: { args: ['d', out('d')], returns: 'd' },
}).symbols;

test('values that C writes are returned with the result, in the order of the arguments, in every way of calling', () => {
  const ptr = ffi.getSymbolPtr(ffi.load(fixture), 'pointer_out_divide');
  const expected = { value: true, out: [6, 2] };
  const { pointer_out_divide: symbol } = symbols;
  const pointed = CFunction({ ...divide, ptr });
  const later = AsyncCFunction({ ...divide, ptr });
  return check(async () => {
    assert.deepEqual(symbol(20, 3), expected);
    assert.deepEqual(symbol.with({})(20, 3), expected);
    assert.deepEqual(symbol.with({ errno: true })(20, 3), { ...withErrnoOf(undefined, 0), ...expected });
    assert.deepEqual(await symbol.async(20, 3), expected);
    assert.deepEqual(await symbol.async.with({ timeout: 10_000 })(20, 3), expected);
    assert.deepEqual(await symbol.async.with({ errno: true })(20, 3), { ...withErrnoOf(undefined, 0), ...expected });
    assert.deepEqual(pointed(20, 3), expected);
    assert.deepEqual(await pointed.async(20, 3), expected);
    assert.deepEqual(await later(20, 3), expected);
    assert.deepEqual(await later.async(20, 3), expected);
  });
});

test('an out-parameter to which C writes nothing is zero', () =>
  check(() => assert.deepEqual(symbols.pointer_out_divide(1, 0), { value: false, out: [0, 0] })));

test('out-parameters of every kind of type return their values', () =>
  check(() => {
    assert.deepEqual(libm.frexp(40), { value: 0.625, out: [6] });
    assert.deepEqual(libm.modf(-2.5), { value: -0.5, out: [-2] });
    assert.deepEqual(sincosf(0), { value: undefined, out: [0, 1] });
    const { value, out: outs } = symbols.pointer_out_string();
    assert.equal(typeof value, 'number');
    assert.equal(typeof outs[0], 'string');
    assert.deepEqual(symbols.buffer_count_up(5).out, [[0, 1, 2, 3, 4]]);
  }));

test('inout takes an initial value, and returns the final one', () =>
  check(async () => {
    assert.deepEqual(symbols.pointer_swap(0x10000, 0x20000), { value: undefined, out: [0x20000, 0x10000] });
    assert.deepEqual((await symbols.pointer_swap.async(0x10000, null)).out, [0, 0x10000]);
    const [swapped] = symbols.point_swap({ x: 1, y: 2 }).out;
    assert.deepEqual([Point.get(swapped, 'x'), Point.get(swapped, 'y')], [2, 1]);
    const given = Point.create({ x: 3, y: 4 });
    const [fresh] = symbols.point_swap(given).out;
    assert.deepEqual([Point.get(fresh, 'x'), Point.get(given, 'x')], [4, 3]);
  }));

test('each call has its own memory, however many are in flight', () =>
  check(async () => {
    const calls = Array.from({ length: 50 }, (_, i) => symbols.pointer_out_divide.async(i * 7 + 3, 7));
    const results = await Promise.all(calls);
    results.forEach(({ out: [quotient, rest] }, i) => assert.deepEqual([quotient, rest], [i, 3]));
  }, 20));

describe('a call with out-parameters', () => {
  const { pointer_out_divide: fn, pointer_swap: swap } = symbols;

  test('a call takes only the other arguments, and requires their exact number', () =>
    check(async () => {
      const wanted = (expected, got) => ({
        code: 'ERR_FFI_ARG_COUNT',
        message: `pointer_out_divide: expected ${expected}, got ${got}`,
      });
      throws(() => fn(1), wanted('2 arguments', 1));
      throws(() => fn(1, 2, 3), wanted('2 arguments', 3));
      await rejects(() => fn.async(), wanted('2 arguments', 0));
      throws(() => libm.frexp(), { code: 'ERR_FFI_ARG_COUNT', message: 'frexp: expected 1 argument, got 0' });
    }));

  test('errors count arguments by their position in C', () =>
    check(async () => {
      const wanted = {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: 'pointer_out_divide: argument 2: expected number, got string',
      };
      throws(() => fn(1, '2'), wanted);
      await rejects(() => fn.async(1, '2'), wanted);
      throws(() => swap(0, 'x'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^pointer_swap: argument 2: / });
      await rejects(() => swap.async(undefined, 0), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^pointer_swap: argument 1: /,
      });
      throws(() => symbols.point_swap({ z: 1 }), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^point_swap: argument 1: no field 'z'/,
      });
    }));

  test('the signature shows out-parameters as pointers', () => {
    assert.equal(String(fn.signature), '(iipp)b');
    assert.equal(fn.name, 'pointer_out_divide');
    assert.ok(divide.args[2] instanceof Out);
    assert.equal(divide.args[2].type, 'i32');
  });

  test('a closed library refuses calls with out-parameters, and calls in flight finish', () => {
    const path = ownFixture();
    return repeat(async () => {
      const lib = dlopen(path, { pointer_out_divide: divide });
      const { pointer_out_divide: own } = lib.symbols;
      const pending = own.async(9, 4);
      lib.close();
      assert.deepEqual(await pending, { value: true, out: [2, 1] });
      throws(() => own(9, 4), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^pointer_out_divide: / });
      await rejects(() => own.async(9, 4), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }, 20);
  });
});

describe('an out-parameter of a variadic function', () => {
  const scanf = { args: ['s', 's', '...'], returns: 'i' };
  const { sscanf, snprintf } = dlopen(null, {
    sscanf: scanf,
    snprintf: { args: [out(['C', 8]), 'L', 's', '...'], returns: 'i' },
  }).symbols;

  test('an out-parameter may follow the declared arguments, and is returned with the result', () =>
    check(async () => {
      const wanted = { value: 3, out: [12, 0.5, [97, 98, 99, 0]] };
      const call = ['12 0.5 abc', '%d %lf %3s', out('i32'), out('double'), out(['char', 4])];
      assert.deepEqual(sscanf(...call), wanted);
      assert.deepEqual(await sscanf.async(...call), wanted);
      assert.deepEqual(sscanf.with({ errno: true })(...call), { ...withErrnoOf(undefined, 0), ...wanted });
      assert.deepEqual(await sscanf.async.with({ errno: true })(...call), { ...withErrnoOf(undefined, 0), ...wanted });
      const own = CFunction({ ...scanf, ptr: sscanf });
      assert.deepEqual(own(...call), wanted);
      own.close();
    }, 20));

  test('an out-parameter may be mixed with other arguments, takes a value if it is an inout, and is zero if C writes nothing', () =>
    check(() => {
      const number = new Int32Array(1);
      const result = sscanf('1 2', '%d %hd %d %ld', ['p', number], out('h'), [inout('i'), -7], out('l'));
      assert.deepEqual([number[0], result], [1, { value: 2, out: [2, -7, 0] }]);
      assert.equal(sscanf('1', '%d', ['p', number]), 1); // without an out-parameter only the result is returned
      assert.equal(sscanf('text', 'text'), 0);
    }, 20));

  test('a variable out-parameter may be a struct whose field C writes', () =>
    check(() => {
      const Pair = Struct({ first: 'i', second: 'i' });
      const [pair] = sscanf('9', '%d', [inout(Pair), { second: 4 }]).out;
      assert.deepEqual(pair.toObject(), { first: 9, second: 4 });
    }, 20));

  test('an out-parameter may be among the declared arguments of a variadic function', () =>
    check(async () => {
      const text = [55, 32, 195, 169, 0, 0, 0, 0];
      assert.deepEqual(snprintf(8, '%d %s', ['i', 7], ['s', 'é']), { value: 4, out: [text] });
      assert.deepEqual(await snprintf.async(8, '7 %s%n', ['s', 'é'], out('i')), { value: 4, out: [text, 4] });
      assert.deepEqual(snprintf(8, ''), { value: 0, out: [new Array(8).fill(0)] });
    }, 20));

  test('an out-parameter is refused with a value, and an inout-parameter without one', () =>
    check(async () => {
      const bad = async (args, message, code = 'ERR_FFI_INVALID_ARG_TYPE') => {
        throws(() => sscanf(...args), { code, message });
        await rejects(() => sscanf.async(...args), { code, message });
      };
      await bad(['1', '%d', inout('i')], 'sscanf: argument 3: expected [inout(type), value]');
      await bad(['1', '%d', [out('i'), 1]], 'sscanf: argument 3: expected out(type), which takes no value');
      await bad(['1', '%d', out('i'), [inout('i'), 'x']], 'sscanf: argument 4: expected number, got string');
      await bad(['1', '%d', out('i'), 1], /^sscanf: argument 4: expected \[type, value\]/);
      await bad(['1'], 'sscanf: expected at least 2 arguments, got 1', 'ERR_FFI_ARG_COUNT');
      throws(() => snprintf(), {
        code: 'ERR_FFI_ARG_COUNT',
        message: 'snprintf: expected at least 2 arguments, got 0',
      });
    }, 20));
});

test('an out-parameter needs a type with values, and is allowed only in the arguments of a C function', () =>
  check(() => {
    const bad = (make, message) => throws(make, { code: 'ERR_FFI_BAD_SIGNATURE', message });
    bad(() => out('v'), /^out: void has no values/);
    bad(() => inout('itn'), /^inout: unknown type 'itn'; did you mean 'int'/);
    bad(() => out(), /^out: expected a type, got undefined/);
    bad(
      () => new JSCallback(() => {}, { args: [out('i')] }),
      'JSCallback: args[0]: a callback cannot have an out-parameter',
    );
    bad(
      () => dlopen(fixture, { call_i32: { args: [{ args: [out('i')] }] } }),
      /args\[0\]: args\[0\]: a callback cannot/,
    );
    bad(() => dlopen(fixture, { echo_i32: { returns: out('i') } }), /returns: expected a type/);
  }, 20));

describe('text that C gives and that lies in an argument', () => {
  const definition = { args: ['cstring', out('cstring'), 'int'], returns: 'long' };
  const { strtol, wide } = dlopen(null, {
    strtol: definition,
    wide: { name: 'wcstol', args: ['WString', out('WString'), 'int'], returns: 'long' },
  }).symbols;
  const long = `7${'x'.repeat(5000)}`;

  test('is copied before the copy of the argument ends', () =>
    check(async () => {
      for (const text of ['12 rest', long]) {
        const expected = { value: parseInt(text, 10), out: [text.replace(/^\d+/, '')] };
        assert.deepEqual(strtol(text, 10), expected);
        assert.deepEqual(await strtol.async(text, 10), expected);
        const withErrno = { ...expected, ...withErrnoOf(expected.value, 0) };
        assert.deepEqual(strtol.with({ errno: { set: 0 } })(text, 10), withErrno);
        assert.deepEqual(wide(text, 10), expected);
      }
    }, 10));
});
