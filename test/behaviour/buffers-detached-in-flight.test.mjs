// Alone in its file: memory that is gone would take the process along.
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
      // Refusing to be detached is as good an answer as living on behind the scenes.
      try {
        structuredClone(buffer.buffer, { transfer: [buffer.buffer] });
      } catch (error) {
        assert.equal(error.name, 'DataCloneError');
      }
    });
    // What was freed and written to afterwards shows when the allocator is used again.
    for (let i = 0; i < 100; i++) new Uint8Array(size / 64).fill(i);
  }, 20));
