// Pointers: addresses as arguments and results, and every value that can be passed as one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CFunction, CString, dlopen, FFIType, JSCallback, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, everyRoute, fixture, got, kept, throws } from './support.mjs';

const safe = Number.MAX_SAFE_INTEGER;
const echoes = { p: everyRoute('echo_pointer', '(p)p', [1]), k: everyRoute('echo_callback', '(k)k', [1]) };
const address = everyRoute('buffer_address', '(p)L', [1]);

for (const [code, echo] of Object.entries(echoes)) {
  test(`'${code}' passes and returns addresses as numbers on every route`, async () => {
    for (const value of [0, 1, 65535, 65536, 2 ** 32, 2 ** 47 - 1, safe]) await echo.gives([value], value);
  });

  test(`'${code}' accepts bigints, and returns a number up to 2^53 - 1, on every route`, async () => {
    for (const value of [0n, 1n, 65536n, 2n ** 47n, 2n ** 53n - 1n]) await echo.gives([value], Number(value));
  });

  test(`'${code}' returns a bigint above 2^53 - 1 on every route`, async () => {
    for (const value of [2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 0xb400_0070_1234_5678n, 2n ** 64n - 1n]) {
      await echo.gives([value], value);
    }
  });

  test(`'${code}' returns 0 for NULL, and accepts null and -0 as NULL, on every route`, async () => {
    await echo.gives([null], 0);
    await echo.gives([-0], 0);
  });

  test(`'${code}' refuses numbers that are not addresses on every route`, async () => {
    for (const value of [-1, 1.5, NaN, Infinity, -Infinity, 2 ** 53, 2 ** 64, Number.MIN_VALUE]) {
      await echo.refuses([value], { code: 'ERR_FFI_OUT_OF_RANGE', message: /: argument 1: .*address/ });
    }
  });

  test(`'${code}' refuses bigints that are not addresses on every route`, async () => {
    for (const value of [-1n, 2n ** 64n, 2n ** 70n, -(2n ** 64n)]) {
      await echo.refuses([value], {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: new RegExp(`argument 1: ${value} is out of`),
      });
    }
  });

  test(`'${code}' refuses values of other types on every route`, async () => {
    const values = [undefined, true, false, '1', '', Symbol('p'), {}, [], [1], new Date(0), new Map(), /x/];
    for (const value of values) {
      await echo.refuses([value], {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: new RegExp(`: argument 1: expected .*address.*, ${got(value)}`),
      });
    }
  });

  test(`'${code}' uses the ptr of an object or a function on every route`, async () => {
    await echo.gives([{ ptr: 65536 }], 65536);
    await echo.gives([{ ptr: 2n ** 64n - 1n }], 2n ** 64n - 1n);
    await echo.gives([Object.assign(() => {}, { ptr: 4096 })], 4096);
    await echo.gives([Object.create({ ptr: 77 })], 77);
  });

  test(`'${code}' refuses an object whose ptr is not an address on every route`, async () => {
    for (const ptr of [undefined, '65536', true, {}, { ptr: 1 }, Symbol('ptr')]) {
      await echo.refuses([{ ptr }], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: expected / });
    }
    for (const ptr of [-1, 1.5, NaN, 2 ** 53, -1n, 2n ** 64n]) {
      await echo.refuses([{ ptr }], { code: 'ERR_FFI_OUT_OF_RANGE', message: /: argument 1: / });
    }
  });
}

test("'k' refuses buffers on every route", async () => {
  for (const value of [new Uint8Array(8), new ArrayBuffer(8), new DataView(new ArrayBuffer(8))]) {
    await echoes.k.refuses([value], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: expected a callback/ });
  }
});

test("'k' refuses a plain function if its signature is not declared, and the error says so, on every route", () =>
  echoes.k.refuses([() => 1], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: .*signature/ }));

test("'p' refuses a plain function on every route", () =>
  echoes.p.refuses([() => 1], {
    code: 'ERR_FFI_INVALID_ARG_TYPE',
    message: /: argument 1: expected .*, got function; a plain function is taken where \{ args, returns \} declare/,
  }));

test('every object of arkffi with a ptr can be passed as its address on every route', async () => {
  const { symbols } = dlopen(fixture, { echo_i32: { args: ['i'], returns: 'i' }, buffer_static: { returns: 'p' } });
  const callback = new JSCallback(() => 1, { returns: 'i' });
  const value = Struct({ x: 'i', y: 'd' }).create({ x: 7 });
  const text = new CString(symbols.buffer_static());
  const pointed = CFunction({ ptr: symbols.echo_i32, args: ['i'], returns: 'i' });
  for (const thing of [symbols.echo_i32, callback, value, text, pointed]) {
    assert.ok(thing.ptr > 65535);
    await address.gives([thing], thing.ptr);
  }
  await everyRoute('buffer_first', '(p)C', [value]).gives([value], 7);
  assert.equal(pointed.ptr, symbols.echo_i32.ptr);
  callback.close();
});

