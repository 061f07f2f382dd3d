// Lays out, on Debian, what building for OpenHarmony needs, and a host that runs what was built. OpenHarmony's own NDK and
// emulator cannot be had as packages; clang knows its targets, and its C library is musl.
//
//   build/openharmony/<abi>/sysroot     musl's headers and library, and libraries to link with that have exactly the names of
//                                       OpenHarmony's Node-API
//   build/openharmony/<abi>/cc          the compiler driver, for those that want one program
//   build/openharmony/<abi>/run FILE    runs a script in Bun's build for musl: under qemu for 64-bit ARM. ARKFFI_PRELOAD is a
//                                       library to preload.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

const BUN = '1.4.5';

/** By OpenHarmony's name of the processor: that of compilers, Debian's, and the hash of Bun's npm package. */
export const ABIS = {
  'arm64-v8a': {
    processor: 'aarch64',
    debian: 'arm64',
    bun: 'bun-linux-aarch64-musl',
    hash: 'XCNc+WvvMAdNNb+OWTogpy+N9wm62fkVeEVLb6how0RZhW5LPi6c7BlkeVCuWps7XjEl2saFpHFa20/1E+PAHg==',
  },
  x86_64: {
    processor: 'x86_64',
    debian: 'amd64',
    bun: 'bun-linux-x64-musl',
    hash: '10QoW/YfTgnURaGEaHpJCiXjLI2e5iTtfVDaA5JKcyUzaa1cq6cVUY9/Uq5XkYzvtRjHLRe9Oj/lTDIQcxy8HQ==',
  },
};

/** Whether the machine is of another processor, so that qemu runs the programs of an ABI. */
export const isEmulated = (abi) => ABIS[abi].processor !== { x64: 'x86_64', arm64: 'aarch64' }[process.arch];

export const folderOf = (abi) => join(root, 'build/openharmony', abi);

/** Runs a command; shows what it printed and ends the process if it fails. */
export function quietly(name, command, args, env = {}) {
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } };
  const { status } = spawnSync(join(root, 'tools/quiet.sh'), [name, command, ...args], options);
  if (status !== 0) process.exit(1);
}

