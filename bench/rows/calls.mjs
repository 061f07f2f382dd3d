// Synchronous calls: the cost of one, on the thread that makes it.
import { LEAD, PEERS } from '../contenders.mjs';
import { atMost, koffiTimes, notSlowerThanPlain, ownCallsTimes, timesFaster } from '../targets.mjs';
import { declared } from '../declarations.mjs';
import { perCall } from '../sampling.mjs';

const NODES = ['node20', 'node22', 'node24', 'node26'];
const HOSTS = [...NODES, 'bun', 'deno'];

export const title = 'Synchronous calls';
export const lead = LEAD;
export const contenders = [
  ...HOSTS.map((host) => `arkffi@${host}`),
  ...PEERS,
  ...HOSTS.map((host) => `arkffi-portable@${host}`),
  ...HOSTS.map((host) => `arkffi-napi@${host}`),
];

const NEWEST = ['arkffi@node24', 'arkffi@node26'];
const always = [timesFaster(1, 'V8', NEWEST), notSlowerThanPlain(HOSTS)];
/** For what a host's own calls can pass. */
const ofHosts = [ownCallsTimes(2.5, 'bun'), ownCallsTimes(1.5, 'deno')];
const ofScalars = [
  ...ofHosts,
  koffiTimes(5, ['arkffi@node20', 'arkffi@node22']),
  atMost(
    11,
    NODES.map((host) => `arkffi-portable@${host}`),
  ),
];

const texts = {
  // Four strings of each kind, used in turn, so that no contender profits from having just converted the same one.
  short: ['hello world', 'jello world', 'cello world', 'mello world'],
  long: ['hj', 'jk', 'cl', 'mn'].map((pair) => pair.repeat(512)),
  latin: ['höllö wörld', 'jéllo wörld', 'çello wörld', 'mèllo wörld'],
  wide: ['привет, мир', 'здорово, ты', 'до свидания', 'как дела, а'],
};

/** A row that passes strings as arguments. */
function textRow(name, description, of, targets = []) {
  const bytes = of.map((text) => new TextEncoder().encode(text));
  return row(name, description, [...always, ...targets], ['first_of_text', 'length_of_text'], (functions) => {
    const { first_of_text, length_of_text } = functions;
    of.forEach((text, i) => {
      if (length_of_text(text) !== bytes[i].length)
        throw new Error(`C sees '${text}' with ${length_of_text(text)} bytes`);
    });
    const sumOfFour = bytes.reduce((sum, [first]) => sum + first, 0);
    return {
      loop(count) {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += first_of_text(of[i & 3]);
        return sum;
      },
      expected: (count) => (count / 4) * sumOfFour,
    };
  });
}

/**
 * A row of calls. `make(functions, contender)` returns `loop(count)`, which makes `count` calls and adds up their
 * results, and `expected(count)`, which that sum must equal. `count` is a multiple of four. `each` is the number of
 * calls that one turn of the loop counts as.
 */
function row(name, description, targets, symbols, make, each = 1) {
  return {
    name,
    columns: [{ title: description, unit: 'ns', targets }],
    measure(contender) {
      const functions = contender.open(contender.api, declared(symbols));
      return perCall(make(functions, contender)).map((ns) => [ns / each]);
    },
  };
}

const CALLBACKS = 1000; // made by one call into C; the figure is for each callback
const BATCH = 1000; // calls; the figure is for each call
const ASYNC_SAMPLES = 20;
const ASYNC_BATCH = 1_000_000; // calls, enough for threads to pay off; the figure is for each call

/** The columns and the result array of `rows` additions, and the sum that they must add up to. */
function batchOf(add, rows) {
  if (!add.batch) throw new Error('has no batches');
  const columns = [Float64Array.from({ length: rows }, (_, i) => i), new Float64Array(rows).fill(0.5)];
  const sums = new Float64Array(rows);
  return {
    columns,
    sums,
    total: () => sums.reduce((sum, value) => sum + value, 0),
    expected: (rows * (rows - 1)) / 2 + rows / 2,
  };
}