test('a closed callback is refused as an argument on every route', async () => {
  const callback = new JSCallback(() => 1, { returns: 'i' });
  callback.close();
  for (const echo of Object.values(echoes)) await echo.refuses([callback], { code: 'ERR_FFI_CALLBACK_CLOSED' });
});

test('a pointer to a pointer can be written and read on every route', async () => {
  const slot = new BigUint64Array(1);
  await everyRoute('pointer_store', '(pp)v', [slot, null]).gives([slot, 2n ** 64n - 2n], () => {
    assert.equal(slot[0], 2n ** 64n - 2n);
    slot[0] = 0n;
  });
  slot[0] = 12345n;
  await everyRoute('pointer_load', '(p)p', [slot]).gives([slot], 12345);
  const number = kept(Int32Array.of(-5)); // nothing but its address refers to it below
  slot[0] = BigInt(ffi.ptr(number));
  await everyRoute('pointer_load_twice', '(p)i', [slot]).gives([slot], -5);
});

test('results that C writes through pointers arrive in typed arrays on every route', async () => {
  const divide = everyRoute('pointer_out_divide', '(iipp)b', [1, 1, new Int32Array(1), new Int32Array(1)]);
  await divide.gives(
    () => [-17, 5, new Int32Array(1), new Int32Array(1)],
    (value, [, , quotient, rest]) => {
      assert.equal(Boolean(value), true);
      assert.deepEqual([quotient[0], rest[0]], [-3, -2]);
    },
  );
  await divide.gives([1, 0, null, null], false);
});

test('a string that C returns through a pointer can be read with readCString', () => {
  const { symbols } = dlopen(fixture, { pointer_out_string: { args: ['p'], returns: 'i' } });
  return check(() => {
    const out = new BigUint64Array(1);
    assert.equal(symbols.pointer_out_string(out), 17);
    assert.equal(ffi.readCString(out[0]), 'through a pointer');
  });
});

test('a list of strings can be passed as addresses that end with 0 on every route', async () => {
  const texts = ['one', 'two', 'drei'].map((text) => Buffer.from(`${text}\0`));
  const list = BigUint64Array.from([...texts.map((text) => BigInt(ffi.ptr(text))), 0n]);
  await everyRoute('pointer_strings_length', '(p)l', [list]).gives([list], 10);
  assert.equal(texts.length, 3); // in use until here: C has only the addresses
});

test('getSymbolPtr returns the address of functions and of data', () => {
  const handle = ffi.load(fixture);
  const { symbols } = dlopen(fixture, {
    counter_read: { returns: 'i' },
    counter_write: { args: ['i'] },
    numbers_weigh: { returns: 'd' },
  });
  return check(() => {
    const counter = ffi.getSymbolPtr(handle, 'counter');
    const numbers = ffi.getSymbolPtr(handle, 'numbers');
    assert.equal(ffi.getSymbolPtr(handle, 'counter_read'), symbols.counter_read.ptr);
    symbols.counter_write(-42);
    assert.equal(new Int32Array(ffi.readMemory(counter, 4))[0], -42);
    ffi.writeMemory(counter, Int32Array.of(7));
    assert.equal(symbols.counter_read(), 7);
    assert.deepEqual([...new Float64Array(ffi.readMemory(numbers, 32))], [0.5, 1.5, 2.5, 3.5]);
    assert.equal(symbols.numbers_weigh(), 25);
    const [text] = new BigUint64Array(ffi.readMemory(ffi.getSymbolPtr(handle, 'text'), 8));
    assert.equal(ffi.readCString(text), 'a global text');
  });
});

test('a function pointer that C returns can be called, and is refused if it is NULL', () => {
  const { symbols } = dlopen(fixture, {
    function_of: { args: [FFIType.char], returns: FFIType.function },
    function_apply: { args: ['k', 'i', 'i'], returns: 'i' },
  });
  return check(() => {
    const minus = symbols.function_of('-'.charCodeAt(0));
    assert.equal(CFunction({ ptr: minus, args: ['i', 'i'], returns: 'i' })(50, 8), 42);
    assert.equal(ffi.callPtr(minus, 'ii', 'i', [50, 8], []), 42);
    assert.equal(symbols.function_apply(minus, 50, 8), 42);
    const none = symbols.function_of('?'.charCodeAt(0));
    assert.equal(none, 0);
    throws(() => CFunction({ ptr: none, args: ['i', 'i'], returns: 'i' }), { code: 'ERR_FFI_NULL_POINTER' });
  });
});
