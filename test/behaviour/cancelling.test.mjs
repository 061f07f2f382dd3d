// f.async.with({ signal, timeout }): what happens to the Promise, and to the call.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AsyncCFunction, ptr } from 'arkffi';
import { collectGarbage, copiesInFlight } from './hosts.mjs';
import { Gate, nextTurn, ownFixture, repeat, watchUnmapping } from './lifetimes.mjs';
import { check, rejects } from './support.mjs';
import { poolSizeOf, pools, drain, intToInt, occupy, open, Tally, using } from './threads.mjs';

const { echo_i32, gate_echo_i32 } = open().symbols;

/** A signal that records its listeners. */
class FakeSignal {
  aborted = false;
  listeners = [];
  added = 0;
  removed = 0;
  addEventListener(type, listener) {
    assert.equal(type, 'abort');
    this.added++;
    this.listeners.push(listener);
  }
  removeEventListener(type, listener) {
    assert.equal(type, 'abort');
    this.removed++;
    this.listeners = this.listeners.filter((other) => other !== listener);
  }
  abort(...reason) {
    this.aborted = true;
    if (reason.length) [this.reason] = reason;
    for (const listener of [...this.listeners]) listener();
  }
}

/** Asserts the rejection of a Promise, which may have happened already. */
const rejected = (promise, wanted) => rejects(() => promise, wanted);

/** The reason with which a Promise rejects; fails if it is fulfilled. */
const reasonOf = (promise) =>
  promise.then(
    (value) => assert.fail(`a rejection is expected, got ${value}`),
    (reason) => reason,
  );

const reasons = [new Error('mine'), new TypeError('mine'), 'text', 0, false, null, '', Symbol('s'), { code: 1 }];

