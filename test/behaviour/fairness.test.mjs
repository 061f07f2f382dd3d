// Which work gets a thread, and when: long and short calls, the host's own work, and the JavaScript thread.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { pbkdf2, randomBytes } from 'node:crypto';
import { lookup } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { changesThreads } from './hosts.mjs';
import { Gate, nextTurn, repeat } from './lifetimes.mjs';
import { check, fixture, isWarm } from './support.mjs';
import { poolSizeOf, pools, occupy, open, poolSize, using } from './threads.mjs';

const range = (length) => Array.from({ length }, (_, i) => i);
const manyThreads = { 'the pool': undefined, 'a lane of three': 3, 'a lane of sixteen': 16 };

describe('a long call', () => {
  for (const [pool, threads] of Object.entries(manyThreads)) {
    test(`a long call does not block a thousand short ones, on ${pool}`, () =>
      repeat(() =>
        using(threads, (symbols) =>
          Gate.use(async (gate) => {
            const long = symbols.gate_echo_i32.async(gate, -1);
            const short = range(1000).map((i) => symbols.echo_i32.async(i));
            assert.ok((await Promise.all(short)).every((value, i) => value === i));
            gate.open();
            assert.equal(await long, -1);
          }),
        ),
      ));

    test(`long calls on all threads but one leave that thread to short calls, on ${pool}`, () =>
      repeat(() =>
        using(threads, (symbols) =>
          Gate.use(async (longer) => {
            const long = range(poolSizeOf(threads) - 1).map((i) => symbols.gate_echo_i32.async(longer, i));
            await longer.reached(poolSizeOf(threads) - 1);
            for (let i = 0; i < 50; i++) assert.equal(await symbols.echo_i32.async(i), i);
            longer.open();
            await Promise.all(long);
          }),
        ),
      ));

    test(`many long calls spread over all threads, on ${pool}`, () =>
      repeat(() =>
        using(threads, async (symbols) => {
          const gates = range(4).map(() => new Gate());
          const calls = gates.flatMap((gate) => range(poolSizeOf(threads)).map(() => symbols.gate_thread.async(gate)));
          // Calls begin in the order in which they were made, and each group runs on all threads at once.
          for (const gate of gates) {
            await gate.reached(poolSizeOf(threads));
            gate.open();
          }
          const ids = await Promise.all(calls);
          for (const [i] of gates.entries()) {
            const together = ids.slice(i * poolSizeOf(threads), (i + 1) * poolSizeOf(threads));
            assert.equal(new Set(together).size, poolSizeOf(threads));
          }
          if (threads !== undefined || !changesThreads) assert.equal(new Set(ids).size, poolSizeOf(threads));
          gates.forEach((gate) => gate.free());
        }),
      ));
  }
});

describe('making a call', () => {
  for (const [pool, threads] of Object.entries(pools)) {
    test(`making a call does not wait for a thread, with 100,000 calls queued on ${pool}`, () =>
      using(threads, (symbols) =>
        Gate.use(async (gate) => {
          const running = await occupy(symbols, threads, gate);
          const queued = range(100_000).map((i) => symbols.echo_i32.async(i));
          assert.equal(gate.waiting, poolSizeOf(threads));
          gate.open();
          assert.deepEqual(await Promise.all(running), range(poolSizeOf(threads)));
          assert.ok((await Promise.all(queued)).every((value, i) => value === i));
        }),
      ));
  }
});

/** Keeps a thousand calls in flight until `body` is done, which gets a function for the number of calls so far. */
async function flooded(fn, body) {
  let [isOver, calls] = [false, 0];
  const flow = async () => {
    while (!isOver) {
      calls++;
      await fn(calls);
    }
  };
  const flows = range(1000).map(flow);
  try {
    return await body(() => calls);
  } finally {
    isOver = true;
    await Promise.all(flows);
  }
}

describe('while short calls never end', () => {
  const { echo_i32, echo_string } = open().symbols;
  const flow = { numbers: (n) => echo_i32.async(n % 1000), strings: (n) => echo_string.async(`text ${n}`) };

  for (const [what, fn] of Object.entries(flow)) {
    test(`the host's own work gets its threads during a flood of calls: ${what}`, () =>
      flooded(fn, async () => {
        for (let i = 0; i < (isWarm ? 3 : 1); i++) {
          const [file, key, packed, { address }] = await Promise.all([
            readFile(fixture),
            promisify(pbkdf2)('secret', 'salt', 1000, 32, 'sha256'),
            promisify(deflate)(Buffer.alloc(100_000)),
            promisify(lookup)('127.0.0.1').then((found) => (typeof found === 'string' ? { address: found } : found)),
            promisify(randomBytes)(64),
          ]);
          assert.ok(file.length > 1000 && packed.length < 1000);
          assert.deepEqual([key.length, address], [32, '127.0.0.1']);
        }
      }));

    test(`timers, immediates and other calls get their turn during a flood of calls: ${what}`, () =>
      flooded(fn, async (calls) => {
        for (let i = 0; i < (isWarm ? 5 : 1); i++) {
          const before = calls();
          await new Promise((resolve) => setTimeout(resolve, 0));
          await nextTurn();
          assert.equal(await echo_i32.async(i), i);
          await using(1, async (symbols) => assert.equal(await symbols.echo_i32.async(i), i));
          assert.ok(calls() > before);
        }
      }));
  }

  test('the event loop turns after a bounded number of results', () =>
    flooded(flow.numbers, async (calls) => {
      let most = 0;
      while (calls() < 300_000) {
        const before = calls();
        await nextTurn();
        most = Math.max(most, calls() - before);
      }
      assert.ok(most <= 10_000, `${most} calls in one turn`);
    }));

  test("long calls on all threads but one do not block the host's own work", () =>
    repeat(
      () =>
        using(undefined, (symbols) =>
          Gate.use(async (gate) => {
            const long = range(poolSize - 1).map((i) => symbols.gate_echo_i32.async(gate, i));
            await gate.reached(poolSize - 1);
            await flooded(flow.numbers, () => readFile(fixture));
            gate.open();
            await Promise.all(long);
          }),
        ),
      10,
    ));
});

