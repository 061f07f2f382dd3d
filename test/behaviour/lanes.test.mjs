// Libraries with threads of their own for their async calls.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { copiesInFlight } from './hosts.mjs';
import { Gate, nextTurn, ownFixture, repeat, watchUnmapping } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';
import {
  pools,
  definitions,
  drain,
  intToInt,
  occupy,
  open,
  poolSize,
  Tally,
  threadCount,
  uncountable,
  until,
  using,
} from './threads.mjs';

const own = open().symbols.thread_self();
const range = (length) => Array.from({ length }, (_, i) => i);

describe('a lane of one', () => {
  test('a lane of one runs its calls on one thread, which is not the JavaScript thread', () =>
    repeat(() =>
      using(1, async ({ thread_self }) => {
        const threads = new Set(await Promise.all(range(100).map(() => thread_self.async())));
        for (let i = 0; i < 20; i++) threads.add(await thread_self.async());
        await nextTurn();
        threads.add(await thread_self.async());
        assert.equal(threads.size, 1);
        assert.ok(!threads.has(own));
      }),
    ));

  test(
    'a lane of one runs its calls sequentially, in the order in which they were made',
    { skip: copiesInFlight },
    () =>
      repeat(() =>
        using(1, async ({ add_to_total, echo_string }) => {
          const { total } = new Tally();
          // Each call returns the sum before its own addition, so that any other order would show.
          const sums = range(300).map((i) => {
            if (i % 3 === 0) echo_string.async(`text ${i}`);
            return add_to_total.async(total, i);
          });
          assert.deepEqual(
            await Promise.all(sums),
            range(300).map((i) => (i * (i + 1)) / 2),
          );
        }),
      ),
  );

  test('a lane of one begins no call before the previous one has ended', () =>
    repeat(() =>
      using(1, (symbols) =>
        Gate.use(async (gate) => {
          const tally = new Tally();
          const first = symbols.gate_echo_i32.async(gate, 1);
          const next = symbols.add_to_total.async(tally.total, 1);
          await gate.reached();
          await nextTurn();
          assert.deepEqual([tally.count, gate.waiting], [0, 1]);
          gate.open();
          assert.deepEqual(await Promise.all([first, next]), [1, 1]);
        }),
      ),
    ));

  test("calls of the raw bridge by the library's handle run in its lane", () =>
    repeat(() =>
      using(1, async ({ thread_self }, { handle }) => {
        ffi.defineFunction(handle, 'thread_self', '', 'q');
        const raw = await ffi.callAsync(handle, 'thread_self', '', 'q', [], []);
        assert.equal(raw, await thread_self.async());
      }),
    ));
});

describe('a lane of n', () => {
  for (const n of [2, 3, 16, 64, 1024]) {
    test(`a lane of n runs ${n} calls at once, and never more`, () =>
      repeat(
        () =>
          using(n, (symbols) =>
            Gate.use(async (gate) => {
              const first = range(n).map(() => symbols.gate_thread.async(gate));
              const more = range(n).map(() => symbols.gate_thread.async(gate));
              await gate.reached(n);
              await nextTurn();
              assert.equal(gate.waiting, n);
              gate.open();
              const threads = new Set(await Promise.all(first));
              assert.equal(threads.size, n, 'each of the calls that were inside together has its own thread');
              for (const thread of await Promise.all(more)) assert.ok(threads.has(thread));
            }),
          ),
        n > 16 ? 3 : 100,
      ));
  }

  test('a lane has all its threads again after an idle period', () =>
    repeat(() =>
      using(4, async (symbols) => {
        for (let round = 0; round < 5; round++) {
          await Gate.use(async (gate) => {
            const calls = await occupy(symbols, 4, gate);
            gate.open();
            assert.deepEqual(await Promise.all(calls), [0, 1, 2, 3]);
          });
          await nextTurn();
        }
      }),
    ));
});

describe('a library without the option threads', () => {
  for (const [what, options] of Object.entries({
    'no options': undefined,
    'no option': {},
    'undefined as the option': { threads: undefined },
  })) {
    test(`${what}: calls share the host's pool with those of other libraries`, () =>
      repeat(() =>
        Gate.use(async (gate) => {
          const libraries = [dlopen(fixture, definitions, options), open()];
          const calls = libraries.flatMap(({ symbols }) => range(poolSize).map(() => symbols.gate_thread.async(gate)));
          await gate.reached(poolSize);
          await nextTurn();
          assert.equal(gate.waiting, poolSize);
          gate.open();
          assert.equal(new Set(await Promise.all(calls)).size, poolSize);
          libraries.forEach((lib) => lib.close());
        }),
      ));
  }
});

