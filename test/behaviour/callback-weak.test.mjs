// Weak callbacks: what keeps them, and what C gets when they have been collected.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { dlopen, JSCallback, NativeCallback, NativeSignature, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage } from './hosts.mjs';
import { Gate, nextTurn, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';
import { until } from './threads.mjs';

const intToInt = { args: ['i'], returns: 'i' };
const { symbols } = dlopen(fixture, {
  call_i32: { args: ['k', 'i'], returns: 'i' },
  call_times: { args: ['k', 'i'], returns: 'l' },
  call_me_back: { args: ['k', 'i'], returns: 'i' },
  call_string: { args: ['k', 's'], returns: 's' },
  call_store: { args: ['k'] },
  call_stored: { args: ['i'], returns: 'i' },
  gate_call: { args: ['p', 'k', 'i'], returns: 'i' },
  call_posted: { name: 'call_i32', args: ['k', 'i'] },
  thread_tell: { args: ['k', 'i'] },
  operations_kept: { args: ['i', 'i'], returns: 'i' },
});

const twice = (n) => 2 * n;
const weak = (fn, definition = intToInt) => new JSCallback(fn, { ...definition, weak: true });
const collected = {
  code: 'ERR_FFI_CALLBACK_CLOSED',
  message: /^callback.*: C called the callback after it was closed, or collected with what kept it$/,
};

async function collect(times = 3) {
  for (let i = 0; i < times; i++) {
    await nextTurn();
    collectGarbage();
    await nextTurn();
  }
}

/** Calls `make`, which gives the address of a callback that nothing keeps, until a callback has been collected. */
async function addressOfCollected(make, call = symbols.call_i32) {
  // A host may see a value on the stack for a while.
  for (;;) {
    const address = make();
    await collect();
    try {
      call(address, 1);
    } catch (error) {
      assert.equal(error.code, collected.code);
      return address;
    }
  }
}

describe('a weak callback', () => {
  test('works as any other one while the program keeps it', async () => {
    const callback = weak(twice);
    const { ptr } = callback;
    assert.deepEqual([callback.weak, callback.threadsafe, new JSCallback(twice, intToInt).weak], [true, false, false]);
    await collect();
    await check(() => {
      assert.equal(symbols.call_i32(callback, 21), 42);
      assert.equal(symbols.call_i32(ptr, 4), 8);
      assert.equal(symbols.call_times(callback, 5), 20);
      assert.equal(callback.call(3), 6);
    });
    assert.equal(callback.ptr, ptr);
  });

  test('is closed as any other one', () =>
    repeat(() => {
      const callback = weak(twice);
      const { ptr } = callback;
      callback.ref();
      callback.close();
      callback.close();
      throws(() => callback.ptr, { code: 'ERR_FFI_CALLBACK_CLOSED' });
      throws(() => symbols.call_i32(callback, 1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      throws(() => symbols.call_i32(ptr, 1), collected);
      throws(() => callback.call(1), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }));

  test('that has been collected gives zero, and the call fails', async () => {
    const address = await addressOfCollected(() => weak((n) => n + 1).ptr);
    await check(async () => {
      throws(() => symbols.call_i32(address, 1), collected);
      throws(() => symbols.call_times(address, 3), collected);
      await rejects(() => symbols.call_i32.async(address, 1), collected);
    }, 40);
  });

  test('is collected though its function is kept, and though its function refers to it', async () => {
    await addressOfCollected(() => weak(twice).ptr);
    await addressOfCollected(() => {
      const callback = weak((n) => (callback.threadsafe ? n : -n));
      return callback.ptr;
    });
    const Pair = Struct({ a: 'i' });
    const withStruct = { args: [Pair], returns: 'i' };
    await addressOfCollected(() => weak(({ a }) => a, withStruct).ptr);
  });

  test('may call itself, and collect garbage meanwhile', async () => {
    const callback = weak((n) => {
      collectGarbage();
      return n > 0 ? symbols.call_me_back(callback, n) : 0;
    });
    assert.equal(symbols.call_me_back(callback, 4), 4);
    await collect(1);
    assert.equal(symbols.call_me_back(callback, 3), 3);
  });

  test('that only a call keeps lives until the call has ended', () =>
    repeat(async () => {
      const grown = (n) => (collectGarbage(), n + 1);
      assert.equal(symbols.call_times(weak(grown), 4), 10);
      assert.equal(symbols.call_times.with({ errno: true })(weak(grown), 4).value, 10);
      assert.equal(
        symbols.call_string(
          weak((text) => (collectGarbage(), `${text}!`), { args: ['s'], returns: 's' }),
          'a',
        ),
        'a!',
      );
      await Gate.use(async (gate) => {
        const called = symbols.gate_call.async(gate, weak(twice, { ...intToInt, threadsafe: true }), 21);
        await gate.reached();
        await collect(2);
        gate.open();
        assert.equal(await called, 42);
      });
    }, 5));

  test('is kept by the struct that it is stored in', async () => {
    const Table = Struct({ twice: intToInt, plain: 'k' });
    const make = () => Table.create({ twice: weak(twice), plain: weak((n) => 3 * n) });
    const value = make();
    const copy = Table.create(value);
    await collect();
    assert.equal(value.twice(21), 42);
    assert.equal(symbols.call_i32(copy.plain, 5), 15);
    await addressOfCollected(() => make().plain);
  });

  test('may run later, and is closed as any other one then', async () => {
    const seen = [];
    const posted = { args: ['i'], threadsafe: 'post' };
    const callback = weak((n) => seen.push(n), posted);
    callback.call(1);
    await nextTurn();
    while (seen.length === 0) await nextTurn();
    assert.deepEqual(seen, [1]);
    callback.close();
    throws(() => callback.call(2), { code: 'ERR_FFI_CALLBACK_CLOSED' });
  });

  test('lives until calls that C has posted have run', () =>
    repeat(async () => {
      const tell = { args: ['s', 'i'], threadsafe: 'post' };
      const ways = {
        'from another thread': (fn) => symbols.thread_tell(weak(fn, tell), 20),
        'on its own thread': (fn) => {
          const one = { args: ['i'], threadsafe: 'post' };
          for (let i = 0; i < 20; i++)
            symbols.call_posted(
              weak((n) => fn(`text ${n}`, n), one),
              i,
            );
        },
        'by the program': (fn) => {
          const post = weak((i) => fn(`text ${i}`, i), { args: ['i'], threadsafe: 'post' });
          for (let i = 0; i < 20; i++) i % 2 ? post.call(i) : ffi.callCallbackThreadSafe(post.getHandle(), i);
        },
        'by an address': (fn) => symbols.thread_tell(weak(fn, tell).ptr, 20),
      };
      for (const [way, post] of Object.entries(ways)) {
        const seen = [];
        // Nothing keeps the callback or its function.
        post((text, i) => (collectGarbage(), seen.push([text, i])));
        collectGarbage();
        await until(() => seen.length === 20);
        assert.deepEqual(
          seen,
          Array.from({ length: 20 }, (_, i) => [`text ${i}`, i]),
          way,
        );
      }
    }, 5));

  test('lives until calls that C has posted in an async call have run', async () => {
    for (let i = 0; i < 100; i++) {
      const seen = [];
      await symbols.call_posted.async(
        weak((n) => seen.push(n), { args: ['i'], threadsafe: 'post' }),
        i,
      );
      collectGarbage();
      await until(() => seen.length === 1);
      assert.deepEqual(seen, [i]);
    }
  });

  test('whose calls are posted is collected when they have run, also if its function refers to it', async () => {
    let calls = 0;
    const definition = { args: ['i'], threadsafe: 'post' };
    const address = await addressOfCollected(() => {
      const callback = weak((i) => (calls += callback.threadsafe ? i : 0), definition);
      callback.call(1);
      return callback.ptr;
    }, symbols.call_posted);
    const before = calls;
    assert.ok(before >= 1);
    throws(() => symbols.call_posted(address, 1), collected);
    assert.equal(calls, before);
  });

  test('of the strict classes', async () => {
    const signature = new NativeSignature(['i'], 'i');
    const callback = new NativeCallback(twice, signature, false, true);
    await collect();
    assert.equal(symbols.call_i32(callback, 2), 4);
    await addressOfCollected(() => new NativeCallback(twice, signature, true, true).ptr);
    throws(() => new NativeCallback(twice, signature, false, 1), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: 'NativeCallback: argument 4: expected a boolean, got number',
    });
  });

  test('takes no room for long', async () => {
    for (let i = 0; i < 20; i++) {
      for (let k = 0; k < 100; k++)
        assert.equal(
          symbols.call_i32(
            weak((n) => n + k),
            1,
          ),
          1 + k,
        );
      await collect(1);
    }
  });
});

test('only a boolean says whether a callback is weak', () =>
  check(() => {
    for (const [wrong, got] of [
      [1, 'number'],
      ['yes', 'string'],
      [null, 'null'],
    ]) {
      throws(() => new JSCallback(twice, { ...intToInt, weak: wrong }), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: `JSCallback: weak: expected a boolean, got ${got}`,
      });
    }
    const other = { ...intToInt, weak: true };
    throws(() => dlopen(fixture, { call_i32: { args: [other, 'i'] } }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^call_i32: args\[0\]: unknown key 'weak'/,
    });
  }));

test('a thread may end with weak callbacks that C still has', async () => {
  const code = `
    const { parentPort } = require('node:worker_threads');
    const { dlopen, JSCallback } = require('arkffi');
    const definition = { args: ['i'], returns: 'i', weak: true, threadsafe: true };
    const { symbols } = dlopen(${JSON.stringify(fixture)}, { call_i32: { args: ['k', 'i'], returns: 'i' } });
    const kept = new JSCallback((n) => 2 * n, definition);
    const lost = new JSCallback((n) => n, definition).ptr;
    parentPort.postMessage([symbols.call_i32(kept, 21), kept.ptr, lost]);
    parentPort.once('message', () => parentPort.close());`;
  await repeat(async () => {
    const worker = new Worker(code, { eval: true });
    const [result, ...addresses] = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    assert.equal(result, 42);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('end');
    await ended;
    for (const address of addresses) assert.equal(symbols.call_i32(address, 1), 0);
  }, 3);
});
