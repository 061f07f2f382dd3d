// f.batch.async([xs, ys], out, options): worker threads share the rows.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { CFunction, JSCallback, dlopen } from 'arkffi';
import ffi from 'liblibrary.so';
import { addAt, all, lib, ones, refusals, samples, type } from './batches.mjs';
import { Gate, nextTurn, ownFixture, repeat, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, isWarm, rejects } from './support.mjs';
import { crewOf, crews, drain, poolSize } from './threads.mjs';

const { batch_add: add } = lib;
const definitions = {
  ...all,
  batch_spin: { args: ['i'], returns: 'i' },
  gate_count: { args: ['p', 'p', 'i'], returns: 'i' },
  gate_echo_i32: { args: ['p', 'i'], returns: 'i' },
  gate_thread: { args: ['p'], returns: 'Q' },
  thread_self: { returns: 'Q' },
};
const inTurn = (length) => Int32Array.from({ length }, (_, i) => i + 1);
const rejected = (promise, wanted) => rejects(() => promise, wanted);

/** Opens the fixture library for the body, with that many threads of its own or none. */
async function using(threads, body) {
  const own = dlopen(fixture, definitions, threads === undefined ? {} : { threads });
  try {
    return await body(own.symbols, own);
  } finally {
    own.close();
  }
}

// What C has the addresses of.
const kept = [];

/** A batch of gate_count whose first rows, one on each thread, are waiting; `calls` are those that have begun. */
async function waiting(symbols, threads, gate, { rows = 1000, out, options } = {}) {
  const calls = new Int32Array(1);
  kept.push(calls);
  const columns = [gate.ptr, ffi.ptr(calls), inTurn(rows)];
  const promise = symbols.gate_count.batch.async(columns, out, options);
  promise.catch(() => {}); // it may reject before anybody waits for it
  await gate.reached(Math.min(rows, crewOf(threads)));
  return { promise, calls, columns };
}