describe('a lane behaves as the pool does', () => {
  test('a lane gives the same values, strings that C overwrites, and errors', () =>
    repeat(() =>
      using(2, async ({ echo_i32, echo_void, string_overwritten }) => {
        assert.equal(await echo_i32.async(-5), -5);
        assert.equal(await echo_void.async(), undefined);
        const texts = range(200).map((i) => `text ${i}`);
        assert.deepEqual(await Promise.all(texts.map((text) => string_overwritten.async(text))), texts);
        await rejects(() => echo_i32.async('1'), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /^echo_i32: argument 1/,
        });
        await rejects(() => echo_i32.async(2 ** 31), { code: 'ERR_FFI_OUT_OF_RANGE' });
        await rejects(() => echo_i32.async(), { code: 'ERR_FFI_ARG_COUNT' });
      }),
    ));

  test('a lane runs callbacks: plain functions, thread-safe ones, and those that throw or are not thread-safe', () =>
    repeat(() =>
      using(2, async ({ call_i32, call_times }) => {
        const safe = new JSCallback((n) => n * 2, { ...intToInt, threadsafe: true });
        const unsafe = new JSCallback((n) => n, intToInt);
        const mine = new Error('mine');
        assert.equal(await call_i32.async((n) => n + 1, 1), 2);
        assert.equal(await call_times.async(safe, 10), 90);
        await rejects(() => call_times.async(unsafe, 3), { code: 'ERR_FFI_WRONG_THREAD' });
        const throwing = () => {
          throw mine;
        };
        await rejects(() => call_i32.async(throwing, 1), mine);
        [safe, unsafe].forEach((callback) => callback.close());
      }),
    ));

  test('sync calls stay on the JavaScript thread', () =>
    check(() => using(2, ({ thread_self }) => assert.equal(thread_self(), own)), 10));
});

describe('lanes are independent', () => {
  for (const [pool, threads] of Object.entries(pools)) {
    test(`a lane continues while ${pool} is busy with another library`, () =>
      repeat(() =>
        using(threads, (busy) =>
          using(1, (free) =>
            Gate.use(async (gate) => {
              const waiting = await occupy(busy, threads, gate);
              const queued = busy.echo_i32.async(5);
              assert.equal(await free.echo_i32.async(1), 1);
              gate.open();
              await Promise.all(waiting);
              assert.equal(await queued, 5);
            }),
          ),
        ),
      ));
  }

  test("the host's pool continues while a lane is busy", () =>
    repeat(() =>
      using(1, (busy) =>
        using(undefined, (free) =>
          Gate.use(async (gate) => {
            const waiting = await occupy(busy, 1, gate);
            assert.equal(await free.echo_i32.async(1), 1);
            gate.open();
            await Promise.all(waiting);
          }),
        ),
      ),
    ));

  test('the same library opened twice has two lanes', () =>
    repeat(async () => {
      const [first, second] = [open(1), open(1)];
      await Gate.use(async (gate) => {
        const calls = [first, second].map(({ symbols }) => symbols.gate_thread.async(gate));
        await gate.reached(2);
        first.close();
        gate.open();
        const threads = await Promise.all(calls);
        assert.notEqual(threads[0], threads[1]);
        assert.equal(await second.symbols.thread_self.async(), threads[1]);
      });
      second.close();
    }));

  test('thirty lanes of four threads can all be busy at once', () =>
    repeat(
      () =>
        Gate.use(async (gate) => {
          const libraries = range(30).map(() => open(4));
          const calls = libraries.flatMap(({ symbols }) => range(4).map(() => symbols.gate_thread.async(gate)));
          await gate.reached(120);
          gate.open();
          assert.equal(new Set(await Promise.all(calls)).size, 120);
          libraries.forEach((lib) => lib.close());
        }),
      5,
    ));
});

