// Variadic functions, in every way of calling.
import assert from 'node:assert/strict';
import { closeSync, constants, readFileSync, writeSync } from 'node:fs';
import { constants as system } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { AsyncCFunction, CFunction, dlopen, FFIType, JSCallback, Struct, typed } from 'arkffi';
import ffi from 'liblibrary.so';
import { hasOwnFiles, isWindows, lacksDprintf } from './hosts.mjs';
import { ownFixture, ownFolder, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';

const handle = ffi.load(fixture);

/**
 * A variadic function of the fixture in every way of calling: each takes the fixed arguments and [letter, value] pairs.
 */
function routes(name, args, returns) {
  const address = ffi.getSymbolPtr(handle, name);
  const definition = { args: [...args, '...'], returns };
  const symbol = dlopen(fixture, { [name]: definition }).symbols[name];
  const pointed = CFunction({ ...definition, ptr: address, name });
  const raw = (call) => (fixed, extra) => {
    const letters = [...args, ...extra.map(([type]) => type)];
    const values = [...fixed, ...extra.map(([, value]) => value)];
    const isString = (_, i) => letters[i] === 's';
    const text = `${args.join('')}.${letters.slice(args.length).join('')}`;
    return call(
      text,
      values.filter((value, i) => !isString(value, i)),
      values.filter(isString),
    );
  };
  const defined =
    (call) =>
    (types, ...lists) => {
      ffi.defineFunction(handle, name, types, returns);
      return call(types, ...lists);
    };
  return {
    callMixed: raw((types, ...lists) => ffi.callMixed(handle, name, types, returns, ...lists)),
    callPtr: raw((types, ...lists) => ffi.callPtr(address, types, returns, ...lists)),
    callBySig: raw(defined((types, ...lists) => ffi.callBySig(handle, name, ...lists))),
    callAsync: raw(defined((types, ...lists) => ffi.callAsync(handle, name, types, returns, ...lists))),
    callPtrAsync: raw((types, ...lists) => ffi.callPtrAsync(address, types, returns, ...lists)),
    symbol: (fixed, extra) => symbol(...fixed, ...extra),
    'symbol.async': (fixed, extra) => symbol.async(...fixed, ...extra),
    'symbol.with': (fixed, extra) => symbol.with({ errno: true })(...fixed, ...extra).value,
    'symbol.async.with': async (fixed, extra) =>
      (await symbol.async.with({ errno: true, timeout: 10_000 })(...fixed, ...extra)).value,
    'with typed values': (fixed, extra) => symbol(...fixed, ...extra.map(([type, value]) => typed(type, value))),
    CFunction: (fixed, extra) => pointed(...fixed, ...extra),
    'CFunction.async': (fixed, extra) => pointed.async(...fixed, ...extra),
    AsyncCFunction: (fixed, extra) => AsyncCFunction({ ...definition, ptr: address, name })(...fixed, ...extra),
  };
}

function onEach(made, body) {
  return check(async () => {
    for (const [name, call] of Object.entries(made)) {
      try {
        await body(call);
      } catch (error) {
        error.message = `${name}: ${error.message}`;
        throw error;
      }
    }
  }, 10);
}

const weighInts = routes('variadic_weigh_i32', ['i'], 'l');
const weighDoubles = routes('variadic_weigh_f64', ['i'], 'd');
const weighPairs = routes('variadic_weigh_pairs', ['i'], 'd');
const print = routes('variadic_print', ['p', 'L', 's'], 'i');

const weigh = (values) => values.reduce((sum, value, i) => sum + (i + 1) * value, 0);
const numbers = (count) => Array.from({ length: count }, (_, i) => (i % 7) - 3);

describe('the arguments of a variadic function', () => {
  for (const count of [0, 1, 2, 5, 6, 7, 8, 9, 20, 100]) {
    test(`a variadic function takes ${count} integers, or ${count} doubles, in every way of calling`, async () => {
      const values = numbers(count);
      await onEach(weighInts, async (call) =>
        assert.equal(
          await call(
            [count],
            values.map((value) => ['i', value]),
          ),
          weigh(values),
        ),
      );
      await onEach(weighDoubles, async (call) =>
        assert.equal(
          await call(
            [count],
            values.map((value) => ['d', value / 2]),
          ),
          weigh(values) / 2,
        ),
      );
    });
  }

  test('a variadic function takes alternating integers and doubles, in registers and on the stack, in every way of calling', () =>
    onEach(weighPairs, async (call) => {
      const values = numbers(40);
      const extra = values.map((value, i) => [i % 2 ? 'd' : 'l', value]);
      assert.equal(await call([20], extra), weigh(values));
    }));

  test('narrow integers and bools are passed as ints, and floats as doubles, in every way of calling', async () => {
    const narrow = [
      ['c', -128],
      ['C', 255],
      ['h', -32768],
      ['H', 65535],
      ['b', true],
      ['b', 0],
    ];
    await onEach(weighInts, async (call) =>
      assert.equal(await call([6], narrow), weigh([-128, 255, -32768, 65535, 1, 0])),
    );
    const floats = [
      ['f', 0.1],
      ['f', -2.5],
      ['d', 0.1],
    ];
    await onEach(weighDoubles, async (call) =>
      assert.equal(await call([3], floats), Math.fround(0.1) + 2 * -2.5 + 3 * 0.1),
    );
  });

  test('a variadic function takes strings, pointers and 64-bit integers, in every way of calling', () =>
    onEach(print, async (call) => {
      const bytes = new Uint8Array(128);
      const extra = [
        ['s', 'é'],
        ['l', -(2n ** 63n)],
        ['L', 2n ** 64n - 1n],
        ['p', new Uint8Array(Buffer.from('bytes\0'))],
        ['s', '😀'],
      ];
      const length = await call([bytes, 128, '%s %lld %llu %s %s'], extra);
      const expected = 'é -9223372036854775808 18446744073709551615 bytes 😀';
      assert.equal(Buffer.from(bytes.buffer, 0, length).toString(), expected);
    }));

  test('a variadic function takes 127 arguments in total, and no more', () => {
    const { variadic_weigh_i32: fn } = dlopen(fixture, {
      variadic_weigh_i32: { args: ['i', '...'], returns: 'l' },
    }).symbols;
    return check(() => {
      const values = numbers(126);
      assert.equal(fn(126, ...values.map((value) => ['i', value])), weigh(values));
      throws(() => fn(127, ...numbers(127).map((value) => ['i', value])), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /^variadic_weigh_i32: argument types: argument 128 is beyond the limit of 127/,
      });
    }, 100);
  });
});

