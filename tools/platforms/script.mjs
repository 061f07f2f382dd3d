// The behaviour suite on another platform than the machine's own, with the native module that is shipped.
import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runFiles } from '../test-files.mjs';
import { buildForScript, compilersFor, structCompilerFor } from './build.mjs';
import { startCompileService } from './compile-service.mjs';
import { hostsFor } from './host.mjs';
import { LEFT_OUT, SOME, SOME_ON } from './left-out.mjs';
import { folderOf, PLATFORMS, root } from './targets.mjs';

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

/** A path as the platform has it: under wine, drive Z: is the root. */
export const pathOn = (name, path) => (name === 'windows' ? `Z:${path.replaceAll('/', '\\')}` : path);

/** Whether the behaviour suite passes on a platform: all of it, some of it, or the files that are given, on each of its hosts. */
export async function testScript(name, options = {}) {
  const built = buildForScript(name);
  const hosts = hostsFor(name).filter(({ title }) => title.endsWith(options.host ?? ''));
  let good = true;
  for (const host of options.some ? hosts.slice(0, 1) : hosts)
    good = (await testHost(name, host, built, options)) && good;
  return good;
}

/** How the tests compile: by the usual names of compilers, or where no program of the machine can be started, by a service. */
function compilingOn(name) {
  if (name !== 'windows')
    return { env: { PATH: [compilersFor(name), process.env.PATH].join(delimiter) }, stop: () => {} };
  const folder = join(folderOf(name), 'compile-service');
  const drive = join(folderOf(name), 'wine/drive_c');
  const { compiler, script } = PLATFORMS[name];
  const compilers = { gcc: compiler, cc: structCompilerFor(name, script.structs) };
  const stop = startCompileService({ folder, compilers, drive });
  return { env: { ARKFFI_COMPILE_SERVICE: pathOn(name, folder) }, stop };
}

async function testHost(name, { title: hostName, argv, env }, { module, fixture }, { some = false, files = [] }) {
  const { script, emulator } = PLATFORMS[name];
  const leftOut = LEFT_OUT[name] ?? {};
  const wanted = files.length ? files : some ? (SOME_ON[name] ?? SOME) : all();
  const chosen = wanted.filter((file) => !leftOut[file] || files.length);
  for (const [file, reason] of Object.entries(leftOut)) {
    if (wanted.includes(file) && !files.length) console.log(`﹣ ${file} is left out: ${reason}`);
  }
  const fullName = [name, hostName].filter(Boolean).join(', ');
  const title = `behaviour on ${fullName}`;
  const compiling = compilingOn(name);
  const isOtherProcessor = emulator.length > 0 && name !== 'windows';
  const variables = {
    // Signatures with structs: emulated calls take long.
    ...(isOtherProcessor || (some && name === 'windows') ? { ARKFFI_GENERATED: '300' } : {}),
    ...process.env,
    ...(isOtherProcessor ? { ARKFFI_EMULATOR: emulator.join(' ') } : {}),
    ARKFFI_NATIVE_MODULE: pathOn(name, module),
    ARKFFI_FIXTURE: pathOn(name, fixture),
    ...compiling.env,
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
  compiling.stop();
  console.log(`${title}: ${chosen.length - sum.broken} of ${chosen.length} files pass`);
  console.log(`${fullName}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.broken === 0;
}
