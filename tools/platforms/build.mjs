// Builds for another platform than the machine's own: libffi and cmocka from their sources, the tests of core and cdef, and
// what the JavaScript suites need beside the native module.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackSources } from '../sources.mjs';
import { folderOf, PLATFORMS, root } from './targets.mjs';

/** Runs a command with its output in a log, and ends this program if it fails. */
export function quietly(name, command, args, env = {}) {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } };
  const { status } = spawnSync(`${root}tools/quiet.sh`, [name, command, ...args], options);
  if (status !== 0) process.exit(1);
}

function crossOptions({ compiler, system = 'Linux', processor, emulator, flags, options: own = [] }) {
  const options = [`-DCMAKE_SYSTEM_NAME=${system}`, `-DCMAKE_SYSTEM_PROCESSOR=${processor}`, ...own];
  if (emulator.length) options.push(`-DCMAKE_CROSSCOMPILING_EMULATOR=${emulator.join(';')}`);
  if (flags) options.push(`-DCMAKE_C_FLAGS=${flags}`);
  return [...options, `-DCMAKE_C_COMPILER=${compiler}`];
}

/** musl-gcc does not look into the machine's own headers. The kernel's are the same for every C library. */
export function linkKernelHeaders(folder) {
  const folders = { linux: 'linux', 'asm-generic': 'asm-generic', asm: 'x86_64-linux-gnu/asm' };
  mkdirSync(folder, { recursive: true });
  for (const [name, from] of Object.entries(folders)) {
    const link = join(folder, name);
    if (!existsSync(link)) symlinkSync(`/usr/include/${from}`, link);
  }
}

/** Compiles and installs libffi and cmocka for a platform, once; returns the folder. */
function librariesFor(name) {
  const platform = PLATFORMS[name];
  const folder = folderOf(name);
  const installed = join(folder, 'installed');
  if (!existsSync(join(installed, 'lib/libffi.a'))) {
    const source = unpackSources('libffi', `${root}build/sources`);
    mkdirSync(join(folder, 'libffi'), { recursive: true });
    const options = ['--disable-shared', '--with-pic', '--disable-docs', '--disable-multi-os-directory'];
    const to = [`--host=${platform.host}`, `--prefix=${installed}`, `--libdir=${installed}/lib`];
    const env = { CC: platform.compiler, CFLAGS: `-O2 -fPIC ${platform.flags ?? ''}` };
    const argv = ['-C', `${folder}/libffi`, `${source}/configure`, ...to, ...options];
    quietly(`configure libffi for ${name}`, 'env', argv, env);
    quietly(`compile libffi for ${name}`, 'make', ['-C', `${folder}/libffi`, 'install']);
  }
  if (!existsSync(join(installed, 'include/cmocka.h'))) {
    const source = unpackSources('cmocka', `${root}build/sources`);
    const options = ['-DBUILD_SHARED_LIBS=OFF', '-DWITH_EXAMPLES=OFF', '-DCMAKE_INSTALL_LIBDIR=lib'];
    const to = ['-S', source, '-B', `${folder}/cmocka`, `-DCMAKE_INSTALL_PREFIX=${installed}`];
    quietly(`configure cmocka for ${name}`, 'cmake', [...to, ...crossOptions(platform), ...options]);
    quietly(`compile cmocka for ${name}`, 'cmake', ['--build', `${folder}/cmocka`, '--target', 'install']);
  }
  return installed;
}

/** Builds the tests of core and cdef; returns the folder. */
export function buildTests(name) {
  const platform = PLATFORMS[name];
  if (platform.kernelHeaders) linkKernelHeaders(platform.kernelHeaders);
  const installed = librariesFor(name);
  const folder = join(folderOf(name), 'arkffi');
  quietly(`configure for ${name}`, 'cmake', [
    ...['-S', '.', '-B', folder, '-DARKFFI_BRIDGE=OFF', ...crossOptions(platform)],
    ...(platform.options ?? []),
    ...[`-DARKFFI_LIBFFI=${installed}/lib/libffi.a`, `-DARKFFI_LIBFFI_INCLUDE=${installed}/include`],
    ...[`-DCMOCKA_LIBRARY=${installed}/lib/libcmocka.a`, `-DCMOCKA_INCLUDE=${installed}/include`],
  ]);
  quietly(`compile for ${name}`, 'cmake', ['--build', folder]);
  return folder;
}