describe('closing a library with a lane', () => {
  for (const threads of [1, 3]) {
    test(`closing a library lets its running and queued calls end, on ${threads} threads`, () =>
      repeat(async () => {
        const lib = open(threads, ownFixture());
        const watch = watchUnmapping(lib.handle);
        await Gate.use(async (gate) => {
          const running = await occupy(lib.symbols, threads, gate);
          const queued = range(50).map((i) => lib.symbols.echo_string.async(`text ${i}`));
          lib.close();
          lib.close();
          throws(() => lib.symbols.echo_i32(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
          await rejects(() => lib.symbols.echo_i32.async(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
          await nextTurn();
          assert.equal(watch.isUnmapped, false);
          gate.open();
          assert.deepEqual(await Promise.all(running), range(threads));
          assert.deepEqual(
            await Promise.all(queued),
            range(50).map((i) => `text ${i}`),
          );
        });
        await watch.untilUnmapped();
      }, 20));
  }

  test("a callback for which the lane's thread waits may close the library", () =>
    repeat(async () => {
      const lib = open(1);
      const callback = new JSCallback((n) => (lib.close(), n + 1), { ...intToInt, threadsafe: true });
      const calls = [lib.symbols.call_times.async(callback, 3), lib.symbols.echo_i32.async(7)];
      assert.deepEqual(await Promise.all(calls), [6, 7]);
      callback.close();
    }));

  test('a library may be closed in the then of its last call', () =>
    repeat(async () => {
      const lib = open(2);
      const value = await lib.symbols.echo_i32.async(1).then((one) => (lib.close(), one));
      assert.equal(value, 1);
      await rejects(() => lib.symbols.echo_i32.async(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }));

  test("closing a library ends the lane's threads", { skip: uncountable }, () =>
    repeat(async () => {
      await drain();
      const before = threadCount();
      const lib = open(16);
      await Gate.use(async (gate) => {
        const calls = await occupy(lib.symbols, 16, gate);
        assert.equal(threadCount(), before + 16);
        gate.open();
        lib.close();
        await Promise.all(calls);
      });
      await until(() => threadCount() === before);
    }, 10),
  );

  test('opening and closing a library hundreds of times leaves no thread running', { skip: uncountable }, async () => {
    await drain();
    const before = threadCount();
    const pending = [];
    for (let i = 0; i < 400; i++) {
      const lib = open(1 + (i % 4));
      if (i % 5) pending.push(lib.symbols.echo_i32.async(i));
      if (i % 2) await pending.at(-1);
      lib.close();
    }
    assert.equal((await Promise.all(pending)).length, 320);
    await until(() => threadCount() === before);
  });
});

describe('a lane that is never used', () => {
  test('a lane that is never used starts no thread, and can be closed', { skip: uncountable }, () =>
    repeat(async () => {
      await drain();
      const before = threadCount();
      const lib = open(1024);
      lib.symbols.echo_i32(1);
      await rejects(() => lib.symbols.echo_i32.async('1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      assert.equal(threadCount(), before);
      lib.close();
      lib.close();
    }),
  );
});

describe('the number of threads', () => {
  test('the option threads is an integer from 1 to 1024', () =>
    check(() => {
      for (const threads of [0, -0, -1, 1.5, NaN, Infinity, -Infinity, 1025, 10_000, 2 ** 32 + 1, 1e300]) {
        throws(() => dlopen(fixture, definitions, { threads }), {
          code: 'ERR_FFI_OUT_OF_RANGE',
          message: `dlopen: options.threads: ${threads} is not an integer from 1 to 1024`,
        });
      }
      for (const threads of ['4', null, true, 4n, {}, [4], new Number(4), Symbol('4'), () => 4]) {
        throws(() => dlopen(fixture, definitions, { threads }), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /^dlopen: options\.threads: expected a number, got [^;]+(; .+)?$/,
        });
      }
    }));

  test('the option threads must be in an object, with no unknown option', () =>
    check(() => {
      for (const options of [null, 4, '4', true, 4n, Symbol('4'), () => {}]) {
        throws(() => dlopen(fixture, definitions, options), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^dlopen: / });
      }
      throws(() => dlopen(fixture, definitions, { thread: 4 }), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^dlopen: options: unknown option 'thread'; did you mean 'threads'/,
      });
    }));

  test('the option threads is checked before the library is opened', () =>
    check(() => {
      throws(() => dlopen('/no/such/library.so', {}, { threads: 0 }), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => dlopen('/no/such/library.so', {}, { threads: '4' }), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }));

  test('a library with a lane that lacks a symbol is not left open', () => {
    const path = ownFixture();
    const wanted = { ...definitions, no_such_name: {} };
    return repeat(() => throws(() => dlopen(path, wanted, { threads: 2 }), { code: 'ERR_FFI_SYMBOL_NOT_FOUND' }));
  });
});
