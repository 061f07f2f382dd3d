// Alone in its file: memory that is gone would take the process along.
import { test } from 'node:test';
import { meanwhile, symbols } from './in-flight.mjs';
import { check, rejects } from './support.mjs';

const size = 1 << 20;
const canResize = ArrayBuffer.prototype.resize !== undefined;

test('C may fill a resizable buffer that shrinks during an async call', { skip: !canResize }, () =>
  check(async () => {
    const buffer = new ArrayBuffer(size, { maxByteLength: size });
    const start = (gate) => symbols.gate_buffer_fill.async(gate, buffer, size, 7);
    try {
      await meanwhile(start, () => buffer.resize(0));
    } catch (error) {
      // Not taking memory that may shrink for an async call is as good an answer as keeping it.
      await rejects(() => Promise.reject(error), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /resizable/ });
    }
  }, 20),
);
