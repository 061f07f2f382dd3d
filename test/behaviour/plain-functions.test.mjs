// Plain functions as arguments for C's function pointers: allowed where the definition declares how C calls them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callbackType, CFunction, dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { Gate, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const intToInt = { args: ['i'], returns: 'i' };
const definitions = {
  call_i32: { args: [intToInt, 'i'], returns: 'i' },
  call_bool: { args: [{ args: ['b'], returns: 'b' }, 'b'], returns: 'b' },
  call_void: { args: [{}] },
  call_times: { args: [intToInt, 'i'], returns: 'l' },
  call_both: { args: [intToInt, intToInt, 'i'], returns: 'i' },
  call_me_back: { args: [intToInt, 'i'], returns: 'i' },
  call_store: { args: [intToInt] },
  call_stored: { args: ['i'], returns: 'i' },
  call_string: { args: [{ args: ['s'], returns: 's' }, 's'], returns: 's' },
  echo_i32: { args: ['i'], returns: 'i' },
  gate_call: { args: ['p', intToInt, 'i'], returns: 'i' },
  thread_call: { args: [intToInt, 'i'], returns: 'l' },
  thread_call_many: { args: [intToInt, 'i', 'i'], returns: 'l' },
};
const lib = dlopen(fixture, definitions).symbols;
const bare = dlopen(fixture, { call_i32: { args: ['k', 'i'], returns: 'i' }, call_store: { args: ['k'] } }).symbols;

