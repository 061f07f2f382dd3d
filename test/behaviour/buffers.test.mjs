// JavaScript's memory that C reads and writes: every kind of buffer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ffi from 'liblibrary.so';
import { cannotResize, copiesInFlight } from './hosts.mjs';
import { check, everyRoute, throws } from './support.mjs';

const bytes = [3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 1, 2, 4, 16, 32, 64];
const total = bytes.reduce((sum, byte) => sum + byte, 0);

const views = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
];
if (typeof Float16Array === 'function') views.push(Float16Array);

const filled = (memory, at = 0) => {
  new Uint8Array(memory, at, 16).set(bytes);
  return memory;
};

/** Makes 16 filled bytes of each kind; the bytes before a view in its memory are 255. */
const kinds = {
  ArrayBuffer: () => filled(new ArrayBuffer(16)),
  SharedArrayBuffer: () => filled(new SharedArrayBuffer(16)),
  'Buffer of the pool': () => Buffer.from(bytes),
  'Buffer of its own': () => Buffer.from(filled(new ArrayBuffer(16))),
  'slice of a Buffer': () => Buffer.from([255, 255, ...bytes, 255]).subarray(2, 18),
  'subclass of Uint8Array': () => new (class Bytes extends Uint8Array {})(bytes),
};
for (const View of views) {
  const offset = (memory) => {
    new Uint8Array(memory).fill(255);
    return new View(filled(memory, 24), 24, 16 / (View.BYTES_PER_ELEMENT ?? 1));
  };
  kinds[View.name] = () => new View(filled(new ArrayBuffer(16)));
  kinds[`${View.name} at an offset`] = () => offset(new ArrayBuffer(64));
  kinds[`${View.name} on shared memory`] = () => offset(new SharedArrayBuffer(64));
}
/** Buffers that an async call refuses, because they could shrink meanwhile. */
const resizable = {};
if (!cannotResize) {
  kinds['growable SharedArrayBuffer'] = () => filled(new SharedArrayBuffer(16, { maxByteLength: 1024 }));
  resizable['resizable ArrayBuffer'] = () => filled(new ArrayBuffer(16, { maxByteLength: 1024 }));
  resizable['view that follows its buffer'] = () => {
    const memory = new ArrayBuffer(8, { maxByteLength: 1024 });
    const view = new Uint8Array(memory, 4);
    memory.resize(20);
    view.set(bytes);
    return view;
  };
}

/** The bytes that a buffer spans. */
const bytesOf = (buffer) =>
  ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);

const sum = everyRoute('buffer_sum', '(pL)L', [new Uint8Array(1), 1]);
const first = everyRoute('buffer_first', '(p)C', [new Uint8Array(1)]);
const fill = everyRoute('buffer_fill', '(pLC)v', [new Uint8Array(1), 1, 1]);
const isNull = everyRoute('buffer_is_null', '(p)b', [null]);

for (const [name, make] of Object.entries({ ...kinds, ...resizable })) {
  const on = (routes) => (name in resizable ? routes.sync : routes);
  const where = name in resizable ? 'every synchronous route' : 'every route';

  test(`C reads a ${name} from its first byte on ${where}`, async () => {
    await on(first).gives([make()], bytes[0]);
    await on(sum).gives([make(), 16], total);
  });

  test(`C writes into a ${name}, on ${where}`, () =>
    on(fill).gives(
      () => [make(), 16, 7],
      (_, [buffer]) => assert.deepEqual([...bytesOf(buffer)], Array(16).fill(7)),
    ));

  test(`ptr, writeMemory and C agree on the address of a ${name}`, async () => {
    const buffer = make();
    const address = ffi.ptr(buffer);
    const where = everyRoute('buffer_address', '(p)L', [new Uint8Array(1)]);
    await (copiesInFlight ? where.sync : on(where)).gives([buffer], address);
    await first.gives([address], bytes[0]);
    await check(() => {
      assert.equal(ffi.ptr(buffer), address);
      ffi.writeMemory(address, Uint8Array.of(1, 2, 3));
      assert.deepEqual([...bytesOf(buffer).subarray(0, 4)], [1, 2, 3, bytes[3]]);
      ffi.writeMemory(address, make());
      assert.deepEqual([...new Uint8Array(ffi.readMemory(address, 16))], bytes);
    });
  });
}

for (const [name, make] of Object.entries(resizable)) {
  test(`a ${name} is refused on every asynchronous route`, () =>
    first.async.refuses([make()], {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: 'argument 1: the buffer is resizable, and could be resized while the call runs',
    }));
}