export const rows = [
  row('noop', 'void f(void)', [...always, ...ofScalars, atMost(2.5, NEWEST)], ['noop'], ({ noop }) => ({
    loop(count) {
      let other = 0;
      for (let i = 0; i < count; i++) if (noop() != null) other++;
      return other;
    },
    expected: () => 0,
  })),
  row('f64', 'double f(double, double)', [...always, ...ofScalars, atMost(4, NEWEST)], ['add'], ({ add }) => ({
    loop(count) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += add(i, 0.5);
      return sum;
    },
    expected: (count) => (count * (count - 1)) / 2 + count / 2,
  })),
  row('i32', 'int f(int, int)', [...always, ...ofScalars, atMost(4, NEWEST)], ['add_int'], ({ add_int }) => ({
    loop(count) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += add_int(i, 3);
      return sum;
    },
    expected: (count) => (count * (count - 1)) / 2 + 3 * count,
  })),
  row('mixed', 'double f(int, double, int, double)', [...always, ...ofScalars], ['mix'], ({ mix }) => ({
    loop(count) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += mix(i, 0.5, 2, 1.5);
      return sum;
    },
    expected: (count) => (count * (count - 1)) / 4 + 3 * count,
  })),
  row(
    'i64',
    'int64_t f(8 × int64_t)',
    [...always, ...ofHosts, atMost(6, NEWEST)],
    ['sum8'],
    ({ sum8 }, { int64 = Number }) => {
      const [a, b, c, d, e, f, g, h] = [1, 2, 3, 4, 5, 6, 7, 8].map(int64);
      return {
        loop(count) {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += Number(sum8(a, b, c, d, e, f, g, h));
          return sum;
        },
        expected: (count) => 36 * count,
      };
    },
  ),
  row('u8', 'uint8_t f(uint8_t, bool)', [...always, ...ofScalars], ['next'], ({ next }, { bool = Boolean }) => {
    const ups = [1, 1, 1, 0].map(bool);
    return {
      loop(count) {
        let value = 0;
        for (let i = 0; i < count; i++) value = next(value, ups[i & 3]);
        return value;
      },
      expected: (count) => (count / 2) % 256,
    };
  }),
  row(
    'pointer',
    'void *f(void *)',
    [...always, ...ofHosts],
    ['ring_start', 'ring_step', 'ring_position'],
    (functions) => {
      const { ring_start, ring_step, ring_position } = functions;
      const start = ring_start();
      return {
        loop(count) {
          let at = start;
          for (let i = 0; i < count; i++) at = ring_step(at);
          return ring_position(at);
        },
        expected: (count) => count % 4096,
      };
    },
  ),
  textRow('text', 'int f(const char *), 11 bytes', texts.short, [atMost(15, NEWEST)]),
  textRow('text-1k', 'int f(const char *), 1 KB', texts.long),
  textRow('text-latin', 'int f(const char *), Latin-1', texts.latin),
  textRow('text-wide', 'int f(const char *), Cyrillic', texts.wide),
  row('text-result', 'const char *f(void), 11 bytes', always, ['greeting'], ({ greeting }) => ({
    loop(count) {
      let length = 0;
      for (let i = 0; i < count; i++) length += greeting().length;
      return length;
    },
    expected: (count) => 11 * count,
  })),
  row(
    'bytes',
    'uint8_t f(Uint8Array)',
    [...always, ...ofHosts, atMost(10, NEWEST)],
    ['first_of_bytes'],
    ({ first_of_bytes }) => {
      const bytes = Uint8Array.of(7, 8, 9);
      return {
        loop(count) {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += first_of_bytes(bytes);
          return sum;
        },
        expected: (count) => 7 * count,
      };
    },
  ),
  row('struct', 'struct f(struct, struct)', [...always, atMost(60, NEWEST)], ['multiply'], (functions, contender) => {
    const { multiply } = functions;
    const make = contender.complex ?? ((_, re, im) => ({ re, im }));
    const [a, b] = [make(contender.api, 2, 1), make(contender.api, 3, 1)];
    return {
      loop(count) {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += multiply(a, b).re;
        return sum;
      },
      expected: (count) => 5 * count,
    };
  }),
  row('field', 'double from a field of a struct', [], ['multiply'], ({ multiply }, contender) => {
    const make = contender.complex ?? ((_, re, im) => ({ re, im }));
    const one = make(contender.api, 1, 0);
    const values = [1, 2, 3, 4].map((re) => multiply(make(contender.api, re, 0), one));
    return {
      loop(count) {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += values[i & 3].re;
        return sum;
      },
      expected: (count) => (count / 4) * 10,
    };
  }),
  row('stack', 'int f(12 × int)', always, ['sum12'], ({ sum12 }) => ({
    loop(count) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += sum12(i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
      return sum;
    },
    expected: (count) => (count * (count - 1)) / 2 + 77 * count,
  })),
  row(
    'turns',
    'five of these in turn',
    always,
    ['noop', 'add', 'add_int', 'mix', 'next'],
    (functions, { bool = Boolean }) => {
      const { noop, add, add_int, mix, next } = functions;
      const up = bool(1);
      return {
        loop(count) {
          let sum = 0;
          for (let i = 0; i < count; i++) {
            noop();
            sum += add(i, 0.5) + add_int(i, 3) + mix(1, 2.5, 3, 4.5) + next(7, up);
          }
          return sum;
        },
        expected: (count) => count * (count - 1) + 27.5 * count,
      };
    },
    5,
  ),
  row(
    'callback',
    'callback from a C loop',
    [timesFaster(1, 'all', NEWEST)],
    ['repeat'],
    ({ repeat }, contender) => {
      const called = contender.callback(contender.api, (i) => i & 1);
      return {
        loop(count) {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += repeat(called, CALLBACKS);
          return sum;
        },
        expected: (count) => (count * CALLBACKS) / 2,
      };
    },
    CALLBACKS,
  ),
  row(
    'batch',
    'double f(double, double), in a batch',
    [
      atMost(
        2.5,
        HOSTS.map((host) => `arkffi@${host}`),
      ),
    ],
    ['add'],
    ({ add }) => {
      const { columns, sums, total, expected } = batchOf(add, BATCH);
      return {
        loop(count) {
          for (let i = 0; i < count; i++) add.batch(columns, sums);
          return total();
        },
        expected: () => expected,
      };
    },
    BATCH,
  ),
  {
    name: 'batch-async',
    columns: [{ title: 'double f(double, double), in an async batch', unit: 'ns' }],
    async measure(contender) {
      const { add } = contender.open(contender.api, declared(['add']));
      const { columns, sums, total, expected } = batchOf(add, ASYNC_BATCH);
      const samples = [];
      for (let i = 0; i < ASYNC_SAMPLES; i++) {
        const start = performance.now();
        await add.batch.async(columns, sums);
        samples.push([((performance.now() - start) * 1e6) / ASYNC_BATCH]);
        if (total() !== expected) throw new Error(`the results add up to ${total()}, not to ${expected}`);
        sums.fill(0);
      }
      return samples;
    },
  },
];
