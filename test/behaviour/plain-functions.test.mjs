// Plain functions where C takes a function pointer: allowed where the definition says how C calls it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CFunction, dlopen, JSCallback } from 'arkffi';
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
  test('is called by C', () =>
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

  test('is another one in each call, and in each place', () =>
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

  test('may be passed where a callback, an address, a symbol or null may be passed, and back', () =>
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

  test('with a ptr is still the function: symbols and CFunctions are C functions', () =>
    check(() => {
      const echo = CFunction({ ...intToInt, ptr: lib.echo_i32 });
      assert.equal(lib.call_i32(lib.echo_i32, 5), 5);
      assert.equal(lib.call_i32(echo, 5), 5);
    }));

  test('may call the same function again, with another, as deep as that goes', () =>
    repeat(() => {
      const deeper = (depth) => lib.call_me_back(depth % 2 ? deeper : (n) => deeper(n), depth);
      assert.equal(lib.call_me_back(deeper, 40), 40);
      assert.equal(
        lib.call_i32((n) => lib.call_i32((m) => m + 1, n) + 1, 1),
        3,
      );
    }));

  test('may throw: the call does, and the next is as ever', () =>
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

  test('that returns what its type cannot be is named after the function it was passed to', () =>
    check(() => {
      throws(() => lib.call_i32(() => 'text', 1), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /call_i32/ });
      throws(() => lib.call_i32(() => 2 ** 31, 1), { code: 'ERR_FFI_OUT_OF_RANGE', message: /call_i32/ });
    }));

  test('lives for that call alone: C that keeps it reaches nothing', () =>
    check(() => {
      let calls = 0;
      lib.call_store(() => ++calls);
      throws(() => lib.call_stored(1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      throws(() => lib.call_stored(1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      assert.equal(calls, 0);
      lib.call_store(null);
    }));

  test('is not taken where another argument is refused', () =>
    check(() => {
      throws(() => lib.call_i32((n) => n, 'text'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => lib.call_i32((n) => n), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => lib.call_both((n) => n, 'text', 1), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }));

  test('may close the library it is called from, and what it was passed to', () =>
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
  test("is called from that call's thread, and gives its value to C", () =>
    check(async () => {
      assert.equal(await lib.call_i32.async((n) => n * 2, 21), 42);
      assert.equal(await lib.call_times.async((n) => n, 10), 45);
    }));

  test('is called from threads of the library', () =>
    repeat(async () => {
      assert.equal(await lib.thread_call.async((n) => n * 2, 21), 42);
      assert.equal(await lib.thread_call_many.async((n) => n, 8, 5), 140);
    }, 20));

  test('is one of many at once', () =>
    repeat(async () => {
      const calls = Array.from({ length: 100 }, (_, i) => lib.call_i32.async((n) => n + i, 1));
      assert.deepEqual(
        await Promise.all(calls),
        Array.from({ length: 100 }, (_, i) => 1 + i),
      );
    }, 10));

  test('may throw: the Promise rejects with it, and C got zero', () =>
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

  test('lives until the call has ended, though nobody else has it', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const call = lib.gate_call.async(gate, (n) => n + 1, 1);
        for (let i = 0; i < 100; i++) lib.call_i32(() => 0, 1);
        gate.open();
        assert.equal(await call, 2);
      }),
    ));

  test('is dead when the call has ended', () =>
    check(async () => {
      await lib.call_store.async((n) => n);
      throws(() => lib.call_stored(1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      lib.call_store(null);
    }));
});

describe('a bare callback type', () => {
  test('takes no plain function, because nothing says how C calls it', () =>
    check(async () => {
      const wanted = {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^call_i32: argument 1: expected a callback, .*declared signature.*, got function$/,
      };
      throws(() => bare.call_i32((n) => n, 1), wanted);
      throws(() => bare.call_i32(class {}, 1), wanted);
      await rejects(() => bare.call_i32.async((n) => n, 1), wanted);
    }));

  test('takes no plain function from the raw bridge either', () => {
    const handle = ffi.load(fixture);
    ffi.defineFunction(handle, 'call_i32', 'ki', 'i');
    const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /call_i32: argument 1: / };
    return check(async () => {
      throws(() => ffi.callBySig(handle, 'call_i32', [(n) => n, 1], []), wanted);
      await rejects(() => ffi.callAsync(handle, 'call_i32', 'ki', 'i', [(n) => n, 1], []), wanted);
      assert.equal(ffi.callMixed(handle, 'call_i32', 'k(i)ii', 'i', [(n) => n + 1, 1], []), 2);
    });
  });

  test('takes nothing else that is no function pointer', () =>
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
  test('last until it next returns or the call ends', () => {
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

  test('may be what the call gives to JavaScript', () =>
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
