// Long C functions that report their progress through a callback, from their worker thread, while JavaScript runs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { JSCallback } from 'arkffi';
import { nextTurn, repeat } from './lifetimes.mjs';
import { rejects } from './support.mjs';
import { poolSizeOf, pools, drain, intToInt, open, using } from './threads.mjs';

const threadsafe = { ...intToInt, threadsafe: true };

/** Makes a callback for `body`, and closes it afterwards. */
async function reporting(fn, body) {
  const callback = new JSCallback(fn, threadsafe);
  try {
    return await body(callback);
  } finally {
    callback.close();
  }
}

for (const [pool, threads] of Object.entries(pools)) {
  describe(`a long call on ${pool}`, () => {
    // The C function loops until the callback returns 0.
    test('a long call reports while timers run', () =>
      repeat(
        () =>
          using(threads, async ({ call_while }) => {
            let ticks = 0;
            const timer = setInterval(() => ticks++, 1);
            const reports = [];
            const report = (n) => (reports.push(n), Number(ticks < 5));
            const value = await reporting(report, (callback) => call_while.async(callback));
            clearInterval(timer);
            assert.ok(ticks >= 5);
            assert.deepEqual(
              reports,
              Array.from({ length: value + 1 }, (_, i) => i),
            );
          }),
        10,
      ));

    test('a long call reports while other calls are made and settle', () =>
      repeat(
        () =>
          using(threads, (symbols) =>
            using(undefined, async ({ echo_i32 }) => {
              let [left, begin] = [20];
              const begun = new Promise((resolve) => (begin = resolve));
              const others = async () => {
                for (await begun; left; left--) assert.equal(await echo_i32.async(left), left);
              };
              const report = () => (begin(), Number(left > 0));
              const [, value] = await reporting(report, (callback) =>
                Promise.all([others(), symbols.call_while.async(callback)]),
              );
              assert.ok(value > 0);
            }),
          ),
        20,
      ));

    test('several long calls report at the same time', () =>
      repeat(
        () =>
          using(threads, async ({ call_while }) => {
            // Each call loops until all have reported, so none can wait for another one's end.
            const begun = new Set();
            const count = poolSizeOf(threads);
            const one = (id) =>
              reporting(
                () => (begun.add(id), Number(begun.size < count)),
                (callback) => call_while.async(callback),
              );
            await Promise.all(Array.from({ length: count }, (_, id) => one(id)));
            assert.equal(begun.size, count);
          }),
        50,
      ));

    test('a long call rejects with the exception of a report, and makes no further reports', () =>
      repeat(
        () =>
          using(threads, async ({ call_while, echo_i32 }) => {
            const mine = new Error('mine');
            let reports = 0;
            const report = () => {
              if (++reports === 5) throw mine;
              return 1;
            };
            await reporting(report, (callback) => rejects(() => call_while.async(callback), mine));
            assert.equal(reports, 5);
            assert.equal(await echo_i32.async(1), 1);
          }),
        50,
      ));

    test('an aborted long call rejects at once, and its next report can make C stop', () =>
      repeat(
        () =>
          using(threads, async (symbols) => {
            const controller = new AbortController();
            const { signal } = controller;
            let reports = 0;
            const report = () => {
              if (++reports === 5) setImmediate(() => controller.abort('enough'));
              return Number(!signal.aborted);
            };
            await reporting(report, async (callback) => {
              await rejects(() => symbols.call_while.async.with({ signal })(callback), 'enough');
              await drain(symbols, threads);
            });
            assert.ok(reports >= 5);
          }),
        50,
      ));

    test('a long call continues when a report closes its library', () =>
      repeat(async () => {
        const lib = open(threads);
        const report = (n) => {
          if (n === 2) lib.close();
          return Number(n < 10);
        };
        await reporting(report, async (callback) => assert.equal(await lib.symbols.call_while.async(callback), 10));
      }, 50));

    test('a long call ends when its callback is closed', () =>
      repeat(
        () =>
          using(threads, async ({ call_while }) => {
            let reports = 0;
            const callback = new JSCallback(() => {
              if (++reports === 3) setImmediate(() => callback.close());
              return 1;
            }, threadsafe);
            await rejects(() => call_while.async(callback), { code: 'ERR_FFI_CALLBACK_CLOSED' });
            await nextTurn();
            assert.ok(reports >= 3);
          }),
        50,
      ));
  });
}
