// Asynchronous calls of `double add(double, double)`: what handing a call to another thread costs, and what it takes.

export const contenders = ['arkffi', 'koffi', 'ffi-rs', 'deno', 'addon', 'promise'];

function expectSum(values, first, count) {
  const sum = values.reduce((total, value) => total + value, 0);
  const expected = count * first + (count * (count - 1)) / 2 + count / 2;
  if (sum !== expected) throw new Error(`the results add up to ${sum}, not to ${expected}`);
}

/** Starts that many calls, as many at once as the contender takes, and waits for all. */
async function burst({ add, mostInFlight = Infinity }, count, onStarted) {
  for (let first = 0; first < count; first += mostInFlight) {
    const size = Math.min(count - first, mostInFlight);
    const promises = new Array(size);
    for (let i = 0; i < size; i++) promises[i] = add(first + i, 0.5);
    onStarted?.();
    expectSum(await Promise.all(promises), first, size);
  }
}

async function oneByOne({ add }, count) {
  const values = new Array(count);
  for (let i = 0; i < count; i++) values[i] = await add(i, 0.5);
  expectSum(values, 0, count);
}

/** Milliseconds that `run` takes. */
async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function repeated(times, sample) {
  const samples = [];
  for (let i = 0; i < times; i++) samples.push(await sample());
  return samples;
}

const BURST = 20_000;
const MILLION = 1_000_000;

/** What the process has beside JavaScript's heap. */
function nativeBytes() {
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
}

export const rows = [
  {
    name: 'burst',
    columns: [{ title: '20,000 at once, each', unit: 'µs', most: 0.6, timesFaster: 20 }],
    async measure(contender) {
      await burst(contender, BURST);
      return repeated(3, async () => [(1000 * (await timed(() => burst(contender, BURST)))) / BURST]);
    },
  },
  {
    name: 'sequential',
    columns: [{ title: 'one after the other, each', unit: 'µs', most: 3, timesFaster: 8 }],
    async measure(contender) {
      const count = 4000;
      await oneByOne(contender, count);
      return repeated(3, async () => [(1000 * (await timed(() => oneByOne(contender, count)))) / count]);
    },
  },
  {
    name: 'million',
    rounds: 2,
    columns: [
      { title: '1,000,000 at once', unit: 's' },
      { title: 'native memory, each', unit: 'bytes', most: 350 },
    ],
    async measure(contender) {
      await burst(contender, BURST);
      let bytes;
      const before = nativeBytes();
      const onStarted = () => (bytes ??= (nativeBytes() - before) / Math.min(MILLION, contender.mostInFlight ?? MILLION));
      const milliseconds = await timed(() => burst(contender, MILLION, onStarted));
      return [[milliseconds / 1000, bytes]];
    },
  },
  {
    name: 'threads',
    columns: [{ title: '16 calls that sleep 100 ms', unit: 'ms', most: 120 }],
    async measure({ sleep }) {
      const sleepers = async (milliseconds) => {
        const values = await Promise.all(Array.from({ length: 16 }, () => sleep(milliseconds)));
        if (values.some((value) => value !== milliseconds)) throw new Error(`the sleepers gave ${values}`);
      };
      await sleepers(1); // starts the threads
      return repeated(3, async () => [await timed(() => sleepers(100))]);
    },
  },
  {
    name: 'silence',
    columns: [{ title: 'CPU time of a silent second after a call', unit: 'ms' }],
    async measure({ add }) {
      for (let i = 0; i < 1000; i++) await add(i, 0.5);
      const before = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { user, system } = process.cpuUsage(before);
      return [[(user + system) / 1000]];
    },
  },
];
