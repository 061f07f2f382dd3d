// Buffers of async calls are pinned until the call ends, so that C never accesses freed memory.
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
  test(`the memory of ${name} with no other reference lives until the call ends`, () =>
    check(async () => {
      const start = (gate) => symbols.gate_buffer_sum.async(gate, make(), size);
      // Memory that is freed too early is likely to be reused by the next allocation of the same size.
      assert.equal(await meanwhile(start, () => new Uint8Array(size).fill(9)), size);
    }, 20));
}

test('C sees what was written to a buffer before C reads it', { skip: copiesInFlight }, () =>
  check(async () => {
    const buffer = new Uint8Array(size);
    const start = (gate) => symbols.gate_buffer_sum.async(gate, buffer, size);
    assert.equal(await meanwhile(start, () => buffer.fill(2)), 2 * size);
  }, 20),
);