describe('rows', () => {
  for (const [name, [, Kind, values, scalar, becomes]] of Object.entries(samples)) {
    test(`of ${name} reach C and come back, and scalars are repeated`, () =>
      check(async () => {
        const column = Kind.from(values);
        const other = Kind.from(values).reverse();
        assert.deepEqual(await lib[`echo_${name}`].batch.async([column]), column);
        assert.deepEqual(await lib[`second_${name}`].batch.async([other, column, other]), column);
        assert.deepEqual(await lib[`second_${name}`].batch.async([other, scalar, other]), new Kind(3).fill(becomes));
      }, 4));
  }

  test('go into out, which is what the Promise gives, and may be a column', () =>
    check(async () => {
      const xs = Float64Array.of(1, 2, 3);
      const sums = new Float64Array(3);
      assert.equal(await add.batch.async([xs, 10], sums), sums);
      assert.deepEqual(sums, Float64Array.of(11, 12, 13));
      assert.equal(await add.batch.async([xs, xs], xs), xs);
      assert.deepEqual(xs, Float64Array.of(2, 4, 6));
    }));

  test('of views, also of one buffer', () =>
    check(async () => {
      const whole = Float64Array.of(1, 2, 3, 4, 0, 0);
      const out = whole.subarray(4);
      assert.equal(await add.batch.async([whole.subarray(1, 3), whole.subarray(2, 4)], out), out);
      assert.deepEqual(whole, Float64Array.of(1, 2, 3, 4, 5, 7));
    }));

  test('in memory that threads share', () =>
    check(async () => {
      const xs = new Float64Array(new SharedArrayBuffer(16)).fill(2);
      const sums = new Float64Array(new SharedArrayBuffer(16));
      assert.equal(await add.batch.async([xs, 1], sums), sums);
      assert.deepEqual([...sums], [3, 3]);
    }));

  test('of WebAssembly memory', () =>
    check(async () => {
      const { buffer } = new WebAssembly.Memory({ initial: 1 });
      const xs = new Float64Array(buffer, 0, 2).fill(2);
      assert.deepEqual(await add.batch.async([xs, 1]), Float64Array.of(3, 3));
    }, 100));

  test('are counted by out where the columns have none', () =>
    check(async () => {
      lib.batch_set_count(0);
      const counts = await lib.batch_count.batch.async([], new Int32Array(100));
      assert.deepEqual(counts.sort(), inTurn(100));
    }));

  test('without a result give undefined', () =>
    check(async () => {
      assert.equal(await lib.batch_set_count.batch.async([Int32Array.of(41, 41)]), undefined);
      assert.equal(lib.batch_count(), 42);
    }));

  test('through a CFunction', () =>
    check(async () => assert.deepEqual(await addAt.batch.async([ones(2), 2]), Float64Array.of(3, 3))));

  test('of f.batch.async, taken off', () =>
    check(async () => {
      const { async } = add.batch;
      assert.equal(async, add.batch.async);
      assert.deepEqual(await async([ones(1), 2], undefined, {}), Float64Array.of(3));
    }));

  for (const [crew, threads] of Object.entries(crews)) {
    test(`by the million are each called for once, on ${crew}`, () =>
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

    test(`run on all threads at once, on ${crew}`, () =>
      repeat(() =>
        using(threads, ({ gate_thread }) =>
          Gate.use(async (gate) => {
            const rows = crewOf(threads);
            const ids = gate_thread.batch.async([gate.ptr], new BigUint64Array(rows));
            await gate.reached(rows);
            gate.open();
            assert.equal(new Set(await ids).size, rows);
          }),
        ),
      ));

    test(`of many batches, among single calls, on ${crew}`, () =>
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

  test('run on one thread, batch after batch, in a lane of one', () =>
    using(1, async ({ batch_count, batch_set_count, thread_self }) => {
      const ids = await thread_self.batch.async([], new BigUint64Array(1000));
      assert.deepEqual([...new Set(ids)], [await thread_self.async()].map(BigInt));
      batch_set_count(0);
      const batches = Array.from({ length: 20 }, () => batch_count.batch.async([], new Int32Array(50)));
      const counts = (await Promise.all(batches)).flatMap((one) => [...one]);
      assert.deepEqual(Int32Array.from(counts), inTurn(1000));
    }));
});

describe('refused', () => {
  for (const [what, [run, wanted]] of Object.entries(refusals)) {
    test(what, () => check(() => rejects(() => run((fn) => fn.batch.async), wanted), 4));
  }

  test('results that overlap a column otherwise than row by row', () =>
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

  test('resizable buffers', () =>
    check(async () => {
      const resizable = new Float64Array(new ArrayBuffer(16, { maxByteLength: 32 }));
      const what = 'the buffer is resizable, and could be resized while the call runs';
      await rejects(() => add.batch.async([1, resizable]), type(`batch_add: batch: argument 2: ${what}`));
      await rejects(() => add.batch.async([ones(2), 1], resizable), type(`batch_add: batch: out: ${what}`));
    }));

  test('wrong options', () =>
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

describe('while it runs', () => {
  for (const [crew, threads] of Object.entries(crews)) {
    test(`an abort rejects at once, rows at hand run out and no other is begun, on ${crew}`, () =>
      repeat(() =>
        using(threads, (symbols) =>
          Gate.use(async (gate) => {
            const controller = new AbortController();
            const { promise, calls } = await waiting(symbols, threads, gate, {
              options: { signal: controller.signal },
            });
            const reason = new Error('enough');
            controller.abort(reason);
            await rejected(promise, reason);
            assert.equal(gate.waiting, crewOf(threads));
            gate.open();
            await drain(symbols, threads);
            if (threads === 1) assert.equal(calls[0], 1);
            else assert.ok(calls[0] <= crewOf(threads));
          }),
        ),
      ));

    test(`a time that is over rejects, whether it has begun or not, on ${crew}`, () =>
      repeat(
        () =>
          using(threads, (symbols) =>
            Gate.use(async (gate) => {
              const promise = symbols.gate_echo_i32.batch.async([gate.ptr, inTurn(1000)], undefined, { timeout: 1 });
              const error = await promise.catch((reason) => reason);
              assert.deepEqual([error.name, error.code], ['TimeoutError', 'ERR_FFI_TIMEOUT']);
              gate.open();
              await drain(symbols, threads);
            }),
          ),
        5,
      ));

    test(`close() lets it run, and unmaps the library when it has ended, on ${crew}`, () =>
      repeat(
        () =>
          Gate.use(async (gate) => {
            const path = ownFixture();
            const handle = ffi.load(path);
            const watched = watchUnmapping(handle);
            const own = dlopen(path, definitions, threads === undefined ? {} : { threads });
            const { promise, columns } = await waiting(own.symbols, threads, gate, { rows: 100 });
            own.close();
            ffi.close(handle);
            await rejects(() => own.symbols.batch_add.batch.async([ones(1), 1]), { code: 'ERR_FFI_LIBRARY_CLOSED' });
            assert.equal(watched.isUnmapped, false);
            gate.open();
            assert.deepEqual(await promise, columns[2]);
            while (!watched.isUnmapped) await nextTurn();
          }),
        5,
      ));

    test(`buffers may be transferred, on ${crew}`, () =>
      repeat(
        () =>
          using(threads, (symbols) =>
            Gate.use(async (gate) => {
              const out = new Int32Array(1000);
              const { promise, columns } = await waiting(symbols, threads, gate, { out });
              const column = columns[2];
              const moved = structuredClone([column, out], { transfer: [column.buffer, out.buffer] });
              assert.deepEqual([column.length, out.length], [0, 0]);
              assert.deepEqual(moved[0], inTurn(1000));
              gate.open();
              assert.equal(await promise, out);
              assert.equal(out.length, 0);
            }),
          ),
        5,
      ));
  }

  test('an abort before it begins: no row is begun', () =>
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
          await symbols.gate_echo_i32.async(gate, 2); // behind what was queued
          assert.deepEqual(results, new Int32Array(3));
        }),
      ),
    ));

  test('signals are listened to until it has settled', () =>
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

  test('single calls and the host’s own work get their turn on the pool', () =>
    repeat(
      () =>
        using(undefined, async (symbols) => {
          const controller = new AbortController();
          // More than any machine does while this test runs.
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

describe('callbacks that C reaches by itself', () => {
  /** With `fn` as the callback that call_stored calls. */
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

  test('run for each row, whichever thread it is on', () =>
    repeat(
      () =>
        storing(
          (value) => value * 2,
          true,
          async () => {
            const doubled = await lib.call_stored.batch.async([inTurn(200)]);
            assert.deepEqual(doubled, inTurn(200).map((value) => value * 2)); // prettier-ignore
          },
        ),
      20,
    ));

  for (const [crew, threads] of Object.entries(crews)) {
    test(`reject with the first that is thrown, and no row is begun after it, on ${crew}`, () =>
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
              const reason = await call_stored.batch.async([inTurn(100_000)]).catch((error) => error);
              assert.equal(reason, failures[0]);
              const atOnce = crewOf(threads);
              assert.ok(failures.length <= atOnce, `${failures.length} failed`);
              if (threads === 1) assert.equal(calls, 10);
            });
          }),
        20,
      ));
  }

  test('that are not threadsafe reject', () =>
    repeat(() =>
      storing(
        () => assert.fail('must not be called'),
        false,
        () => rejects(() => lib.call_stored.batch.async([inTurn(100)]), { code: 'ERR_FFI_WRONG_THREAD' }),
      ),
    ));

  test('that are closed reject', () =>
    repeat(() =>
      storing(
        () => assert.fail('must not be called'),
        true,
        (callback) => {
          callback.close();
          return rejects(() => lib.call_stored.batch.async([inTurn(100)]), { code: 'ERR_FFI_CALLBACK_CLOSED' });
        },
      ),
    ));

  test('may start batches of their own', () =>
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
        const batch = gate_echo_i32.batch.async([gate.ptr, inTurn(poolSize)]);
        await gate.reached(poolSize);
        gate.open();
        assert.deepEqual(await batch, inTurn(poolSize));
      }),
    ),
  ));

test('a batch of ten million rows', { skip: isWarm && 'it has no more to say when it is warm' }, async () => {
  const xs = new Float64Array(10_000_000).fill(1);
  await add.batch.async([xs, xs], xs);
  assert.ok(xs.every((x) => x === 2));
});