describe('the order of results', () => {
  test('results settle in the order of the calls in a lane of one thread', () =>
    repeat(
      () =>
        using(1, async ({ echo_i32, echo_string, call_i32 }) => {
          const order = [];
          const calls = range(600).map((i) => {
            const made = [
              () => echo_i32.async(i),
              () => echo_string.async('text'),
              () => call_i32.async((n) => n, i),
              () => echo_i32.async.with({ errno: true, timeout: 60_000 })(i),
            ][i % 4]();
            return made.then(() => order.push(i));
          });
          await Promise.all(calls);
          const inOrder = (kind) => order.filter((i) => (i % 4 === 3) === kind);
          assert.deepEqual(
            inOrder(false),
            range(600).filter((i) => i % 4 !== 3),
          );
          assert.deepEqual(
            inOrder(true),
            range(600).filter((i) => i % 4 === 3),
          );
        }),
      20,
    ));

  test('failed calls settle in that order as well', () =>
    repeat(
      () =>
        using(1, async ({ call_i32 }) => {
          const order = [];
          const maybe = (i) => {
            if (i % 2) throw new Error('odd');
            return i;
          };
          const note = (i) => () => order.push(i);
          await Promise.all(range(100).map((i) => call_i32.async(maybe, i).then(note(i), note(i))));
          assert.deepEqual(order, range(100));
        }),
      20,
    ));

  test("each Promise's reactions run before the next result is delivered", () =>
    repeat(() =>
      using(1, (symbols) =>
        Gate.use(async (gate) => {
          const order = [];
          const note = (what) => () => order.push(what);
          const first = symbols.echo_i32.async(1).then(note('first')).then(note('then of the first'));
          const last = symbols.gate_echo_i32.async(gate, 2).then(note('second'));
          await first;
          gate.open();
          await last;
          assert.deepEqual(order, ['first', 'then of the first', 'second']);
        }),
      ),
    ));
});

describe('the context of async code', () => {
  const { echo_i32, echo_string, call_i32 } = open().symbols;
  const storage = new AsyncLocalStorage();

  for (const [pool, threads] of Object.entries(pools)) {
    test(`AsyncLocalStorage keeps its store across await and then, on ${pool}`, () =>
      repeat(
        () =>
          using(threads, async (symbols) => {
            const visit = (id) =>
              storage.run(id, async () => {
                await symbols.echo_i32.async(1);
                const seen = [storage.getStore()];
                await symbols.echo_i32.async.with({ timeout: 60_000, signal: new AbortController().signal })(1);
                seen.push(storage.getStore());
                await symbols.echo_i32.async('wrong').catch(() => seen.push(storage.getStore()));
                await symbols.call_i32
                  .async(() => {
                    throw 1;
                  }, 1)
                  .catch(() => seen.push(storage.getStore()));
                await symbols.echo_string.async('text').then(() => seen.push(storage.getStore()));
                return seen;
              });
            const seen = await Promise.all(range(50).map(visit));
            assert.deepEqual(
              seen,
              range(50).map((id) => Array(5).fill(id)),
            );
            assert.equal(storage.getStore(), undefined);
          }),
        20,
      ));
  }

  test('the stack of an error after an await includes the async callers', () =>
    check(async () => {
      async function innermost() {
        await echo_i32.async(1);
        throw new Error('after the await');
      }
      async function theCallerOfIt() {
        await innermost();
      }
      const { stack } = await theCallerOfIt().catch((error) => error);
      assert.match(stack, /at innermost .*\n\s*at async theCallerOfIt /);
    }));

  test('the stack of an error for wrong arguments includes the caller', () =>
    check(async () => {
      async function theCaller() {
        await echo_string.async(1);
      }
      const { stack } = await theCaller().catch((error) => error);
      assert.match(stack, /echo_string: argument 1[^]*at .*theCaller /);
    }));

  test('the stack of an error from a callback includes the callback', () =>
    check(async () => {
      function theCallback() {
        throw new Error('in the callback');
      }
      const { stack } = await call_i32.async(theCallback, 1).catch((error) => error);
      assert.match(stack, /at theCallback /);
    }));
});
