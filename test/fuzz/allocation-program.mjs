// Runs each scenario again and again, with another allocation of the native module failing each time. It must give its
// usual result, or an error with a code; and afterwards everything must work.
//
//   LD_PRELOAD=libarkffi_failing.so node allocation-program.mjs SCENARIO MOST
import assert from 'node:assert/strict';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

const path = process.env.ARKFFI_FIXTURE;
const codes = ['ERR_FFI_NO_MEMORY'];

if (!isMainThread) {
  const said = await import('arkffi').then(
    () => 'loaded',
    (error) => error.code ?? String(error),
  );
  parentPort.postMessage(said);
} else {
  await main(process.argv[2], Number(process.argv[3]));
}

async function main(name, most) {
  const { dlopen, JSCallback, Struct, Arena, cdef, findLibrary } = await import('arkffi');
  const { failing_arm, failing_disarm } = dlopen(null, {
    failing_arm: { args: ['i64', 'i64'] },
    failing_disarm: { returns: 'i64' },
  }).symbols;
  const intToInt = { args: ['i'], returns: 'i' };

  /** Opens the fixture with the definitions for as long as `use` takes. */
  const using = async (definitions, use, options) => {
    const library = dlopen(path, definitions, options);
    try {
      return await use(library.symbols, library);
    } finally {
      library.close();
    }
  };
  const usingCallback = async (fn, definition, use) => {
    const callback = new JSCallback(fn, definition);
    try {
      return await use(callback);
    } finally {
      callback.close();
    }
  };
  const echoes = { echo_i32: intToInt, echo_string: { args: ['cstring'], returns: 'cstring' } };
  const long = 'é'.repeat(1000);

  const scenarios = {
    open: () => using(echoes, ({ echo_i32, echo_string }) => [echo_i32(7), echo_string(long)]),
    names: () => using(echoes, (_, library) => library.list().length > 100),
    missing: () => {
      try {
        dlopen(path, { echo_i33: intToInt });
      } catch (error) {
        if (error.code !== 'ERR_FFI_SYMBOL_NOT_FOUND') throw error;
        return 'missing';
      }
    },
    find: () => findLibrary('c'),
    declarations: () => cdef(path, 'struct p { int x, y; }; int echo_i32(int);').symbols.echo_i32(5),
    texts: () =>
      using(
        {
          echo_wstring: { args: ['WString'], returns: 'WString' },
          echo_string16: { args: ['CString16'], returns: 'CString16' },
        },
        ({ echo_wstring, echo_string16 }) => [echo_wstring(long), echo_string16(long)],
      ),
    callback: () =>
      usingCallback(
        (n) => n + 1,
        intToInt,
        (callback) =>
          using({ call_i32: { args: ['pointer', 'i'], returns: 'i' } }, ({ call_i32 }) => call_i32(callback, 41)),
      ),
    function: () =>
      using({ call_i32: { args: [intToInt, 'i'], returns: 'i' } }, ({ call_i32 }) => call_i32((n) => n + 1, 41)),
    exception: () =>
      using({ call_i32: { args: [intToInt, 'i'], returns: 'i' } }, ({ call_i32 }) => {
        const mine = new SyntaxError('mine');
        try {
          call_i32(() => {
            throw mine;
          }, 41);
        } catch (error) {
          if (error === mine) return 'mine';
          throw error;
        }
      }),
    // A call that starts while no worker is there.
    alone: () => using(echoes, ({ echo_i32 }) => echo_i32.async(7)),
    async: () =>
      using(echoes, ({ echo_i32, echo_string }) => Promise.all([echo_i32.async(7), echo_string.async(long)])),
    many: () => using(echoes, ({ echo_i32 }) => Promise.all(Array.from({ length: 100 }, (_, i) => echo_i32.async(i)))),
    buffers: () =>
      using({ buffer_fill: { args: ['buffer', 'size_t', 'u8'] } }, async ({ buffer_fill }) => {
        const bytes = new Uint8Array(100);
        await buffer_fill.async(bytes, 100, 7);
        return [...bytes];
      }),
    lane: () => using(echoes, ({ echo_i32 }) => Promise.all([echo_i32.async(1), echo_i32.async(2)]), { threads: 2 }),
    cancellable: () =>
      using(echoes, ({ echo_i32 }) =>
        echo_i32.async.with({ signal: new AbortController().signal, timeout: 2 ** 31 - 1 })(7),
      ),
    batch: () => using(echoes, ({ echo_i32 }) => [...echo_i32.batch([new Int32Array([1, 2, 3])])]),
    batches: () => using(echoes, async ({ echo_i32 }) => [...(await echo_i32.batch.async([new Int32Array(100)]))]),
    thread: () =>
      using({ thread_call: { args: [intToInt, 'i'], returns: 'i64' } }, ({ thread_call }) =>
        thread_call.async((n) => n + 1, 41),
      ),
    pump: () =>
      using({ thread_call: { args: [intToInt, 'i'], returns: 'i64', callbacks: 'pump' } }, ({ thread_call }) =>
        thread_call((n) => n + 1, 41),
      ),
    stack: () =>
      using({ stack_coroutine: { args: [intToInt, 'i', 'i', 'size_t'], returns: 'i64' } }, ({ stack_coroutine }) => {
        try {
          return stack_coroutine((n) => n, 1, 1, 1 << 16);
        } catch (error) {
          if (error.code !== 'ERR_FFI_WRONG_STACK') throw error;
          return 'refused';
        }
      }),
    memory: () => {
      const arena = new Arena();
      try {
        const Pair = Struct({ x: 'i32', text: 'cstring' });
        const pair = Pair.create({ x: 1, text: 'one' });
        return [pair.x, pair.text, arena.buffer(100).byteLength];
      } finally {
        arena.close();
      }
    },
    variadic: () =>
      using({ variadic_weigh_i32: { args: ['i', '...'], returns: 'i64' } }, ({ variadic_weigh_i32 }) =>
        variadic_weigh_i32(2, ['i', 1], ['i', 2]),
      ),
    worker: () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url));
        let said;
        worker.on('message', (message) => (said = message));
        worker.on('error', reject);
        worker.on('exit', () =>
          said === 'loaded' ? resolve(said) : reject(Object.assign(new Error(String(said)), { code: said })),
        );
      }),
  };

  if (name === 'list') {
    console.log(Object.keys(scenarios).join(' '));
    return;
  }
  const scenario = scenarios[name];
  /** The result of a run in which these allocations fail, and how many allocations there were. */
  const attempt = async (from, many) => {
    failing_arm(from, many);
    try {
      return { value: await scenario() };
    } catch (error) {
      return { error };
    } finally {
      attempt.count = failing_disarm();
    }
  };

  let usual = await attempt(0, 0);
  assert.ok(!usual.error, usual.error);
  usual = await attempt(0, 0); // the second run has no first-time allocations, but the same result
  const { count } = attempt;
  let failures = 0;
  for (const many of [1, 2 ** 31]) {
    const step = Math.max(1, Math.ceil(count / most));
    for (let from = 1; from <= count; from += step) {
      const { value, error } = await attempt(from, many);
      const place = `${name}: allocation ${from} of ${count}, ${many} failing`;
      if (error) {
        failures++;
        assert.ok(codes.includes(error.code), `${place}: ${error.code} ${error.stack}`);
      } else {
        assert.deepEqual(value, usual.value, place);
      }
      const after = await attempt(0, 0);
      assert.deepEqual(after, { value: usual.value }, `${place}: afterwards`);
    }
  }
  console.log(`${name}: ${count} allocations, ${failures} errors`);
}
