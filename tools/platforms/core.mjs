// The tests of core and cdef on another platform than the machine's own.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { buildTests, structCompilerFor } from './build.mjs';
import { PLATFORMS, REFUSED, root } from './targets.mjs';

/** Whether the tests of core and cdef pass on a platform. */
export function testCore(name) {
  const folder = buildTests(name);
  const { emulator, structs, tests } = PLATFORMS[name];
  const options = ['--output-on-failure', '--timeout', '1000000', '-j', String(availableParallelism())];
  if (tests) options.push('--tests-regex', tests);
  // Some tests start their own program again, or leave something out under emulation.
  const env = { ...process.env, ...(emulator.length ? { ARKFFI_EMULATOR: emulator.join(' ') } : {}) };
  if (structs) env.ARKFFI_CC = structCompilerFor(name);
  console.log(`core and cdef on ${name}:`);
  return spawnSync('ctest', ['--test-dir', folder, ...options], { cwd: root, stdio: 'inherit', env }).status === 0;
}

/** Whether the compilers for processors that arkffi cannot work on refuse the core, and say why. */
export function testRefusals() {
  return Object.entries(REFUSED).every(([compiler, word]) => isRefused(compiler, word));
}

function isRefused(compiler, word) {
  const options = ['-Icore/src', '-Icore/include', '-std=c11', '-fsyntax-only', 'core/src/cpu/unknown_convention.c'];
  const { status, stderr } = spawnSync(compiler, options, { cwd: root, encoding: 'utf8' });
  const refused = status !== 0 && stderr.includes(`#error "arkffi needs a`) && stderr.includes(word);
  console.log(refused ? `refused by ${compiler}` : `${compiler} compiles what cannot work:\n${stderr}`);
  return refused;
}