describe('a signal that is aborted', () => {
  test('a signal aborted before the call: rejects with its reason, and C is never entered', () =>
    check(() =>
      using(1, async ({ add_to_total }) => {
        const { total } = new Tally();
        for (const reason of reasons) {
          const signal = AbortSignal.abort(reason);
          await rejects(() => add_to_total.async.with({ signal })(total, 1), reason);
        }
        // The lane has one thread, so this call runs after everything that was queued.
        assert.equal(await add_to_total.async(total, 0), 0);
      }),
    ));

  test('a signal aborted before the call: no listener is added', () =>
    check(async () => {
      const signal = new FakeSignal();
      signal.abort('why');
      await rejects(() => echo_i32.async.with({ signal })(1), 'why');
      assert.deepEqual([signal.added, signal.removed], [0, 0]);
    }));

  for (const [pool, threads] of Object.entries(pools)) {
    test(`a signal aborted while the call is queued: rejects at once, and C is never entered, on ${pool}`, () =>
      repeat(() =>
        using(threads, (symbols) =>
          Gate.use(async (gate) => {
            const tally = new Tally();
            const running = await occupy(symbols, threads, gate);
            const controllers = reasons.map(() => new AbortController());
            const queued = controllers.map(({ signal }) => symbols.add_to_total.async.with({ signal })(tally.total, 1));
            controllers.forEach((controller, i) => controller.abort(reasons[i]));
            for (const [i, promise] of queued.entries()) await rejected(promise, reasons[i]);
            assert.equal(gate.waiting, poolSizeOf(threads), 'the calls before them still run');
            gate.open();
            await Promise.all(running);
            await drain(symbols, threads);
            assert.equal(tally.count, 0);
          }),
        ),
      ));

    test(`a signal aborted while the call runs: rejects at once, and the call runs to its end, on ${pool}`, () =>
      repeat(() =>
        using(threads, (symbols) =>
          Gate.use(async (gate) => {
            const controller = new AbortController();
            const bytes = new Uint8Array(8);
            const call = symbols.gate_buffer_fill.async.with({ signal: controller.signal })(gate, bytes, 8, 9);
            await gate.reached();
            const reason = new Error('enough');
            controller.abort(reason);
            await rejected(call, reason);
            assert.equal(gate.waiting, 1);
            gate.open();
            await drain(symbols, threads);
            assert.deepEqual([...bytes], Array(8).fill(9));
          }),
        ),
      ));
  }

  test('a signal aborted after C has ended and before the Promise has settled: rejects', { skip: copiesInFlight }, () =>
    repeat(() =>
      using(1, (symbols) =>
        Gate.use(async (gate) => {
          const controller = new AbortController();
          const tally = new Tally();
          const call = symbols.add_to_total.async.with({ signal: controller.signal })(tally.total, 1);
          const next = symbols.gate_echo_i32.async(gate, 1);
          gate.await(); // so the previous call has ended
          assert.equal(tally.count, 1);
          controller.abort('late');
          gate.open();
          await rejected(call, 'late');
          assert.equal(await next, 1);
        }),
      ),
    ),
  );

  test('a signal aborted after the Promise has settled: does nothing', () =>
    check(async () => {
      const [controller, fake] = [new AbortController(), new FakeSignal()];
      const calls = [
        echo_i32.async.with({ signal: controller.signal })(1),
        echo_i32.async.with({ signal: fake, timeout: 60_000 })(2),
      ];
      assert.deepEqual(await Promise.all(calls), [1, 2]);
      controller.abort();
      fake.abort();
      assert.deepEqual(await Promise.all(calls), [1, 2]);
      assert.equal(await echo_i32.async(3), 3);
    }));

  test('a signal aborted twice, or shared by many calls: each call rejects once, with the same reason', () =>
    repeat(() =>
      using(1, (symbols) =>
        Gate.use(async (gate) => {
          const signal = new FakeSignal();
          const first = symbols.gate_echo_i32.async.with({ signal })(gate, 0);
          const calls = Array.from({ length: 200 }, (_, i) => symbols.echo_i32.async.with({ signal })(i));
          const others = Array.from({ length: 200 }, (_, i) => symbols.echo_i32.async(i));
          signal.abort('first');
          signal.abort('second');
          for (const call of [first, ...calls]) await rejected(call, 'first');
          gate.open();
          assert.ok((await Promise.all(others)).every((value, i) => value === i));
          await drain(symbols, 1);
        }),
      ),
    ));

  test('a signal aborted without a reason: rejects with an AbortError', () =>
    repeat(() =>
      using(1, (symbols) =>
        Gate.use(async (gate) => {
          for (const abortEarly of [true, false]) {
            const [signal, controller] = [new FakeSignal(), new AbortController()];
            if (abortEarly) [signal, controller].forEach((it) => it.abort());
            const fake = symbols.gate_echo_i32.async.with({ signal })(gate, 1);
            const real = symbols.gate_echo_i32.async.with({ signal: controller.signal })(gate, 1);
            [signal, controller].forEach((it) => it.abort());
            await rejected(fake, { code: 'ERR_FFI_ABORTED', message: /^gate_echo_i32: .*aborted/ });
            assert.equal((await reasonOf(fake)).name, 'AbortError');
            assert.equal((await reasonOf(real)).name, 'AbortError');
            assert.equal(await reasonOf(real), controller.signal.reason);
          }
          gate.open();
          await drain(symbols, 1);
        }),
      ),
    ));

  test('a signal aborted inside a callback of the call itself: rejects at once, and the callback continues', () =>
    repeat(() =>
      using(1, async (symbols) => {
        const controller = new AbortController();
        let calls = 0;
        const count = (n) => {
          if (++calls === 3) controller.abort('three');
          return n < 9;
        };
        const pending = symbols.call_i32.async.with({ signal: controller.signal })((n) => {
          for (let i = 0; i < 5; i++) count(n);
          return n;
        }, 1);
        await rejected(pending, 'three');
        await drain(symbols, 1);
        assert.equal(calls, 5);
      }),
    ));

  test('the signals of AbortSignal.timeout and AbortSignal.any: reject the call', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const one = gate_echo_i32.async.with({ signal: AbortSignal.timeout(1) })(gate, 1);
        assert.equal((await reasonOf(one)).name, 'TimeoutError');
        if (AbortSignal.any) {
          const controller = new AbortController();
          const signal = AbortSignal.any([controller.signal, new AbortController().signal]);
          const other = gate_echo_i32.async.with({ signal })(gate, 1);
          controller.abort('any');
          await rejected(other, 'any');
        }
        gate.open();
        await drain();
      }),
    ));
});

