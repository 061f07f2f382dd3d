import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { AsyncCFunction, CFunction, dlopen, FFIType, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { Gate, nextTurn, ownFixture, repeat, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const handle = ffi.load(fixture);
after(() => ffi.close(handle));
const address = (name) => ffi.getSymbolPtr(handle, name);
const binary = { args: ['i', 'i'], returns: 'l' };
const makers = { CFunction, AsyncCFunction };

describe('CFunction', () => {
  test('CFunction calls the function at an address', () => {
    const weigh = CFunction({ ...binary, ptr: address('weigh_i32_2') });
    return check(() => {
      assert.equal(weigh(1, 10), 21);
      assert.equal(weigh.ptr, address('weigh_i32_2'));
    });
  });

  test('the async call of a CFunction gives the same result', () => {
    const weigh = CFunction({ ...binary, ptr: address('weigh_i32_2') });
    return check(async () => assert.equal(await weigh.async(1, 10), 21));
  });

  test('CFunction can be called with new', () =>
    check(() => {
      const weigh = new CFunction({ ...binary, ptr: address('weigh_i32_2') });
      assert.equal(typeof weigh, 'function');
      assert.equal(weigh(1, 10), 21);
    }));

  test('CFunction may omit args and returns, and accepts every name of a type', () =>
    check(() => {
      assert.equal(CFunction({ ptr: address('echo_void') })(), undefined);
      assert.equal(CFunction({ returns: 'int', ptr: address('counter_read') })(), 7);
      const echo = CFunction({ args: [FFIType.double], returns: 'f64', ptr: address('echo_f64') });
      assert.equal(echo(0.5), 0.5);
      assert.equal(String(echo.signature), '(d)d');
    }));

  test('CFunction accepts a bigint, a symbol, a CFunction or a callback as the address', () => {
    const { weigh_i32_2: symbol } = dlopen(fixture, { weigh_i32_2: binary }).symbols;
    const made = CFunction({ ...binary, ptr: symbol });
    const callback = new JSCallback((a, b) => a - b, binary);
    return check(() => {
      assert.equal(CFunction({ ...binary, ptr: BigInt(address('weigh_i32_2')) })(1, 10), 21);
      assert.equal(made(1, 10), 21);
      assert.equal(CFunction({ ...binary, ptr: made })(1, 10), 21);
      assert.equal(CFunction({ ...binary, ptr: callback })(1, 10), -9);
    });
  });

  test('CFunction calls a function whose address C returned', () => {
    const { function_of } = dlopen(fixture, { function_of: { args: ['char'], returns: 'function' } }).symbols;
    const [plus, minus] = ['+', '-'].map((sign) =>
      CFunction({ args: ['i', 'i'], returns: 'i', ptr: function_of(sign.charCodeAt(0)), name: sign }),
    );
    return check(() => {
      assert.equal(plus(44, 2), 46);
      assert.equal(minus(44, 2), 42);
    });
  });

  test('error messages use the name of a CFunction', () => {
    const named = CFunction({ ...binary, ptr: address('weigh_i32_2'), name: 'weigh' });
    const unnamed = CFunction({ ...binary, ptr: address('weigh_i32_2') });
    return check(() => {
      throws(() => named(1), { code: 'ERR_FFI_ARG_COUNT', message: 'weigh: expected 2 arguments, got 1' });
      throws(() => unnamed(1), { code: 'ERR_FFI_ARG_COUNT', message: 'CFunction: expected 2 arguments, got 1' });
    });
  });

  test('a CFunction keeps no library open, and fails once its library is closed', () => {
    const path = ownFixture();
    return repeat(async () => {
      const own = ffi.load(path);
      const watch = watchUnmapping(own);
      const definition = { ...binary, ptr: ffi.getSymbolPtr(own, 'weigh_i32_2'), name: 'weigh' };
      const weigh = CFunction(definition);
      const asyncWeigh = AsyncCFunction(definition);
      assert.equal(weigh(1, 10), 21);
      ffi.close(own);
      watch.assertUnmapped('a CFunction keeps no library open');
      const wanted = { code: 'ERR_FFI_LIBRARY_CLOSED', message: 'weigh: its library has been closed' };
      throws(() => weigh(1, 10), wanted);
      await rejects(() => weigh.async(1, 10), wanted);
      await rejects(() => asyncWeigh(1, 10), wanted);

      const again = ffi.load(path);
      throws(() => weigh(1, 10), wanted);
      ffi.close(again);
    });
  });

  test('a CFunction works while any handle keeps the library open', () => {
    const path = ownFixture();
    return repeat(() => {
      const [first, second] = [ffi.load(path), ffi.load(path)];
      const weigh = CFunction({ ...binary, ptr: ffi.getSymbolPtr(first, 'weigh_i32_2') });
      ffi.close(first);
      assert.equal(weigh(1, 10), 21);
      ffi.close(second);
      throws(() => weigh(1, 10), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    });
  });

  test('a CFunction for a closed callback fails as the callback does', () => {
    const callback = new JSCallback((n) => n, { args: ['i'], returns: 'i' });
    const call = CFunction({ args: ['i'], returns: 'i', ptr: callback });
    callback.close();
    return check(() => throws(() => call(1), { code: 'ERR_FFI_CALLBACK_CLOSED' }));
  });
});

describe('AsyncCFunction', () => {
  test('AsyncCFunction calls the function at an address on another thread', () => {
    const weigh = AsyncCFunction({ ...binary, ptr: address('weigh_i32_2') });
    const self = AsyncCFunction({ returns: 'q', ptr: address('thread_self') });
    const own = ffi.callMixed(handle, 'thread_self', '', 'q', [], []);
    return check(async () => {
      assert.equal(await weigh(1, 10), 21);
      assert.equal(await weigh.async(1, 10), 21);
      assert.notEqual(await self(), own);
    });
  });

  test('AsyncCFunction can be called with new', () =>
    check(async () => {
      const weigh = new AsyncCFunction({ ...binary, ptr: address('weigh_i32_2') });
      assert.equal(await weigh(1, 10), 21);
    }));

  test('AsyncCFunction rejects and never throws', () => {
    const weigh = AsyncCFunction({ ...binary, ptr: address('weigh_i32_2'), name: 'weigh' });
    return check(async () => {
      await rejects(() => weigh(), { code: 'ERR_FFI_ARG_COUNT', message: 'weigh: expected 2 arguments, got 0' });
      await rejects(() => weigh(1, '2'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      await rejects(() => weigh(1, 2 ** 31), { code: 'ERR_FFI_OUT_OF_RANGE' });
    });
  });
});

describe('a wrong definition', () => {
  const refused = (definition, wanted) => {
    for (const maker of Object.values(makers)) {
      throws(() => maker(definition), wanted);
      throws(() => new maker(definition), wanted);
    }
  };
  const at = (ptr) => ({ ...binary, ptr });

  test('an address at which nothing can be mapped is refused', () =>
    repeat(() => {
      for (const ptr of [0, 0n, -0, null, 1, 1n, 65_535, 65_535n, { ptr: 0 }, { ptr: null }]) {
        refused(at(ptr), { code: 'ERR_FFI_NULL_POINTER' });
      }
    }));

  test('a number that is not an address is refused', () =>
    repeat(() => {
      for (const ptr of [-1, 0.5, NaN, Infinity, 2 ** 53, -1n, 2n ** 64n]) {
        refused(at(ptr), { code: 'ERR_FFI_OUT_OF_RANGE' });
      }
    }));

  test('fast: false takes the slow path, with the same results', async () => {
    for (const fast of [true, false]) {
      const definition = { args: ['i'], returns: 'i', ptr: address('echo_i32'), fast };
      const echo = CFunction(definition);
      const later = AsyncCFunction(definition);
      for (let i = 0; i < 20_000; i++) assert.equal(echo(i), i);
      assert.equal(await echo.async(3), 3);
      assert.equal(await later(4), 4);
      throws(() => echo(0.5), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => echo('x'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }
  });

  test('a value that is not an address is refused', () =>
    repeat(() => {
      for (const ptr of [undefined, '1', true, {}, [], Symbol('ptr'), () => {}, new Uint8Array(8), { ptr: '1' }]) {
        refused(at(ptr), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      }
      refused(binary, { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }));

  test('a definition that is no object, or has unknown keys or types, is refused', () =>
    repeat(() => {
      const ptr = address('echo_i32');
      for (const definition of [undefined, null, 1, 'i', [], () => {}]) {
        refused(definition, { code: 'ERR_FFI_BAD_SIGNATURE' });
      }
      refused(
        { ptr, arg: ['i'] },
        { code: 'ERR_FFI_BAD_SIGNATURE', message: /unknown key 'arg'; did you mean 'args'\?/ },
      );
      refused({ ptr, args: ['v'] }, { code: 'ERR_FFI_BAD_SIGNATURE' });
      refused(
        { ptr, args: ['doubel'] },
        { code: 'ERR_FFI_BAD_SIGNATURE', message: /args\[0\]: unknown type 'doubel'; did you mean 'double'\?/ },
      );
      refused({ ptr, args: Array(128).fill('i') }, { code: 'ERR_FFI_BAD_SIGNATURE' });
      refused({ ptr, name: 1 }, { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      refused({ ptr, fast: 1 }, { code: 'ERR_FFI_BAD_SIGNATURE', message: /: fast: expected a boolean, got 1$/ });
    }));
});

describe('closing a function', () => {
  for (const [name, maker] of Object.entries(makers)) {
    const make = (own, symbol, types = binary) => maker({ ...types, ptr: ffi.getSymbolPtr(own, symbol), name: symbol });

    test(`closing a ${name} affects only that function`, () =>
      check(async () => {
        const [weigh, other] = [make(handle, 'weigh_i32_2'), make(handle, 'weigh_i32_2')];
        weigh.close();
        assert.equal(weigh.close(), undefined);
        const wanted = { code: 'ERR_FFI_LIBRARY_CLOSED', message: 'weigh_i32_2: the function has been closed' };
        if (maker === CFunction) throws(() => weigh(1, 10), wanted);
        else await rejects(() => weigh(1, 10), wanted);
        await rejects(() => weigh.async(1, 10), wanted);
        assert.equal(await other(1, 10), 21);
        assert.equal(weigh.ptr, address('weigh_i32_2'));
      }));

    test(`closing a ${name} lets its calls in flight finish, and keeps the library until then`, () => {
      const path = ownFixture();
      return repeat(() =>
        Gate.use(async (gate) => {
          const own = ffi.load(path);
          const watch = watchUnmapping(own);
          const echo = make(own, 'gate_echo_i32', { args: ['p', 'i'], returns: 'i' });
          const calls = Array.from({ length: 10 }, (_, n) => echo.async(gate, n));
          gate.await(2);
          echo.close();
          ffi.close(own);
          await rejects(() => echo.async(gate, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
          await nextTurn();
          assert.equal(watch.isUnmapped, false);
          gate.open();
          assert.deepEqual(await Promise.all(calls), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
          watch.assertUnmapped();
        }),
      );
    });
  }

  test('closing a CFunction inside its own callback lets the call finish', () =>
    check(() => {
      const plain = { args: [{ args: ['i'], returns: 'i' }, 'i'], returns: 'i' };
      const call = CFunction({ ...plain, ptr: address('call_i32') });
      const closing = (value) => {
        call.close();
        throws(() => call((n) => n, 1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
        return value + 1;
      };
      assert.equal(call(closing, 1), 2);
    }));

  test(
    'CFunction and AsyncCFunction are closed by Symbol.dispose',
    { skip: typeof Symbol.dispose !== 'symbol' && 'this JavaScript engine has no Symbol.dispose' },
    () =>
      check(async () => {
        for (const maker of Object.values(makers)) {
          const weigh = maker({ ...binary, ptr: address('weigh_i32_2') });
          weigh[Symbol.dispose]();
          await rejects(() => weigh.async(1, 10), { code: 'ERR_FFI_LIBRARY_CLOSED' });
        }
      }),
  );
});
