// Async calls that end at once, one after the other: the JavaScript thread hardly sleeps between them, and everything
// else that the event loop does has its turn all the same.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { Gate, nextTurn } from './lifetimes.mjs';
import { occupy, pools, using } from './threads.mjs';

/** Awaits calls one after the other until `isDone`; returns how many. */
async function chain({ echo_i32 }, isDone) {
  let count = 0;
  for (; !isDone(count); count++) assert.equal(await echo_i32.async(count), count);
  return count;
}

const chainOf = (symbols, length) => chain(symbols, (count) => count === length);

for (const [pool, threads] of Object.entries(pools)) {
  describe(`async calls that end at once, on ${pool}`, () => {
    test(`each of 5,000 calls has its own result, on ${pool}`, () =>
      using(threads, (symbols) => chainOf(symbols, 5000)));

    test(`several chains of calls at once keep their order, on ${pool}`, () =>
      using(threads, async (symbols) => {
        await Promise.all([1000, 700, 300].map((length) => chainOf(symbols, length)));
      }));

    test(`timers, immediates, files and messages have their turns while calls keep coming, on ${pool}`, () =>
      using(threads, async (symbols) => {
        const seen = { timers: 0, immediates: 0, files: 0, messages: 0 };
        let isDone = false;
        const timer = setInterval(() => seen.timers++, 1);
        const immediates = (async () => {
          for (; !isDone; seen.immediates++) await nextTurn();
        })();
        const files = (async () => {
          for (; !isDone; seen.files++) await readFile(new URL(import.meta.url));
        })();
        const { port1, port2 } = new MessageChannel();
        port2.on('message', () => {
          seen.messages++;
          if (!isDone) port1.postMessage('again');
        });
        port1.postMessage('first');
        await chain(symbols, () => Object.values(seen).every((times) => times >= 10));
        isDone = true;
        clearInterval(timer);
        port1.close();
        await Promise.all([immediates, files]);
      }));

    test(`what a then schedules runs in the usual order, on ${pool}`, () =>
      using(threads, async ({ echo_i32 }) => {
        for (let i = 0; i < 200; i++) {
          const order = [];
          await echo_i32.async(i).then(() => {
            process.nextTick(() => order.push('tick'));
            queueMicrotask(() => order.push('microtask'));
            order.push('then');
          });
          await nextTurn();
          assert.deepEqual(order, ['then', 'microtask', 'tick']);
        }
      }));

    test(`calls that fail reject between those that do not, on ${pool}`, () =>
      using(threads, async ({ echo_i32, echo_string, call_i32 }) => {
        const fail = () => {
          throw new RangeError('on purpose');
        };
        for (let i = 0; i < 100; i++) {
          assert.equal(await echo_i32.async(i), i);
          await assert.rejects(echo_i32.async('text'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
          await assert.rejects(call_i32.async(fail, i), { name: 'RangeError', message: 'on purpose' });
          assert.equal(await echo_string.async(`text ${i}`), `text ${i}`);
        }
      }));

    test(`the library may be closed in the middle of a chain, on ${pool}`, async () => {
      for (const length of [0, 1, 2, 50]) {
        await using(threads, async (symbols, lib) => {
          await chainOf(symbols, length);
          const last = symbols.echo_i32.async(-1);
          lib.close();
          assert.equal(await last, -1);
          await assert.rejects(symbols.echo_i32.async(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
        });
      }
    });

    test(`an abort and a timeout reach calls between quick ones, on ${pool}`, () =>
      using(threads, (symbols) =>
        using(1, (others) =>
          Gate.use(async (gate) => {
            const slow = await occupy(symbols, threads, gate);
            let isLate = false;
            const late = symbols.gate_echo_i32.async.with({ timeout: 5 })(gate, 2);
            late.catch(({ code }) => (isLate = code === 'ERR_FFI_TIMEOUT'));
            const controller = new AbortController();
            const aborted = symbols.gate_echo_i32.async.with({ signal: controller.signal })(gate, 3);
            await chainOf(others, 100);
            controller.abort('on purpose');
            assert.equal(await aborted.catch((reason) => reason), 'on purpose');
            await chain(others, () => isLate);
            gate.open();
            await Promise.all(slow);
            assert.equal(await symbols.echo_i32.async(4), 4);
          }),
        ),
      ));
  });
}
