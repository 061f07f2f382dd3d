// Asynchronous calls of `double add(double, double)`: what handing a call to another thread costs, and what it takes.

export const contenders = ['arkffi', 'koffi', 'ffi-rs', 'deno', 'addon', 'promise'];

function expectSum(values, first) {
  const count = values.length;
  const sum = values.reduce((total, value) => total + value, 0);
  const expected = count * first + (count * (count - 1)) / 2 + count / 2;
  if (sum !== expected) throw new Error(`the results add up to ${sum}, not to ${expected}`);
}

/** Milliseconds of that many calls at once, or as many at once as the contender takes. */
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

/** Milliseconds of that many calls, each after the one before has come back. */
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

/** What the process has beside JavaScript's heap. */
function nativeBytes() {
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
}

/** Milliseconds of that many calls on this thread. */
function inPlace({ addNow }, count) {
  const values = new Float64Array(count);
  const start = performance.now();
  for (let i = 0; i < count; i++) values[i] = addNow(i, 0.5);
  const milliseconds = performance.now() - start;
  expectSum(values, 0);
  return milliseconds;
}

export const rows = [
  {
    name: 'sync',
    columns: [{ title: 'the same call, synchronous', unit: 'µs' }],
    async measure(contender) {
      if (!contender.addNow) return [];
      await repeated(3, () => inPlace(contender, SEQUENCE));
      return repeated(3, () => [(1000 * inPlace(contender, MILLION / 10)) / (MILLION / 10)]);
    },
  },
  {
    name: 'burst',
    columns: [{ title: `${BURST} at once, each`, unit: 'µs', most: 0.6, timesFaster: 20 }],
    async measure(contender) {
      await repeated(3, () => burst(contender, BURST));
      return repeated(3, async () => [(1000 * (await burst(contender, BURST))) / BURST]);
    },
  },
  {
    name: 'sequence',
    columns: [{ title: 'one after the other, each', unit: 'µs', most: 3, timesFaster: 8 }],
    async measure(contender) {
      await repeated(3, () => oneByOne(contender, SEQUENCE));
      return repeated(3, async () => [(1000 * (await oneByOne(contender, SEQUENCE))) / SEQUENCE]);
    },
  },
  {
    name: 'million',
    rounds: 2, // of those who need less than 10 s
    columns: [
      { title: `${MILLION} at once, all`, unit: 's' },
      { title: 'native memory of each', unit: 'bytes', most: 350 },
    ],
    async measure(contender) {
      let bytes;
      await burst(contender, BURST);
      const before = nativeBytes();
      const onStarted = (size) => (bytes ??= (nativeBytes() - before) / size);
      return [[(await burst(contender, MILLION, onStarted)) / 1000, bytes]];
    },
  },
  {
    name: 'threads',
    columns: [{ title: '16 calls that sleep 100 ms', unit: 'ms', most: 120 }],
    async measure({ sleep }) {
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
    async measure({ add }) {
      await oneByOne({ add }, 1000);
      const before = process.cpuUsage();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const { user, system } = process.cpuUsage(before);
      return [[(user + system) / 1000]];
    },
  },
];
