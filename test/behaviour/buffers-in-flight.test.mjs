// Buffers of async calls: pinned until the call ends, so that C never sees memory that is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import ffi from 'liblibrary.so';
import { copiesInFlight } from './hosts.mjs';
import { meanwhile, symbols } from './in-flight.mjs';
import { check } from './support.mjs';

const size = 1 << 20;

const kinds = {
  'a typed array': () => new Uint8Array(size).fill(1),
  'an ArrayBuffer': () => new Uint8Array(size).fill(1).buffer,
  'a DataView': () => new DataView(new Uint8Array(size).fill(1).buffer),
  'a SharedArrayBuffer': () => new Uint8Array(new SharedArrayBuffer(size)).fill(1).buffer,
  'a typed array on shared memory': () => new Uint8Array(new SharedArrayBuffer(size)).fill(1),
  'the ptr of an object that holds the memory': () => {
    const memory = new Uint8Array(size).fill(1);
    return { memory, ptr: ffi.ptr(memory) };
  },
};

for (const [name, make] of Object.entries(kinds)) {
  test(`the memory of ${name} that nobody else holds lives until the call ends`, () =>
    check(async () => {
      const start = (gate) => symbols.gate_buffer_sum.async(gate, make(), size);
      // Whatever is freed too early is likely to be had by the next who asks for as much.
      assert.equal(await meanwhile(start, () => new Uint8Array(size).fill(9)), size);
    }, 20));
}

test('what is written to a buffer before C reads it is what C sees', { skip: copiesInFlight }, () =>
  check(async () => {
    const buffer = new Uint8Array(size);
    const start = (gate) => symbols.gate_buffer_sum.async(gate, buffer, size);
    assert.equal(await meanwhile(start, () => buffer.fill(2)), 2 * size);
  }, 20),
);
