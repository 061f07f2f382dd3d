// f.batch.async([xs, ys], out, options): worker threads share the rows.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { CFunction, JSCallback, dlopen } from 'arkffi';
import ffi from 'liblibrary.so';
import { addAt, all, lib, ones, refusals, samples, type } from './batches.mjs';
import { cannotResize } from './hosts.mjs';
import { Gate, nextTurn, ownFixture, repeat, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, isWarm, rejects } from './support.mjs';
import { poolSizeOf, pools, drain, poolSize } from './threads.mjs';

const { batch_add: add } = lib;
const definitions = {
  ...all,
  batch_spin: { args: ['i'], returns: 'i' },
  gate_count: { args: ['p', 'p', 'i'], returns: 'i' },
  gate_echo_i32: { args: ['p', 'i'], returns: 'i' },
  gate_thread: { args: ['p'], returns: 'Q' },
  thread_self: { returns: 'Q' },
};
const countUp = (length) => Int32Array.from({ length }, (_, i) => i + 1);
const rejected = (promise, wanted) => rejects(() => promise, wanted);

/** Opens the fixture library for `body`, with `threads` threads of its own or on the host's pool. */
async function using(threads, body) {
  const own = dlopen(fixture, definitions, threads === undefined ? {} : { threads });
  try {
    return await body(own.symbols, own);
  } finally {
    own.close();
  }
}

// Arrays whose addresses C has.
const kept = [];

/**
 * Starts a batch of gate_count and waits until its first rows, one on each thread, are waiting at the gate; `calls[0]`
 * counts the rows that have begun.
 */
async function startWaiting(symbols, threads, gate, { rows = 1000, out, options } = {}) {
  const calls = new Int32Array(1);
  kept.push(calls);
  const columns = [gate.ptr, ffi.ptr(calls), countUp(rows)];
  const promise = symbols.gate_count.batch.async(columns, out, options);
  promise.catch(() => {}); // it may reject before the test awaits it
  await gate.reached(Math.min(rows, poolSizeOf(threads)));
  return { promise, calls, columns };
}

