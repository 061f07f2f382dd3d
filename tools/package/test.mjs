// Tries arkffi's package as users have it: each case in a clean folder, from the packed tarball.
//
//   node tools/package/test.mjs [--list] [--some] [CASE]...
//
// --some runs only the cases that `make test` has: the most used ones, and none that takes long. A CASE may be the beginning of
// several names. `make test-package` builds what is packed first.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install as installHosts } from '../../bench/prepare.mjs';
import { openRecords } from '../watch.mjs';
import { Case, isThere } from './case.mjs';
import { bundlers } from './cases/bundlers.mjs';
import { faults } from './cases/faults.mjs';
import { managers } from './cases/managers.mjs';
import { programs } from './cases/programs.mjs';
import { runners } from './cases/runners.mjs';
import { types } from './cases/types.mjs';
import { windows } from './cases/windows.mjs';
import { pack } from './pack.mjs';

const all = [...managers, ...programs, ...types, ...bundlers, ...runners, ...windows, ...faults];

/** Installs the programs that the package is tried with. */
function installTools() {
  const folder = fileURLToPath(new URL('tools/', import.meta.url));
  const stamp = join(folder, 'node_modules/.arkffi-setup');
  const wanted = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('installing package managers, bundlers and test runners');
  // Not `npm ci`, which refuses a lock file without the optional packages of other systems, as some registries lack them.
  const argv = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', argv, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm install in tools/package/tools: ${stderr}`);
  writeFileSync(stamp, wanted);
}

function choose(words) {
  const names = words.filter((word) => !word.startsWith('--'));
  const unknown = names.find((name) => !all.some((one) => one.name.startsWith(name)));
  if (unknown) throw new Error(`there is no case '${unknown}'; node tools/package/test.mjs --list`);
  return all.filter((one) => {
    const isNamed = names.length === 0 || names.some((name) => one.name.startsWith(name));
    return isNamed && (one.isInSome || !words.includes('--some'));
  });
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const words = process.argv.slice(2);
const chosen = choose(words);
if (words.includes('--list')) {
  for (const { name, isInSome } of chosen) console.log(isInSome ? `${name} (in make test)` : name);
  process.exit();
}

openRecords();
const problem = installHosts();
if (problem) console.log(`The runtimes could not all be installed (${problem}).`);
const LEAST = [22, 15]; // what the package managers and bundlers need
const [major, minor] = process.versions.node.split('.').map(Number);
if (!isThere('node24') && (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]))) {
  console.log(`No case was run: they need Node.js ${LEAST.join('.')} or newer, and there is none for this processor.`);
  process.exit();
}
installTools();
const scratch = mkdtempSync(join(tmpdir(), 'arkffi-package-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const packed = pack(scratch);
const kilobytes = (size) => `${Math.round(size / 1000)} kB`;
console.log(
  `arkffi.tgz: ${packed.files.length} files, ${kilobytes(packed.size)}, unpacked ${kilobytes(packed.unpackedSize)}`,
);
if (packed.standIns.length) console.log(`not built, so this machine's build stands in: ${packed.standIns.join(', ')}`);

const begin = performance.now();
const failed = [];
let skipped = 0;
for (const { name, run } of chosen) {
  const start = performance.now();
  const folder = join(scratch, name.replace(/\W+/g, '-'));
  mkdirSync(folder);
  try {
    const reason = await run(new Case(folder, packed));
    if (reason) skipped++;
    console.log(`${reason ? '﹣' : '✔'} ${name} ${reason ? `not run: ${reason}` : `passed (${seconds(start)})`}`);
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    failed.push(name);
    console.log(
      `✖ ${name} failed (${seconds(start)})\n${String(error.message ?? error)
        .trim()
        .replace(/^/gm, '    ')}`,
    );
  }
}
const passed = chosen.length - failed.length - skipped;
console.log(`${passed} of ${chosen.length} cases passed, ${skipped} not run, in ${seconds(begin)}`);
for (const name of failed) console.log(`failed: ${name}. Repeat it with: node tools/package/test.mjs '${name}'`);
if (failed.length) process.exitCode = 1;
