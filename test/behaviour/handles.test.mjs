import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

/** Every function of the raw bridge that takes the handle of a library, in a valid call. */
const uses = {
  defineFunction: (handle) => ffi.defineFunction(handle, 'echo_i32', 'i', 'i'),
  callBySig: (handle) => ffi.callBySig(handle, 'echo_i32', [1], []),
  callMixed: (handle) => ffi.callMixed(handle, 'echo_i32', 'i', 'i', [1], []),
  callString: (handle) => ffi.callString(handle, 'string_utf8'),
  getSymbolPtr: (handle) => ffi.getSymbolPtr(handle, 'echo_i32'),
};
const asyncUses = {
  callAsync: (handle) => ffi.callAsync(handle, 'echo_i32', 'i', 'i', [1], []),
  callStringAsync: (handle) => ffi.callStringAsync(handle, 'string_utf8'),
};

async function refusedByAll(handle, wanted, others = {}) {
  for (const [name, use] of Object.entries({ ...uses, ...others })) {
    throws(() => use(handle), { message: new RegExp(`^${name}: `), ...wanted });
  }
  for (const [name, use] of Object.entries(asyncUses)) {
    await rejects(() => use(handle), { message: new RegExp(`^${name}: `), ...wanted });
  }
}

/** Every function of the raw bridge that takes the handle of a callback, in a valid call. */
const callbackUses = {
  getCallbackPtr: (callback) => ffi.getCallbackPtr(callback),
  getCallbackThreadsafe: (callback) => ffi.getCallbackThreadsafe(callback),
  invokeCallback: (callback) => ffi.invokeCallback(callback, 1),
  callCallbackThreadSafe: (callback) => ffi.callCallbackThreadSafe(callback, 1),
};

function callbackRefusedByAll(callback, wanted, others = {}) {
  for (const [name, use] of Object.entries({ ...callbackUses, ...others })) {
    throws(() => use(callback), { message: new RegExp(`^${name}: `), ...wanted });
  }
}

