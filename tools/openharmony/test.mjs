// Runs the behaviour suite on the native module for OpenHarmony, in Bun's build for musl: see sandbox.mjs. Tests that fail
// there for reasons which are not arkffi's are in known.mjs.
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
import { build } from './build.mjs';
import { knownFor } from './known.mjs';
import { ABIS, hostFor, quietly } from './sandbox.mjs';

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
// Bun opens native modules by this name only.
const addon = join(folder, 'output/liblibrary.node');
rmSync(addon, { force: true });
copyFileSync(file, addon);

const env = {
  ...process.env,
  ARKFFI_NATIVE_MODULE: addon,
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

const totals = { tests: 0, passed: 0, skipped: 0, known: 0, wrong: 0 };

/** Counts the results of a file, and prints what is wrong. */
function judge(test, { text, code }) {
  const expected = known[test.split('/').at(-1)] ?? {};
  const count = (word) => Number(new RegExp(`^ *(\\d+) ${word}$`, 'm').exec(text)?.[1] ?? 0);
  const failed = [...text.matchAll(/^\(fail\) (.*?)(?: \[[\d.]+ms\])?$/gm)].map(([, name]) => name);
  const unexpected = failed.filter((name) => !(name in expected));
  const healed = Object.keys(expected).filter((name) => !failed.includes(name));
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
  for (let test = left.shift(); test; test = left.shift()) judge(test, await run(test));
}
await Promise.all(Array.from({ length: availableParallelism() }, work));
const { tests, passed, skipped, wrong } = totals;
console.log(
  `OpenHarmony ${abi}${isNoexec ? ' without executable memory' : ''}: ${chosen} files, ${tests} tests: ${passed} pass, ${skipped} skipped, ${totals.known} known to fail`,
);
console.log(`${passed} passed, ${wrong} failed, ${skipped} skipped`);
process.exitCode = wrong ? 1 : 0;
