// Makes the package for OpenHarmony.
//
//   node tools/openharmony/har.mjs pack LIBS ARCHIVE    the packed form, with LIBS/<abi>/liblibrary.so
//   node tools/openharmony/har.mjs sources              writes what packages/ohos lacks to be built by hvigor
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listOf, pack } from './har/archive.mjs';
import { writeGenerated } from './har/sources.mjs';

const [command, libs, archive] = process.argv.slice(2);
if (command === 'sources') {
  writeGenerated(fileURLToPath(new URL('../../packages/ohos', import.meta.url)));
} else if (command === 'pack' && libs && archive) {
  const faults = pack(libs, archive);
  for (const fault of faults) console.error(`har: ${fault}`);
  if (faults.length > 0) process.exit(1);
  console.log(`har: ${archive}: ${listOf(archive).length} files, ${statSync(archive).size} bytes`);
} else {
  console.error('har.mjs pack LIBS ARCHIVE, or har.mjs sources');
  process.exit(1);
}