describe('rows of a batch', () => {
  for (const [name, [, Kind, values, scalar, becomes]] of Object.entries(samples)) {
    test(`rows of ${name} reach C and come back, and scalars are repeated for each row`, () =>
      check(async () => {
        const column = Kind.from(values);
        const other = Kind.from(values).reverse();
        assert.deepEqual(await lib[`echo_${name}`].batch.async([column]), column);
        assert.deepEqual(await lib[`second_${name}`].batch.async([other, column, other]), column);
        assert.deepEqual(await lib[`second_${name}`].batch.async([other, scalar, other]), new Kind(3).fill(becomes));
      }, 4));
  }

  test('results are written to out, which is the value of the Promise and may be a column', () =>
    check(async () => {
      const xs = Float64Array.of(1, 2, 3);
      const sums = new Float64Array(3);
      assert.equal(await add.batch.async([xs, 10], sums), sums);
      assert.deepEqual(sums, Float64Array.of(11, 12, 13));
      assert.equal(await add.batch.async([xs, xs], xs), xs);
      assert.deepEqual(xs, Float64Array.of(2, 4, 6));
    }));

  test('columns may be views, also of the same buffer', () =>
    check(async () => {
      const whole = Float64Array.of(1, 2, 3, 4, 0, 0);
      const out = whole.subarray(4);
      assert.equal(await add.batch.async([whole.subarray(1, 3), whole.subarray(2, 4)], out), out);
      assert.deepEqual(whole, Float64Array.of(1, 2, 3, 4, 5, 7));
    }));

  test('columns and results may be in shared memory', () =>
    check(async () => {
      const xs = new Float64Array(new SharedArrayBuffer(16)).fill(2);
      const sums = new Float64Array(new SharedArrayBuffer(16));
      assert.equal(await add.batch.async([xs, 1], sums), sums);
      assert.deepEqual([...sums], [3, 3]);
    }));

  test('columns may be in WebAssembly memory', () =>
    check(async () => {
      const { buffer } = new WebAssembly.Memory({ initial: 1 });
      const xs = new Float64Array(buffer, 0, 2).fill(2);
      assert.deepEqual(await add.batch.async([xs, 1]), Float64Array.of(3, 3));
    }, 100));

  test('the length of out is the number of rows where no argument is a column', () =>
    check(async () => {
      lib.batch_set_count(0);
      const counts = await lib.batch_count.batch.async([], new Int32Array(100));
      assert.deepEqual(counts.sort(), countUp(100));
    }));

  test('a batch of a void function resolves with undefined', () =>
    check(async () => {
      assert.equal(await lib.batch_set_count.batch.async([Int32Array.of(41, 41)]), undefined);
      assert.equal(lib.batch_count(), 42);
    }));

  test('a CFunction can be called in an async batch', () =>
    check(async () => assert.deepEqual(await addAt.batch.async([ones(2), 2]), Float64Array.of(3, 3))));

  test('f.batch.async works without its function as receiver', () =>
    check(async () => {
      const { async } = add.batch;
      assert.equal(async, add.batch.async);
      assert.deepEqual(await async([ones(1), 2], undefined, {}), Float64Array.of(3));
    }));

  for (const [pool, threads] of Object.entries(pools)) {
    test(`a million rows are each called exactly once, on ${pool}`, () =>
      using(threads, async ({ batch_add, batch_count, batch_set_count }) => {
        const rows = 1_000_000;
        const xs = Float64Array.from({ length: rows }, (_, i) => i);
        const sums = await batch_add.batch.async([xs, 0.5]);
        assert.ok(sums.every((sum, i) => sum === i + 0.5));
        await batch_add.batch.async([xs, 1], xs);
        assert.ok(xs.every((x, i) => x === i + 1));
        batch_set_count(0);
        const counts = await batch_count.batch.async([], new Int32Array(rows));
        assert.ok(counts.sort().every((count, i) => count === i + 1));
      }));

    test(`rows run on all threads at once, on ${pool}`, () =>
      repeat(() =>
        using(threads, ({ gate_thread }) =>
          Gate.use(async (gate) => {
            const rows = poolSizeOf(threads);
            const ids = gate_thread.batch.async([gate.ptr], new BigUint64Array(rows));
            await gate.reached(rows);
            gate.open();
            assert.equal(new Set(await ids).size, rows);
          }),
        ),
      ));

    test(`many batches and single calls run interleaved, on ${pool}`, () =>
      repeat(
        () =>
          using(threads, async ({ batch_add }) => {
            const sizes = [1, 2, 3, 4, 5, 7, 64, 1000, 10_000];
            const batches = sizes.map((size) => batch_add.batch.async([ones(size), size]));
            const calls = sizes.map((size) => batch_add.async(size, 1));
            for (const [i, sums] of (await Promise.all(batches)).entries()) {
              assert.deepEqual(sums, new Float64Array(sizes[i]).fill(sizes[i] + 1));
            }
            assert.deepEqual(
              await Promise.all(calls),
              sizes.map((size) => size + 1),
            );
          }),
        10,
      ));
  }

  test('in a lane of one thread, all rows of all batches run on that thread', () =>
    using(1, async ({ batch_count, batch_set_count, thread_self }) => {
      const ids = await thread_self.batch.async([], new BigUint64Array(1000));
      assert.deepEqual([...new Set(ids)], [await thread_self.async()].map(BigInt));
      batch_set_count(0);
      const batches = Array.from({ length: 20 }, () => batch_count.batch.async([], new Int32Array(50)));
      const counts = (await Promise.all(batches)).flatMap((one) => [...one]);
      assert.deepEqual(Int32Array.from(counts), countUp(1000));
    }));
});

