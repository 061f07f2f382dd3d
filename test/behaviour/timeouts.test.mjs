// f.async.with({ timeout }): the Promise rejects when the timeout has passed. All tests but the last mock the clock.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { AsyncCFunction, CFunction } from 'arkffi';
import { Gate, nextTurn, ownFixture, repeat, watchUnmapping } from './lifetimes.mjs';
import { assertError, check, rejects } from './support.mjs';
import { poolSizeOf, pools, drain, occupy, open, Tally, using } from './threads.mjs';

const { echo_i32, gate_echo_i32 } = open().symbols;
const LONGEST = 2 ** 31 - 1;

/** Asserts that the Promise rejects with the TimeoutError of that function. */
async function timedOut(promise, name, timeout) {
  const error = await promise.then(
    (value) => assert.fail(`a rejection is expected, got ${value}`),
    (reason) => reason,
  );
  assertError(error, { code: 'ERR_FFI_TIMEOUT', message: `${name}: the call took longer than ${timeout} ms` });
  assert.equal(error.name, 'TimeoutError');
}

/** Records whether a Promise has settled. */
function watch(promise) {
  const state = { isSettled: false };
  const settled = () => (state.isSettled = true);
  promise.then(settled, settled);
  return state;
}

describe('when the timeout has passed', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  for (const [pool, threads] of Object.entries(pools)) {
    for (const timeout of [0, 1, 1000, LONGEST]) {
      test(`a queued call rejects, and C is never entered: ${timeout} ms on ${pool}`, () =>
        repeat(() =>
          using(threads, (symbols) =>
            Gate.use(async (gate) => {
              const tally = new Tally();
              const running = await occupy(symbols, threads, gate);
              const queued = [1, 2, 3].map(() => symbols.add_to_total.async.with({ timeout })(tally.total, 1));
              const early = queued.map(watch);
              if (timeout) mock.timers.tick(timeout - 1);
              await nextTurn();
              assert.ok(early.every(({ isSettled }) => !isSettled));
              mock.timers.tick(1);
              for (const call of queued) await timedOut(call, 'add_to_total', timeout);
              assert.equal(gate.waiting, poolSizeOf(threads), 'the calls before them still run');
              gate.open();
              await Promise.all(running);
              await drain(symbols, threads);
              assert.equal(tally.count, 0);
            }),
          ),
        ));
    }

    test(`a running call rejects, and runs to its end, on ${pool}`, () =>
      repeat(() =>
        using(threads, (symbols) =>
          Gate.use(async (gate) => {
            const bytes = new Uint8Array(8);
            const call = symbols.gate_buffer_fill.async.with({ timeout: 5 })(gate, bytes, 8, 9);
            await gate.reached();
            mock.timers.tick(5);
            await timedOut(call, 'gate_buffer_fill', 5);
            assert.equal(gate.waiting, 1);
            gate.open();
            await drain(symbols, threads);
            assert.deepEqual([...bytes], Array(8).fill(9));
          }),
        ),
      ));

    test(`a call that has settled is not affected, on ${pool}`, () =>
      repeat(() =>
        using(threads, async ({ echo_i32, call_i32 }) => {
          const { async } = echo_i32;
          const mine = new Error('mine');
          const throwing = () => {
            throw mine;
          };
          const calls = [1, 2, 3].map((timeout) => async.with({ timeout })(timeout));
          assert.deepEqual(await Promise.all(calls), [1, 2, 3]);
          await rejects(() => call_i32.async.with({ timeout: 4 })(throwing, 1), mine);
          mock.timers.tick(100);
          await nextTurn();
          assert.deepEqual(await Promise.all(calls), [1, 2, 3]);
          assert.equal(await async(4), 4);
        }),
      ));
  }

  test('a running call keeps its library mapped', () =>
    repeat(async () => {
      const lib = open(1, ownFixture());
      const watch = watchUnmapping(lib.handle);
      await Gate.use(async (gate) => {
        const call = lib.symbols.gate_echo_i32.async.with({ timeout: 1 })(gate, 1);
        await gate.reached();
        lib.close();
        mock.timers.tick(1);
        await timedOut(call, 'gate_echo_i32', 1);
        assert.equal(watch.isUnmapped, false);
        gate.open();
        await watch.untilUnmapped();
      });
    }, 20));

  test('other calls of the same library and function are not affected', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const ends = gate_echo_i32.async.with({ timeout: 10 })(gate, 1);
        const stays = gate_echo_i32.async.with({ timeout: 11 })(gate, 2);
        const without = gate_echo_i32.async(gate, 3);
        mock.timers.tick(10);
        await timedOut(ends, 'gate_echo_i32', 10);
        gate.open();
        assert.deepEqual(await Promise.all([stays, without]), [2, 3]);
        await drain();
      }),
    ));

  test('functions from addresses reject as well, with the name they were given', () =>
    repeat(() =>
      Gate.use(async (gate) => {
        const definition = { args: ['p', 'i'], returns: 'i', ptr: gate_echo_i32, name: 'mine' };
        const [plain, async] = [CFunction(definition), AsyncCFunction(definition)];
        const calls = [plain.async, async, async.async].map((fn) => fn.with({ timeout: 1.5, errno: true })(gate, 1));
        mock.timers.tick(2);
        for (const call of calls) await timedOut(call, 'mine', 1.5);
        gate.open();
        await drain();
      }),
    ));

  test('a signal aborted before the timeout takes precedence, and one aborted later has no effect', () =>
    repeat(() =>
      using(1, (symbols) =>
        Gate.use(async (gate) => {
          const [early, late] = [new AbortController(), new AbortController()];
          const first = symbols.gate_echo_i32.async.with({ signal: early.signal, timeout: 5 })(gate, 1);
          const second = symbols.gate_echo_i32.async.with({ signal: late.signal, timeout: 5 })(gate, 1);
          early.abort('early');
          mock.timers.tick(5);
          late.abort('late');
          await rejects(() => first, 'early');
          await timedOut(second, 'gate_echo_i32', 5);
          gate.open();
          await drain(symbols, 1);
        }),
      ),
    ));

  test('a refused call leaves no timer', () =>
    check(async () => {
      await rejects(() => echo_i32.async.with({ timeout: 1 })('1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      await rejects(() => echo_i32.async.with({ timeout: 1, signal: AbortSignal.abort('why') })(1), 'why');
      mock.timers.tick(5);
      await nextTurn();
    }, 10));
});

