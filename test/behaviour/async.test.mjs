import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { after, describe, test } from 'node:test';
import { callAsync, callPtrAsync, dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { copiesInFlight } from './hosts.mjs';
import { Gate, nextTurn, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, target } from './support.mjs';

const intToInt = { args: ['i'], returns: 'i' };
const lib = dlopen(fixture, {
  echo_i32: { args: ['i'], returns: 'i' },
  echo_void: {},
  echo_string: { args: ['s'], returns: 's' },
  echo_string16: { args: ['S'], returns: 'S' },
  string_megabyte: { returns: 's' },
  string_null: { returns: 's' },
  string_overwritten: { args: ['s'], returns: 's' },
  string_print: { args: ['p', 'L', 's', 'i', 's', 'd', 'l', 's', 'f', 'C', 's', 'b'], returns: 'i' },
  weigh_f64_127: { args: Array(127).fill('d'), returns: 'd' },
  weigh_mixed_9: { args: ['c', 'd', 'H', 'f', 'l', 'C', 'h', 'd', 'I'], returns: 'd' },
  buffer_address: { args: ['p'], returns: 'L' },
  thread_self: { returns: 'q' },
  call_i32: { args: [intToInt, 'i'], returns: 'i' },
  gate_echo_i32: { args: ['p', 'i'], returns: 'i' },
  gate_echo_string: { args: ['p', 's'], returns: 's' },
  gate_string_length: { args: ['p', 's'], returns: 'l' },
  gate_buffer_sum: { args: ['p', 'p', 'L'], returns: 'L' },
  gate_buffer_fill: { args: ['p', 'p', 'L', 'C'] },
}).symbols;

/** A lane of one thread, so that calls end in their order. */
function openLane() {
  return dlopen(
    fixture,
    {
      echo_i32: { args: ['i'], returns: 'i' },
      echo_bool: { args: ['b'], returns: 'b' },
      echo_i64: { args: ['l'], returns: 'l' },
      echo_f32: { args: ['f'], returns: 'f' },
      echo_f64: { args: ['d'], returns: 'd' },
      echo_void: {},
      echo_string: { args: ['s'], returns: 's' },
      call_i32: { args: [intToInt, 'i'], returns: 'i' },
    },
    { threads: 1 },
  );
}

const handle = ffi.load(fixture);
after(() => ffi.close(handle));

describe('an async call', () => {
  test('an async call resolves with the result of the sync call', () => {
    const out = new Uint8Array(64);
    const cases = [
      ['echo_i32', -5],
      ['echo_void'],
      ['echo_string', 'aé€😀'],
      ['echo_string', null],
      ['echo_string', ''],
      ['echo_string16', 'aé€😀\ud800'],
      ['string_null'],
      ['weigh_f64_127', ...Array.from({ length: 127 }, (_, i) => i / 2)],
      ['weigh_mixed_9', -1, 0.5, 65535, 0.25, -(2n ** 60n), 255, -300, 1e9, 2 ** 32 - 1],
      ['string_print', out, 64, 'a', -1, 'b', 0.5, 2n ** 62n, '€', 0.25, 200, '😀', true],
      ...(copiesInFlight ? [] : [['buffer_address', out]]),
    ];
    return check(async () => {
      for (const [name, ...args] of cases) {
        const promise = lib[name].async(...args);
        assert.ok(promise instanceof Promise);
        assert.deepEqual(await promise, lib[name](...args), name);
      }
    });
  });

  test('calls that end together give numbers, booleans, bigints, undefined and errors, in their order', () =>
    check(async () => {
      const { symbols, close } = openLane();
      const order = [];
      const throws = new JSCallback(
        () => {
          throw new Error('no');
        },
        { ...intToInt, threadsafe: true },
      );
      const calls = [
        () => symbols.echo_i32.async(1),
        () => symbols.echo_bool.async(true),
        () => symbols.echo_i64.async(2 ** 53 - 1),
        () => symbols.echo_i64.async(2n ** 62n),
        () => symbols.echo_void.async(),
        () => symbols.echo_f32.async(0.1),
        () => symbols.echo_string.async('a'),
        () => symbols.call_i32.async(throws.ptr, 1),
        () => symbols.echo_f64.async(-0),
      ];
      const note = (value) => order.push(value);
      await Promise.all(calls.map((call) => call().then(note, (error) => note(error.message))));
      throws.close();
      close();
      assert.deepEqual(order, [1, true, 2 ** 53 - 1, 2n ** 62n, undefined, Math.fround(0.1), 'a', 'no', -0]);
    }));

  test('more calls in flight than a wave has room for, and more again, each give their own result', () =>
    check(async () => {
      for (const count of [3000, 10, 6000]) {
        const values = await Promise.all(Array.from({ length: count }, (_, i) => lib.echo_i32.async(i)));
        assert.ok(values.every((value, i) => value === i));
      }
    }));

  test('hooks of the program that call C while Promises are made and settled change no other call', () =>
    check(async () => {
      let isInside = false;
      const more = [];
      const interfere = (begin) => {
        if (isInside) return;
        isInside = true;
        lib.weigh_mixed_9(1, 2, 3, 4, 5, 6, 7, 8, 9);
        if (begin && more.length < 20) more.push(lib.echo_i32.async(-7));
        isInside = false;
      };
      const hook = createHook({ init: () => interfere(false), promiseResolve: () => interfere(true) }).enable();
      const values = await Promise.all([1, 2, 3, 4].map((i) => lib.echo_i32.async(i)));
      const others = await Promise.all(more);
      hook.disable();
      assert.deepEqual(values, [1, 2, 3, 4]);
      assert.ok(others.every((value) => value === -7));
    }));

  test('an async call can return a string of a megabyte', () =>
    repeat(async () => assert.ok((await lib.string_megabyte.async()) === lib.string_megabyte()), 10));

  test('async calls run on other threads, several at once', () => {
    const own = lib.thread_self();
    return repeat(() =>
      Gate.use(async (gate) => {
        assert.notEqual(await lib.thread_self.async(), own);
        const calls = [1, 2, 3, 4].map((n) => lib.gate_echo_i32.async(gate, n));
        gate.await(4);
        gate.open();
        assert.deepEqual(await Promise.all(calls), [1, 2, 3, 4]);
      }),
    );
  });

  test('the event loop turns while an async call runs', () =>
    Gate.use(async (gate) => {
      let ticks = 0;
      let settled = false;
      const call = lib.gate_echo_i32.async(gate, 1).then((value) => {
        settled = true;
        return value;
      });
      gate.await();
      await new Promise((resolve) => {
        const timer = setInterval(() => {
          assert.equal(settled, false);
          if (++ticks < 20) return;
          clearInterval(timer);
          resolve();
        }, 1);
      });
      gate.open();
      assert.equal(await call, 1);
    }));

  test('async calls settle in the order in which they end, not in which they started', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const order = [];
        const slow = lib.gate_echo_i32.async(gate, 1).then((n) => order.push(n));
        gate.await();
        for (const n of [2, 3]) await lib.echo_i32.async(n).then(() => order.push(n));
        gate.open();
        await slow;
        assert.deepEqual(order, [2, 3, 1]);
      }),
    ));

  test('an async call never settles before the synchronous code after it has run', async () => {
    let next = false;
    const call = lib.echo_i32.async(1).then(() => assert.equal(next, true));
    for (let i = 0; i < 100; i++) lib.echo_i32(i);
    next = true;
    await call;
  });

  test('20,000 async calls can be in flight at once', async () => {
    await Gate.use(async (gate) => {
      const first = lib.gate_echo_i32.async(gate, -1);
      const calls = Array.from({ length: 20_000 }, (_, n) => lib.echo_i32.async(n));
      gate.open();
      assert.equal(await first, -1);
      const values = await Promise.all(calls);
      assert.ok(values.every((value, n) => value === n));
    });
  });

  test('each async call has its own result string, though C overwrites the buffer', () =>
    repeat(async () => {
      const texts = Array.from({ length: 500 }, (_, n) => `text ${n} ${'x'.repeat(n % 50)}`.slice(0, 63));
      assert.deepEqual(await Promise.all(texts.map((text) => lib.string_overwritten.async(text))), texts);
    }, 20));

  test('an async call may be started after another one has been awaited, 500 times over', async () => {
    let value = 0;
    for (let i = 0; i < 500; i++) value = await lib.echo_i32.async(value + 1);
    assert.equal(value, 500);
  });

  test('a callback that C runs may start an async call', () =>
    check(async () => {
      let inner;
      const outer = lib.call_i32((n) => {
        inner = lib.echo_i32.async(n + 1);
        return n;
      }, 1);
      assert.deepEqual([outer, await inner], [1, 2]);
    }));
});

