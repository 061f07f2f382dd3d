// Packs arkffi as it is published, from a copy of the checkout.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordOf } from '../prebuilds/sources.mjs';
import { faultIn, PLATFORMS, prebuildOf } from './platforms.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The platform of this machine. */
export const here = `${process.platform}-${process.arch}-${isGlibc() ? 'glibc' : 'musl'}`;

function isGlibc() {
  return Boolean(process.report.getReport().header.glibcVersionRuntime);
}

/**
 * Packs into a folder and returns the path of the tarball, and which platforms have only a stand-in in it. Where `make
 * prebuilds` has not run on these sources, the build of the checkout is packed for this machine, and stands in for the other platforms with
 * another number for the processor, so that bundlers find the files that the package names.
 */
export function pack(folder) {
  const stage = join(folder, 'stage');
  rmSync(stage, { recursive: true, force: true });
  const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  for (const path of tracked.split('\0').filter(Boolean)) {
    if (/^(test|bench|\.)/.test(path) || !existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    copyFileSync(join(root, path), join(stage, path));
  }
  for (const path of ['dist', 'node_modules/node-api-headers'])
    cpSync(join(root, path), join(stage, path), { recursive: true });
  const standIns = PLATFORMS.filter((platform) => !addPrebuild(stage, platform));
  // A set with stand-ins is not complete, which is what prepack refuses.
  const options = standIns.length ? ['--ignore-scripts'] : [];
  if (standIns.length)
    cpSync(join(stage, 'node_modules/node-api-headers/include'), join(stage, 'include/node-api'), { recursive: true });
  const printed = execFileSync('npm', ['pack', '--json', '--silent', ...options], { cwd: stage, encoding: 'utf8' });
  const [{ filename, size, unpackedSize, files }] = JSON.parse(printed.slice(printed.indexOf('[')));
  return { tarball: join(stage, filename), stage, size, unpackedSize, files: files.map(({ path }) => path), standIns };
}

/** Whether the platform has its own build. */
function addPrebuild(stage, platform) {
  const from = join(root, prebuildOf(platform));
  const to = join(stage, prebuildOf(platform));
  const own = join(root, 'dist/liblibrary.node');
  mkdirSync(dirname(to), { recursive: true });
  const isBuilt = faultIn(root, platform) === undefined;
  copyFileSync(isBuilt ? from : own, to);
  if (isBuilt) copyFileSync(join(root, recordOf(platform)), join(stage, recordOf(platform)));
  return isBuilt || platform === here;
}
