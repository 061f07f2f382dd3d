// Real jobs, beside what people would use instead of C: Node's own modules, and koffi.
import * as buffers from '../jobs/buffers.mjs';
import * as numbers from '../jobs/numbers.mjs';
import * as sqlite from '../jobs/sqlite.mjs';

export const title = 'Real jobs';
export const lead = 'arkffi@node26';
export const contenders = ['node20', 'node22', 'node24', 'node26'].flatMap((host) =>
  ['arkffi', 'node-modules', 'koffi'].map((adapter) => `${adapter}@${host}`),
);
contenders.push('better-sqlite3@node24', 'better-sqlite3@node26'); // not for Node.js 20

const ROWS = 200_000;
const BUFFERS = 5000;
const BYTES = 512;
const SORTED = 20_000;
const NUMBERS = 200_000;
const WARM_UP = 200; // milliseconds
const SAMPLES = 5;

const elapsed = (work) => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

/** Samples of nanoseconds for each of `count` parts of a job. */
function samplesOf(count, job) {
  for (const end = performance.now() + WARM_UP; performance.now() < end;) job();
  return Array.from({ length: SAMPLES }, () => [(1e6 * job()) / count]);
}

function expect(is, wanted, what) {
  if (is !== wanted) throw new Error(`${what}: ${is}, not ${wanted}`);
}

/** The contender's program for a job; undefined if it has none. */
const programOf = (jobs, { name, api }) => jobs[name]?.(api);

function filled(database) {
  database.run('BEGIN');
  for (let i = 0; i < ROWS; i++) database.insert(i, `name ${i % 1000}`, i / 4);
  database.run('COMMIT');
}

function insertRows(database) {
  database.run('DELETE FROM items');
  return elapsed(() => filled(database));
}

function selectRows(database) {
  let [ids, lengths, prices] = [0, 0, 0];
  const milliseconds = elapsed(() =>
    database.select((id, text, price) => {
      ids += id;
      lengths += text.length;
      prices += price;
    }),
  );
  expect(ids, (ROWS * (ROWS - 1)) / 2, 'ids');
  expect(prices, ids / 4, 'prices');
  expect(lengths, (ROWS / 1000) * 7890, 'lengths');
  return milliseconds;
}

function ofSqlite(contender, prepare, job) {
  if (contender.name === "Node's own" && !contender.api.sqlite) return [];
  const database = programOf(sqlite, contender);
  prepare?.(database);
  return samplesOf(ROWS, () => job(database));
}

/** Buffers with text that repeats itself somewhat. */
const texts = Array.from({ length: BUFFERS }, (_, k) =>
  Uint8Array.from({ length: BYTES }, (_, i) => 97 + (((i * (k % 7)) ^ (i >> 3)) % 26)),
);

function ofBuffers(contender, kind, measureOf, wanted) {
  const work = programOf(buffers, contender)[kind];
  if (!work) return [];
  return samplesOf(BUFFERS, () => {
    let sum = 0;
    const milliseconds = elapsed(() => {
      for (let i = 0; i < BUFFERS; i++) sum += measureOf(work(texts[i]));
    });
    wanted.sum ??= sum;
    expect(sum, wanted.sum, kind);
    return milliseconds;
  });
}

const column = (title) => [{ title, unit: 'ns' }];

export const rows = [
  {
    name: 'insert',
    columns: column(`SQLite: insert ${ROWS / 1000},000 rows, each`),
    measure: (contender) => ofSqlite(contender, undefined, insertRows),
  },
  {
    name: 'select',
    columns: column(`SQLite: select ${ROWS / 1000},000 rows, each`),
    measure: (contender) => ofSqlite(contender, filled, selectRows),
  },
  {
    name: 'checksum',
    columns: column(`CRC-32 of ${BYTES} bytes`),
    measure: (contender) => ofBuffers(contender, 'checksum', (sum) => sum, {}),
  },
  {
    name: 'compress',
    columns: column(`zlib: compress ${BYTES} bytes`),
    measure: (contender) => ofBuffers(contender, 'compress', (bytes) => bytes.length, {}),
  },
  {
    name: 'hash',
    columns: column(`SHA-256 of ${BYTES} bytes`),
    measure: (contender) => ofBuffers(contender, 'hash', (bytes) => bytes[0] + bytes[31], {}),
  },
  {
    name: 'sort',
    columns: column(`sort ${SORTED / 1000},000 numbers with a comparator, each`),
    measure(contender) {
      const { sort } = programOf(numbers, contender);
      const unsorted = Float64Array.from({ length: SORTED }, (_, i) => (i * 7919) % SORTED);
      return samplesOf(SORTED, () => {
        const copy = unsorted.slice();
        const milliseconds = elapsed(() => sort(copy));
        for (let i = 0; i < SORTED; i++) expect(copy[i], i, `number ${i}`);
        return milliseconds;
      });
    },
  },
  {
    name: 'hypot',
    columns: column(`hypot for ${NUMBERS / 1000},000 pairs, each`),
    measure(contender) {
      const { hypot } = programOf(numbers, contender);
      const xs = Float64Array.from({ length: NUMBERS }, (_, i) => 3 * i);
      const ys = Float64Array.from({ length: NUMBERS }, (_, i) => 4 * i);
      const out = new Float64Array(NUMBERS);
      return samplesOf(NUMBERS, () => {
        const milliseconds = elapsed(() => hypot(xs, ys, out));
        expect(Math.round(out[NUMBERS - 1]), 5 * (NUMBERS - 1), 'the last hypotenuse');
        return milliseconds;
      });
    },
  },
];
