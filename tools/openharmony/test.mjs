// Runs the behaviour suite on the native module for OpenHarmony, in Bun's build for musl: see sandbox.mjs. Tests that fail
// there for reasons which are not arkffi's are in known.mjs. Then it runs the programs in ArkTS, with the HAR's own sources.
//
//   node tools/openharmony/test.mjs x86_64|arm64-v8a [--noexec] [FILE]...    after `make build`
//
// With --noexec no memory can be made executable, as for an application there; the host then interprets JavaScript.
import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watch } from '../watch.mjs';
import { build, buildSourceForm } from './build.mjs';
import { checkLibrary } from './check.mjs';
import { tryPrograms } from './har/programs.mjs';
import { knownFor } from './known.mjs';
import { ABIS, hostFor, isEmulated, quietly } from './sandbox.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const NEVER = 2 ** 31 - 1; // tools/watch.mjs ends a test that hangs, not a limit of time

const [abi, ...words] = process.argv.slice(2);
const isNoexec = words.includes('--noexec');
const named = words.filter((word) => word !== '--noexec');
if (!(abi in ABIS)) throw new Error(`expected ${Object.keys(ABIS).join(' or ')}, got ${abi}`);
const known = knownFor(abi, isNoexec);

const file = build(abi);
const folder = hostFor(abi);
quietly(`compile the libraries of tests for ${abi}`, 'cmake', ['--build', join(folder, 'arkffi')]);

/** A copy of the native module, beside the libraries of tests. Bun opens native modules by this name only. */
function loadable(library) {
  const copy = join(folder, 'output/liblibrary.node');
  rmSync(copy, { force: true });
  copyFileSync(library, copy);
  return copy;
}

const env = {
  ...(isEmulated(abi) && {
    ...{ ARKFFI_GENERATED: '100', ARKFFI_LAYOUTS: '50' }, // random cases: emulated calls take long
    ...{ ARKFFI_TEST_RESIZE: 'no', ARKFFI_TEST_FOLDERS: 'machine' },
  }),
  ...process.env,
  ARKFFI_NATIVE_MODULE: loadable(file),
  ARKFFI_TEST_SYSTEM: 'OpenHarmony',
  ARKFFI_FIXTURE: join(folder, 'arkffi/fixture/libarkffi_fixture.so'),
  CC: join(folder, 'cc'),
  NO_COLOR: '1',
  UV_THREADPOOL_SIZE: '4', // by default Bun starts a thread for each processor
};
if (isNoexec) {
  env.ARKFFI_PRELOAD = join(folder, 'arkffi/fixture/libarkffi_noexec_everywhere.so');
  env.BUN_JSC_useJIT = '0';
}

/** Runs a file; resolves with what it printed, and whether it ended by itself. */
function run(test) {
  return new Promise((resolve) => {
    const child = spawn(join(folder, 'run'), ['test', `--timeout=${NEVER}`, `./${test}`], { cwd: root, env });
    const printed = [];
    const stop = watch(child.pid, (line) => printed.push(`${line}\n`));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => printed.push(data));
    child.on('error', (error) => resolve({ text: String(error), code: 1 }));
    child.on('close', (code, signal) => {
      stop();
      resolve({ text: `${printed.join('')}${signal ?? ''}`, code: code ?? 1 });
    });
  });
}

const start = performance.now();
const totals = { tests: 0, passed: 0, skipped: 0, known: 0, wrong: 0 };

/** Counts the results of a file, and prints what is wrong. */
function judge(test, { text, code }) {
  const expected = known[test.split('/').at(-1)] ?? {};
  const count = (word) => Number(new RegExp(`^ *(\\d+) ${word}$`, 'm').exec(text)?.[1] ?? 0);
  // Bun may repeat those that are no success at the end.
  const marked = (word) => [
    ...new Set(
      Array.from(text.matchAll(new RegExp(`^\\(${word}\\) (.*?)(?: \\[[\\d.]+ms\\])?$`, 'gm')), ([, name]) => name),
    ),
  ];
  const [failed, omitted] = [marked('fail'), marked('skip')];
  const unexpected = failed.filter((name) => !(name in expected));
  const healed = Object.keys(expected).filter((name) => !failed.includes(name) && !omitted.includes(name));
  totals.tests += count('pass') + count('fail') + count('skip');
  totals.passed += count('pass');
  totals.skipped += count('skip');
  totals.known += failed.length - unexpected.length;
  totals.wrong += unexpected.length + healed.length;
  for (const name of healed) console.log(`✖ ${test}: passes, although known.mjs names it: ${name}`);
  const isBroken = code !== 0 && failed.length === 0;
  if (isBroken) totals.wrong++;
  if (unexpected.length || isBroken)
    console.log(`✖ ${test}: ${unexpected.join('; ') || 'did not end by itself'}\n${text}`);
}

const all = readdirSync(join(root, 'test/behaviour'))
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => `test/behaviour/${name}`);
const left = (named.length ? named : all).filter((test) => typeof known[test.split('/').at(-1)] !== 'string');
const chosen = left.length;
for (const [name, reason] of Object.entries(known))
  if (typeof reason === 'string') console.log(`left out: ${name}: ${reason}`);

async function work() {
  for (let test = left.shift(); test; test = left.shift()) {
    judge(test, await run(test));
    if (isEmulated(abi)) console.log(`  ${test} (${Math.round((performance.now() - start) / 1000)} s so far)`);
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, work));
const { tests, passed, skipped } = totals;
const title = `OpenHarmony ${abi}${isNoexec ? ' without executable memory' : ''}`;
console.log(
  `${title}: ${chosen} files, ${tests} tests: ${passed} pass, ${skipped} skipped, ${totals.known} known to fail`,
);

/** Runs the programs in ArkTS with a native module. */
async function tryWith(library, what) {
  const sum = await tryPrograms(loadable(library), [join(folder, 'run')], env);
  totals.passed += sum.passed;
  totals.wrong += sum.failed;
  console.log(`${title}: programs in ArkTS, with ${what}: ${sum.passed} pass, ${sum.failed} fail`);
}

if (!named.length) {
  await tryWith(file, 'the native module of make ohos');
  if (!isNoexec && !isEmulated(abi)) {
    const library = buildSourceForm(abi);
    for (const complaint of checkLibrary(abi, library)) {
      totals.wrong++;
      console.log(`✖ the native module of the source form: ${complaint}`);
    }
    await tryWith(library, 'the one that packages/ohos builds from its sources');
  }
}
console.log(`${totals.passed} passed, ${totals.wrong} failed, ${skipped} skipped`);
process.exitCode = totals.wrong ? 1 : 0;
