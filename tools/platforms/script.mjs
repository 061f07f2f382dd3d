// The behaviour suite on another platform than the machine's own, with the native module that is shipped.
import { readdirSync } from 'node:fs';
import { delimiter } from 'node:path';
import { runFiles } from '../test-files.mjs';
import { buildForScript, compilersFor } from './build.mjs';
import { hostFor } from './host.mjs';
import { LEFT_OUT, SOME } from './left-out.mjs';
import { PLATFORMS, root } from './targets.mjs';

const NEVER = 2 ** 31 - 1; // tools/watch.mjs ends a test that hangs, not a limit of time

const RUNNER = {
  // Not --test, which starts a program for each file: under emulation no program of the other processor can be started.
  node: ['--no-warnings', '--test-reporter=./tools/test-reporter.mjs'],
  bun: ['test', `--timeout=${NEVER}`],
};

const all = () =>
  readdirSync(`${root}test/behaviour`)
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => `test/behaviour/${name}`);

/** Whether the behaviour suite passes on a platform: all of it, some of it, or the files that are given. */
export async function testScript(name, { some = false, files = [] } = {}) {
  const { script, emulator } = PLATFORMS[name];
  const { module, fixture } = buildForScript(name);
  const { argv, env } = hostFor(name);
  const leftOut = LEFT_OUT[name] ?? {};
  const wanted = files.length ? files : some ? SOME : all();
  const chosen = wanted.filter((file) => !leftOut[file] || files.length);
  for (const [file, reason] of Object.entries(leftOut)) {
    if (wanted.includes(file) && !files.length) console.log(`﹣ ${file} is left out: ${reason}`);
  }
  const title = `behaviour on ${name}`;
  const variables = {
    ...(emulator.length ? { ARKFFI_GENERATED: '300' } : {}), // signatures with structs: emulated calls take long
    ...process.env,
    ...(emulator.length ? { ARKFFI_EMULATOR: emulator.join(' ') } : {}),
    ARKFFI_NATIVE_MODULE: module,
    ARKFFI_FIXTURE: fixture,
    PATH: [compilersFor(name), process.env.PATH].join(delimiter),
    NO_COLOR: '1',
    UV_THREADPOOL_SIZE: '4', // by default Bun starts a thread for each processor, Node.js four
    ...env,
  };
  const start = performance.now();
  const begun = { title, argv: [...argv, ...RUNNER[script.kind]], env: variables };
  const sum = await runFiles(begun, chosen, (file, { passed, failed, skipped }, printed) => {
    const seconds = Math.round((performance.now() - start) / 1000);
    console.log(`  ${file}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s so far)`);
    for (const [line] of printed.matchAll(/^(?:﹣|\(skip\)) .*$/gm)) console.log(`  ${line}`);
  });
  console.log(`${title}: ${chosen.length - sum.broken} of ${chosen.length} files pass`);
  console.log(`${name}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.broken === 0;
}