test('calls that start together with one timeout need one timer of the host, which goes with the last of them', () =>
  using(1, (symbols) =>
    Gate.use(async (gate) => {
      const { setTimeout, clearTimeout } = globalThis;
      let [set, cleared] = [0, 0];
      globalThis.setTimeout = (...args) => (set++, setTimeout(...args));
      globalThis.clearTimeout = (timer) => (cleared++, clearTimeout(timer));
      try {
        const start = Date.now();
        const calls = Array.from({ length: 500 }, (_, i) =>
          symbols.gate_echo_i32.async.with({ timeout: LONGEST })(gate, i),
        );
        const most = 1 + Date.now() - start;
        assert.ok(set >= 1 && set <= most, `${set} timers in ${most} ms`);
        gate.open();
        await Promise.all(calls);
        await nextTurn();
        assert.equal(cleared, set);
      } finally {
        Object.assign(globalThis, { setTimeout, clearTimeout });
      }
    }),
  ));

test('calls that are awaited one after the other need few timers of the host, and each has all of its time', () =>
  using(1, (symbols) =>
    Gate.use(async (gate) => {
      const { setTimeout } = globalThis;
      let set = 0;
      const counting = (...args) => (set++, setTimeout(...args));
      globalThis.setTimeout = counting;
      try {
        const call = symbols.echo_i32.async.with({ timeout: 60 });
        const begin = Date.now();
        let calls = 0;
        for (; Date.now() - begin < 30; calls++) assert.equal(await call(calls), calls);
        const last = Date.now();
        await timedOut(symbols.gate_echo_i32.async.with({ timeout: 60 })(gate, 1), 'gate_echo_i32', 60);
        assert.ok(Date.now() - last >= 59, `${Date.now() - last} ms`);
        assert.ok(calls < 50 || set < calls / 2, `${set} timers for ${calls} calls`);
      } finally {
        globalThis.setTimeout = setTimeout;
      }
      gate.open();
      await drain(symbols, 1);
    }),
  ));

test("each of a thousand calls has its own timeout by the host's clock", () =>
  using(1, (symbols) =>
    Gate.use(async (gate) => {
      const first = symbols.gate_echo_i32.async(gate, 1);
      const calls = Array.from({ length: 1000 }, (_, i) =>
        symbols.echo_i32.async.with({ timeout: i % 2 ? LONGEST : i % 5 })(i),
      );
      await Promise.all(calls.map((call, i) => (i % 2 ? undefined : timedOut(call, 'echo_i32', i % 5))));
      gate.open();
      assert.equal(await first, 1);
      for (let i = 1; i < 1000; i += 2) assert.equal(await calls[i], i);
    }),
  ));
