// Makes the package for OpenHarmony.
//
//   node tools/openharmony/har.mjs pack LIBS ARCHIVE    the packed form, with LIBS/<abi>/liblibrary.so
//   node tools/openharmony/har.mjs sources [FOLDER]     writes what packages/ohos, or a copy of it, lacks to be built by hvigor
//   node tools/openharmony/har.mjs try NATIVE HOST...    runs the programs in ArkTS by the command of a host, with a native
//                                                       module that it can load
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listOf, pack } from './har/archive.mjs';
import { tryPrograms } from './har/programs.mjs';
import { writeGenerated } from './har/sources.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

const [command, libs, archive] = process.argv.slice(2);
const host = process.argv.slice(4);
if (command === 'sources') {
  writeGenerated(libs ?? join(root, 'packages/ohos'));
} else if (command === 'pack' && libs && archive) {
  const faults = pack(libs, archive);
  for (const fault of faults) console.error(`har: ${fault}`);
  if (faults.length > 0) process.exit(1);
  console.log(`har: ${archive}: ${listOf(archive).length} files, ${statSync(archive).size} bytes`);
} else if (command === 'try' && libs && host.length > 0) {
  process.exitCode = (await tryPrograms(libs, host)).failed ? 1 : 0;
} else {
  console.error('har.mjs pack LIBS ARCHIVE, har.mjs sources [FOLDER], or har.mjs try NATIVE HOST...');
  process.exit(1);
}
