// Runs the behaviour suite on every host: Node.js 20 to 26, Bun and Deno. The runtimes are those that the benchmark uses, and
// for the odd versions of Node.js those of tools/hosts/.
//
//   node tools/test-hosts.mjs [HOST | FILE]...    limits the run to these hosts (node24, bun, …) and these files
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hosts as measured, isInstalled, node } from '../bench/hosts.mjs';
import { install } from '../bench/prepare.mjs';
import { runFiles } from './test-files.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const NEVER = 2 ** 31 - 1; // tools/watch.mjs ends a test that hangs, not a limit of time

const argv = {
  node: ['--no-warnings', '--test'],
  bun: ['test', `--timeout=${NEVER}`],
  deno: ['test', '--quiet', '--no-check', '--no-lock', '--allow-all'],
};

const env = {
  ...process.env,
  ARKFFI_FIXTURE: `${root}build/release/fixture/libarkffi_fixture.so`,
  NO_COLOR: '1',
  UV_THREADPOOL_SIZE: '4', // by default Bun starts a thread for each processor, Node.js and Deno start four
};

const oddFolder = fileURLToPath(new URL('hosts/', import.meta.url));
const odd = Object.fromEntries([21, 23, 25].map((major) => [`node${major}`, node(major, oddFolder)]));
const hosts = { ...measured, ...odd };

const words = process.argv.slice(2);
const named = words.filter((word) => word.endsWith('.test.mjs'));
const limits = Object.keys(hosts).filter((name) => words.includes(name));
const wanted = limits.length ? limits : Object.keys(hosts);
const files = readdirSync(new URL('test/behaviour/', `file://${root}`))
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => `test/behaviour/${name}`);
const unknown = words.find((word) => !(word in hosts) && !named.includes(word));
if (unknown) throw new Error(`neither a host nor a test file: ${unknown}`);

for (const folder of new Set(wanted.map((host) => hosts[host].folder))) {
  const problem = install(folder);
  if (problem) console.log(`The runtimes could not all be installed (${problem}).`);
}
let failed = 0;
for (const host of wanted) {
  if (!isInstalled(hosts[host])) {
    console.log(`✖ ${hosts[host].title}: not there. It comes with 'npm ci' in ${hosts[host].folder}.`);
    failed++;
    continue;
  }
  const chosen = named.length ? named : files;
  const { title, file } = hosts[host];
  const { broken } = await runFiles({ title, argv: [file, ...argv[host.replace(/\d+/, '')]], env }, chosen);
  console.log(`${title}: ${chosen.length - broken} of ${chosen.length} files pass`);
  failed += broken;
}
process.exitCode = failed ? 1 : 0;
