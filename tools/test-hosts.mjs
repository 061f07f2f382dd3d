// Runs the behaviour suite on every host: Node.js 20 to 26, Bun and Deno, with the runtimes that the benchmark uses.
// Each file runs in a process of its own, so that a crash does not affect the other files.
//
//   node tools/test-hosts.mjs [HOST | FILE]...    limits the run to these hosts (node24, bun, …) and these files
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { hosts, isInstalled } from '../bench/hosts.mjs';
import { install } from '../bench/prepare.mjs';
import { watch } from './watch.mjs';

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

/** Runs a file; resolves with its output if it failed, otherwise with undefined. */
function run(host, file) {
  const kind = host.replace(/\d+/, '');
  return new Promise((resolve) => {
    const child = spawn(hosts[host].file, [...argv[kind], `./${file}`], { cwd: root, env });
    const printed = [];
    const stop = watch(child.pid, (line) => printed.push(`${line}\n`));
    child.stdout.on('data', (data) => printed.push(data));
    child.stderr.on('data', (data) => printed.push(data));
    child.on('error', (error) => resolve(String(error)));
    child.on('close', (code, signal) => {
      stop();
      resolve(code === 0 ? undefined : `${printed.join('')}\n${signal ?? ''}`);
    });
  });
}

/** Runs the files, as many at a time as there are processors; returns the number of files that failed. */
async function runAll(host, files) {
  const left = [...files];
  let failed = 0;
  const work = async () => {
    for (let file = left.shift(); file; file = left.shift()) {
      const output = await run(host, file);
      if (output === undefined) continue;
      failed++;
      console.log(`✖ ${hosts[host].title}: ${file}\n${output}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return failed;
}

const words = process.argv.slice(2);
const wanted = Object.keys(hosts).filter((name) => words.includes(name));
const named = words.filter((word) => word.endsWith('.test.mjs'));
const files = readdirSync(new URL('test/behaviour/', `file://${root}`))
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => `test/behaviour/${name}`);
const unknown = words.find((word) => !(word in hosts) && !named.includes(word));
if (unknown) throw new Error(`neither a host nor a test file: ${unknown}`);

const problem = install();
if (problem) console.log(`The runtimes could not all be installed (${problem}).`);
let failed = 0;
for (const host of wanted.length ? wanted : Object.keys(hosts)) {
  if (!isInstalled(hosts[host])) {
    console.log(`✖ ${hosts[host].title}: not there. It comes with 'npm ci' in bench/.`);
    failed++;
    continue;
  }
  const chosen = named.length ? named : files;
  const broken = await runAll(host, chosen);
  console.log(`${hosts[host].title}: ${chosen.length - broken} of ${chosen.length} files pass`);
  failed += broken;
}
process.exitCode = failed ? 1 : 0;
