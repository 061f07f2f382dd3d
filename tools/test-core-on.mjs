// Runs the tests of the core and of cdef on another platform than the machine's own: cross-compiled and under qemu's
// user-mode emulation, or with musl, whose loader Debian has beside that of glibc.
//
//   node tools/test-core-on.mjs PLATFORM...    of those below; `tools/setup.sh cross` installs what is needed
//
// libffi and cmocka are compiled from their sources.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackSources } from './sources.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
process.chdir(root);

const debian = (triple, processor) => ({
  compiler: `${triple}-gcc`,
  host: triple,
  processor,
  emulator: [`qemu-${processor}-static`, '-L', `/usr/${triple}`],
});

// musl-gcc does not look into the machine's own headers. The kernel's are the same for every C library.
const kernelHeaders = join(root, 'build/on/musl/kernel');

const PLATFORMS = {
  arm64: debian('aarch64-linux-gnu', 'aarch64'),
  riscv64: debian('riscv64-linux-gnu', 'riscv64'),
  ppc64le: debian('powerpc64le-linux-gnu', 'ppc64le'),
  musl: {
    compiler: 'musl-gcc',
    host: 'x86_64-linux-musl',
    processor: 'x86_64',
    emulator: [],
    flags: `-idirafter ${kernelHeaders}`,
  },
};

/** Processors that arkffi cannot work on, and the word in the compiler's message. */
const REFUSED = { 's390x-linux-gnu-gcc': 'little-endian', 'arm-linux-gnueabihf-gcc': '64-bit' };

function quietly(name, command, args, env = {}) {
  const options = { stdio: 'inherit', env: { ...process.env, ...env } };
  const { status } = spawnSync('tools/quiet.sh', [name, command, ...args], options);
  if (status !== 0) process.exit(1);
}

function crossOptions({ compiler, processor, emulator, flags }) {
  const options = ['-DCMAKE_SYSTEM_NAME=Linux', `-DCMAKE_SYSTEM_PROCESSOR=${processor}`];
  if (emulator.length) options.push(`-DCMAKE_CROSSCOMPILING_EMULATOR=${emulator.join(';')}`);
  if (flags) options.push(`-DCMAKE_C_FLAGS=${flags}`);
  return [...options, `-DCMAKE_C_COMPILER=${compiler}`];
}

function linkKernelHeaders() {
  const folders = { linux: 'linux', 'asm-generic': 'asm-generic', asm: 'x86_64-linux-gnu/asm' };
  mkdirSync(kernelHeaders, { recursive: true });
  for (const [name, folder] of Object.entries(folders)) {
    const link = join(kernelHeaders, name);
    if (!existsSync(link)) symlinkSync(`/usr/include/${folder}`, link);
  }
}

/** Compiles and installs libffi and cmocka for a platform, once; returns the folder. */
function librariesFor(name, platform) {
  const folder = join(root, 'build/on', name);
  const installed = join(folder, 'installed');
  if (!existsSync(join(installed, 'lib/libffi.a'))) {
    const source = unpackSources('libffi', join(root, 'build/sources'));
    mkdirSync(join(folder, 'libffi'), { recursive: true });
    const options = ['--disable-shared', '--with-pic', '--disable-docs', '--disable-multi-os-directory'];
    const to = [`--host=${platform.host}`, `--prefix=${installed}`, `--libdir=${installed}/lib`];
    const env = { CC: platform.compiler, CFLAGS: `-O2 -fPIC ${platform.flags ?? ''}` };
    const argv = ['-C', `${folder}/libffi`, `${source}/configure`, ...to, ...options];
    quietly(`configure libffi for ${name}`, 'env', argv, env);
    quietly(`compile libffi for ${name}`, 'make', ['-C', `${folder}/libffi`, 'install']);
  }
  if (!existsSync(join(installed, 'include/cmocka.h'))) {
    const source = unpackSources('cmocka', join(root, 'build/sources'));
    const options = ['-DBUILD_SHARED_LIBS=OFF', '-DWITH_EXAMPLES=OFF', '-DCMAKE_INSTALL_LIBDIR=lib'];
    const to = ['-S', source, '-B', `${folder}/cmocka`, `-DCMAKE_INSTALL_PREFIX=${installed}`];
    quietly(`configure cmocka for ${name}`, 'cmake', [...to, ...crossOptions(platform), ...options]);
    quietly(`compile cmocka for ${name}`, 'cmake', ['--build', `${folder}/cmocka`, '--target', 'install']);
  }
  return installed;
}

/** Whether the tests pass on a platform. */
function test(name) {
  const platform = PLATFORMS[name];
  if (platform.flags) linkKernelHeaders();
  const installed = librariesFor(name, platform);
  const folder = join(root, 'build/on', name, 'arkffi');
  quietly(`configure for ${name}`, 'cmake', [
    ...['-S', '.', '-B', folder, '-DARKFFI_BRIDGE=OFF', ...crossOptions(platform)],
    ...[`-DARKFFI_LIBFFI=${installed}/lib/libffi.a`, `-DARKFFI_LIBFFI_INCLUDE=${installed}/include`],
    ...[`-DCMOCKA_LIBRARY=${installed}/lib/libcmocka.a`, `-DCMOCKA_INCLUDE=${installed}/include`],
  ]);
  quietly(`compile for ${name}`, 'cmake', ['--build', folder]);
  const options = ['--output-on-failure', '--timeout', '1000000', '-j', String(availableParallelism())];
  // Some tests start their own program again, or leave something out under emulation.
  const emulator = platform.emulator.length ? { ARKFFI_EMULATOR: platform.emulator.join(' ') } : {};
  console.log(`core and cdef on ${name}:`);
  const env = { ...process.env, ...emulator };
  return spawnSync('ctest', ['--test-dir', folder, ...options], { stdio: 'inherit', env }).status === 0;
}

/** Whether a compiler for a processor that arkffi cannot work on refuses the core, and says why. */
function isRefused(compiler, word) {
  const options = ['-Icore/src', '-Icore/include', '-std=c11', '-fsyntax-only', 'core/src/cpu/unknown_convention.c'];
  const { status, stderr } = spawnSync(compiler, options, { encoding: 'utf8' });
  const refused = status !== 0 && stderr.includes(`#error "arkffi needs a`) && stderr.includes(word);
  console.log(refused ? `refused by ${compiler}` : `${compiler} compiles what cannot work:\n${stderr}`);
  return refused;
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in PLATFORMS) && name !== 'refused');
if (unknown) throw new Error(`no platform: ${unknown}. There are ${Object.keys(PLATFORMS).join(', ')}, and refused`);
let good = true;
for (const name of wanted) {
  const passes =
    name === 'refused' ? Object.entries(REFUSED).every(([compiler, word]) => isRefused(compiler, word)) : test(name);
  good = passes && good;
}
process.exitCode = good ? 0 : 1;
