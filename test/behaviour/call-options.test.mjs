// f.with(…), f.async.with(…) and their counterparts: errno, and invalid options. Cancelling has a file of its own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AsyncCFunction, CFunction, dlopen } from 'arkffi';
import { copiesInFlight } from './hosts.mjs';
import { Gate, nextTurn, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';
import { poolSizeOf, pools, open, using } from './threads.mjs';

const bytes = new Uint8Array(8);

/** A value of each type; errno_… returns its second argument. */
const samples = {
  bool: ['b', true],
  i8: ['c', -128],
  u8: ['C', 255],
  i16: ['h', -32768],
  u16: ['H', 65535],
  i32: ['i', -1],
  u32: ['I', 2 ** 32 - 1],
  i64: ['l', -(2n ** 63n)],
  u64: ['L', 2n ** 64n - 1n],
  bigi64: ['q', -5n],
  bigu64: ['Q', 5n],
  f32: ['f', 0.5],
  f64: ['d', -0],
  string: ['s', 'aé€😀'],
  string16: ['S', 'aé€😀\ud800'],
  wstring: ['w', 'aé€😀'],
  latin1: ['t', 'aéÿ\x80'],
  pointer: ['p', bytes],
  callback: ['k', null],
};
const definitions = Object.fromEntries(
  Object.entries(samples).map(([name, [type]]) => [`errno_${name}`, { args: ['i', type], returns: type }]),
);
const lib = dlopen(fixture, {
  ...definitions,
  errno_void: { args: ['i'] },
  errno_fail: { args: ['i'], returns: 'i' },
  errno_read: { returns: 'i' },
  echo_i32: { args: ['i'], returns: 'i' },
  echo_void: {},
  call_i32: { args: [{ args: ['i'], returns: 'i' }, 'i'], returns: 'i' },
  string_null: { returns: 's' },
}).symbols;

const ofEcho = { args: ['i'], returns: 'i', ptr: lib.echo_i32, name: 'echo_i32' };
const ofFail = { args: ['i'], returns: 'i', ptr: lib.errno_fail, name: 'errno_fail' };
const withErrno = { errno: true };

/** Every way to make a function with options: sync ones, and async ones. */
const syncWays = (fn, definition) => ({ symbol: fn, CFunction: CFunction(definition) });
const asyncWays = (fn, definition) => ({
  'symbol.async': fn.async,
  'CFunction.async': CFunction(definition).async,
  AsyncCFunction: AsyncCFunction(definition),
  'AsyncCFunction.async': AsyncCFunction(definition).async,
});

describe('errno', () => {
  for (const [way, fn] of Object.entries({
    ...syncWays(lib.errno_fail, ofFail),
    ...asyncWays(lib.errno_fail, ofFail),
  })) {
    test(`errno accompanies the value from ${way}`, () =>
      check(async () => {
        for (const error of [17, 1, 2 ** 31 - 1, -5, 0]) {
          assert.deepEqual(await fn.with(withErrno)(error), withErrnoOf(-1, error));
        }
      }));
  }

  test('errno is 0 where C does not set it, whatever it was before', () =>
    check(async () => {
      lib.errno_fail(5);
      assert.deepEqual(lib.echo_i32.with(withErrno)(1), withErrnoOf(1, 0));
      lib.errno_fail(5);
      assert.deepEqual(lib.errno_read.with(withErrno)(), withErrnoOf(0, 0));
      await using(1, async ({ gate_errno, echo_i32 }) => {
        await Gate.use((gate) => (gate.open(), gate_errno.async(gate, 5)));
        assert.deepEqual(await echo_i32.async.with(withErrno)(1), withErrnoOf(1, 0));
      });
    }));

  test('errno accompanies every type of value', () =>
    check(async () => {
      for (const [name, [, given]] of Object.entries(samples)) {
        const fn = lib[`errno_${name}`];
        const expected = withErrnoOf(fn(0, given), 7);
        assert.deepEqual(fn.with(withErrno)(7, given), expected, name);
        if (copiesInFlight && name === 'pointer') continue; // errno_pointer returns the address of a buffer
        assert.deepEqual(await fn.async.with(withErrno)(7, given), expected, `${name}, async`);
      }
      const nothing = withErrnoOf(undefined, 7);
      assert.deepEqual(lib.errno_void.with(withErrno)(7), nothing);
      assert.deepEqual(await lib.errno_void.async.with(withErrno)(7), nothing);
      assert.deepEqual(lib.string_null.with(withErrno)(), withErrnoOf(null, 0));
      assert.deepEqual(await lib.string_null.async.with(withErrno)(), withErrnoOf(null, 0));
    }, 10));

  for (const [pool, threads] of Object.entries(pools)) {
    test(`each of many concurrent calls has its own errno, on ${pool}`, () =>
      repeat(() =>
        using(threads, ({ gate_errno }) =>
          Gate.use(async (gate) => {
            const errors = Array.from({ length: 40 }, (_, i) => 100 + i);
            const calls = errors.map((error) => gate_errno.async.with(withErrno)(gate, error));
            await gate.reached(poolSizeOf(threads)); // these calls have all set their errno
            gate.open();
            const expected = errors.map((error) => withErrnoOf(error, error));
            assert.deepEqual(await Promise.all(calls), expected);
          }),
        ),
      ));
  }

  test("a call with errno runs in the library's lane", () =>
    repeat(() =>
      using(1, async ({ thread_self }) => {
        const { value } = await thread_self.async.with(withErrno)();
        assert.equal(value, await thread_self.async());
      }),
    ));

  test('the plain value is returned where errno is not requested', () =>
    check(async () => {
      for (const options of [{}, { errno: false }, { errno: undefined }]) {
        assert.equal(lib.errno_fail.with(options)(7), -1);
        assert.equal(await lib.errno_fail.async.with(options)(7), -1);
      }
      lib.errno_fail.with(withErrno);
      assert.equal(lib.errno_fail(7), -1);
    }));

  test('errors of arguments are unchanged by the option errno', () =>
    check(async () => {
      for (const [args, wanted] of [
        [['1'], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^echo_i32: argument 1: / }],
        [[2 ** 31], { code: 'ERR_FFI_OUT_OF_RANGE', message: /^echo_i32: argument 1: / }],
        [[], { code: 'ERR_FFI_ARG_COUNT', message: 'echo_i32: expected 1 argument, got 0' }],
      ]) {
        throws(() => lib.echo_i32.with(withErrno)(...args), wanted);
        await rejects(() => lib.echo_i32.async.with(withErrno)(...args), wanted);
      }
    }));

  test('an exception from a callback takes precedence over errno', () =>
    check(async () => {
      const mine = new Error('mine');
      const throwing = () => {
        throw mine;
      };
      throws(() => lib.call_i32.with(withErrno)(throwing, 1), mine);
      await rejects(() => lib.call_i32.async.with(withErrno)(throwing, 1), mine);
      assert.deepEqual(lib.call_i32.with(withErrno)((n) => n + 1, 1).value, 2);
      assert.deepEqual((await lib.call_i32.async.with(withErrno)((n) => n + 1, 1)).value, 2);
    }));
});

