// What the protections of core/cmake/hardening.cmake cost: instructions per call, as callgrind counts them, and bytes of the
// native module. docs/platforms.md has the figures.
//
//   node tools/hardening/cost.mjs    after `make build`; valgrind must be installed
//
// Instructions are counted, because the differences are smaller than what the time of a call varies by.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
process.chdir(root);

const CALLS = {
  doubles: '(double, double) -> double in registers',
  stack: 'eight 64-bit integers, two on the stack',
  callback: 'a callback of the core, (int32) -> int32',
  signature: 'a signature read and planned',
};
const TIMES = 10_000;

function quietly(name, command, args) {
  const { status } = spawnSync('tools/quiet.sh', [name, command, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** Builds the native module and the program that makes calls; returns their folder. */
function build(hardening) {
  const folder = join(root, 'build/hardening', hardening);
  const settings = ['-DCMAKE_BUILD_TYPE=Release', '-DARKFFI_TESTS=OFF', `-DARKFFI_HARDENING=${hardening}`];
  quietly(`configure with hardening ${hardening}`, 'cmake', [
    ...['-S', '.', '-B', folder, ...settings, `-DARKFFI_OUTPUT=${folder}`, '-DCMAKE_MODULE_LINKER_FLAGS=-s'],
  ]);
  quietly(`compile with hardening ${hardening}`, 'cmake', ['--build', folder, '--target', 'arkffi']);
  const cache = readFileSync(join(folder, 'CMakeCache.txt'), 'utf8');
  const cached = (name) => new RegExp(`^${name}:\\w+=(.*)$`, 'm').exec(cache)?.[1];
  const [compiler, libffi] = [cached('CMAKE_C_COMPILER'), cached('ARKFFI_LIBFFI')];
  // libffi is needed only where the core does not know the processor.
  const libraries = [join(folder, 'core/libarkffi_core.a'), ...(libffi ? [libffi] : []), '-lpthread', '-lm', '-ldl'];
  const sources = ['bench/counts/calls.c', 'bench/measured.c'];
  execFileSync(compiler, ['-O2', '-Icore/include', ...sources, '-o', join(folder, 'calls'), ...libraries]);
  return folder;
}

/** The instructions of one call. */
function count(folder, call) {
  const out = join(folder, `callgrind.${call}`);
  const options = ['--quiet', '--tool=callgrind', '--toggle-collect=count_row', `--callgrind-out-file=${out}`];
  execFileSync('valgrind', [...options, join(folder, 'calls'), String(TIMES), call], { stdio: 'inherit' });
  return Math.round(Number(/^(?:summary|totals): (\d+)/m.exec(readFileSync(out, 'utf8'))[1]) / TIMES);
}

if (spawnSync('valgrind', ['--version']).error) {
  console.error('cost: valgrind is not installed; on Debian: apt-get install valgrind');
  process.exit(1);
}
const [without, hardened] = ['OFF', 'ON'].map(build);
const row = (name, one, other) => console.log(name.padEnd(42), String(one).padStart(8), String(other).padStart(8));
row('', 'without', 'with');
for (const [call, title] of Object.entries(CALLS)) row(title, count(without, call), count(hardened, call));
const size = (folder) => statSync(join(folder, 'liblibrary.node')).size;
row('bytes of the native module, stripped', size(without), size(hardened));
