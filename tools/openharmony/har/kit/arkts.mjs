// The part of `@kit.ArkTS` that programs use, on the worker threads of another host: Workers, and a task pool. As on
// OpenHarmony, each thread imports the modules that it uses for itself, and what is sent is copied. A task is run by the
// thread's own copy of the function: programs.mjs says in each module which functions are @Concurrent, and exports them.
import { parentPort, Worker } from 'node:worker_threads';

/** The file of a script: `entry/ets/workers/Sorter.ets` stands beside the programs, as Sorter.mjs. */
const fileOf = (script) =>
  new URL(
    `../${script
      .split('/')
      .at(-1)
      .replace(/\.ets$/, '.mjs')}`,
    import.meta.url,
  );

class ThreadWorker {
  constructor(script) {
    this.thread = new Worker(fileOf(script));
    this.thread.on('message', (data) => this.onmessage?.({ data }));
  }

  postMessage(message) {
    this.thread.postMessage(message);
  }

  terminate() {
    this.thread.terminate();
  }
}

const workerPort = {
  set onmessage(handler) {
    parentPort.on('message', (data) => handler({ data }));
  },
  postMessage: (message) => parentPort.postMessage(message),
  close: () => parentPort.close(),
};

/** Two threads, which run one task after the other, whatever a task has left open. */
const MOST = 2;
let threads = 0;
const idle = [];
const waiting = [];

function start(thread, { resolve, reject, ...task }) {
  thread.ref(); // a thread without a task does not keep the process alive
  thread.once('message', ({ result, error }) => {
    idle.push(thread);
    thread.unref();
    if (error) reject(error);
    else resolve(result);
    goOn();
  });
  thread.postMessage(task);
}

function goOn() {
  while (waiting.length > 0 && (idle.length > 0 || threads < MOST)) {
    if (idle.length === 0) {
      idle.push(new Worker(new URL('task-thread.mjs', import.meta.url)));
      threads++;
    }
    start(idle.shift(), waiting.shift());
  }
}

function execute(task, ...args) {
  if (!task.module) throw new TypeError(`${task.name} is not @Concurrent`);
  return new Promise((resolve, reject) => {
    waiting.push({ module: task.module, name: task.name, args, resolve, reject });
    goOn();
  });
}

export const worker = { ThreadWorker, workerPort };
export const taskpool = { execute };
