// Builds the native module for OpenHarmony: build/openharmony/libs/<abi>/liblibrary.so, and checks each.
//
//   node tools/openharmony/build.mjs [ABI]...    arm64-v8a, x86_64; all without a name
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLibrary } from './check.mjs';
import { ABIS, quietly, toolchainFor } from './sandbox.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Configures and compiles the native module for an ABI; returns its file. */
export function build(abi) {
  const folder = toolchainFor(abi);
  const output = join(root, 'build/openharmony/libs', abi);
  quietly(`configure ${abi}`, 'cmake', [
    ...['-S', root, '-B', join(folder, 'arkffi'), '-DCMAKE_BUILD_TYPE=Release', '-DARKFFI_TESTS=OFF'],
    ...[`-DCMAKE_TOOLCHAIN_FILE=${root}tools/openharmony/toolchain.cmake`, `-DOHOS_ARCH=${abi}`],
    ...[`-DARKFFI_SANDBOX=${folder}`, `-DARKFFI_OUTPUT=${folder}/output`, '-DARKFFI_WERROR=ON'],
  ]);
  quietly(`compile ${abi}`, 'cmake', ['--build', join(folder, 'arkffi'), '--target', 'arkffi']);
  mkdirSync(output, { recursive: true });
  copyFileSync(join(folder, 'output/liblibrary.so'), join(output, 'liblibrary.so'));
  return join(output, 'liblibrary.so');
}

/**
 * Configures and compiles the native module as hvigor does it from the sources of packages/ohos; returns its file. hvigor
 * strips what it has built, which the linker does here.
 */
export function buildSourceForm(abi) {
  const folder = toolchainFor(abi);
  const work = join(folder, 'source-form');
  const options = [
    ...['-S', join(root, 'packages/ohos/src/main/cpp'), '-B', work, '-DCMAKE_BUILD_TYPE=Release'],
    ...[`-DCMAKE_TOOLCHAIN_FILE=${root}tools/openharmony/toolchain.cmake`, `-DOHOS_ARCH=${abi}`],
    `-DARKFFI_SANDBOX=${folder}`,
  ];
  quietly(`configure the source form for ${abi}`, 'cmake', options, { LDFLAGS: '-s' });
  quietly(`compile the source form for ${abi}`, 'cmake', ['--build', work]);
  return join(work, 'liblibrary.so');
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