describe('the arguments of an async call', () => {
  test('arguments other than buffers are copied when the call starts', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const numbers = [gate.ptr, 7];
        const strings = ['as it was'];
        ffi.defineFunction(handle, 'gate_echo_i32', 'pi', 'i');
        ffi.defineFunction(handle, 'gate_echo_string', 'ps', 's');
        const number = ffi.callAsync(handle, 'gate_echo_i32', 'pi', 'i', numbers, []);
        const string = ffi.callAsync(handle, 'gate_echo_string', 'ps', 's', [gate.ptr], strings);
        numbers[1] = 8;
        numbers.length = 0;
        strings[0] = 'as it became';
        gate.open();
        assert.deepEqual([await number, await string], [7, 'as it was']);
      }),
    ));

  test('an argument may be a string of 8 megabytes', () =>
    Gate.use(async (gate) => {
      const calls = [1, 2].map(() => lib.gate_string_length.async(gate, 'é'.repeat(4 * 1024 * 1024)));
      gate.open();
      assert.deepEqual(await Promise.all(calls), [8 * 1024 * 1024, 8 * 1024 * 1024]);
    }));

  test('C sees the contents of buffers as they are when it reads them', { skip: copiesInFlight }, () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const bytes = new Uint8Array(4);
        const shared = new Uint8Array(new SharedArrayBuffer(4));
        const sums = [bytes, shared, shared.buffer].map((it) => lib.gate_buffer_sum.async(gate, it, 4));
        bytes.set([1, 2, 3, 4]);
        shared.set([5, 6, 7, 8]);
        gate.open();
        assert.deepEqual(await Promise.all(sums), [10, 26, 26]);
      }),
    ),
  );

  test('C writes into buffers', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const bytes = new Uint8Array(8);
        const fill = lib.gate_buffer_fill.async(gate, bytes.subarray(2, 6), 4, 9);
        await nextTurn();
        assert.deepEqual([...bytes], [0, 0, 0, 0, 0, 0, 0, 0]);
        gate.open();
        assert.equal(await fill, undefined);
        assert.deepEqual([...bytes], [0, 0, 9, 9, 9, 9, 0, 0]);
      }),
    ));

  test('all arguments are read before the first is converted, so that reading one cannot invalidate another', () =>
    check(async () => {
      const bytes = new Uint8Array(8);
      const detaching = {
        get ptr() {
          structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
          return 0;
        },
      };
      const both = { args: ['p', 'p'], returns: 'v' };
      const { pointer_swap } = dlopen(fixture, { pointer_swap: both }).symbols;
      await rejects(() => pointer_swap.async(bytes, detaching), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /detached/,
      });
    }));
});