describe('a call that is rejected while it runs', () => {
  test('a rejected call keeps its library mapped until it ends', () =>
    repeat(async () => {
      const lib = open(1, ownFixture());
      const watch = watchUnmapping(lib.handle);
      await Gate.use(async (gate) => {
        const controller = new AbortController();
        const call = lib.symbols.gate_echo_i32.async.with({ signal: controller.signal })(gate, 1);
        await gate.reached();
        lib.close();
        controller.abort('gone');
        await rejected(call, 'gone');
        await nextTurn();
        assert.equal(watch.isUnmapped, false);
        gate.open();
        await watch.untilUnmapped();
      });
    }, 20));

  test('a rejected call keeps its buffers and strings alive until it ends', () =>
    repeat(
      () =>
        using(1, (symbols) =>
          Gate.use(async (gate) => {
            const [first, second] = [new AbortController(), new AbortController()];
            const kept = new Uint8Array(100_000);
            const start = (bytes, { signal }) =>
              symbols.gate_buffer_fill.async.with({ signal })(gate, bytes, 100_000, 9);
            const calls = [start(new Uint8Array(100_000), first), start(kept, second)];
            const text = symbols.gate_echo_string.async.with({ signal: first.signal })(gate, 'x'.repeat(5000));
            await gate.reached();
            first.abort('gone');
            second.abort('gone');
            for (const call of [...calls, text]) await rejected(call, 'gone');
            collectGarbage();
            await nextTurn();
            collectGarbage();
            gate.open();
            await drain(symbols, 1);
            // The second call never began.
            assert.ok(kept.every((byte) => byte === 0));
          }),
        ),
      20,
    ));

  test('a rejected call ignores a later exception of its callback, or a bad string', () =>
    repeat(() =>
      using(1, (symbols) =>
        Gate.use(async (gate) => {
          const controller = new AbortController();
          let calls = 0;
          const callback = symbols.echo_i32; // a C function
          const plain = AsyncCFunction({
            args: ['p', { args: ['i'], returns: 'i' }, 'i'],
            returns: 'i',
            ptr: symbols.gate_call,
            name: 'gate_call',
          });
          const throwing = () => {
            calls++;
            throw new Error('must be ignored');
          };
          const call = plain.with({ signal: controller.signal })(gate, throwing, 1);
          const other = symbols.gate_call.async.with({ signal: controller.signal })(gate, callback, 1);
          await gate.reached(2);
          controller.abort('gone');
          await rejected(call, 'gone');
          await rejected(other, 'gone');
          gate.open();
          await drain();
          await drain(symbols, 1);
          assert.equal(calls, 1);
        }),
      ),
    ));
});

