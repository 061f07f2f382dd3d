// Has a file of its own, because C writing to freed memory would crash the process.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanwhile, symbols } from './in-flight.mjs';
import { check } from './support.mjs';

const size = 1 << 20;

test('C may fill a buffer that is detached during an async call', () =>
  check(async () => {
    const buffer = new Uint8Array(size);
    const start = (gate) => symbols.gate_buffer_fill.async(gate, buffer, size, 7);
    await meanwhile(start, () => {
      // Refusing to be detached is as good as keeping the memory alive after the detachment.
      try {
        structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
      } catch (error) {
        assert.equal(error.name, 'DataCloneError');
      }
    });
    // Allocating again makes a write to freed memory visible.
    for (let i = 0; i < 100; i++) new Uint8Array(size / 64).fill(i);
  }, 20));
