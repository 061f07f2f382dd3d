// Has a file of its own, because C writing to freed memory would crash the process.
import { test } from 'node:test';
import { cannotResize } from './hosts.mjs';
import { meanwhile, symbols } from './in-flight.mjs';
import { check, rejects } from './support.mjs';

const size = 1 << 20;

test('C may fill a resizable buffer that shrinks during an async call', { skip: cannotResize }, () =>
  check(async () => {
    const buffer = new ArrayBuffer(size, { maxByteLength: size });
    const start = (gate) => symbols.gate_buffer_fill.async(gate, buffer, size, 7);
    try {
      await meanwhile(start, () => buffer.resize(0));
    } catch (error) {
      // Refusing memory that may shrink during an async call is as good as keeping it.
      await rejects(() => Promise.reject(error), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /resizable/ });
    }
  }, 20),
);
