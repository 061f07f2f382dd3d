// A random sequence of operations, each checked against the model.
//
//   node test/fuzz/sequences.mjs SEED STEPS [STEP,STEP…]    the last argument limits the run to these steps
//
// The environment variable ARKFFI_FUZZ_TRACE=1 prints every operation before it runs.
import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { callbacks } from './operations/callbacks.mjs';
import { calls } from './operations/calls.mjs';
import { libraries } from './operations/libraries.mjs';
import { memory } from './operations/memory.mjs';
import { World } from './world.mjs';

const [seed, steps] = process.argv.slice(2, 4).map(Number);
const only = process.argv[4] && new Set(process.argv[4].split(',').map(Number));
const world = new World({ ...calls, ...libraries, ...callbacks, ...memory });
if (process.env.ARKFFI_FUZZ_TRACE) world.trace = (line) => writeSync(2, `${line}\n`);

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

for (let step = 0; step < steps; step++) {
  if (only && !only.has(step)) continue;
  try {
    world.step(seed, step);
    if (step % 10 === 9) await nextTurn();
    if (step % 40 === 39) await world.settle();
  } catch (error) {
    throw new Error(`step ${step} of seed ${seed}`, { cause: error });
  }
}
await world.settle();
while (world.posted.received < world.posted.sent) await nextTurn();
assert.equal(world.posted.received, world.posted.sent);
for (const callback of world.posters) callback.close();
console.log('done');