const { symbols } = dlopen(fixture, {
  variadic_weigh_i32: { args: ['i', '...'], returns: 'l' },
  variadic_call: { args: [FFIType.int, '...'], returns: FFIType.int },
});

describe('a variable argument', () => {
  const { variadic_weigh_i32: fn } = symbols;

  test('a variable argument needs its type: every bare value is refused by the same rule', () =>
    check(async () => {
      const bad = (value, got) => {
        const message = `variadic_weigh_i32: argument 3: expected [type, value] or typed(type, value), for its type is not declared, got ${got}`;
        throws(() => fn(2, ['i', 1], value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
        return rejects(() => fn.async(2, ['i', 1], value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      };
      await bad(7, '7');
      await bad(0.5, '0.5');
      await bad('text', "'text'");
      await bad(7n, '7n');
      await bad(true, 'true');
      await bad(null, 'null');
      await bad(undefined, 'undefined');
      await bad({}, 'an object');
      await bad(new Uint8Array(2), 'an object');
      await bad([], 'an array');
      await bad(['i'], 'an array');
      await bad(['i', 1, 2], 'an array');
    }, 10));

  test('a variable argument of an unknown type is refused', () =>
    check(() => {
      const bad = (type, message) => throws(() => fn(1, [type, 1]), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      bad('itn', /^variadic_weigh_i32: argument 2: unknown type 'itn'; did you mean 'int'\?/);
      bad('v', /^variadic_weigh_i32: argument 2: void has no values/);
      bad(undefined, /^variadic_weigh_i32: argument 2: expected a type, got undefined/);
    }, 10));

  test('a variable argument is checked as a declared one is, and named by its position', () =>
    check(async () => {
      const range = {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: /^variadic_weigh_i32: argument 3: 128 is out of range for int8_t/,
      };
      throws(() => fn(2, ['i', 1], ['c', 128]), range);
      await rejects(() => fn.async(2, ['i', 1], typed('c', 128)), range);
      throws(() => fn(1, ['i', '1']), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: 'variadic_weigh_i32: argument 2: expected number, got string',
      });
      assert.equal(fn(1, ['int32_t', 5]), 5);
      assert.equal(fn(1, [FFIType.int, 5]), 5);
    }, 10));

  test('a variable argument may be a callback or, with its signature, a plain function', () =>
    check(async () => {
      const { variadic_call: call } = symbols;
      const signature = { args: ['i'], returns: 'i' };
      const twice = new JSCallback((n) => 2 * n, signature);
      assert.equal(call(21, ['k', twice]), 42);
      assert.equal(call(21, [signature, (n) => n + 1]), 22);
      assert.equal(await call.async(21, [signature, (n) => n + 2]), 23);
      const thrown = new Error('mine');
      throws(
        () =>
          call(1, [
            signature,
            () => {
              throw thrown;
            },
          ]),
        thrown,
      );
      twice.close();
    }, 10));

  test('a variable argument may have a getter that throws, or that calls the same function', () =>
    check(() => {
      const thrown = new Error('mine');
      const hostile = Object.defineProperty(['i', 1], 1, {
        get() {
          throw thrown;
        },
      });
      throws(() => fn(1, hostile), thrown);
      const nested = Object.defineProperty(['i', 1], 1, { get: () => fn(2, ['i', 1], ['i', 1]) });
      assert.equal(fn(1, nested), 3);
    }, 10));
});

describe('a struct by value as a variable argument', () => {
  const Mixed = Struct({ count: 'i32', weight: 'f64' }, { name: 'Mixed' });
  const Large = Struct({ values: ['i64', 5] }, { name: 'Large' });
  const { variadic_weigh_structs: fn, variadic_scale: scale } = dlopen(fixture, {
    variadic_weigh_structs: { args: ['s', '...'], returns: 'd' },
    variadic_scale: { args: ['i', '...'], returns: Mixed },
  }).symbols;

  test('structs are passed in registers and on the stack, among other arguments, sync and async', () =>
    check(async () => {
      const mixed = (i) => [Mixed, i % 2 ? { count: i, weight: i / 2 } : Mixed.create({ count: i, weight: i / 2 })];
      const large = [Large, Large.create({ values: [1, 2, 3, 4, 5] })];
      const extra = [['i', 5], mixed(1), ['d', 0.5], large, mixed(2), ['f', 2.5], mixed(3), mixed(4), large, mixed(5)];
      const values = [5, 1.5, 0.5, 15, 3, 2.5, 4.5, 6, 15, 7.5];
      assert.equal(fn('imdlmdmmlm', ...extra), weigh(values));
      assert.equal(fn('imdlmdmmlm', ...extra.map((pair) => typed(...pair))), weigh(values));
      assert.equal(await fn.async('imdlmdmmlm', ...extra), weigh(values));
      assert.deepEqual(fn.with({ errno: true })('m', mixed(7)).value, 10.5);
    }, 10));

  test('the raw bridge takes a struct as letters and bytes', () => {
    const value = Mixed.create({ count: 3, weight: 0.5 }).buffer;
    assert.equal(ffi.callMixed(handle, 'variadic_weigh_structs', 's.i{id}', 'd', [1, value], ['im']), 8);
  });

  test('a variadic function may return a struct', () =>
    check(async () => {
      const result = { count: 6, weight: 1.5 };
      const pair = [Mixed, { count: 2, weight: 0.5 }];
      assert.deepEqual(scale(3, pair).toObject(), result);
      assert.deepEqual((await scale.async(3, pair)).toObject(), result);
      assert.deepEqual(scale.with({ errno: true })(3, pair).value.toObject(), result);
    }, 10));

  test('a struct is checked as a declared argument is', () =>
    check(async () => {
      const bad = (value, message) => {
        throws(() => fn('im', ['i', 1], [Mixed, value]), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
        return rejects(() => fn.async('im', ['i', 1], [Mixed, value]), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
      };
      await bad({ count: 1 }, 'variadic_weigh_structs: argument 3: .weight is missing');
      await bad({ count: 1, weight: '2' }, 'variadic_weigh_structs: argument 3: .weight: expected number, got string');
      await bad(Large.create(), 'variadic_weigh_structs: argument 3: expected a Mixed value, got a Large');
      await bad(7, 'variadic_weigh_structs: argument 3: expected an object with fields, got number');
    }, 10));
});

describe('the declared arguments of a variadic function', () => {
  const { variadic_weigh_i32: fn } = symbols;

  test('all declared arguments are required', () =>
    check(async () => {
      const wanted = { code: 'ERR_FFI_ARG_COUNT', message: 'variadic_weigh_i32: expected at least 1 argument, got 0' };
      throws(() => fn(), wanted);
      await rejects(() => fn.async(), wanted);
      throws(() => fn.with({})(), wanted);
      throws(() => fn.with({ ernno: true }), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }, 10));

  test("'...' must be the last of several arguments", () =>
    check(() => {
      const bad = (args, message) =>
        throws(() => dlopen(fixture, { variadic_print: { args } }), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      bad(['...'], "variadic_print: args[0]: '...': a variadic function has an argument before it");
      bad(['s', '...', 'i'], "variadic_print: args[1]: '...': it must be the last");
      bad(['s', '...', '...'], "variadic_print: args[1]: '...': it must be the last");
      throws(() => dlopen(fixture, { variadic_print: { returns: '...' } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
    }, 10));

  test('the signature shows the declared arguments, and a dot after them', () => {
    assert.equal(String(fn.signature), '(i.)l');
    assert.equal(fn.name, 'variadic_weigh_i32');
    assert.equal(fn.ptr, ffi.getSymbolPtr(handle, 'variadic_weigh_i32'));
  });
});

test('repeated combinations of types are reused, and thousands of combinations do not accumulate', () => {
  const { variadic_weigh_i32: fn } = symbols;
  for (let round = 0; round < 2; round++) {
    for (let kind = 0; kind < 3000; kind++) {
      const letters = kind.toString(2).padStart(12, '0').replace(/0/g, 'i').replace(/1/g, 'h');
      assert.equal(fn(12, ...Array.from(letters, (letter) => [letter, 1])), 78);
    }
  }
});

test('a closed library refuses variadic calls with ERR_FFI_LIBRARY_CLOSED, for every combination of types', () => {
  const path = ownFixture();
  return repeat(async () => {
    const lib = dlopen(path, { variadic_weigh_i32: { args: ['i', '...'], returns: 'l' } });
    const { variadic_weigh_i32: fn } = lib.symbols;
    assert.equal(fn(1, ['i', 5]), 5);
    const pending = fn.async(1, ['i', 6]);
    lib.close();
    assert.equal(await pending, 6);
    for (const extra of [[], [['i', 5]], [['d', 5]]]) {
      throws(() => fn(extra.length, ...extra), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^variadic_weigh_i32: / });
      await rejects(() => fn.async(extra.length, ...extra), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }
  }, 20);
});

test('a closed CFunction refuses variadic calls with ERR_FFI_LIBRARY_CLOSED, for every combination of types', () =>
  check(async () => {
    const ptr = ffi.getSymbolPtr(handle, 'variadic_weigh_i32');
    const fn = CFunction({ args: ['i', '...'], returns: 'l', ptr });
    assert.equal(fn(1, ['i', 5]), 5);
    fn.close();
    for (const extra of [[], [['i', 5]], [['d', 5]]]) {
      throws(() => fn(extra.length, ...extra), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /has been closed/ });
      await rejects(() => fn.async(extra.length, ...extra), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }
  }, 20));

describe('variadic functions of the C library', () => {
  const libc = dlopen(isWindows ? null : 'libc.so.6', {
    snprintf: { args: ['buffer', 'size_t', 'cstring', '...'], returns: 'int' },
    sscanf: { args: ['cstring', 'cstring', '...'], returns: 'int' },
    open: { args: ['cstring', 'int', '...'], returns: 'int', optional: isWindows },
    dprintf: { args: ['int', 'cstring', '...'], returns: 'int', optional: isWindows },
  }).symbols;

  test('snprintf writes what its format requires, sync and async', () =>
    check(async () => {
      const bytes = new Uint8Array(64);
      const text = (length) => Buffer.from(bytes.buffer, 0, length).toString();
      assert.equal(text(libc.snprintf(bytes, 64, 'plain')), 'plain');
      assert.equal(text(libc.snprintf(bytes, 64, '%d%% of %s', ['i', 7], ['s', 'é'])), '7% of é');
      const args = ['%c %5.2f %lld %x', ['char', 65], ['float', 0.5], ['int64', 2n ** 40n], ['uint', 255]];
      assert.equal(text(await libc.snprintf.async(bytes, 64, ...args)), 'A  0.50 1099511627776 ff');
    }, 10));

  test('sscanf writes through the given pointers', () =>
    check(() => {
      const [whole, real, word] = [new Int32Array(1), new Float64Array(1), new Uint8Array(8)];
      const pointers = [whole, real, word].map((buffer) => ['p', buffer]);
      assert.equal(libc.sscanf('-5 2.5 word', '%d %lf %7s', ...pointers), 3);
      assert.deepEqual([whole[0], real[0], Buffer.from(word).toString()], [-5, 2.5, 'word\0\0\0\0']);
    }, 10));

  test(
    'open takes a mode if it creates a file, and none otherwise',
    { skip: hasOwnFiles || lacksDprintf },
    async () => {
      const { O_CREAT, O_WRONLY, O_EXCL } = constants;
      const path = join(ownFolder, 'opened');
      const file = libc.open(path, O_CREAT | O_WRONLY | O_EXCL, ['uint', 0o640]);
      assert.ok(file >= 0);
      writeSync(file, 'by open\n');
      assert.equal(libc.dprintf(file, '%s %d\n', ['s', 'dprintf'], ['i', 42]), 11);
      closeSync(file);
      assert.equal(readFileSync(path, 'utf8'), 'by open\ndprintf 42\n');
      const read = await libc.open.async(path, 0);
      assert.equal(readFileSync(read, 'utf8'), 'by open\ndprintf 42\n');
      closeSync(read);
      const missing = withErrnoOf(-1, system.errno.ENOENT);
      assert.deepEqual(libc.open.with({ errno: true })(join(ownFolder, 'missing'), 0), missing);
      assert.deepEqual(await libc.open.async.with({ errno: true })(join(ownFolder, 'missing'), 0), missing);
    },
  );
});
