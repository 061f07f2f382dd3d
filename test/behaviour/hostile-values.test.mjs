// Values that run code, misreport themselves, or change while they are read must give an error or a result, never a
// crash.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { AsyncCFunction, CFunction, dlopen } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, everyRoute, fixture, rejects, throws } from './support.mjs';

const echo = everyRoute('echo_pointer', '(p)p', [1]);
const sum = everyRoute('buffer_sum', '(pL)L', [new Uint8Array(1), 1]);
const thrown = new Error('thrown by a getter');
const wrongType = { code: 'ERR_FFI_INVALID_ARG_TYPE' };

/** An object whose `ptr` runs the function. */
const withPtr = (get) => Object.defineProperty({}, 'ptr', { get });
const throwing = () => {
  throw thrown;
};

test('an exception from a ptr getter is rethrown unchanged, on every route', async () => {
  await echo.refuses([withPtr(throwing)], thrown);
  const trap = new Proxy({}, { get: throwing });
  await echo.refuses([trap], thrown);
  await echo.refuses([new Proxy(() => {}, { get: throwing })], thrown);
});

test('a ptr getter may throw any value, on every route', async () => {
  for (const value of [undefined, null, 0, 'text', Symbol('thrown'), { code: 1 }]) {
    const get = () => {
      throw value;
    };
    await echo.refuses([withPtr(get)], value);
  }
});

test('a ptr getter runs once for each call, on every route', async () => {
  let count = 0;
  const counting = withPtr(() => ++count && 65536);
  await echo.gives(
    () => {
      count = 0;
      return [counting];
    },
    (value) => assert.deepEqual([value, count], [65536, 1]),
  );
});

test('a proxy is treated as any object: its ptr is used, on every route', async () => {
  await echo.gives([new Proxy({ ptr: 4097 }, {})], 4097);
  await echo.gives([new Proxy({}, { get: (_, key) => (key === 'ptr' ? 4098n : undefined) })], 4098);
});

test('a proxy of a buffer is not accepted as a buffer, on every route', async () => {
  const handlers = [{}, { get: (buffer, key) => buffer[key] }];
  for (const handler of handlers) {
    for (const buffer of [new Uint8Array(8), new ArrayBuffer(8), new SharedArrayBuffer(8), Buffer.alloc(8)]) {
      await echo.refuses([new Proxy(buffer, handler)], wrongType);
    }
  }
});

test('a revoked proxy is an error, on every route', async () => {
  const { proxy, revoke } = Proxy.revocable({ ptr: 1 }, {});
  revoke();
  await echo.refuses([proxy], TypeError);
  await everyRoute('echo_i32', '(i)i', [1]).refuses([proxy], wrongType);
  await everyRoute('echo_string', '(s)s', ['']).refuses([proxy], TypeError);
});

test('an object that merely resembles a buffer is refused, on every route', async () => {
  const classes = [ArrayBuffer, SharedArrayBuffer, Uint8Array, DataView, Float64Array, Buffer];
  for (const { prototype } of classes) await echo.refuses([Object.create(prototype)], wrongType);
  await echo.refuses([{ byteLength: 8, byteOffset: 0, buffer: new ArrayBuffer(8), length: 8 }], wrongType);
  await echo.refuses([{ [Symbol.toStringTag]: 'Uint8Array', length: 8 }], wrongType);
  await echo.refuses([Object.setPrototypeOf([1, 2, 3], SharedArrayBuffer.prototype)], wrongType);
});

test('a buffer with another prototype or misleading properties is still a buffer, on every route', async () => {
  const disguised = Object.setPrototypeOf(Uint8Array.of(40, 2), null);
  await sum.gives([disguised, 2], 42);
  const liar = Object.defineProperties(Uint8Array.of(40, 2), {
    ptr: { get: throwing },
    byteOffset: { value: 1 << 30 },
    byteLength: { value: 1 << 30 },
    length: { value: 1 << 30 },
    buffer: { value: null },
  });
  await sum.gives([liar, 2], 42);
});

test('a buffer of another realm is a buffer, on every route', async () => {
  await sum.gives([runInNewContext('Uint8Array.of(40, 2)'), 2], 42);
  await sum.gives([runInNewContext('Uint8Array.of(40, 2).buffer'), 2], 42);
});

test('shared memory of another realm is a buffer, on every route', () =>
  sum.gives([runInNewContext('const it = new SharedArrayBuffer(2); new Uint8Array(it).set([40, 2]); it'), 2], 42));

