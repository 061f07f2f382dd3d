// Programs with very large numbers of objects or calls.
import { AsyncCFunction, FFIType, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { intToInt, open } from './fixture.mjs';

/** Opens `count` callbacks at once, and calls each; each has its own address and function. */
export function callbacks(count) {
  const { call_times } = open().symbols;
  const all = Array.from({ length: Number(count) }, (_, i) => new JSCallback((n) => n + i, intToInt));
  const own = new JSCallback((n) => n, intToInt);
  const pointers = new Set(all.map((callback) => callback.ptr));
  let right = 0;
  all.forEach((callback, i) => (right += Number(callback.call(1) === 1 + i)));
  console.log(pointers.size, right, call_times(own, 3));
  all.forEach((callback) => callback.close());
  console.log(call_times(own, 3));
}

/** JavaScript and C call each other, nested `depth` levels deep. */
export function deep(depth) {
  const { call_me_back } = open().symbols;
  const callback = new JSCallback((rest) => call_me_back(callback, rest), intToInt);
  console.log(call_me_back(callback, Number(depth)));
}

/** C calls callbacks that were closed, from the one that was closed first to the last. */
export function dead(count) {
  const { call_i32 } = open().symbols;
  const all = Array.from({ length: Number(count) }, (_, i) => new JSCallback((n) => n + i, intToInt));
  const pointers = all.map((callback) => callback.ptr);
  all.forEach((callback) => callback.close());
  let refused = 0;
  for (const pointer of pointers) {
    try {
      call_i32(pointer, 1);
    } catch (error) {
      refused += Number(error.code === 'ERR_FFI_CALLBACK_CLOSED');
    }
  }
  console.log(refused);
}

/**
 * Repeatedly creates and closes callbacks while others stay open: only entry points of closed callbacks may be reused.
 */
export function churn(count) {
  const staying = Array.from({ length: 100 }, (_, i) => new JSCallback((n) => n + i, intToInt));
  const pointers = new Set(staying.map((callback) => callback.ptr));
  let clashes = 0;
  for (let i = 0; i < Number(count); i++) {
    const callback = new JSCallback(() => -1, intToInt);
    clashes += Number(pointers.has(callback.ptr));
    callback.close();
  }
  console.log(
    clashes,
    staying.every((callback, i) => callback.call(1) === 1 + i),
  );
}

/** Runs the guide's second program repeatedly: the function and the library are closed with calls in flight. */
export async function guide(count, awaited) {
  let right = 0;
  const promises = [];
  const expect = (promise, value) =>
    promise.then((result) => {
      right += Number(JSON.stringify(result) === value);
    });
  for (let i = 0; i < Number(count); i++) {
    const handle = ffi.load('libffi_target.so');
    const addPtr = ffi.getSymbolPtr(handle, 'add');
    const asyncAdd = AsyncCFunction({ args: [FFIType.double, FFIType.double], returns: FFIType.double, ptr: addPtr });
    promises.push(expect(asyncAdd(2.0, 3.0), '5'));
    promises.push(expect(Promise.all([asyncAdd(1.0, i), asyncAdd(3.0, 4.0)]), `[${1 + i},7]`));
    asyncAdd.close();
    ffi.close(handle);
    // If `awaited`, all calls end in each round, so that the library is unmapped and mapped again.
    if (awaited) await Promise.all(promises.splice(0));
  }
  await Promise.all(promises);
  console.log(right);
}

/** Each call loads, calls and closes a library while others do the same. */
export async function libraries(count) {
  const once = async (i) => {
    const lib = open();
    const pending = lib.symbols.echo_string.async(`text ${i}`);
    if (i % 2) lib.close();
    const text = await pending;
    lib.close();
    return text === `text ${i}`;
  };
  const all = await Promise.all(Array.from({ length: Number(count) }, (_, i) => once(i)));
  console.log(all.filter(Boolean).length);
}

/** The process's memory outside the JavaScript heap, whose size V8 chooses. */
function nativeBytes() {
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
}

/** Prints by how many bytes the process grows for each callback. */
export function memory(count) {
  const fn = (n) => n;
  const make = () => ffi.createCallback(fn, 'i', 'i', true);
  for (let i = 0; i < 1000; i++) make();
  const before = nativeBytes();
  for (let i = 0; i < count; i++) make();
  console.log((nativeBytes() - before) / count);
}
