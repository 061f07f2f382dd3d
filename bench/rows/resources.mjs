// What having functions costs: opening them, importing what opens them, and the memory that they take.
import { LEAD } from '../contenders.mjs';
import { declared, many } from '../declarations.mjs';

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

const OPENED = 5; // times the library of a thousand functions, each time as new ones
const CALLBACKS = 7000; // with the first thousand about as many as koffi takes
const ROUNDS = 6; // one sample in each: the first time counts

// What the heap takes must not depend on when V8's other threads come to give it back.
const v8Flags = ['--expose-gc', '--single-threaded', '--min-semi-space-size=1', '--max-semi-space-size=1'];

/** Lets the heap grow as far as it does at all, so that room which it has once taken does not count as taken later. */
function churn() {
  for (let i = 0; i < 10; i++) Array.from({ length: 100_000 }, (_, k) => ({ k }));
}

/** Bytes in use, of the JavaScript heap and beside it, when what can be collected has been. */
async function bytesInUse() {
  const collect = globalThis.Bun ? () => Bun.gc(true) : globalThis.gc;
  churn();
  for (let i = 0; i < 4; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  // Bun counts its heap in other ways, so that only what the process has is sure.
  return globalThis.Bun ? rss : rss - heapTotal + heapUsed;
}

/** Bytes of each of `count` things, of which `make` makes and keeps all. */
async function bytesOfEach(count, make) {
  await bytesInUse();
  const before = await bytesInUse();
  const kept = make();
  const bytes = (await bytesInUse()) - before;
  if (kept.length === 0) throw new Error('nothing was kept');
  return [[bytes / count]];
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
    columns: [{ title: 'open 1,000 functions', unit: 'ms' }],
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
    name: 'symbol-memory',
    v8Flags,
    columns: [{ title: 'memory of a function', unit: 'bytes', isTypical: true }],
    async measure({ open, api }) {
      const make = () => open(api, many);
      const first = make(); // makes more than functions
      return bytesOfEach(1000 * OPENED, () => [first, ...Array.from({ length: OPENED }, make)]);
    },
  },
  {
    name: 'callback-memory',
    v8Flags,
    columns: [{ title: 'memory of a callback', unit: 'bytes', isTypical: true }],
    async measure({ callback, api }) {
      const make = () => callback(api, (i) => i);
      const some = Array.from({ length: 1000 }, make); // the first ones make more than callbacks
      return bytesOfEach(CALLBACKS, () => [some, ...Array.from({ length: CALLBACKS }, make)]);
    },
  },
];