/** Sends a message to a worker and returns its answer, and a function that ends the worker. */
async function askWorker(source, message) {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
    const arkffi = require('arkffi');
    const outcome = (fn) => { try { return fn(); } catch (error) { return error.code; } };
    parentPort.once('message', async (message) => {
      parentPort.postMessage(await (${source})(arkffi, message, outcome));
      parentPort.once('message', () => {});
    });`,
    { eval: true },
  );
  const answer = await new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject).postMessage(message);
  });
  return {
    answer,
    async end() {
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage('');
      assert.equal(await ended, 0);
    },
  };
}

describe('the handle of a library', () => {
  test('every function refuses the handle of a closed library, whatever was defined', () => {
    const handle = ffi.load(fixture);
    ffi.defineFunction(handle, 'echo_i32', 'i', 'i');
    assert.equal(ffi.callBySig(handle, 'echo_i32', [1], []), 1);
    ffi.close(handle);
    return check(() => refusedByAll(handle, { code: 'ERR_FFI_LIBRARY_CLOSED' }));
  });

  test('the handle of a closed library stays closed when its index is reused', async () => {
    const closed = [];
    for (let i = 0; i < 200; i++) {
      const handle = ffi.load(fixture);
      closed.push(handle);
      ffi.close(handle);
    }
    assert.equal(new Set(closed).size, closed.length, 'each handle is new');
    const open = ffi.load(fixture);
    for (const handle of closed) throws(() => uses.getSymbolPtr(handle), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    closed.forEach((handle) => ffi.close(handle));
    assert.equal(uses.callMixed(open), 1);
    ffi.close(open);
  });

  test('every function refuses a handle that was never issued', () => {
    const handle = ffi.load(fixture);
    const slots = 1n << 20n;
    const forged = [
      ...[0n, 1n, -1n, -handle, handle + 1000n, handle + slots, handle + slots * slots, handle * 2n],
      ...[2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 64n + handle, 2n ** 4000n],
    ].filter((value) => value !== handle);
    return repeat(async () => {
      for (const value of forged) {
        await refusedByAll(value, { code: 'ERR_FFI_INVALID_HANDLE' }, { close: (it) => ffi.close(it) });
      }
      assert.equal(uses.callMixed(handle), 1);
    });
  });

  test('every function refuses a handle that is not a bigint', () => {
    const handle = ffi.load(fixture);
    const wrong = [Number(handle), `${handle}`, undefined, null, true, {}, [handle], Object(handle), Symbol('h')];
    return repeat(async () => {
      for (const value of wrong) {
        await refusedByAll(
          value,
          { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^\w+: argument 1: expected bigint/ },
          { close: (it) => ffi.close(it) },
        );
      }
    });
  });

  test('the handle of a callback is not accepted as the handle of a library', () => {
    const callback = ffi.createCallback(() => {}, '', 'v');
    return repeat(() => refusedByAll(BigInt(callback), { code: 'ERR_FFI_INVALID_HANDLE' }));
  });

  test('a handle of another thread is refused, and the library stays open on its own thread', async () => {
    const handle = ffi.load(fixture);
    const { answer, end } = await askWorker(
      `({ ffi }, { handle, path }, outcome) => {
        const foreign = [outcome(() => ffi.close(handle)), outcome(() => ffi.getSymbolPtr(handle, 'echo_i32'))];
        return { foreign, own: ffi.load(path) };
      }`,
      { handle, path: fixture },
    );
    assert.deepEqual(answer.foreign, ['ERR_FFI_INVALID_HANDLE', 'ERR_FFI_INVALID_HANDLE']);
    await refusedByAll(answer.own, { code: 'ERR_FFI_INVALID_HANDLE' }, { close: (it) => ffi.close(it) });
    assert.equal(uses.callMixed(handle), 1);
    await end();
    await refusedByAll(answer.own, { code: 'ERR_FFI_INVALID_HANDLE' });
    ffi.close(handle);
  });
});

describe('what was made of a library that is closed', () => {
  const definitions = {
    echo_i32: { args: ['i'], returns: 'i' },
    string_utf8: { returns: 's' },
    echo_void: {},
    weigh_f64_20: { args: Array(20).fill('d'), returns: 'd' },
  };
  const args = { echo_i32: [1], string_utf8: [], echo_void: [], weigh_f64_20: Array(20).fill(1) };

  test('symbols of a closed library throw, and their async calls reject', async () => {
    const lib = dlopen(fixture, definitions);
    lib.close();
    lib.close();
    await check(async () => {
      for (const [name, symbol] of Object.entries(lib.symbols)) {
        const wanted = { code: 'ERR_FFI_LIBRARY_CLOSED', message: `${name}: its library has been closed` };
        throws(() => symbol(...args[name]), wanted);
        await rejects(() => symbol.async(...args[name]), wanted);
      }
    });
  });

  test('symbols of a closed handle throw although another handle has the same library open', () => {
    const [closed, open] = [dlopen(fixture, definitions), dlopen(fixture, definitions)];
    closed.close();
    return check(() => {
      throws(() => closed.symbols.echo_i32(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      assert.equal(open.symbols.echo_i32(1), 1);
    });
  });

  test('a closed library is reported before the arguments are checked', () => {
    const lib = dlopen(fixture, definitions);
    lib.close();
    return check(() => throws(() => lib.symbols.echo_i32('no int'), { code: 'ERR_FFI_LIBRARY_CLOSED' }));
  });

  test('a call throws if reading an argument closes the library', () => {
    const sum = { buffer_is_null: { args: ['p'], returns: 'b' } };
    return repeat(async () => {
      const lib = dlopen(fixture, sum);
      const closing = {
        get ptr() {
          lib.close();
          return 0;
        },
      };
      throws(() => lib.symbols.buffer_is_null(closing), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      await rejects(() => lib.symbols.buffer_is_null.async(closing), { code: 'ERR_FFI_LIBRARY_CLOSED' });

      const handle = ffi.load(fixture);
      ffi.defineFunction(handle, 'buffer_is_null', 'p', 'b');
      const list = [0];
      Object.defineProperty(list, 0, {
        get() {
          ffi.close(handle);
          return 0;
        },
      });
      throws(() => ffi.callBySig(handle, 'buffer_is_null', list, []), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    });
  });
});

describe('the handle of a callback', () => {
  const make = () => ffi.createCallback((n) => n, 'i', 'i', true);

  test('the handle of a callback is a positive number that is never reused', () =>
    check(() => {
      const [first, second] = [make(), make()];
      assert.ok(Number.isSafeInteger(first) && first > 0);
      assert.notEqual(first, second);
      ffi.destroyCallback(first);
      ffi.destroyCallback(second);
      const third = make();
      assert.ok(third !== first && third !== second);
      ffi.destroyCallback(third);
    }));

  test('every function refuses the handle of a destroyed callback', () => {
    const callback = make();
    for (let i = 0; i < 3; i++) assert.equal(ffi.destroyCallback(callback), undefined);
    make();
    return check(() => {
      callbackRefusedByAll(callback, { code: 'ERR_FFI_CALLBACK_CLOSED' });
      ffi.destroyCallback(callback);
    });
  });

  test("every function refuses a callback's handle that was never issued", () => {
    const callback = make();
    const forged = [
      0,
      -0,
      1,
      -1,
      0.5,
      callback + 0.5,
      callback + 1000,
      callback + 2 ** 20,
      callback + 2 ** 40,
      -callback,
    ];
    const beyond = [NaN, Infinity, -Infinity, 2 ** 53, 2 ** 64, Number(ffi.load(fixture))];
    return repeat(() => {
      for (const value of [...forged, ...beyond]) {
        callbackRefusedByAll(
          value,
          { code: 'ERR_FFI_INVALID_HANDLE' },
          { destroyCallback: (it) => ffi.destroyCallback(it) },
        );
      }
      assert.equal(ffi.invokeCallback(callback, 3), 3);
    });
  });

  test("every function refuses a callback's handle that is not a number", () => {
    const callback = make();
    const js = new JSCallback(() => {}, {});
    return repeat(() => {
      for (const value of [BigInt(callback), `${callback}`, undefined, null, true, {}, js, () => {}, Symbol('c')]) {
        callbackRefusedByAll(
          value,
          { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^\w+: argument 1: expected number/ },
          { destroyCallback: (it) => ffi.destroyCallback(it) },
        );
      }
    });
  });

  test("the handle of another thread's callback is refused", async () => {
    const callback = make();
    const { answer, end } = await askWorker(
      `({ ffi }, callback, outcome) => ({
        foreign: ['getCallbackPtr', 'getCallbackThreadsafe', 'invokeCallback', 'destroyCallback'].map((name) =>
          outcome(() => ffi[name](callback)),
        ),
        own: ffi.createCallback((n) => n, 'i', 'i', true),
      })`,
      callback,
    );
    assert.deepEqual(new Set(answer.foreign), new Set(['ERR_FFI_INVALID_HANDLE']));
    callbackRefusedByAll(answer.own, { code: 'ERR_FFI_INVALID_HANDLE' });
    assert.equal(ffi.invokeCallback(callback, 3), 3);
    await end();
  });
});