test('values are never coerced: none of their methods run, on every route', async () => {
  const untouchable = new Proxy(
    {},
    Object.fromEntries(
      ['get', 'has', 'getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor'].map((trap) => [trap, throwing]),
    ),
  );
  for (const code of ['b', 'c', 'C', 'h', 'H', 'i', 'I', 'l', 'L', 'q', 'Q', 'f', 'd']) {
    const names = { b: 'bool', c: 'i8', C: 'u8', h: 'i16', H: 'u16', i: 'i32', I: 'u32', l: 'i64', L: 'u64' };
    const others = { q: 'bigi64', Q: 'bigu64', f: 'f32', d: 'f64' };
    const same = everyRoute(`echo_${names[code] ?? others[code]}`, `(${code})${code}`, [1]);
    await same.refuses([untouchable], wrongType);
  }
});

test('a buffer that a later argument detaches is refused, on every route', async () => {
  const two = everyRoute('pointer_swap', '(pp)v', [new BigInt64Array(1), new BigInt64Array(1)]);
  const given = () => {
    const victim = new BigInt64Array(1);
    return [victim, withPtr(() => void structuredClone(victim.buffer, { transfer: [victim.buffer] }) ?? 65536)];
  };
  await two.refuses(given, { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: .*detached/ });
});

/** A function with signature (pp)v in every form, and a second argument that calls `close` while it is read. */
function closing(close) {
  const handle = ffi.load(fixture);
  const lib = dlopen(fixture, { pointer_swap: { args: ['p', 'p'] } });
  ffi.defineFunction(handle, 'pointer_swap', 'pp', 'v');
  const pointed = CFunction({ args: ['p', 'p'], ptr: lib.symbols.pointer_swap });
  const pointedAsync = AsyncCFunction({ args: ['p', 'p'], ptr: lib.symbols.pointer_swap });
  const slot = new BigInt64Array(1);
  const closer = withPtr(() => {
    close({ handle, lib, pointed, pointedAsync });
    return ffi.ptr(slot);
  });
  return { handle, lib, pointed, pointedAsync, slot, closer };
}

const closed = { code: 'ERR_FFI_LIBRARY_CLOSED' };

test('a library that is closed while arguments are read is not called', () =>
  check(async () => {
    const make = () => closing(({ handle, lib }) => (ffi.close(handle), lib.close()));
    const raw = (name, ...types) => {
      const { handle, slot, closer } = make();
      return ffi[name](handle, 'pointer_swap', ...types, [slot, closer], []);
    };
    throws(() => raw('callBySig'), closed);
    throws(() => raw('callMixed', 'pp', 'v'), closed);
    await rejects(() => raw('callAsync', 'pp', 'v'), closed);
    const { lib, slot, closer } = make();
    throws(() => lib.symbols.pointer_swap(slot, closer), closed);
    const other = make();
    await rejects(() => other.lib.symbols.pointer_swap.async(other.slot, other.closer), closed);
  }, 4));

test('a function that is closed while arguments are read is not called', () =>
  check(async () => {
    const { pointed, slot, closer } = closing((it) => it.pointed.close());
    throws(() => pointed(slot, closer), closed);
    const other = closing((it) => it.pointedAsync.close());
    await rejects(() => other.pointedAsync(other.slot, other.closer), closed);
  }, 4));

/** Calls of every raw function that takes numArgs and strArgs, with the given lists. */
function withLists(handle, types, lists) {
  const [args, returns] = types;
  ffi.defineFunction(handle, 'buffer_sum', args, returns);
  const address = ffi.getSymbolPtr(handle, 'buffer_sum');
  return {
    sync: [
      () => ffi.callBySig(handle, 'buffer_sum', ...lists()),
      () => ffi.callMixed(handle, 'buffer_sum', args, returns, ...lists()),
      () => ffi.callPtr(address, args, returns, ...lists()),
    ],
    async: [
      () => ffi.callAsync(handle, 'buffer_sum', args, returns, ...lists()),
      () => ffi.callPtrAsync(address, args, returns, ...lists()),
    ],
  };
}

/** Asserts that each of these functions refuses the lists. */
async function listsRefused(lists, wanted) {
  const calls = withLists(ffi.load(fixture), ['pL', 'L'], lists);
  await check(async () => {
    for (const call of calls.sync) throws(call, wanted);
    for (const call of calls.async) await rejects(call, wanted);
  }, 4);
}

