// The names that C and other libraries have for types, wherever a type may stand.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AsyncCFunction,
  callbackType,
  CFunction,
  cdef,
  dlopen,
  FFIType,
  inout,
  JSCallback,
  linkSymbols,
  NativeLibrary,
  NativeStruct,
  NativeField,
  out,
  owned,
  ptr,
  read,
  Struct,
  typed,
  write,
  findLibrary,
} from 'arkffi';
import { check, fixture, throws, withErrnoOf } from './support.mjs';

const echoes = {
  echo_u32: ['unsigned int', 4_000_000_000],
  echo_i8: ['signed char', -3],
  echo_u8: ['byte', 255],
  echo_u16: ['char16_t', 65_535],
  echo_i64: ['long long', -(2 ** 40)],
  echo_u64: ['unsigned long long', 2n ** 63n],
  echo_f64: ['float64', 0.1],
  echo_f32: ['float32', 0.5],
  echo_bool: ['_Bool', true],
  echo_string: ['const char *', 'é'],
  echo_string16: ['const char16_t *', 'é'],
  echo_wstring: ['const wchar_t *', 'é'],
  echo_pointer: ['void *', 70_000],
  echo_callback: ['fn', 70_000],
};
const lib = dlopen(
  fixture,
  Object.fromEntries(Object.entries(echoes).map(([name, [type]]) => [name, { args: [type], returns: type }])),
);

describe('names of C and of other libraries', () => {
  for (const [name, [type, value]] of Object.entries(echoes)) {
    test(`'${type}' is the type of an argument and of a result, also of callbacks and in later calls`, () => {
      const echo = lib.symbols[name];
      const signature = { args: [type], returns: type };
      const callback = new JSCallback((given) => given, signature);
      const called = CFunction({ ...signature, ptr: callback });
      const later = AsyncCFunction({ ...signature, ptr: echo });
      return check(async () => {
        assert.equal(echo(value), value);
        assert.equal(await echo.async(value), value);
        assert.deepEqual(echo.with({ errno: true })(value), withErrnoOf(value, 0));
        assert.equal(called(value), value);
        assert.equal(await later(value), value);
      }, 20).then(() => callback.close());
    });
  }

  test('are types of fields, arrays, bit-fields, variables and out-parameters', () => {
    const S = Struct({
      text: 'const char *',
      few: { type: 'unsigned int', bits: 5 },
      list: ['float64', 2],
      p: 'void*',
    });
    const Same = Struct({ text: 'cstring', few: { type: 'uint', bits: 5 }, list: ['double', 2], p: 'pointer' });
    const { frexp } = dlopen(findLibrary('m'), {
      frexp: { args: ['float64', out('signed int')], returns: 'float64' },
    }).symbols;
    const { time } = dlopen(null, { time: { args: [inout('time_t')], returns: 'time_t' } }).symbols;
    const { counter } = dlopen(fixture, { counter: { type: 'signed int' } }).symbols;
    return check(() => {
      assert.equal(S.codec.letters, Same.codec.letters);
      const value = S.create({ text: 'é', few: 31, list: [1, 2] });
      assert.deepEqual(value.toObject(), { text: 'é', few: 31, list: [1, 2], p: 0 });
      assert.deepEqual(frexp(40), { value: 0.625, out: [6] });
      assert.ok(time(5).out[0] > 5);
      const before = counter.value;
      counter.value = 3;
      assert.equal(counter.value, 3);
      counter.value = before;
    }, 10);
  });

  test('are types of variable arguments, of owned strings and of batches', () => {
    const { snprintf, strdup } = dlopen(null, {
      snprintf: { args: ['char *', 'size_t', 'const char *', '...'], returns: 'signed int' },
      strdup: { args: ['string'], returns: owned('const char *', 'free') },
    }).symbols;
    const room = new Uint8Array(32);
    return check(async () => {
      assert.equal(snprintf(room, 32, '%lld %u', ['long long', -5], typed('unsigned int', 7)), 4);
      assert.equal(strdup('é'), 'é');
      assert.equal(await strdup.async('é'), 'é');
      assert.deepEqual([...lib.symbols.echo_f64.batch([Float64Array.of(1, 2)])], [1, 2]);
      assert.deepEqual([...(await lib.symbols.echo_u32.batch.async([Uint32Array.of(1, 2)]))], [1, 2]);
    }, 10);
  });

  test('are names of functions of read and write, and types of the strict classes and of cdef corrections', () =>
    check(() => {
      const bytes = ptr(room8);
      write['unsigned int'](bytes, 7);
      assert.deepEqual([read['unsigned int'](bytes), read.float32(bytes) > 0], [7, true]);
      const strict = NativeLibrary.open(fixture);
      assert.equal(strict.func('echo_u32', ['unsigned int'], 'unsigned int')(8), 8);
      strict.close();
      const Pair = new NativeStruct([new NativeField('x', 'long long'), new NativeField('y', 'float64')]);
      assert.equal(Pair.size, 16);
      const text = 'double frexp(double value, int *exponent);';
      const { frexp } = cdef(findLibrary('m'), text, {
        symbols: { frexp: { args: ['float64', out('signed')] } },
      }).symbols;
      assert.deepEqual(frexp(40).out, [6]);
      const { symbols, close } = linkSymbols({
        f: { ptr: lib.symbols.echo_f64, args: ['float64'], returns: 'float64' },
      });
      assert.equal(symbols.f(0.5), 0.5);
      close();
      assert.deepEqual(callbackType(['void *'], 'signed int'), { args: ['void *'], returns: 'signed int' });
    }, 10));

  test('are checked as the types that they stand for', () =>
    check(() => {
      throws(() => lib.symbols.echo_u32(-1), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: 'echo_u32: argument 1: -1 is out of range for uint32_t (0 to 4294967295)',
      });
      throws(() => lib.symbols.echo_pointer('text'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => Struct({ x: { type: 'float64', bits: 3 } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
      throws(() => lib.symbols.echo_f64('1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }));

  test('are keys of FFIType', () =>
    check(() => {
      for (const [type] of Object.values(echoes)) assert.equal(typeof FFIType[type], 'string');
    }));
});

const room8 = new Uint8Array(8);
