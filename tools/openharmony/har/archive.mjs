// The HAR as a file: a gzip tar with the folder `package/`. It is packed only if nothing is missing.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stage } from './sources.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The ABIs of the native modules, each with its number in ELF files. */
const ABIS = { 'arm64-v8a': 183, x86_64: 62 };
const FILE = 'liblibrary.so';

/** What is wrong with a native module; undefined if it may be packed. */
function faultOf(path, machine) {
  if (!existsSync(path)) return 'is not there: `make ohos` builds it';
  const bytes = readFileSync(path);
  const isElf = bytes.length > 64 && bytes.subarray(0, 6).equals(Buffer.from('\x7fELF\x02\x01', 'latin1'));
  if (!isElf) return 'is not a 64-bit, little-endian ELF file';
  if (bytes.readUInt16LE(18) !== machine) return `is for the processor with ELF's number ${bytes.readUInt16LE(18)}`;
  // The table of sections is the last part of a file.
  const end = Number(bytes.readBigUInt64LE(40)) + bytes.readUInt16LE(58) * bytes.readUInt16LE(60);
  if (end > bytes.length) return 'is cut off';
  if (!bytes.includes('\0libace_napi.z.so\0')) return 'is not linked against libace_napi.z.so, so not for OpenHarmony';
  return undefined;
}

/** The version that the files of packages/ohos must have, and where they have another. */
function wrongVersions() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return ['oh-package.json5', 'src/main/cpp/types/liblibrary/oh-package.json5'].flatMap((path) => {
    const own = JSON.parse(readFileSync(join(root, 'packages/ohos', path), 'utf8')).version;
    return own === version ? [] : [`packages/ohos/${path} has the version ${own}, and package.json has ${version}`];
  });
}

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/**
 * Packs the HAR. `libs` has a folder with the native module for each ABI.
 * @returns {string[]} What is missing or wrong, in words. If there is something, no archive is left.
 */
export function pack(libs, archive) {
  rmSync(archive, { force: true });
  const faults = wrongVersions();
  for (const [abi, machine] of Object.entries(ABIS)) {
    const fault = faultOf(join(libs, abi, FILE), machine);
    if (fault) faults.push(`${abi}/${FILE} ${fault}`);
  }
  if (faults.length > 0) return faults;

  const work = `${archive}.work`;
  const folder = join(work, 'package');
  stage(folder);
  for (const abi of Object.keys(ABIS)) {
    mkdirSync(join(folder, 'libs', abi), { recursive: true });
    cpSync(join(libs, abi, FILE), join(folder, 'libs', abi, FILE));
  }
  const empty = filesBelow(folder).filter((path) => statSync(path).size === 0);
  for (const path of empty) faults.push(`${path.slice(work.length + 1)} is empty`);

  mkdirSync(dirname(archive), { recursive: true });
  // The same sources always give the same bytes.
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX'];
  const argv = ['--create', '--use-compress-program=gzip -9n', ...same, '-C', work, '-f', archive, 'package'];
  const { status, stderr } = faults.length > 0 ? {} : spawnSync('tar', argv, { encoding: 'utf8' });
  if (faults.length === 0 && status !== 0) faults.push(`tar: ${stderr}`);
  rmSync(work, { recursive: true });
  if (faults.length > 0) rmSync(archive, { force: true });
  return faults;
}

/** The paths in an archive. */
export function listOf(archive) {
  const { status, stdout, stderr } = spawnSync('tar', ['-tzf', archive], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((path) => path && !path.endsWith('/'));
}