describe('batches that are refused', () => {
  for (const [what, [run, wanted]] of Object.entries(refusals)) {
    test(`an async batch refuses ${what}`, () => check(() => rejects(() => run((fn) => fn.batch.async), wanted), 4));
  }

  test('results that overlap a column other than row by row are refused', () =>
    check(async () => {
      const whole = new Float64Array(8);
      const halves = new Float32Array(whole.buffer, 0, 4);
      const message = type(/^\w+: batch: out: it overlaps a column/);
      await rejects(() => add.batch.async([whole.subarray(0, 4), 1], whole.subarray(1, 5)), message);
      await rejects(() => add.batch.async([1, whole.subarray(1, 5)], whole.subarray(0, 4)), message);
      const widened = CFunction({ args: ['f'], returns: 'd', ptr: add, name: 'widened' });
      await rejects(() => widened.batch.async([halves], whole.subarray(0, 4)), message);
      assert.deepEqual(whole, new Float64Array(8));
      const sums = await add.batch.async([whole.subarray(0, 4), 1], whole.subarray(4));
      assert.deepEqual(sums, ones(4));
    }, 10));

  test('resizable buffers are refused', { skip: cannotResize }, () =>
    check(async () => {
      const resizable = new Float64Array(new ArrayBuffer(16, { maxByteLength: 32 }));
      const what = 'the buffer is resizable, and could be resized while the call runs';
      await rejects(() => add.batch.async([1, resizable]), type(`batch_add: batch: argument 2: ${what}`));
      await rejects(() => add.batch.async([ones(2), 1], resizable), type(`batch_add: batch: out: ${what}`));
    }),
  );

  test('wrong options are refused', () =>
    check(async () => {
      const columns = [ones(1), 1];
      const place = 'batch_add.batch.async';
      const signal = { aborted: false };
      await rejects(
        () => add.batch.async(columns, undefined, null),
        type(`${place}: expected an object of options, got null`),
      );
      await rejects(
        () => add.batch.async(columns, undefined, { errno: true }),
        type(`${place}: unknown option 'errno'`),
      );
      await rejects(() => add.batch.async(columns, undefined, { signal }), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      await rejects(() => add.batch.async(columns, undefined, { timeout: -1 }), { code: 'ERR_FFI_OUT_OF_RANGE' });
    }));
});

describe('a running batch', () => {
  for (const [pool, threads] of Object.entries(pools)) {
    test(`an abort rejects at once; rows that have begun finish, and no other row begins, on ${pool}`, () =>
      repeat(() =>
        using(threads, (symbols) =>
          Gate.use(async (gate) => {
            const controller = new AbortController();
            const { promise, calls } = await startWaiting(symbols, threads, gate, {
              options: { signal: controller.signal },
            });
            const reason = new Error('enough');
            controller.abort(reason);
            await rejected(promise, reason);
            assert.equal(gate.waiting, poolSizeOf(threads));
            gate.open();
            await drain(symbols, threads);
            if (threads === 1) assert.equal(calls[0], 1);
            else assert.ok(calls[0] <= poolSizeOf(threads));
          }),
        ),
      ));

    test(`a batch whose timeout has passed rejects, whether it has begun or not, on ${pool}`, () =>
      repeat(
        () =>
          using(threads, (symbols) =>
            Gate.use(async (gate) => {
              const promise = symbols.gate_echo_i32.batch.async([gate.ptr, countUp(1000)], undefined, { timeout: 1 });
              const error = await promise.catch((reason) => reason);
              assert.deepEqual([error.name, error.code], ['TimeoutError', 'ERR_FFI_TIMEOUT']);
              gate.open();
              await drain(symbols, threads);
            }),
          ),
        5,
      ));

    test(`close() lets a running batch finish, and then unmaps the library, on ${pool}`, () =>
      repeat(
        () =>
          Gate.use(async (gate) => {
            const path = ownFixture();
            const handle = ffi.load(path);
            const watched = watchUnmapping(handle);
            const own = dlopen(path, definitions, threads === undefined ? {} : { threads });
            const { promise, columns } = await startWaiting(own.symbols, threads, gate, { rows: 100 });
            own.close();
            ffi.close(handle);
            await rejects(() => own.symbols.batch_add.batch.async([ones(1), 1]), { code: 'ERR_FFI_LIBRARY_CLOSED' });
            assert.equal(watched.isUnmapped, false);
            gate.open();
            assert.deepEqual(await promise, columns[2]);
            await watched.untilUnmapped();
          }),
        5,
      ));

    test(`buffers may be transferred while a batch runs, on ${pool}`, () =>
      repeat(
        () =>
          using(threads, (symbols) =>
            Gate.use(async (gate) => {
              const out = new Int32Array(1000);
              const { promise, columns } = await startWaiting(symbols, threads, gate, { out });
              const column = columns[2];
              const moved = structuredClone([column, out], { transfer: [column.buffer, out.buffer] });
              assert.deepEqual([column.length, out.length], [0, 0]);
              assert.deepEqual(moved[0], countUp(1000));
              gate.open();
              assert.equal(await promise, out);
              assert.equal(out.length, 0);
            }),
          ),
        5,
      ));
  }

  test('an abort before the batch begins prevents every row', () =>
    repeat(() =>
      using(1, (symbols) =>
        Gate.use(async (gate) => {
          const first = symbols.gate_echo_i32.async(gate, 1);
          await gate.reached();
          const controller = new AbortController();
          const options = { signal: controller.signal };
          const results = new Int32Array(3);
          const batch = symbols.batch_count.batch.async([], results, options);
          const early = symbols.batch_count.batch.async([], results, { signal: AbortSignal.abort('early') });
          controller.abort('late');
          await rejected(early, 'early');
          await rejected(batch, 'late');
          gate.open();
          await first;
          await symbols.gate_echo_i32.async(gate, 2); // runs after everything that was queued
          assert.deepEqual(results, new Int32Array(3));
        }),
      ),
    ));

  test('the listener on the signal is removed once the batch has settled', () =>
    check(async () => {
      let listeners = 0;
      const signal = { aborted: false, addEventListener: () => listeners++, removeEventListener: () => listeners-- };
      const done = add.batch.async([ones(3), 1], undefined, { signal, timeout: 60_000 });
      assert.equal(listeners, 1);
      await done;
      assert.equal(listeners, 0);
      await rejects(() => add.batch.async([ones(3)], undefined, { signal }), { code: 'ERR_FFI_ARG_COUNT' });
      assert.equal(listeners, 0);
    }));

  test("a long batch does not starve single calls and the host's own work on the pool", () =>
    repeat(
      () =>
        using(undefined, async (symbols) => {
          const controller = new AbortController();
          // More work than any machine completes during this test.
          const steps = new Int32Array(2 ** 22).fill(20_000);
          const batch = symbols.batch_spin.batch.async([steps], undefined, { signal: controller.signal });
          const stopped = rejected(batch, 'enough');
          const [file, sum] = await Promise.all([readFile(fixture), symbols.batch_add.async(1, 2)]);
          assert.ok(file.length > 1000);
          assert.equal(sum, 3);
          assert.deepEqual(await symbols.batch_add.batch.async([ones(1000), 1]), new Float64Array(1000).fill(2));
          controller.abort('enough');
          await stopped;
          await drain();
        }),
      3,
    ));
});

describe('callbacks that C has stored', () => {
  /** Runs `run` with `fn` as the callback that call_stored calls. */
  async function storing(fn, threadsafe, run) {
    const callback = new JSCallback(fn, { args: ['i'], returns: 'i', threadsafe });
    lib.call_store(callback);
    try {
      return await run(callback);
    } finally {
      lib.call_store(null);
      callback.close();
    }
  }

  test('a threadsafe callback runs for each row, on whichever thread the row is', () =>
    repeat(
      () =>
        storing(
          (value) => value * 2,
          true,
          async () => {
            const doubled = await lib.call_stored.batch.async([countUp(200)]);
            assert.deepEqual(doubled, countUp(200).map((value) => value * 2)); // prettier-ignore
          },
        ),
      20,
    ));

  for (const [pool, threads] of Object.entries(pools)) {
    test(`a batch rejects with the first exception that a callback throws, and no row begins after it, on ${pool}`, () =>
      repeat(
        () =>
          using(threads, ({ call_stored }) => {
            const failures = [];
            let calls = 0;
            const fail = (value) => {
              calls++;
              if (value < 10) return value;
              failures.push(new Error(`at ${value}`));
              throw failures.at(-1);
            };
            return storing(fail, true, async () => {
              const reason = await call_stored.batch.async([countUp(100_000)]).catch((error) => error);
              assert.equal(reason, failures[0]);
              const atOnce = poolSizeOf(threads);
              assert.ok(failures.length <= atOnce, `${failures.length} failed`);
              if (threads === 1) assert.equal(calls, 10);
            });
          }),
        20,
      ));
  }

  test('a callback that is not threadsafe rejects the batch with ERR_FFI_WRONG_THREAD', () =>
    repeat(() =>
      storing(
        () => assert.fail('must not be called'),
        false,
        () => rejects(() => lib.call_stored.batch.async([countUp(100)]), { code: 'ERR_FFI_WRONG_THREAD' }),
      ),
    ));

  test('a closed callback rejects the batch with ERR_FFI_CALLBACK_CLOSED', () =>
    repeat(() =>
      storing(
        () => assert.fail('must not be called'),
        true,
        (callback) => {
          callback.close();
          return rejects(() => lib.call_stored.batch.async([countUp(100)]), { code: 'ERR_FFI_CALLBACK_CLOSED' });
        },
      ),
    ));

  test('a callback may start batches of its own', () =>
    storing(
      async (value) => (await add.batch.async([ones(2), value]))[1],
      true,
      async () => assert.deepEqual(await lib.call_stored.batch.async([Int32Array.of(1, 2)]), Int32Array.of(2, 3)),
    ));
});

test('as many rows as the pool has threads may wait for each other', () =>
  repeat(() =>
    using(undefined, ({ gate_echo_i32 }) =>
      Gate.use(async (gate) => {
        const batch = gate_echo_i32.batch.async([gate.ptr, countUp(poolSize)]);
        await gate.reached(poolSize);
        gate.open();
        assert.deepEqual(await batch, countUp(poolSize));
      }),
    ),
  ));

test(
  'a batch of ten million rows gives every result',
  { skip: isWarm && 'warming it up would test nothing more' },
  async () => {
    const xs = new Float64Array(10_000_000).fill(1);
    await add.batch.async([xs, xs], xs);
    assert.ok(xs.every((x) => x === 2));
  },
);
