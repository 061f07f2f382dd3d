// Has a file of its own, because C writing to freed memory, or a copy back into it, would crash the process.
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { collectGarbage, copiesInFlight } from './hosts.mjs';
import { Gate } from './lifetimes.mjs';
import { fixture } from './support.mjs';

const calls = {
  'a call with a buffer': 's.gate_buffer_fill.async(gate, new Uint8Array(1 << 20), 1 << 20, 7)',
  'a batch with new results': 's.gate_echo_i32.batch.async([gate, new Int32Array(100_000)])',
};

const source = (call) => `
  import { parentPort } from 'node:worker_threads';
  import { dlopen } from ${JSON.stringify(import.meta.resolve('arkffi'))};
  const s = dlopen(${JSON.stringify(fixture)}, {
    gate_buffer_fill: { args: ['p', 'p', 'u64', 'u8'] },
    gate_echo_i32: { args: ['p', 'i32'], returns: 'i32' },
  }).symbols;
  parentPort.once('message', (gate) => void ${call});
  parentPort.postMessage('ready');`;

for (const [what, call] of Object.entries(calls)) {
  test(`a worker may be terminated during ${what}`, async () => {
    for (let i = 0; i < 5; i++) {
      const gate = new Gate();
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source(call))}`));
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      worker.postMessage(gate.ptr);
      await gate.reached();
      const ended = worker.terminate();
      gate.open();
      await ended;
      collectGarbage();
      // Deno ends a worker before its calls have returned, so there C may still use the gate.
      if (!copiesInFlight) gate.free();
    }
  });
}
