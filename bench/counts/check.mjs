// Compares what calls cost, in figures that do not depend on how busy the machine is, with those kept in kept.json: the
// instructions of kinds of calls in C, as callgrind counts them, and the size of the machine code that V8 makes of kinds
// of calls in JavaScript. A figure that became more than 3 % greater fails, and so does one that became smaller, so that
// what was gained is kept.
//
//   node bench/counts/check.mjs          after `make build` and the compilation of `release`
//   node bench/counts/check.mjs --keep   keeps the figures of now
//
// The figures depend on the compiler and on V8. Where these are not those of kept.json, nothing is compared.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../paths.mjs';

const TOLERANCE = 0.03;
const TIMES = 10_000;
const ROWS = 'doubles mixed stack struct slots thunk callback struct-callback batch signature'.split(' ');

const kept = fileURLToPath(new URL('kept.json', import.meta.url));
const folder = join(root, 'build/counts');
const at = (name) => join(folder, name);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const measured = join(root, 'bench/measured.c');

/** The instructions of one call of each row. */
function countInstructions(compiler) {
  const core = join(root, 'build/release/core/libarkffi_core.a');
  const sources = [here('calls.c'), measured];
  const libraries = [core, '-lpthread', '-lm', '-ldl'];
  execFileSync(compiler, ['-O2', '-I', join(root, 'core/include'), ...sources, '-o', at('calls'), ...libraries]);
  // count_row runs once for each row, and callgrind writes a file when it is left.
  const options = ['--quiet', '--tool=callgrind', '--toggle-collect=count_row', '--dump-after=count_row'];
  const out = at('callgrind');
  execFileSync('valgrind', [...options, `--callgrind-out-file=${out}`, at('calls'), String(TIMES), ...ROWS]);
  return Object.fromEntries(
    ROWS.map((row, i) => {
      const total = Number(/^totals: (\d+)/m.exec(readFileSync(`${out}.${i + 1}`, 'utf8'))[1]);
      return [row, Number((total / TIMES).toFixed(1))];
    }),
  );
}

// V8 then takes the same decisions in each run, and uses no instructions that only some processors have.
const REPEATABLE = ['--predictable', '--random-seed=1', '--hash-seed=1'].concat(
  ['avx', 'avx2', 'fma3', 'bmi1', 'bmi2', 'lzcnt', 'popcnt'].map((feature) => `--no-enable-${feature}`),
);

/** The bytes of machine code of each row in JavaScript. */
function measureCode(compiler) {
  execFileSync(compiler, ['-O2', '-shared', '-fPIC', measured, '-o', at('measured.so')]);
  const options = [
    ...(process.arch === 'x64' ? REPEATABLE : REPEATABLE.slice(0, 3)),
    '--allow-natives-syntax',
    '--print-opt-code',
    '--print-opt-code-filter=row_*',
  ];
  const printed = execFileSync(process.execPath, [...options, here('scripts.mjs'), at('measured.so')], {
    encoding: 'utf8',
    env: { ...process.env, ARKFFI_ENGINE: '' },
    maxBuffer: 2 ** 28,
  });
  // V8 may have optimised a function more than once; the last code is that which stays.
  return Object.fromEntries(
    [...printed.matchAll(/^name = row_(\w+)$[^]*?^Instructions \(size = (\d+)\)$/gm)].map(([, name, size]) => [
      name,
      Number(size),
    ]),
  );
}

/** Prints how the figures of one kind differ from those kept; returns whether they are near enough. */
function compare(title, before, now) {
  let isNear = true;
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const change = now[name] / before[name] - 1;
    if (Math.abs(change) <= TOLERANCE) continue;
    isNear = false;
    const words = Number.isNaN(change) ? 'one of them is missing' : `${(change * 100).toFixed(1)} %`;
    console.log(`${title}, ${name}: kept ${before[name]}, now ${now[name]}: ${words}`);
  }
  return isNear;
}

if (spawnSync('valgrind', ['--version']).error) {
  console.error('bench/counts: valgrind is not installed; on Debian: apt-get install valgrind');
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const [compiler] = /(?<=^CMAKE_C_COMPILER:\w+=).*$/m.exec(
  readFileSync(join(root, 'build/release/CMakeCache.txt'), 'utf8'),
);
const [version] = execFileSync(compiler, ['--version'], { encoding: 'utf8' }).split('\n');
const kinds = {
  instructions: { title: 'instructions of a call in C', of: `${process.arch}, ${version}`, measure: countInstructions },
  code: {
    title: 'bytes of machine code of a call in JavaScript',
    of: `${process.arch}, V8 ${process.versions.v8}`,
    measure: measureCode,
  },
};
if (process.argv.includes('--keep')) {
  const now = Object.entries(kinds).map(([kind, { of, measure }]) => [kind, { of, figures: measure(compiler) }]);
  writeFileSync(kept, `${JSON.stringify(Object.fromEntries(now), null, 2)}\n`);
  process.exit();
}
const before = JSON.parse(readFileSync(kept, 'utf8'));
for (const [kind, { title, of, measure }] of Object.entries(kinds)) {
  if (before[kind].of !== of) console.log(`${title}: kept for ${before[kind].of}; not compared with ${of}`);
  else if (!compare(title, before[kind].figures, measure(compiler))) process.exitCode = 1;
}
if (process.exitCode) console.log('If this is meant: node bench/counts/check.mjs --keep');
