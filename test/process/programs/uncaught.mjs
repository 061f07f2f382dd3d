// Programs whose callbacks fail where no call from JavaScript can throw the error. Each prints the uncaught exceptions.
import { dlopen, JSCallback } from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage } from '../../behaviour/hosts.mjs';
import { intToInt, open, path } from './fixture.mjs';

const lib = open();
const threadsafe = { ...intToInt, threadsafe: true };

function printUncaught() {
  process.on('uncaughtException', (error) =>
    console.log(`uncaught: ${error?.code ?? ''} ${error?.message ?? String(error)}`),
  );
}

/** Runs a thread of the library that calls the callback, while no call from JavaScript could throw its error. */
async function threads(callback, value = 1, times = 1) {
  const running = lib.symbols.thread_call_start(callback, value, times);
  console.log('sum', await lib.symbols.thread_call_join.async(running));
}

/** Waits until reported exceptions have been emitted. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

export async function wrongThread() {
  printUncaught();
  const callback = new JSCallback((n) => n, intToInt);
  await threads(callback, 1, 1000);
  await threads(callback, 1, 1000);
  await settle();
  console.log('own thread', lib.symbols.call_i32(callback, 5));
}

export async function closedOnAThread() {
  printUncaught();
  const callback = new JSCallback((n) => n, threadsafe);
  const { ptr } = callback;
  callback.close();
  await threads(ptr, 1, 1000);
  await settle();
}

/** The address of a weak callback that nothing keeps. */
const lost = (definition) => new JSCallback((n) => n, { ...definition, weak: true }).ptr;

export async function collectedOnAThread() {
  printUncaught();
  const address = lost(threadsafe);
  collectGarbage();
  await threads(address, 1, 1000);
  await settle();
  collectGarbage();
  await threads(address, 1, 1000);
  await settle();
}

export async function collectedPosted() {
  printUncaught();
  const { thread_call_void: post } = dlopen(path, { thread_call_void: { args: ['k'] } }).symbols;
  const address = lost({ threadsafe: 'post' });
  await settle();
  collectGarbage();
  for (let i = 0; i < 3; i++) post(address);
  await settle();
  collectGarbage();
  await settle();
  for (let i = 0; i < 3; i++) post(address);
  await settle();
}

export async function throwsOnAThread(how) {
  if (how === 'caught') printUncaught();
  const callback = new JSCallback((n) => {
    if (n === 1) throw new Error('on a thread');
    return n;
  }, threadsafe);
  await threads(callback, 1, 3);
  await threads(callback, 2, 3);
  await settle();
}

export async function throwsAnything() {
  printUncaught();
  for (const value of ['text', 0, undefined, null, Symbol('s'), Object.freeze({})]) {
    const callback = new JSCallback(() => {
      throw value;
    }, threadsafe);
    process.once('uncaughtException', (error) => console.log('the same', error === value));
    await threads(callback);
    await settle();
  }
}

/** The handler of uncaught exceptions throws: the process ends with code 7, without an 'exit' event. */
export async function handlerThrows() {
  process.on('uncaughtException', () => {
    throw new Error('the handler threw');
  });
  const callback = new JSCallback(() => {
    throw new Error('on a thread');
  }, threadsafe);
  await Promise.all([threads(callback), threads(callback), threads(callback)]);
}

export async function wrongResultOnAThread() {
  printUncaught();
  const compare = () => 'text';
  await threads(new JSCallback(compare, threadsafe));
  await settle();
}

export async function throwsInAPost() {
  printUncaught();
  const callback = ffi.createCallback(
    (n) => {
      throw new Error(`post ${n}`);
    },
    'i',
    'v',
    true,
  );
  ffi.callCallbackThreadSafe(callback, 1);
  ffi.callCallbackThreadSafe(callback, 2);
}

export async function closedBeforeThePost() {
  process.on('uncaughtException', () => {});
  let calls = 0;
  const callback = ffi.createCallback(() => calls++, 'i', 'v', true);
  ffi.callCallbackThreadSafe(callback, 1);
  ffi.destroyCallback(callback);
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log('calls', calls);
}

/** Prints in which files traces begin. There is no room for more lines than those that the program wants. */
export function tracesOfFrozen() {
  for (const one of [Error, TypeError, RangeError]) {
    Object.freeze(one.prototype);
    Object.freeze(one);
  }
  const calls = [
    () => lib.symbols.call_i32('x', 5),
    () => dlopen('./no/such/library.so', {}),
    () => dlopen(path, 5),
    () => new JSCallback(5, {}),
  ];
  for (const call of calls) {
    try {
      call();
    } catch ({ stack }) {
      console.log(/^ +at .*?([\w.]+):\d+:\d+/m.exec(stack)?.[1] ?? stack);
    }
  }
}
