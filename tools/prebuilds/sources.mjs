// From which sources the native modules in prebuilds/ were made: a hash lies beside each, so that none is packed with the
// JavaScript of other sources.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the package's own sources are called, and what says how they are compiled. */
const NATIVE = /^(CMakeLists\.txt|core|cdef|bridge)(\/|$)/;
const BUILDING = ['tools/prebuilds/build.mjs', 'tools/prebuilds/targets.mjs', 'tools/prebuilds/package-lock.json'];
const SOURCE = /\.(c|h|def|map|cmake|txt|mjs|json)$/;

/** The file with the hash. It is not packed. */
export const recordOf = (platform) => `prebuilds/${platform}/sources.sha256`;

/** The paths of all sources below a folder, or the folder's own if it is a file. */
function sourcesIn(root, path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => sourcesIn(root, `${path}/${name}`));
}

/** The hash of the sources of native modules, which are those that the package brings along. */
export function hashOfSources(root) {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const paths = [...files.filter((path) => NATIVE.test(path)), ...BUILDING].flatMap((path) => sourcesIn(root, path));
  const hash = createHash('sha256');
  for (const path of paths.filter((path) => SOURCE.test(path)).sort()) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** Notes that the native module of a platform has been made from the sources with that hash. */
export function recordSources(root, platform, hash) {
  writeFileSync(join(root, recordOf(platform)), `${hash}\n`);
}

/** Why a native module does not belong to the sources; undefined if it does. */
export function faultOfSources(root, platform) {
  const record = join(root, recordOf(platform));
  const isOfThese = existsSync(record) && readFileSync(record, 'utf8').trim() === hashOfSources(root);
  return isOfThese ? undefined : 'was not made from these sources';
}