describe('errors of an async call', () => {
  test('an async call rejects where the sync call throws, with the same error', () =>
    check(async () => {
      const wrong = [
        ['echo_i32', []],
        ['echo_i32', [1, 2]],
        ['echo_i32', ['1']],
        ['echo_i32', [2 ** 31]],
        ['echo_i32', [0.5]],
        ['echo_i32', [undefined]],
        ['echo_string', [1]],
        ['echo_string', ['a\0b']],
        ['buffer_address', ['text']],
        ['buffer_address', [Symbol('p')]],
      ];
      for (const [name, args] of wrong) {
        let thrown;
        try {
          lib[name](...args);
        } catch (error) {
          thrown = error;
        }
        const { code, message } = thrown;
        await rejects(() => lib[name].async(...args), { code, message });
      }
    }));

  test('an async call rejects with the exact value that a getter threw', () =>
    check(async () => {
      for (const thrown of [new Error('mine'), 'text', 0, undefined, null, Symbol('s')]) {
        const throwing = {
          get ptr() {
            throw thrown;
          },
        };
        const proxy = new Proxy(
          {},
          {
            get() {
              throw thrown;
            },
          },
        );
        for (const value of [throwing, proxy]) {
          await rejects(() => lib.buffer_address.async(value), thrown);
          await rejects(() => ffi.callPtrAsync(lib.buffer_address.ptr, 'p', 'L', [value], []), thrown);
        }
        const list = Object.defineProperty([0], 0, Object.getOwnPropertyDescriptor(throwing, 'ptr'));
        await rejects(() => ffi.callPtrAsync(lib.buffer_address.ptr, 'p', 'L', list, []), thrown);
      }
    }));

  test('every async function of the raw bridge rejects wrong arguments', () =>
    check(async () => {
      const { ptr } = lib.echo_i32;
      ffi.defineFunction(handle, 'echo_i32', 'i', 'i');
      for (const fn of [ffi.callAsync, ffi.callPtrAsync, ffi.callStringAsync]) {
        await rejects(() => fn(), { code: 'ERR_FFI_ARG_COUNT', message: new RegExp(`^${fn.name}: expected \\d`) });
        await rejects(() => fn(1, 2, 3, 4, 5, 6, 7), { code: 'ERR_FFI_ARG_COUNT' });
      }
      for (const [numbers, strings, code] of [
        [[], [], 'ERR_FFI_ARG_COUNT'],
        [[1, 2], [], 'ERR_FFI_ARG_COUNT'],
        [[1], ['s'], 'ERR_FFI_ARG_COUNT'],
        [[2 ** 40], [], 'ERR_FFI_OUT_OF_RANGE'],
        [[{}], [], 'ERR_FFI_INVALID_ARG_TYPE'],
        [1, [], 'ERR_FFI_INVALID_ARG_TYPE'],
        [[1], undefined, 'ERR_FFI_INVALID_ARG_TYPE'],
        [{ length: 1, 0: 1 }, [], 'ERR_FFI_INVALID_ARG_TYPE'],
      ]) {
        await rejects(() => ffi.callAsync(handle, 'echo_i32', 'i', 'i', numbers, strings), { code });
        await rejects(() => ffi.callPtrAsync(ptr, 'i', 'i', numbers, strings), { code });
      }
      for (const address of [0, 0n, 1, 65_535, 65_535n]) {
        await rejects(() => ffi.callPtrAsync(address, 'i', 'i', [1], []), { code: 'ERR_FFI_NULL_POINTER' });
      }
      await rejects(() => ffi.callPtrAsync(null, 'i', 'i', [1], []), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      await rejects(() => ffi.callPtrAsync(ptr, '?', 'i', [1], []), { code: 'ERR_FFI_BAD_SIGNATURE' });
    }));

  test('later calls work after a rejected one', () =>
    check(async () => {
      const settled = await Promise.allSettled([1, '2', 3, 4.5, 5].map((value) => lib.echo_i32.async(value)));
      assert.deepEqual(
        settled.map(({ value, reason }) => value ?? reason.code),
        [1, 'ERR_FFI_INVALID_ARG_TYPE', 3, 'ERR_FFI_OUT_OF_RANGE', 5],
      );
    }));
});

describe('callAsync and callPtrAsync', () => {
  test('arkffi exports the same callAsync and callPtrAsync as the bridge', () => {
    assert.equal(callAsync, ffi.callAsync);
    assert.equal(callPtrAsync, ffi.callPtrAsync);
  });

  test('callAsync calls by handle, and callPtrAsync by address', () => {
    const example = ffi.load(target);
    ffi.defineFunction(example, 'compute', 'ids', 'd');
    const address = ffi.getSymbolPtr(example, 'compute');
    return check(async () => {
      assert.equal(await callAsync(example, 'compute', 'ids', 'd', [0, 3], ['square']), 9);
      assert.equal(await callPtrAsync(address, 'ids', 'd', [1, 3], [null]), 6);
      assert.equal(await callPtrAsync(BigInt(address), 'ids', 'd', [0, 3], ['half']), 1.5);
    });
  });
});