test('C writes no byte outside the view, on every route', () =>
  fill.gives(
    () => [new Uint8Array(32).subarray(8, 24), 16, 255],
    (_, [view]) => {
      const all = new Uint8Array(view.buffer);
      assert.deepEqual([...all.subarray(0, 8), ...all.subarray(24)], Array(16).fill(0));
    },
  ));

test('C reads and writes elements wider than a byte in its own byte order, on every route', async () => {
  const doubled = everyRoute('buffer_double_f64', '(pL)v', [new Float64Array(1), 1]);
  await doubled.gives(
    () => [Float64Array.of(0.5, -1.25, 1e300), 3],
    (_, [elements]) => assert.deepEqual([...elements], [1, -2.5, 2e300]),
  );
  const weigh = everyRoute('buffer_weigh_i16', '(pL)l', [new Int16Array(1), 1]);
  await weigh.gives([Int16Array.of(-1, 2, 32767), 3], -1 + 4 + 3 * 32767);
});

test('the same buffer may be two arguments, on every route', () => {
  const swap = everyRoute('pointer_swap', '(pp)v', [new BigInt64Array(1), new BigInt64Array(1)]);
  return swap.gives(
    () => {
      const slots = BigInt64Array.of(1n, 2n);
      return [slots, slots.subarray(1)];
    },
    (_, [slots]) => assert.deepEqual([...slots], [2n, 1n]),
  );
});

test('an empty buffer is accepted on every route', async () => {
  const empty = [
    new ArrayBuffer(0),
    new SharedArrayBuffer(0),
    Buffer.alloc(0),
    new Uint8Array(0),
    new Float64Array(0),
    new DataView(new ArrayBuffer(0)),
    new Uint8Array(new ArrayBuffer(8), 8),
    new Uint8Array(new SharedArrayBuffer(8), 8),
    new DataView(new ArrayBuffer(8), 8),
  ];
  for (const buffer of empty) await sum.gives([buffer, 0], 0);
});

test('null, 0 and 0n are passed as NULL, and a buffer never is, on every route', async () => {
  await isNull.gives([null], true);
  await isNull.gives([0], true);
  await isNull.gives([0n], true);
  await isNull.gives([new Uint8Array(1)], false);
  await isNull.gives([new SharedArrayBuffer(1)], false);
});

const refused = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 1: .*detached/ };

/** A buffer of each kind whose memory has been transferred elsewhere. */
function detached() {
  const memory = new ArrayBuffer(64);
  const left = [memory, ...views.map((View) => new View(memory, 8))];
  const node = Buffer.from(new ArrayBuffer(16));
  structuredClone(memory, { transfer: [memory] });
  structuredClone(node.buffer, { transfer: [node.buffer] });
  return [...left, node];
}

test('a detached buffer is refused, as is every view of it, on every route', async () => {
  for (const buffer of detached()) await sum.refuses([buffer, 0], refused);
});

test('ptr and writeMemory refuse a detached buffer and every view of it', async () => {
  const address = ffi.ptr(new Uint8Array(64));
  await check(() => {
    for (const buffer of detached()) {
      throws(() => ffi.ptr(buffer), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /ptr: argument 1: .*detached/ });
      throws(() => ffi.writeMemory(address, buffer), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /writeMemory: argument 2: .*detached/,
      });
    }
  }, 20);
});

test(
  'C can use a resized buffer to its present length, on every synchronous route',
  { skip: cannotResize },
  async () => {
    const memory = new ArrayBuffer(4, { maxByteLength: 4096 });
    const view = new Uint8Array(memory);
    memory.resize(4096);
    view.fill(1);
    await sum.sync.gives([memory, 4096], 4096);
    await sum.sync.gives([view, 4096], 4096);
    memory.resize(2);
    await sum.sync.gives([view, 2], 2);
  },
);

test('a view that its shrunken buffer no longer covers is never copied from', { skip: cannotResize }, async () => {
  const memory = new ArrayBuffer(64, { maxByteLength: 64 });
  const outside = [new Uint8Array(memory, 32, 8), new Uint8Array(memory, 32), new DataView(memory, 32, 8)];
  memory.resize(16);
  const address = ffi.ptr(new Uint8Array(16));
  await check(() => {
    for (const view of outside) {
      // The JavaScript engine decides whether such a view is refused or counts as empty; no byte may be copied.
      try {
        ffi.writeMemory(address, view);
      } catch (error) {
        assert.equal(error.code, 'ERR_FFI_INVALID_ARG_TYPE');
      }
    }
  }, 10);
});