describe('listeners on a signal', () => {
  test('a listener is added once for each call and removed when it settles, however it settles', () =>
    check(
      () =>
        using(1, (symbols) =>
          Gate.use(async (gate) => {
            const signal = new FakeSignal();
            const { async } = symbols.echo_i32;
            const call = async.with({ signal })(1);
            assert.deepEqual([signal.added, signal.removed], [1, 0]);
            await call;
            assert.deepEqual([signal.added, signal.removed, signal.listeners.length], [1, 1, 0]);

            const throwing = () => {
              throw new Error('mine');
            };
            await reasonOf(symbols.call_i32.async.with({ signal, errno: true, timeout: 60_000 })(throwing, 1));
            assert.deepEqual([signal.added, signal.removed, signal.listeners.length], [2, 2, 0]);

            const late = symbols.gate_echo_i32.async.with({ signal, timeout: 0 })(gate, 1);
            await rejected(late, { code: 'ERR_FFI_TIMEOUT' });
            assert.deepEqual([signal.added, signal.removed, signal.listeners.length], [3, 3, 0]);

            const aborted = symbols.gate_echo_i32.async.with({ signal })(gate, 1);
            signal.abort('why');
            await rejected(aborted, 'why');
            assert.deepEqual([signal.added, signal.removed, signal.listeners.length], [4, 4, 0]);
            gate.open();
            await drain(symbols, 1);
          }),
        ),
      20,
    ));

  test('all calls and batches of a signal share one listener, which goes with the last of them', () =>
    check(
      () =>
        using(1, (symbols) =>
          Gate.use(async (gate) => {
            const signal = new FakeSignal();
            const calls = Array.from({ length: 50 }, (_, i) =>
              symbols.gate_echo_i32.async.with({ signal, ...(i % 2 && { timeout: 60_000 }) })(gate, i),
            );
            const batch = symbols.echo_i32.batch.async([new Int32Array(3)], undefined, { signal });
            assert.deepEqual([signal.added, signal.removed, signal.listeners.length], [1, 0, 1]);
            gate.open();
            await Promise.all([...calls, batch]);
            assert.deepEqual([signal.added, signal.removed, signal.listeners.length], [1, 1, 0]);
            await symbols.echo_i32.async.with({ signal })(1);
            assert.deepEqual([signal.added, signal.removed, signal.listeners.length], [2, 2, 0]);
          }),
        ),
      20,
    ));

  test('an abort rejects the calls of a signal in the order in which they began', () =>
    check(
      () =>
        using(1, (symbols) =>
          Gate.use(async (gate) => {
            const { signal } = new (class extends AbortController {})();
            const fake = new FakeSignal();
            const order = [];
            const started = Array.from({ length: 20 }, (_, i) =>
              symbols.gate_echo_i32.async
                .with({ signal: i % 2 ? signal : fake })(gate, i)
                .catch((reason) => {
                  order.push(i);
                  return reason;
                }),
            );
            fake.abort('why');
            const reasons = await Promise.all(started.filter((_, i) => i % 2 === 0));
            assert.deepEqual(order, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
            assert.deepEqual([...new Set(reasons)], ['why']);
            gate.open();
            assert.deepEqual(await Promise.all(started.filter((_, i) => i % 2)), [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
          }),
        ),
      20,
    ));

  test('a signal that a getter among the arguments aborts rejects the call', () =>
    check(() =>
      using(1, async ({ add_to_total }) => {
        const { total } = new Tally();
        const signal = new FakeSignal();
        const argument = {
          get ptr() {
            signal.abort('inside');
            return ptr(total);
          },
        };
        await rejects(() => add_to_total.async.with({ signal })(argument, 0), 'inside');
        await nextTurn();
        assert.equal(signal.listeners.length, 0);
      }),
    ));

  test('no listener is added for a call that is refused', () =>
    check(async () => {
      const signal = new FakeSignal();
      const { async } = echo_i32;
      await rejects(() => async.with({ signal })('1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      await rejects(() => async.with({ signal })(), { code: 'ERR_FFI_ARG_COUNT' });
      await rejects(() => async.with({ signal, timeout: -1 })(1), { code: 'ERR_FFI_OUT_OF_RANGE' });
      await rejects(() => async.with({ signal, errno: 1 })(1), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      assert.deepEqual([signal.added, signal.removed], [0, 0]);
    }));

  test('a signal that refuses a listener rejects its call, and the next call adds one', () =>
    check(async () => {
      const signal = new FakeSignal();
      const add = signal.addEventListener;
      const mine = new Error('mine');
      signal.addEventListener = () => {
        throw mine;
      };
      await rejects(() => echo_i32.async.with({ signal })(1), mine);
      signal.addEventListener = add;
      await drain();
      await nextTurn();
      const call = echo_i32.async.with({ signal })(2);
      assert.deepEqual([signal.added, signal.removed], [1, 0]);
      assert.equal(await call, 2);
      assert.deepEqual([signal.added, signal.removed], [1, 1]);
    }));

  test('a program that continues when one of many calls has settled may start another call of the signal', () =>
    check(
      () =>
        using(1, async ({ echo_i32 }) => {
          const signal = new FakeSignal();
          const start = echo_i32.async.with({ signal, timeout: 60_000 });
          const values = Array.from({ length: 50 }, (_, i) => start(i).then((value) => start(value + 1)));
          assert.deepEqual(
            await Promise.all(values),
            Array.from({ length: 50 }, (_, i) => i + 1),
          );
          assert.equal(signal.listeners.length, 0);
          assert.equal(signal.added, signal.removed);
        }),
      20,
    ));

  test('a reason that cannot be read leaves the calls as they are', () =>
    check(
      () =>
        using(1, (symbols) =>
          Gate.use(async (gate) => {
            const signal = new FakeSignal();
            const call = symbols.gate_echo_i32.async.with({ signal })(gate, 1);
            Object.defineProperty(signal, 'reason', {
              get() {
                throw new Error('no reason');
              },
            });
            assert.throws(() => signal.abort(), /no reason/);
            gate.open();
            assert.equal(await call, 1);
            assert.equal(signal.listeners.length, 0);
          }),
        ),
      20,
    ));
});
