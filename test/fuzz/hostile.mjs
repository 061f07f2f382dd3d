// Hostile arguments to every function: each call ends in an error with a code, in what the value has thrown, or in a
// result.
//
//   node test/fuzz/hostile.mjs SEED STEPS [STEP,STEP…]    the last argument limits the run to these steps
//
// The environment variable ARKFFI_FUZZ_TRACE=1 prints every call before it is made.
import { writeSync } from 'node:fs';
import { inspect, types } from 'node:util';
import ffi from 'liblibrary.so';
import { targets } from './hostile/targets.mjs';
import { marker, valuesOf } from './hostile/values.mjs';
import { Victims } from './hostile/victims.mjs';
import { Random } from './random.mjs';

const [seed, steps] = process.argv.slice(2, 4).map(Number);
const only = process.argv[4] && new Set(process.argv[4].split(',').map(Number));
const names = Object.keys(targets);

/** The engine's own error for a value that is dead, or that is no array although it inherits from one. */
const OF_ENGINE = /revoked|detached|typed ?array|invalid array length|class constructor/i;

/** Whether an error is what the value itself throws when it is read. */
const isThrown = (error) => error === marker || error === undefined || OF_ENGINE.test(error?.message);
const isRefused = (error) => error instanceof Error && /^ERR_FFI_/.test(error.code);

function check(error, text) {
  if (!isThrown(error) && !isRefused(error)) throw new Error(text, { cause: error });
}

function describe(value) {
  try {
    return inspect(value, { depth: 1, breakLength: Infinity }).slice(0, 80);
  } catch {
    return `a ${typeof value} that cannot be shown`;
  }
}

async function run(step) {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b));
  for (let i = 0; i < 3; i++) random.bits();
  const name = random.pick(names);
  const victims = new Victims();
  const { fn, args, self, follows, reads } = targets[name](victims);
  const kindAt = (position) => (reads.includes(position) ? 'text' : follows.includes(position) ? 'address' : 'any');
  const positions = args.length ? [random.below(args.length)] : [];
  while (args.length && random.oneIn(3)) positions.push(random.below(args.length));
  const chosen = [];
  for (const position of positions) {
    const values = valuesOf[kindAt(position)];
    const index = random.below(values.length);
    args[position] = values[index](victims);
    chosen.push(`argument ${position + 1}: value ${index}`);
  }
  if (random.oneIn(20)) args.length = random.below(args.length + 1);
  if (random.oneIn(20)) args.push(random.pick(valuesOf[reads.length ? 'text' : 'address'])(victims));
  let isAgain = false;
  victims.again = () => {
    if (isAgain) return;
    isAgain = true;
    Reflect.apply(fn, self, args);
  };

  const text = `step ${step} of seed ${seed}: ${name}, ${chosen.join(', ')}`;
  if (process.env.ARKFFI_FUZZ_TRACE) writeSync(2, `${text}\n`);
  let result;
  try {
    result = Reflect.apply(fn, self, args);
  } catch (error) {
    check(error, `${text}: ${args.map(describe).join(', ')}`);
  }
  if (types.isPromise(result)) {
    try {
      await result;
    } catch (error) {
      check(error, `${text}, later: ${args.map(describe).join(', ')}`);
    }
  }
  if (ffi.checked) ffi.checked = false;
  victims.end();
}

// A value that becomes a finalizer, a listener or a posted callback throws when no call is there to throw it.
process.on('uncaughtException', (error) => check(error, 'uncaught'));

const found = [];
for (let step = 0; step < steps; step++) {
  if (only && !only.has(step)) continue;
  try {
    await run(step);
  } catch (error) {
    const failure = new Error(`step ${step} of seed ${seed}`, { cause: error });
    if (!process.env.ARKFFI_FUZZ_ALL) throw failure;
    found.push(error);
  }
  if (step % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
}
for (const error of found) console.log(error.message, '\n  ->', String(error.cause?.message ?? error));
console.log('done');