describe('a plain function', () => {
  test('C calls a plain function', () =>
    check(() => {
      assert.equal(
        lib.call_i32((n) => n * 2, 21),
        42,
      );
      assert.equal(
        lib.call_times((n) => n, 10),
        45,
      );
      assert.equal(
        lib.call_bool((flag) => !flag, true),
        false,
      );
      let called = 0;
      const count = () => called++;
      assert.equal(lib.call_void(count), undefined);
      assert.equal(called, 1);
    }));

  test('each call, and each argument, may have a different plain function', () =>
    check(() => {
      for (let i = 0; i < 10; i++)
        assert.equal(
          lib.call_i32((n) => n + i, 1),
          1 + i,
        );
      const [plus, times] = [(n) => n + 1, (n) => n * 10];
      assert.equal(lib.call_both(plus, times, 1), 20);
      assert.equal(lib.call_both(times, plus, 1), 11);
      assert.equal(lib.call_both(plus, plus, 1), 3);
    }));

  test('a plain function is accepted beside callbacks, addresses, symbols and null', () =>
    check(() => {
      const callback = new JSCallback((n) => n + 1, intToInt);
      for (const way of [callback, callback.ptr, BigInt(callback.ptr), (n) => n + 1]) {
        assert.equal(lib.call_i32(way, 1), 2);
      }
      assert.equal(
        lib.call_both((n) => n * 10, callback, 1),
        11,
      );
      lib.call_store(null);
      assert.equal(lib.call_stored(1), -1);
      callback.close();
    }));

  test('a function with a ptr is passed as that C function', () =>
    check(() => {
      const echo = CFunction({ ...intToInt, ptr: lib.echo_i32 });
      assert.equal(lib.call_i32(lib.echo_i32, 5), 5);
      assert.equal(lib.call_i32(echo, 5), 5);
    }));

  test('a plain function may call the same C function again with another one, to any depth', () =>
    repeat(() => {
      const deeper = (depth) => lib.call_me_back(depth % 2 ? deeper : (n) => deeper(n), depth);
      assert.equal(lib.call_me_back(deeper, 40), 40);
      assert.equal(
        lib.call_i32((n) => lib.call_i32((m) => m + 1, n) + 1, 1),
        3,
      );
    }));

  test('an exception from a plain function is thrown by the call, and the next call works', () =>
    check(() => {
      const boom = new Error('boom');
      const throwing = () => {
        throw boom;
      };
      throws(() => lib.call_times(throwing, 5), boom);
      throws(() => lib.call_both((n) => n, throwing, 1), boom);
      assert.equal(
        lib.call_times((n) => n, 10),
        45,
      );
    }));

  test('the error of a wrong result says which argument of the C function the plain function was', () =>
    check(async () => {
      const [type, range] = ['ERR_FFI_INVALID_ARG_TYPE', 'ERR_FFI_OUT_OF_RANGE'];
      const message = 'call_i32: argument 1: result: expected number, got string';
      throws(() => lib.call_i32(() => 'text', 1), { code: type, message });
      await rejects(() => lib.call_i32.async(() => 'text', 1), { code: type, message });
      throws(() => lib.call_i32(() => 2 ** 31, 1), {
        code: range,
        message: /^call_i32: argument 1: result: 2147483648 is/,
      });
      throws(
        () =>
          lib.call_both(
            (n) => n,
            () => undefined,
            1,
          ),
        { code: type, message: 'call_both: argument 2: result: expected number, got undefined' },
      );
      throws(() => lib.call_i32(async () => 1, 1), {
        code: type,
        message: /^call_i32: argument 1: result: .* Promise/,
      });
    }));

  test('a value that is no function is refused without advice for plain functions', () =>
    check(async () => {
      for (const value of ['text', {}, true]) {
        const refused = (what) => {
          const message = `call_i32: argument 1: expected ${what}, an address or null, got ${typeof value}`;
          return { code: 'ERR_FFI_INVALID_ARG_TYPE', message };
        };
        const wanted = refused('a function, a JSCallback');
        throws(() => lib.call_i32(value, 1), wanted);
        throws(() => bare.call_i32(value, 1), refused('a callback'));
        await rejects(() => lib.call_i32.async(value, 1), wanted);
      }
    }));

  test('a callback does not return a plain function, which would live for one call', () => {
    const giver = new JSCallback(() => (n) => n, { returns: 'k' });
    return check(() =>
      throws(() => giver.call(), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message:
          'callback: result: expected a JSCallback, an address or null (a plain function lives for one call), got function',
      }),
    );
  });

  test('a plain function lives only during the call: C that keeps it gets an error', () =>
    check(() => {
      let calls = 0;
      lib.call_store(() => ++calls);
      throws(() => lib.call_stored(1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      throws(() => lib.call_stored(1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      assert.equal(calls, 0);
      lib.call_store(null);
    }));

  test('a plain function is not consumed if another argument is refused', () =>
    check(() => {
      throws(() => lib.call_i32((n) => n, 'text'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => lib.call_i32((n) => n), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => lib.call_both((n) => n, 'text', 1), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }));

  test('a plain function may close the library that calls it', () =>
    repeat(() => {
      const own = dlopen(fixture, definitions);
      const result = own.symbols.call_i32((n) => {
        own.close();
        return n + 1;
      }, 1);
      assert.equal(result, 2);
    }));
});

describe('a plain function passed to an async call', () => {
  test("a plain function is called from the async call's thread, and C gets its result", () =>
    check(async () => {
      assert.equal(await lib.call_i32.async((n) => n * 2, 21), 42);
      assert.equal(await lib.call_times.async((n) => n, 10), 45);
    }));

  test('threads of the library may call a plain function', () =>
    repeat(async () => {
      assert.equal(await lib.thread_call.async((n) => n * 2, 21), 42);
      assert.equal(await lib.thread_call_many.async((n) => n, 8, 5), 140);
    }, 20));

  test('many async calls may each have a plain function at once', () =>
    repeat(async () => {
      const calls = Array.from({ length: 100 }, (_, i) => lib.call_i32.async((n) => n + i, 1));
      assert.deepEqual(
        await Promise.all(calls),
        Array.from({ length: 100 }, (_, i) => 1 + i),
      );
    }, 10));

  test('an exception from a plain function rejects the Promise, and C gets zero', () =>
    check(async () => {
      for (const value of [new Error('boom'), 'text', undefined, null, Symbol('s')]) {
        let calls = 0;
        const throwing = () => {
          calls++;
          throw value;
        };
        await rejects(() => lib.call_times.async(throwing, 5), value);
        assert.equal(calls, 1);
      }
    }));

  test('a plain function is kept alive until the call has ended', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const call = lib.gate_call.async(gate, (n) => n + 1, 1);
        for (let i = 0; i < 100; i++) lib.call_i32(() => 0, 1);
        gate.open();
        assert.equal(await call, 2);
      }),
    ));

  test('a plain function of an async call is closed when the call has ended', () =>
    check(async () => {
      await lib.call_store.async((n) => n);
      throws(() => lib.call_stored(1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      lib.call_store(null);
    }));
});

describe('a bare callback type', () => {
  test("a bare callback type refuses plain functions, because C's way of calling them is not declared", () =>
    check(async () => {
      const wanted = {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^call_i32: argument 1: expected a callback, .*declared signature.*, got function$/,
      };
      throws(() => bare.call_i32((n) => n, 1), wanted);
      throws(() => bare.call_i32(class {}, 1), wanted);
      await rejects(() => bare.call_i32.async((n) => n, 1), wanted);
    }));

  test('a bare callback type refuses plain functions from the raw bridge as well', () => {
    const handle = ffi.load(fixture);
    ffi.defineFunction(handle, 'call_i32', 'ki', 'i');
    const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /call_i32: argument 1: / };
    return check(async () => {
      throws(() => ffi.callBySig(handle, 'call_i32', [(n) => n, 1], []), wanted);
      await rejects(() => ffi.callAsync(handle, 'call_i32', 'ki', 'i', [(n) => n, 1], []), wanted);
      assert.equal(ffi.callMixed(handle, 'call_i32', 'k(i)ii', 'i', [(n) => n + 1, 1], []), 2);
    });
  });

  test('callback types refuse everything else that is not a function pointer', () =>
    check(() => {
      for (const value of [undefined, true, 'text', {}, [], Symbol('k')]) {
        throws(() => bare.call_store(value), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
        throws(() => lib.call_store(value), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      }
      for (const value of [-1, 0.5, 2 ** 53, NaN]) {
        throws(() => bare.call_store(value), { code: 'ERR_FFI_OUT_OF_RANGE' });
      }
    }));
});

describe('string results of a plain function', () => {
  test('a string result of a plain function stays valid until its next return or the end of the call', () => {
    const { call_string_copy } = dlopen(fixture, {
      call_string_copy: { args: [{ args: ['s'], returns: 's' }, 's', 'p', 'L'], returns: 'i' },
    }).symbols;
    const out = new Uint8Array(64);
    return check(() => {
      for (const text of ['one', 'two', '']) {
        const length = call_string_copy((given) => given + text, 'given ', out, 64);
        assert.equal(Buffer.from(out).toString('utf8', 0, length), `given ${text}`);
      }
    });
  });

  test('callbackType gives the types as an object in args does', () => {
    const own = dlopen(fixture, { call_i32: { args: [callbackType(['i'], 'i'), 'i'], returns: 'i' } });
    return check(() => {
      assert.equal(
        own.symbols.call_i32((n) => n + 1, 1),
        2,
      );
      assert.deepEqual(callbackType(['p']), { args: ['p'], returns: 'v' });
    });
  });

  test('a string result of a plain function may become the result of the call', () =>
    check(() => {
      assert.equal(
        lib.call_string((given) => `${given}!`, 'hello'),
        'hello!',
      );
      assert.equal(
        lib.call_string(() => null, 'hello'),
        null,
      );
      assert.equal(
        lib.call_string((given) => given, 'x'.repeat(5000)),
        'x'.repeat(5000),
      );
    }));
});
