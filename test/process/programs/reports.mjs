// Programs that end right after a synchronous call in which another thread has called a callback that it may not call.
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { dlopen, JSCallback } from 'arkffi';
import { intToInt, open, path } from './fixture.mjs';

const zero = (result) => {
  if (result !== 0) throw new Error(`C got ${result}`);
};

/** In each of these another thread gets zero, and the event loop has nothing to do afterwards. */
const wrong = {
  ownThread: () => zero(open().symbols.thread_call(new JSCallback((n) => n, intToInt), 1)),
  plain: () =>
    zero(dlopen(path, { thread_call: { args: [intToInt, 'i'], returns: 'i64' } }).symbols.thread_call((n) => n, 1)),
  closed() {
    const callback = new JSCallback((n) => n, { ...intToInt, threadsafe: true });
    const { ptr } = callback;
    callback.close();
    zero(open().symbols.thread_call(ptr, 1));
  },
  /** Two callbacks, and so two reports. */
  twice: () => [1, 2].forEach(() => wrong.ownThread()),
  /** More posted calls than may wait; those that wait do not keep the process alive. */
  overflow() {
    const { thread_tell } = dlopen(path, { thread_tell: { args: ['k', 'i'] } }).symbols;
    thread_tell(new JSCallback(() => {}, { args: ['s', 'i'], threadsafe: 'post' }), 65_540);
  },
};

const print = ({ code, message }) => console.log(`${code} ${message}`);

/** Nothing listens for uncaught exceptions: the process ends with code 1. */
export const uncaught = (what) => wrong[what]();

/** The listener prints what is reported, and the process ends as usual. */
export function caught(what) {
  process.on('uncaughtException', print);
  process.on('exit', (code) => console.log('exit', code));
  wrong[what]();
}

/** A worker has nothing else to do either: its 'error' event has the report. */
export function inWorker(what) {
  if (!isMainThread) return wrong[workerData]();
  const options = { argv: ['reports', 'inWorker'], workerData: what };
  new Worker(new URL('main.mjs', import.meta.url), options)
    .on('error', print)
    .on('exit', (code) => console.log('exit', code));
}

/** The program ends the process itself, at once or in a listener of one of its last events. */
export function exits(when, what) {
  wrong[what]();
  if (when === 'now') process.exit(3);
  process.on(when, () => process.exit(3));
}

/** A report in a listener of 'exit', when no event loop runs any more. */
export function whileExiting(what) {
  open();
  process.on('exit', () => wrong[what]());
}

/** Nothing is wrong, and a callback is open: it keeps no process alive. */
export function idle() {
  const callback = new JSCallback((n) => n, intToInt);
  console.log(open().symbols.call_i32(callback, 1));
}