function script(path, text) {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

/** Unpacks Debian's packages for a processor into a folder. apt checks them; nothing of them is installed. */
function unpackPackages(abi, folder, packages) {
  const apt = join(folderOf(abi), 'apt');
  const { debian } = ABIS[abi];
  mkdirSync(join(apt, 'lists/partial'), { recursive: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(apt, 'status'), '');
  const options = [
    '-qq',
    ...['-o', 'DPkg::Lock::Timeout=300', '-o', `APT::Architecture=${debian}`, '-o', `APT::Architectures=${debian}`],
    ...[
      '-o',
      `Dir::State::Lists=${apt}/lists`,
      '-o',
      `Dir::State::status=${apt}/status`,
      '-o',
      'APT::Sandbox::User=root',
    ],
  ];
  quietly(`lists of packages for ${debian}`, 'apt-get', [...options, 'update']);
  quietly(`packages for ${debian}`, 'env', ['-C', folder, 'apt-get', ...options, 'download', ...packages]);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    quietly(`unpack ${file}`, 'dpkg-deb', ['-x', join(folder, file), folder]);
    rmSync(join(folder, file));
  }
}

/** The only file of that name below a folder. */
function find(folder, name) {
  const found = readdirSync(folder, { recursive: true }).find((path) => path === name || path.endsWith(`/${name}`));
  if (!found) throw new Error(`no ${name} in ${folder}`);
  return join(folder, found);
}

/** musl's headers and the kernel's, musl's library and clang's run-time library, as a sysroot. */
function layOutSysroot(abi) {
  const { processor } = ABIS[abi];
  const [folder, debs] = ['sysroot', 'debs'].map((name) => join(folderOf(abi), name));
  unpackPackages(abi, debs, ['musl', 'musl-dev', 'linux-libc-dev', 'libclang-rt-19-dev']);
  const [include, lib] = ['usr/include', 'usr/lib'].map((name) => join(folder, name));
  cpSync(join(debs, `usr/include/${processor}-linux-musl`), include, { recursive: true, dereference: true });
  for (const name of ['linux', 'asm-generic'])
    cpSync(join(debs, 'usr/include', name), join(include, name), { recursive: true });
  cpSync(join(debs, `usr/include/${processor}-linux-gnu/asm`), join(include, 'asm'), { recursive: true });
  cpSync(join(here, 'shims/hilog'), join(include, 'hilog'), { recursive: true });
  mkdirSync(lib, { recursive: true });
  for (const name of ['libm.a', 'libdl.a', 'libpthread.a'])
    copyFileSync(find(join(debs, 'usr/lib'), name), join(lib, name));
  copyFileSync(muslOf(abi), join(lib, 'libc.so'));
  copyFileSync(find(debs, `libclang_rt.builtins-${processor}.a`), join(lib, 'libclang_rt.builtins.a'));
}

/** musl's library, which is also its loader. */
const muslOf = (abi) => find(join(folderOf(abi), 'debs'), `${ABIS[abi].processor}-linux-musl/libc.so`);

function writeCompiler(abi) {
  const folder = folderOf(abi);
  const lib = `${folder}/sysroot/usr/lib`;
  const compile = `clang-19 --target=${ABIS[abi].processor}-linux-ohos --sysroot=${folder}/sysroot -D__MUSL__ -fPIC`;
  script(
    join(folder, 'cc'),
    `for word; do
  case $word in
  -c | -E | -S | -fsyntax-only) exec ${compile} "$@" ;;
  esac
done
exec ${compile} -fuse-ld=lld-19 -nostdlib -Wl,--exclude-libs,libclang_rt.builtins.a "$@" -L${lib} -lc ${lib}/libclang_rt.builtins.a`,
  );
}

/** Compiles C files to a shared library. */
function compile(abi, out, files, ...options) {
  const soname = `-Wl,-soname,${out.split('/').at(-1)}`;
  quietly(`compile ${out.split('/').at(-1)} for ${abi}`, join(folderOf(abi), 'cc'), [
    '-shared',
    '-O2',
    soname,
    '-o',
    out,
    ...files,
    ...options,
  ]);
}

/** The libraries of OpenHarmony that the native module is linked with, with exactly the names that they export there. */
function linkStubs(abi) {
  const folder = folderOf(abi);
  const lib = join(folder, 'sysroot/usr/lib');
  const source = join(folder, 'ace_napi.c');
  const names = readFileSync(join(here, 'napi-symbols.txt'), 'utf8').trim().split('\n');
  writeFileSync(source, names.map((name) => `void ${name}(void) {}\n`).join(''));
  compile(abi, join(lib, 'libace_napi.z.so'), [source], '-w');
  compile(abi, join(lib, 'libhilog_ndk.z.so'), [join(here, 'shims/hilog.c')], '-fno-builtin');
}

/** What the folder of an ABI is made by: one that other files have made is made anew. */
function recipe() {
  const shims = readdirSync(join(here, 'shims'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.[ch]$/.test(name),
  );
  const files = [
    'sandbox.mjs',
    'napi-symbols.txt',
    '../platforms/glibc_names.c',
    ...shims.sort().map((name) => `shims/${name}`),
  ];
  const hash = createHash('sha256');
  for (const name of files) hash.update(readFileSync(join(here, name)));
  return hash.digest('hex');
}

const isMade = (ready) => existsSync(ready) && readFileSync(ready, 'utf8') === recipe();

/** Makes the folder of an ABI ready for building, once; returns it. */
export function toolchainFor(abi) {
  const folder = folderOf(abi);
  const ready = join(folder, 'toolchain-is-complete');
  if (isMade(ready)) return folder;
  rmSync(folder, { recursive: true, force: true });
  layOutSysroot(abi);
  writeCompiler(abi);
  linkStubs(abi);
  writeFileSync(ready, recipe());
  return folder;
}

function fetchBun(abi, folder) {
  const { bun, hash } = ABIS[abi];
  const archive = join(folder, `oven-${bun}-${BUN}.tgz`);
  mkdirSync(folder, { recursive: true });
  quietly(`fetch ${bun}`, 'npm', ['pack', '--silent', `@oven/${bun}@${BUN}`, '--pack-destination', folder]);
  if (createHash('sha512').update(readFileSync(archive)).digest('base64') !== hash)
    throw new Error(`${archive} is not the file that it was`);
  quietly(`unpack ${bun}`, 'tar', ['-xzf', archive, '-C', folder, '--strip-components=1', '--no-same-owner']);
  rmSync(archive);
}

/** What the host runs in: a folder with musl's loader under its names, Debian's libstdc++ and libgcc_s, and OpenHarmony's libraries. */
function layOutSystem(abi) {
  const { processor } = ABIS[abi];
  const folder = folderOf(abi);
  const lib = join(folder, 'system/lib');
  const loader = `ld-musl-${processor}.so.1`;
  mkdirSync(lib, { recursive: true });
  copyFileSync(muslOf(abi), join(lib, loader));
  chmodSync(join(lib, loader), 0o755);
  const names = [
    `libc.musl-${processor}.so.1`,
    'libc.so',
    'libc.so.6',
    'libm.so.6',
    'ld-linux-x86-64.so.2',
    'ld-linux-aarch64.so.1',
  ];
  for (const name of names) symlinkSync(loader, join(lib, name));
  unpackPackages(abi, join(folder, 'runtime'), ['libgcc-s1', 'libstdc++6']);
  for (const name of ['libstdc++.so.6', 'libgcc_s.so.1'])
    copyFileSync(find(join(folder, 'runtime'), name), join(lib, name));
  // The host itself has the functions of Node-API.
  writeFileSync(join(folder, 'empty.c'), '');
  compile(abi, join(lib, 'libace_napi.z.so'), [join(folder, 'empty.c')]);
  copyFileSync(join(folder, 'sysroot/usr/lib/libhilog_ndk.z.so'), join(lib, 'libhilog_ndk.z.so'));
  compile(abi, join(lib, 'libmusl-host.so'), [join(root, 'tools/platforms/glibc_names.c')]);
  compile(abi, join(lib, 'libunload.so'), [join(here, 'shims/unload.c')]);
  if (processor === 'x86_64')
    compile(abi, join(lib, 'liblong-double.so'), [join(here, 'shims/long_double.c')], '-fvisibility=hidden');
}

function writeRunner(abi) {
  const folder = folderOf(abi);
  const { processor } = ABIS[abi];
  const preload = ['libmusl-host.so', 'libunload.so', ...(processor === 'x86_64' ? ['liblong-double.so'] : [])];
  const lib = join(folder, 'system/lib');
  const bun = join(folder, 'bun/bin/bun');
  const words = !isEmulated(abi)
    ? `${lib}/ld-musl-${processor}.so.1 --library-path ${lib} --preload ${preload.map((name) => join(lib, name)).join(':')}$more`
    : `qemu-${processor}-static -L ${folder}/system -E LD_PRELOAD=${preload.map((name) => `/lib/${name}`).join(':')}$more`;
  script(join(folder, 'run'), `more=\${ARKFFI_PRELOAD:+:$ARKFFI_PRELOAD}\nexec ${words} ${bun} "$@"`);
}

/** Makes the folder of an ABI ready for running, once; returns it. */
export function hostFor(abi) {
  const folder = toolchainFor(abi);
  const ready = join(folder, 'host-is-complete');
  if (isMade(ready)) return folder;
  for (const name of ['bun', 'system', 'runtime']) rmSync(join(folder, name), { recursive: true, force: true });
  fetchBun(abi, join(folder, 'bun'));
  layOutSystem(abi);
  writeRunner(abi);
  writeFileSync(ready, recipe());
  return folder;
}