describe('a function with options', () => {
  test('a closed library rejects a function with options with ERR_FFI_LIBRARY_CLOSED', () =>
    repeat(async () => {
      const closing = open();
      const { echo_i32 } = closing.symbols;
      const early = [echo_i32.with(withErrno), echo_i32.async.with(withErrno), echo_i32.async.with({ timeout: 5 })];
      closing.close();
      const late = [echo_i32.with(withErrno), echo_i32.async.with(withErrno), echo_i32.async.with({ timeout: 5 })];
      for (const [sync, ...asyncs] of [early, late]) {
        throws(() => sync(1), { code: 'ERR_FFI_LIBRARY_CLOSED', message: 'echo_i32: its library has been closed' });
        for (const fn of asyncs) await rejects(() => fn(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      }
    }));

  test('a closed function with options rejects the call with ERR_FFI_LIBRARY_CLOSED', () =>
    repeat(async () => {
      const [plain, async] = [CFunction(ofEcho), AsyncCFunction(ofEcho)];
      const early = [
        plain.with(withErrno),
        plain.async.with(withErrno),
        async.with(withErrno),
        async.with({ timeout: 5 }),
      ];
      const pending = async.with({ errno: true, timeout: 60_000 })(1);
      plain.close();
      async.close();
      const late = [
        plain.with(withErrno),
        plain.async.with(withErrno),
        async.with(withErrno),
        async.with({ timeout: 5 }),
      ];
      for (const [sync, ...asyncs] of [early, late]) {
        throws(() => sync(1), { code: 'ERR_FFI_LIBRARY_CLOSED', message: 'echo_i32: the function has been closed' });
        for (const fn of asyncs) await rejects(() => fn(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      }
      assert.deepEqual(await pending, withErrnoOf(1, 0));
    }));

  test('a function with options may be kept and called repeatedly', () =>
    check(async () => {
      const [sync, async] = [
        lib.errno_fail.with(withErrno),
        lib.errno_fail.async.with({ ...withErrno, timeout: 60_000 }),
      ];
      for (let error = 1; error < 4; error++) {
        assert.deepEqual(sync(error), withErrnoOf(-1, error));
        assert.deepEqual(await async(error), withErrnoOf(-1, error));
      }
    }));
});

/** Options that every function refuses, and their errors. */
const noOptions = [undefined, null, 1, 'errno', true, 5n, Symbol('errno'), () => {}].map((options) => [
  options,
  {
    code: 'ERR_FFI_INVALID_ARG_TYPE',
    message: /^echo_i32(\.async)?\.with: expected an object of options, got [^;]+(; .+)?$/,
  },
]);
const noBoolean = [1, 0, 'true', null, 1n].map((errno) => [
  { errno },
  {
    code: 'ERR_FFI_INVALID_ARG_TYPE',
    message: /^echo_i32(\.async)?\.with: errno: expected a boolean or \{ set \}, got [^;]+(; .+)?$/,
  },
]);
const unknown = (options, hint) => [
  options,
  { code: 'ERR_FFI_INVALID_ARG_TYPE', message: new RegExp(`^echo_i32(\\.async)?\\.with: unknown option ${hint}$`) },
];
const noKey = [
  unknown({ erno: true }, "'erno'; did you mean 'errno'\\?"),
  unknown({ ERRNO: true }, "'ERRNO'; did you mean 'errno'\\?"),
  unknown({ errno: true, unrelated: 1 }, "'unrelated'"),
  unknown(['errno'], "'0'"),
];
const target = new EventTarget();
const noSignal = [1, 'abort', null, {}, () => {}, true, Symbol('s'), target, new AbortController(), { aborted: false }]
  .concat({ aborted: 'no', addEventListener() {}, removeEventListener() {} })
  .concat({ aborted: false, addEventListener() {} })
  .concat({ aborted: false, addEventListener: 1, removeEventListener() {} })
  .map((signal) => [
    { signal },
    {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^echo_i32\.async\.with: signal: expected an AbortSignal, got [^;]+(; .+)?$/,
    },
  ]);
const noTimeout = [
  ...['5', null, 5n, true, {}, [5], new Number(5), Symbol('5')].map((timeout) => [
    { timeout },
    {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^echo_i32\.async\.with: timeout: expected a number, got [^;]+(; .+)?$/,
    },
  ]),
  ...[-1, -0.5, NaN, Infinity, -Infinity, 2 ** 31, 1e300].map((timeout) => [
    { timeout },
    {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: `echo_i32.async.with: timeout: ${timeout} is out of range (0 to 2147483647 milliseconds)`,
    },
  ]),
];

describe('wrong options', () => {
  test('wrong options of a sync function throw when they are set', () =>
    check(() => {
      for (const fn of Object.values(syncWays(lib.echo_i32, ofEcho))) {
        for (const [options, wanted] of [...noOptions, ...noBoolean, ...noKey]) throws(() => fn.with(options), wanted);
        for (const name of ['signal', 'timeout']) {
          throws(() => fn.with({ [name]: 1 }), unknown({}, `'${name}'`)[1]);
        }
      }
    }));

  test('wrong options of an async function reject when it is called', () =>
    check(async () => {
      for (const fn of Object.values(asyncWays(lib.echo_i32, ofEcho))) {
        for (const [options, wanted] of [
          ...[...noOptions, ...noBoolean, ...noKey, ...noSignal, ...noTimeout],
          unknown({ sginal: AbortSignal.abort() }, "'sginal'; did you mean 'signal'\\?"),
          unknown({ Timeout: 5 }, "'Timeout'; did you mean 'timeout'\\?"),
        ]) {
          const made = fn.with(options);
          await rejects(() => made(1), wanted);
        }
      }
    }, 20));

  test('a sync function throws, and an async one rejects with, the exact value that a getter of the options threw', () =>
    check(async () => {
      for (const thrown of [new Error('mine'), 'text', 0, null, undefined]) {
        const fail = () => {
          throw thrown;
        };
        const trap = new Proxy({}, { ownKeys: fail });
        for (const options of [
          {
            get errno() {
              return fail();
            },
          },
          trap,
        ]) {
          throws(() => lib.echo_i32.with(options), thrown);
          await rejects(() => lib.echo_i32.async.with(options)(1), thrown);
        }
        const { async } = lib.echo_i32;
        await rejects(
          () =>
            async.with({
              get signal() {
                return fail();
              },
            })(1),
          thrown,
        );
        await rejects(
          () =>
            async.with({
              get timeout() {
                return fail();
              },
            })(1),
          thrown,
        );
        const signal = {
          addEventListener() {},
          removeEventListener() {},
          get aborted() {
            return fail();
          },
        };
        await rejects(() => async.with({ signal })(1), thrown);
      }
    }));

  test('wrong options are reported before wrong arguments, and neither leaves a listener or timer', () =>
    check(async () => {
      await rejects(() => lib.echo_i32.async.with({ timeout: -1 })('1'), { code: 'ERR_FFI_OUT_OF_RANGE' });
      await rejects(() => lib.echo_i32.async.with({ timeout: 1 })('1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      await rejects(() => lib.echo_i32.async.with({ timeout: 1 })(1, 2), { code: 'ERR_FFI_ARG_COUNT' });
    }));

  test('async.with without its function as receiver rejects', async () => {
    const { with: lonely } = lib.echo_i32.async;
    await rejects(() => lonely({})(1), TypeError);
    await nextTurn();
  });

  test('valid options do not change the result', () =>
    check(async () => {
      for (const options of [
        {},
        Object.create(null),
        Object.freeze({ timeout: 2 ** 31 - 1 }),
        { timeout: 1e9 + 0.5 },
      ]) {
        assert.equal(await lib.echo_i32.async.with(options)(1), 1);
      }
      assert.equal(await lib.echo_i32.async.with({ signal: undefined, timeout: undefined, errno: undefined })(1), 1);
    }));
});
