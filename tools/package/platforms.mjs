// The platforms for which arkffi's package has a native module. The loader, the entry points of the package and the check
// before it is packed are made from this list, which is that of tools/prebuilds/targets.mjs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOfSources } from '../prebuilds/sources.mjs';
import { TARGETS } from '../prebuilds/targets.mjs';

export const PLATFORMS = Object.keys(TARGETS);

/** The path of a platform's native module in the package. */
export const prebuildOf = (platform) => `prebuilds/${platform}/liblibrary.node`;

const MACHINES = {
  elf: { x64: 62, arm64: 183 },
  macho: { x64: 0x01000007, arm64: 0x0100000c },
  pe: { x64: 0x8664, arm64: 0xaa64 },
};

/** What is wrong with the bytes of a native module for a platform; undefined if nothing is. */
export function faultOfPrebuild(platform, bytes) {
  const { format } = TARGETS[platform];
  const [, arch, libc] = platform.split('-');
  const isWhole = bytes.length >= 64;
  if (format === 'elf') {
    if (!isWhole || bytes.readUInt32BE(0) !== 0x7f454c46) return 'is not a native module for Linux';
    if (bytes.readUInt16LE(18) !== MACHINES.elf[arch]) return `is not made for ${arch}`;
    const isForGlibc = bytes.includes('\0GLIBC_2.');
    return isForGlibc === (libc === 'glibc') ? undefined : `is not made for ${libc}`;
  }
  if (format === 'pe') {
    const at = isWhole && bytes.toString('latin1', 0, 2) === 'MZ' ? bytes.readUInt32LE(60) : bytes.length;
    if (at + 6 > bytes.length || bytes.readUInt32LE(at) !== 0x4550) return 'is not a native module for Windows';
    return bytes.readUInt16LE(at + 4) === MACHINES.pe[arch] ? undefined : `is not made for ${arch}`;
  }
  if (!isWhole || bytes.readUInt32LE(0) !== 0xfeedfacf) return 'is not a native module for macOS';
  return bytes.readUInt32LE(4) === MACHINES.macho[arch] ? undefined : `is not made for ${arch}`;
}

/** What is wrong with the native module of a platform in a folder that is to be packed; undefined if nothing is. */
export function faultIn(root, platform) {
  const path = join(root, prebuildOf(platform));
  if (!existsSync(path)) return 'is not there';
  return faultOfPrebuild(platform, readFileSync(path)) ?? faultOfSources(root, platform);
}
