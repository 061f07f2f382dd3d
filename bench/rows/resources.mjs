// The cost of having functions: opening them, importing arkffi or a peer, and the memory that functions take.
import { LEAD } from '../contenders.mjs';
import { declared, many } from '../declarations.mjs';
import { atMost } from '../targets.mjs';

export const title = 'Starting, and memory';
export const lead = LEAD;
export const contenders = [
  ...['node20', 'node22', 'node24', 'node26', 'bun', 'deno'].map((host) => `arkffi@${host}`),
  'koffi@node26',
  'ffi-rs@node26',
  'node-ffi@node26',
  'bun-ffi@bun',
  'deno-ffi@deno',
];

const NEWEST = ['arkffi@node24', 'arkffi@node26'];

const OPENED = 60; // how many times the library of a thousand functions is opened; each time makes new functions
const OPENED_BEFORE = 10; // the first times take memory that is used again
const FEW = 5; // how often each function is called
const CALLBACKS = 7000; // with the first thousand this is close to koffi's limit
const ROUNDS = 6; // with one sample in each, because only the first time in a process counts

// V8's other threads give memory back at unpredictable times; the measured heap must not depend on that.
const v8Flags = ['--expose-gc', '--single-threaded', '--min-semi-space-size=1', '--max-semi-space-size=1'];

/** Lets the heap grow to its working size first, so that this growth is not counted as memory taken later. */
function churn() {
  for (let i = 0; i < 10; i++) Array.from({ length: 100_000 }, (_, k) => ({ k }));
}

/** Bytes in use, on and outside the JavaScript heap, after everything collectable has been collected. */
async function bytesInUse() {
  const collect = globalThis.Bun ? () => Bun.gc(true) : globalThis.gc;
  churn();
  for (let i = 0; i < 4; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  // Bun counts its heap differently, so that only the memory of the whole process is reliable.
  return globalThis.Bun ? rss : rss - heapTotal + heapUsed;
}

/** Bytes of each of `count` objects, which `make` creates and keeps alive. */
async function bytesOfEach(count, make) {
  await bytesInUse();
  const before = await bytesInUse();
  const kept = make();
  const bytes = (await bytesInUse()) - before;
  if (kept.length === 0) throw new Error('nothing was kept');
  return [[bytes / count]];
}

/** Bytes of each of the functions that `make` opens a thousand of. */
function bytesOfFunctions(make) {
  const first = Array.from({ length: OPENED_BEFORE }, make);
  return bytesOfEach(1000 * OPENED, () => [first, ...Array.from({ length: OPENED }, make)]);
}

function callEach(functions) {
  for (const name of Object.keys(many)) {
    for (let i = 0; i < FEW; i++) {
      if (functions[name](i, 0.5) !== i + 0.5) throw new Error(`${name} does not add`);
    }
  }
  return functions;
}

export const rows = [
  {
    name: 'import',
    rounds: ROUNDS,
    columns: [{ title: 'import', unit: 'ms' }],
    measure: ({ loadMilliseconds }) => [[loadMilliseconds]],
  },
  {
    name: 'dlopen',
    rounds: ROUNDS,
    columns: [{ title: 'open 1,000 functions', unit: 'ms', targets: [atMost(2, NEWEST)] }],
    measure({ open, api }) {
      open(api, declared(['noop'])); // loads the library
      const start = performance.now();
      const functions = open(api, many);
      const milliseconds = performance.now() - start;
      for (const name of ['many_000', 'many_500', 'many_999']) {
        if (functions[name](1, 0.5) !== 1.5) throw new Error(`${name} does not add`);
      }
      return [[milliseconds]];
    },
  },
  {
    name: 'unread-memory',
    v8Flags,
    columns: [
      { title: 'memory of a function, never read', unit: 'bytes', isTypical: true, targets: [atMost(200, NEWEST)] },
    ],
    measure: ({ open, api }) => bytesOfFunctions(() => open(api, many)),
  },
  {
    name: 'called-memory',
    v8Flags,
    columns: [
      {
        title: 'memory of a function, called 5 times',
        unit: 'bytes',
        isTypical: true,
        targets: [atMost(1000, NEWEST)],
      },
    ],
    measure: ({ open, api }) => bytesOfFunctions(() => callEach(open(api, many))),
  },
  {
    name: 'callback-memory',
    v8Flags,
    columns: [{ title: 'memory of a callback', unit: 'bytes', isTypical: true, targets: [atMost(200, NEWEST)] }],
    async measure({ callback, api }) {
      const make = () => callback(api, (i) => i);
      const some = Array.from({ length: 1000 }, make); // the first ones allocate more than the callbacks
      return bytesOfEach(CALLBACKS, () => [some, ...Array.from({ length: CALLBACKS }, make)]);
    },
  },
];
