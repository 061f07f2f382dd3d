// Runs a random program for each seed and each engine, in a process of its own, so that a crash names its seed. A run
// that fails is repeated with fewer and fewer steps, and the failure says how to repeat it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isSanitized, node } from '../process/support.mjs';

const ENGINES = ['v8', 'portable', 'napi'];
const MOST_REPEATS = 40; // runs that look for a shorter failure

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The seeds: `ARKFFI_FUZZ_SEEDS` is their number, or the first and the last with a hyphen between them. */
function seedsOf(usual) {
  const [first, last] = (process.env.ARKFFI_FUZZ_SEEDS ?? String(usual)).split('-').map(Number);
  const [start, end] = last === undefined ? [1, first] : [first, last];
  return Array.from({ length: end - start + 1 }, (_, i) => start + i);
}

/** Runs the program; `only` are the steps that it makes, all if there are none. */
function run(file, engine, seed, steps, only = []) {
  const list = only.length ? [only.join()] : [];
  const argv = ['--no-warnings', `${root}test/fuzz/${file}`, seed, steps, ...list].map(String);
  return node(argv, { env: { ARKFFI_ENGINE: engine } });
}

const passed = ({ code, stdout }) => code === 0 && stdout.endsWith('done\n');

/** The fewest steps that still fail, as far as a limited number of runs finds them. */
async function shorten(file, engine, seed, steps, stderr) {
  const last = Number(/step (\d+) of seed/.exec(stderr)?.[1] ?? steps - 1);
  let kept = Array.from({ length: last + 1 }, (_, i) => i);
  let repeats = 0;
  for (let size = kept.length >> 1; size >= 1 && repeats < MOST_REPEATS; size >>= 1) {
    for (let start = 0; start < kept.length && repeats < MOST_REPEATS; repeats++) {
      const fewer = kept.filter((_, i) => i < start || i >= start + size);
      if (fewer.length && !passed(await run(file, engine, seed, steps, fewer))) kept = fewer;
      else start += size;
    }
  }
  return kept;
}

/** Declares the tests of a program: `seeds` and `steps` are the usual numbers, and those under a sanitizer. */
export function fuzz(file, { seeds, steps }) {
  const count = Number(process.env.ARKFFI_FUZZ_STEPS ?? steps[isSanitized ? 1 : 0]);
  describe(file, { concurrency: 2 }, () => {
    for (const engine of ENGINES) {
      for (const seed of seedsOf(seeds[isSanitized ? 1 : 0])) {
        test(`seed ${seed}, ${count} steps, engine ${engine}`, async () => {
          const result = await run(file, engine, seed, count);
          if (passed(result)) return;
          const { code, signal, stdout, stderr } = result;
          const kept = await shorten(file, engine, seed, count, stderr);
          const variables = ['ARKFFI_FIXTURE', 'ARKFFI_NATIVE_MODULE'].filter((name) => process.env[name]);
          const setting = variables.map((name) => `${name}=${process.env[name]} `).join('');
          assert.fail(
            `ended by ${signal ?? `exit code ${code}`}. Repeat it with\n` +
              `  ${setting}ARKFFI_ENGINE=${engine} node test/fuzz/${file} ${seed} ${count}\n` +
              `and its shortest failure found with\n` +
              `  ${setting}ARKFFI_ENGINE=${engine} ARKFFI_FUZZ_TRACE=1 node test/fuzz/${file} ${seed} ${count} ${kept}\n` +
              `${stdout}${stderr}`,
          );
        });
      }
    }
  });
}
