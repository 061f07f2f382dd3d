// Asynchronous calls of `double add(double, double)`: what it costs to hand a call to another thread, and the memory it
// takes.
import { LEAD } from '../contenders.mjs';
import { median } from '../report.mjs';
import { atMost, timesFaster } from '../targets.mjs';

const EVERY_HOST = ['node20', 'node22', 'node24', 'node26', 'bun', 'deno'].map((host) => `arkffi@${host}`);
const NEWEST = ['arkffi@node24', 'arkffi@node26'];

export const title = 'Asynchronous calls';
export const lead = LEAD;
export const contenders = [
  ...EVERY_HOST,
  'addon@node26',
  'koffi@node26',
  'ffi-rs@node26',
  'deno-ffi@deno',
  'promise@node26',
];

function expectSum(values, first) {
  const count = values.length;
  const sum = values.reduce((total, value) => total + value, 0);
  const expected = count * first + (count * (count - 1)) / 2 + count / 2;
  if (sum !== expected) throw new Error(`the results add up to ${sum}, not to ${expected}`);
}

/** Milliseconds for `count` calls in flight at once, or in portions of as many as the contender takes. */
async function burst({ add, mostInFlight = Infinity }, count, onStarted) {
  let milliseconds = 0;
  for (let first = 0; first < count; first += mostInFlight) {
    const size = Math.min(count - first, mostInFlight);
    const promises = new Array(size);
    const start = performance.now();
    for (let i = 0; i < size; i++) promises[i] = add(first + i, 0.5);
    onStarted?.(size);
    const values = await Promise.all(promises);
    milliseconds += performance.now() - start;
    expectSum(values, first);
  }
  return milliseconds;
}

/** Milliseconds for `count` calls, each started after the previous one has come back. */
async function oneByOne({ add }, count) {
  const values = new Array(count);
  const start = performance.now();
  for (let i = 0; i < count; i++) values[i] = await add(i, 0.5);
  const milliseconds = performance.now() - start;
  expectSum(values, 0);
  return milliseconds;
}

async function repeated(times, sample) {
  const samples = [];
  for (let i = 0; i < times; i++) samples.push(await sample());
  return samples;
}

const BURST = 20_000;
const SEQUENCE = 4000;
const MILLION = 1_000_000;
// Slow and fast contenders get the same number of samples, since the best of more samples is better.
const WARM_UPS = 4;
const SAMPLES = 10;

/** Memory of the process outside the JavaScript heap. */
function nativeBytes() {
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
}

export const rows = [
  {
    name: 'burst',
    columns: [
      {
        title: 'async, 20,000 at once, each',
        unit: 'µs',
        targets: [atMost(0.6, NEWEST), timesFaster(20, 'all', NEWEST)],
      },
    ],
    async measure(contender) {
      const opened = contender.openAsync(contender.api);
      const inPortions = { ...opened, mostInFlight: contender.mostInFlight };
      await repeated(WARM_UPS, () => burst(inPortions, BURST));
      return repeated(SAMPLES, async () => [(1000 * (await burst(inPortions, BURST))) / BURST]);
    },
  },
  {
    name: 'cancellable',
    columns: [
      { title: 'async with one signal, 20,000 at once, each', unit: 'µs', targets: [atMost(1.2, NEWEST)] },
      { title: 'the same with a timeout', unit: 'µs', targets: [atMost(1.2, NEWEST)] },
      { title: 'with one signal, times a plain call', unit: '×', targets: [atMost(2, EVERY_HOST)] },
      { title: 'with a timeout, times a plain call', unit: '×', targets: [atMost(2, EVERY_HOST)] },
    ],
    async measure({ openAsync, api }) {
      const { add: plain, withOptions } = openAsync(api);
      if (!withOptions) return [];
      const calls = [plain, ...[{ signal: new AbortController().signal }, { timeout: 100_000 }].map(withOptions)];
      for (const add of calls) await repeated(WARM_UPS, () => burst({ add }, BURST));
      const samples = await repeated(SAMPLES, async () => {
        const each = [];
        for (const add of calls) each.push((1000 * (await burst({ add }, BURST))) / BURST);
        return each;
      });
      const [usual, ...cancellable] = calls.map((_, i) => median(samples.map((sample) => sample[i])));
      return samples.map(([, ...each]) => [...each, ...cancellable.map((time) => time / usual)]);
    },
  },
  {
    name: 'sequence',
    columns: [
      {
        title: 'async, one after the other, each',
        unit: 'µs',
        isTypical: true, // how long it takes to wake a thread varies much
        targets: [atMost(2, NEWEST), timesFaster(8, 'all', NEWEST)],
      },
    ],
    async measure(contender) {
      const opened = contender.openAsync(contender.api);
      await repeated(WARM_UPS, () => oneByOne(opened, SEQUENCE));
      return repeated(SAMPLES, async () => [(1000 * (await oneByOne(opened, SEQUENCE))) / SEQUENCE]);
    },
  },
  {
    name: 'million',
    rounds: 1, // the slowest take half a minute
    columns: [
      { title: 'async, 1,000,000 at once, all', unit: 's' },
      { title: 'native memory of each', unit: 'bytes', targets: [atMost(350, NEWEST)] },
    ],
    async measure(contender) {
      let bytes;
      const inPortions = { ...contender.openAsync(contender.api), mostInFlight: contender.mostInFlight };
      await burst(inPortions, BURST);
      const before = nativeBytes();
      const onStarted = (size) => (bytes ??= (nativeBytes() - before) / size);
      return [[(await burst(inPortions, MILLION, onStarted)) / 1000, bytes]];
    },
  },
  {
    name: 'threads',
    columns: [{ title: 'async, 16 calls that sleep 100 ms', unit: 'ms', targets: [atMost(120, NEWEST)] }],
    async measure({ openAsync, api }) {
      const { sleep } = openAsync(api);
      const sleepers = async (milliseconds) => {
        const start = performance.now();
        const values = await Promise.all(Array.from({ length: 16 }, () => sleep(milliseconds)));
        if (values.some((value) => value !== milliseconds)) throw new Error(`the sleepers gave ${values}`);
        return performance.now() - start;
      };
      await sleepers(1); // starts the threads
      return repeated(3, async () => [await sleepers(100)]);
    },
  },
  {
    name: 'silence',
    columns: [{ title: 'CPU time of a silent second', unit: 'ms' }],
    async measure({ openAsync, api }) {
      await oneByOne(openAsync(api), 1000);
      const before = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { user, system } = process.cpuUsage(before);
      return [[(user + system) / 1000]];
    },
  },
];
