// Builds the native module for OpenHarmony: build/openharmony/libs/<abi>/liblibrary.so, and checks each.
//
//   node tools/openharmony/build.mjs [ABI]...    arm64-v8a, x86_64; all without a name
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackSources } from '../sources.mjs';
import { checkLibrary } from './check.mjs';
import { ABIS, quietly, toolchainFor } from './sandbox.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** libffi passes Go's closures in x18, which belongs to the system here: without them it leaves the register alone. */
function leaveOutGo(header) {
  const text = readFileSync(header, 'utf8').replace('#define FFI_GO_CLOSURES 1', '');
  rmSync(header); // a link to the source
  writeFileSync(header, text);
}

/** Compiles libffi, which the NDK does not have, once; returns the folder with libffi.a and the headers. */
function libffiFor(abi, folder) {
  const work = join(folder, 'libffi');
  const installed = join(work, 'installed');
  if (existsSync(join(installed, 'libffi.a'))) return installed;
  const source = unpackSources('libffi', join(root, 'build/sources'));
  mkdirSync(installed, { recursive: true });
  const options = [
    '--disable-shared',
    '--enable-static',
    '--with-pic',
    '--disable-docs',
    '--disable-multi-os-directory',
  ];
  const configure = [`${source}/configure`, `--host=${ABIS[abi].processor}-unknown-linux-musl`, ...options];
  quietly(`configure libffi for ${abi}`, 'env', ['-C', work, ...configure], {
    CC: join(folder, 'cc'),
    CFLAGS: '-O2 -fstack-protector-strong -Wno-implicit-function-declaration',
    LDFLAGS: '-shared -Wl,-z,defs', // no program can be linked, but functions are looked for all the same
  });
  leaveOutGo(join(work, 'include/ffitarget.h'));
  quietly(`compile libffi for ${abi}`, 'make', ['-C', work, 'LDFLAGS=', 'libffi.la']);
  for (const name of ['ffi.h', 'ffitarget.h']) copyFileSync(join(work, 'include', name), join(installed, name));
  copyFileSync(join(work, '.libs/libffi.a'), join(installed, 'libffi.a'));
  return installed;
}

/** Configures and compiles the native module for an ABI; returns its file. */
export function build(abi) {
  const folder = toolchainFor(abi);
  const libffi = libffiFor(abi, folder);
  const output = join(root, 'build/openharmony/libs', abi);
  quietly(`configure ${abi}`, 'cmake', [
    ...['-S', root, '-B', join(folder, 'arkffi'), '-DCMAKE_BUILD_TYPE=Release', '-DARKFFI_TESTS=OFF'],
    ...[`-DCMAKE_TOOLCHAIN_FILE=${root}tools/openharmony/toolchain.cmake`, `-DOHOS_ARCH=${abi}`],
    ...[`-DARKFFI_SANDBOX=${folder}`, `-DARKFFI_OUTPUT=${folder}/output`, '-DARKFFI_WERROR=ON'],
    ...[`-DARKFFI_LIBFFI=${libffi}/libffi.a`, `-DARKFFI_LIBFFI_INCLUDE=${libffi}`],
  ]);
  quietly(`compile ${abi}`, 'cmake', ['--build', join(folder, 'arkffi'), '--target', 'arkffi']);
  mkdirSync(output, { recursive: true });
  copyFileSync(join(folder, 'output/liblibrary.so'), join(output, 'liblibrary.so'));
  return join(output, 'liblibrary.so');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !(name in ABIS));
  if (unknown) throw new Error(`no ABI: ${unknown}. There are ${Object.keys(ABIS).join(' and ')}`);
  let wrong = 0;
  for (const abi of wanted.length ? wanted : Object.keys(ABIS)) {
    const file = build(abi);
    const complaints = checkLibrary(abi, file);
    for (const complaint of complaints) console.log(`openharmony: ${abi}: ${complaint}`);
    wrong += complaints.length;
    console.log(`openharmony: ${file.slice(root.length)}: ${statSync(file).size} bytes`);
  }
  process.exitCode = wrong ? 1 : 0;
}