test('numArgs and strArgs must be arrays: proxies of arrays and array-like objects are refused', async () => {
  const like = [
    new Proxy([], {}),
    { length: 0 },
    new Uint8Array(0),
    'text',
    '',
    null,
    undefined,
    0,
    () => {},
    new Set(),
  ];
  const message = (n) => new RegExp(`: argument ${n}: expected an array, got `);
  const call = (...lists) => ffi.callMixed(ffi.load(null), 'getpid', '', 'i', ...lists);
  await check(() => {
    for (const list of like) {
      throws(() => call(list, []), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: message(5) });
      throws(() => call([], list), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: message(6) });
    }
  }, 40);
  for (const list of like) await listsRefused(() => [list, []], wrongType);
});

test('a hole in numArgs is undefined and therefore refused', () =>
  listsRefused(() => [[new Uint8Array(1), ,], []], {
    code: 'ERR_FFI_INVALID_ARG_TYPE',
    message: /argument 2: .*undefined/,
  }));

test('an instance of a subclass of Array is accepted', async () => {
  class List extends Array {}
  const calls = withLists(ffi.load(fixture), ['pL', 'L'], () => [List.of(Uint8Array.of(40, 2), 2), new List()]);
  await check(async () => {
    for (const call of calls.sync) assert.equal(call(), 42);
    for (const call of calls.async) assert.equal(await call(), 42);
  }, 4);
});

/** A copy of the array with a getter for one element. */
const listWith = (values, index, get) => Object.defineProperty([...values], index, { get, enumerable: true });

test('an exception from a getter in numArgs is rethrown unchanged', () =>
  listsRefused(() => [listWith([0, 1], 0, throwing), []], thrown));

test('an exception from a getter in strArgs is rethrown unchanged', () =>
  check(async () => {
    const handle = ffi.load(null);
    ffi.defineFunction(handle, 'strlen', 's', 'L');
    const strings = () => listWith([''], 0, throwing);
    throws(() => ffi.callBySig(handle, 'strlen', [], strings()), thrown);
    throws(() => ffi.callMixed(handle, 'strlen', 's', 'L', [], strings()), thrown);
    await rejects(() => ffi.callAsync(handle, 'strlen', 's', 'L', [], strings()), thrown);
    ffi.close(handle);
  }, 4));

test('a getter in numArgs that detaches an earlier buffer makes the call fail', () =>
  listsRefused(
    () => {
      const victim = new Uint8Array(8);
      const get = () => void structuredClone(victim.buffer, { transfer: [victim.buffer] }) ?? 0;
      return [listWith([victim, 0], 1, get), []];
    },
    { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 1: .*detached/ },
  ));

test('a getter in numArgs that truncates the array makes the call fail', () =>
  listsRefused(() => {
    const list = listWith([0, 1], 0, () => ((list.length = 1), new Uint8Array(1)));
    return [list, []];
  }, wrongType));

test('a getter in numArgs that closes the library makes the call fail', () =>
  check(async () => {
    const start = (call) => {
      const handle = ffi.load(fixture);
      ffi.defineFunction(handle, 'buffer_sum', 'pL', 'L');
      return call(
        handle,
        listWith([new Uint8Array(1), 1], 1, () => (ffi.close(handle), 1)),
      );
    };
    throws(() => start((handle, list) => ffi.callBySig(handle, 'buffer_sum', list, [])), closed);
    throws(() => start((handle, list) => ffi.callMixed(handle, 'buffer_sum', 'pL', 'L', list, [])), closed);
    await rejects(() => start((handle, list) => ffi.callAsync(handle, 'buffer_sum', 'pL', 'L', list, [])), closed);
  }, 4));

test('a getter in numArgs that redefines the function does not affect the running call', () =>
  check(() => {
    const handle = ffi.load(fixture);
    ffi.defineFunction(handle, 'buffer_sum', 'pL', 'L');
    const get = () => (ffi.defineFunction(handle, 'buffer_sum', 'pC', 'C'), 2);
    assert.equal(ffi.callBySig(handle, 'buffer_sum', listWith([Uint8Array.of(200, 100), 0], 1, get), []), 300);
    assert.equal(ffi.callBySig(handle, 'buffer_sum', [Uint8Array.of(200, 100), 2], []), 44);
    ffi.close(handle);
  }, 4));
