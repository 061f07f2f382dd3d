// Makes the package for OpenHarmony.
//
//   node tools/openharmony/har.mjs pack LIBS ARCHIVE    the packed form, with LIBS/<abi>/liblibrary.so
//   node tools/openharmony/har.mjs sources              writes what packages/ohos lacks to be built by hvigor
//   node tools/openharmony/har.mjs try NATIVE HOST...    runs the programs in ArkTS by the command of a host, with a native
//                                                       module that it can load
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listOf, pack } from './har/archive.mjs';
import { writePrograms } from './har/programs.mjs';
import { writeGenerated } from './har/sources.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs all programs; returns how many did not print what they should. */
async function tryPrograms(nativeModule, [host, ...options]) {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/programs-'));
  let wrong = 0;
  for (const { name, file, lines } of await writePrograms(folder, resolve(nativeModule))) {
    const { status, stdout, stderr } = spawnSync(host, [...options, file], { encoding: 'utf8' });
    const isRight = status === 0 && stdout.trimEnd().split('\n').sort().join() === [...lines].sort().join();
    if (!isRight) wrong++;
    console.log(isRight ? `ok: ${name}` : `FAILED: ${name}: expected ${lines.join()}, got:\n${stdout}${stderr}`);
  }
  rmSync(folder, { recursive: true });
  return wrong;
}

const [command, libs, archive] = process.argv.slice(2);
const host = process.argv.slice(4);
if (command === 'sources') {
  writeGenerated(join(root, 'packages/ohos'));
} else if (command === 'pack' && libs && archive) {
  const faults = pack(libs, archive);
  for (const fault of faults) console.error(`har: ${fault}`);
  if (faults.length > 0) process.exit(1);
  console.log(`har: ${archive}: ${listOf(archive).length} files, ${statSync(archive).size} bytes`);
} else if (command === 'try' && libs && host.length > 0) {
  process.exitCode = (await tryPrograms(libs, host)) ? 1 : 0;
} else {
  console.error('har.mjs pack LIBS ARCHIVE, har.mjs sources, or har.mjs try NATIVE HOST...');
  process.exit(1);
}