/** Builds one of the libraries that need nothing of arkffi; returns the folder that it is in. */
function buildLibrary(name, source, variable) {
  const build = join(folderOf(name), source.split('/').at(-1));
  const options = ['-S', source, '-B', build, ...crossOptions(PLATFORMS[name]), `-D${variable}=${build}/out`];
  quietly(`configure ${source} for ${name}`, 'cmake', options);
  quietly(`compile ${source} for ${name}`, 'cmake', ['--build', build]);
  return `${build}/out`;
}

/**
 * Builds what the JavaScript suites need: the native module that is shipped, beside the demonstration library, and the fixture
 * library. Returns the paths of the two.
 */
export function buildForScript(name) {
  const { kernelHeaders, script } = PLATFORMS[name];
  if (!script.prebuild) return buildNative(name);
  if (kernelHeaders) linkKernelHeaders(kernelHeaders);
  const argv = ['tools/prebuilds/build.mjs', script.prebuild];
  const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  const module = join(buildLibrary(name, 'examples/libffi_target', 'ARKFFI_OUTPUT'), 'liblibrary.node');
  copyFileSync(`${root}prebuilds/${script.prebuild}/liblibrary.node`, module);
  const fixtures = buildLibrary(name, 'test/fixture', 'ARKFFI_FIXTURE_DIR');
  const fixture = join(fixtures, `libarkffi_fixture.${script.suffix ?? 'so'}`);
  return { module, fixture };
}

/** The same by the platform's own compiler, for a platform whose native module is not that of tools/prebuilds. */
function buildNative(name) {
  const build = join(folderOf(name), 'native');
  const within = `${build}/out`;
  quietly(`configure the native module for ${name}`, 'cmake', [
    ...['-S', '.', '-B', build, '-DARKFFI_TESTS=OFF', `-DARKFFI_OUTPUT=${within}`, `-DARKFFI_FIXTURE_DIR=${within}`],
    ...['-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_MODULE_LINKER_FLAGS=-s', ...crossOptions(PLATFORMS[name])],
  ]);
  quietly(`compile the native module for ${name}`, 'cmake', ['--build', build]);
  return {
    module: join(within, 'liblibrary.node'),
    fixture: join(within, `libarkffi_fixture.${PLATFORMS[name].script.suffix}`),
  };
}

/** The command that compiles the structs and functions of generated tests, where it is not the compiler of arkffi. */
export function structCompilerFor(name, structs = PLATFORMS[name].structs) {
  const { clang, target, options = '', linker, link } = structs;
  const file = join(folderOf(name), 'compile-structs');
  // Clang compiles to an object of Linux, or of Windows, which has the calls of its own target; it knows no linker for both.
  const text = `#!/bin/sh
for word in "$@"; do
  [ "$word" != -E ] || exec ${clang} --target=${target} "$@"
done
options=
while [ $# -gt 0 ]; do
  case $1 in
    -o) out=$2; shift ;;
    -shared) ;;
    *) options="$options $1" ;;
  esac
  shift
done
${clang} --target=${target} -ffreestanding ${options} $options -c -o "$out.o" &&
  exec ${linker} -shared ${link} -o "$out" "$out.o"
`;
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** A folder in which the usual names of the compiler stand for the platform's one, for tests that compile. */
export function compilersFor(name) {
  const { compiler, flags = '' } = PLATFORMS[name];
  const folder = join(folderOf(name), 'compilers');
  // By its path, because it can have one of the names itself.
  const path = execFileSync('sh', ['-c', `command -v ${compiler}`], { encoding: 'utf8' }).trim();
  mkdirSync(folder, { recursive: true });
  for (const command of ['cc', 'gcc']) {
    // The libraries of the program that starts it are not those of the compiler.
    writeFileSync(join(folder, command), `#!/bin/sh\nunset LD_LIBRARY_PATH\nexec ${path} ${flags} "$@"\n`);
    chmodSync(join(folder, command), 0o755);
  }
  return folder;
}
