// Runs the tests on another platform than the machine's own: cross-compiled and under qemu's user-mode emulation, or with
// musl, whose loader Debian has beside that of glibc.
//
//   node tools/platforms/test.mjs [--core] [--script] [--some] [--host=NAME] PLATFORM... [FILE]...
//
// The platforms are those of targets.mjs, and `refused`.
//
// --core runs only the tests of core and cdef, --script only the behaviour suite, on platforms that have a JavaScript host, and
// --some only a part of that suite, by one host; with FILEs only these run. --host=22 takes the hosts of a platform whose name
// ends so. `tools/setup.sh` installs the compilers and the emulator.
import { existsSync } from 'node:fs';
import { testCore, testRefusals } from './core.mjs';
import { testScript } from './script.mjs';
import { PLATFORMS, root } from './targets.mjs';

process.chdir(root);
const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('--'));
const files = words.filter((word) => word.endsWith('.test.mjs') && existsSync(word));
const names = words.filter((word) => !options.includes(word) && !files.includes(word));
const unknown = names.find((name) => !(name in PLATFORMS) && name !== 'refused');
if (unknown) throw new Error(`no platform: ${unknown}. There are ${Object.keys(PLATFORMS).join(', ')}, and refused`);

const host = options.find((word) => word.startsWith('--host='))?.slice('--host='.length);
const isWanted = (kind) =>
  options.includes(`--${kind}`) || !(options.includes('--core') || options.includes('--script'));
let good = true;
for (const name of names) {
  if (name === 'refused') {
    good = testRefusals() && good;
    continue;
  }
  if (isWanted('core') && !files.length) good = testCore(name) && good;
  if (isWanted('script') && PLATFORMS[name].script) {
    good = (await testScript(name, { some: options.includes('--some'), files, host })) && good;
  }
}
process.exitCode = good ? 0 : 1;
