/** Finds out why a native module did not load. Only used after a failure, so it reads the file at leisure. */

import { files } from './builtin';
import { libc, text } from './machine';

declare const process: { readonly platform: string; readonly arch: string };

/** Processors by their numbers in ELF files. */
const ELF_MACHINES: { readonly [machine: number]: string | undefined } = {
  ...{ 3: 'ia32', 8: 'mips', 21: 'ppc64', 22: 's390x', 40: 'arm', 62: 'x64', 183: 'arm64' },
  ...{ 243: 'riscv64', 258: 'loong64' },
};

/** Processors by their numbers in Mach-O files. */
const MACHO_MACHINES: { readonly [machine: number]: string | undefined } = { 0x01000007: 'x64', 0x0100000c: 'arm64' };

const ELF = /^\x7fELF/;

/** What the files of each system begin with. */
const OTHERS: readonly { readonly begin: RegExp; readonly name: string; readonly platform: string }[] = [
  { begin: /^MZ/, name: 'Windows', platform: 'win32' },
  { begin: /^(\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)/, name: 'macOS', platform: 'darwin' },
  { begin: ELF, name: 'Linux', platform: 'linux' },
];

/** Why the file did not load, after "it"; undefined if the file itself does not say. */
export function faultOf(path: string): string | undefined {
  let bytes: Uint8Array;
  try {
    const kind = faultOfKind(path);
    if (kind) return kind;
    bytes = files().readFileSync(path);
  } catch (error) {
    return faultOfReading(error as { readonly code?: unknown });
  }
  if (bytes.length === 0) return 'is empty';
  if (isCutOff(path)) return 'is cut off';
  const head = text(bytes.subarray(0, 4));
  const system = OTHERS.find(({ begin }) => begin.test(head));
  if (!system) return 'is not a native module';
  if (process.platform in { linux: 1, darwin: 1, win32: 1 } && system.platform !== process.platform) {
    return `is made for ${system.name}`;
  }
  if (system.platform === 'darwin') return faultOfMacho(bytes);
  return system.platform === 'linux' ? (faultOfElf(bytes) ?? faultOfPlace(path)) : undefined;
}

export const NO_FILE = 'is no regular file';

/** What a path names that is no regular file, which is not opened: a pipe would not end. undefined for a file. */
export function faultOfKind(path: string): string | undefined {
  try {
    const about = files().statSync(path);
    if (about.isDirectory()) return 'is a folder';
    return about.isFile() ? undefined : NO_FILE;
  } catch {
    return undefined;
  }
}

function faultOfReading({ code }: { readonly code?: unknown }): string | undefined {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return undefined;
}

/** The size of the header of an ELF file. */
const HEADER = 64;

/**
 * Whether only the first part of the file is there, as after a download that ended early. To be asked before the file is
 * loaded, because the system ends a process that uses a missing part.
 */
export function isCutOff(path: string): boolean {
  try {
    const { openSync, fstatSync, readSync, closeSync } = files();
    const file = openSync(path, 'r');
    const bytes = new Uint8Array(HEADER);
    const read = readSync(file, bytes, 0, HEADER, 0);
    const { size } = fstatSync(file);
    closeSync(file);
    if (!ELF.test(text(bytes)) || bytes[4] === 1 || bytes[5] === 2) return false; // another loader's file
    const data = new DataView(bytes.buffer);
    // The table of sections is the last part of a file.
    const end = Number(data.getBigUint64(40, true)) + data.getUint16(58, true) * data.getUint16(60, true);
    return read < HEADER || end > size;
  } catch {
    return false; // the host says what is wrong when it loads the file
  }
}

function faultOfElf(bytes: Uint8Array): string | undefined {
  const isNarrow = bytes[4] === 1;
  const isBig = bytes[5] === 2;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const machine = data.getUint16(18, !isBig);
  const arch = ELF_MACHINES[machine] ?? `the processor with ELF's number ${machine}`;
  if (arch !== process.arch || isNarrow || isBig) {
    return `is made for ${arch}${isNarrow ? ' (32 bits)' : isBig ? ' (big-endian)' : ''}, and this is ${process.arch}`;
  }
  const made = libcOfFile(text(bytes));
  const own = libc();
  return made && own && made !== own ? `is made for ${made}, and this program uses ${own}` : undefined;
}

/** A universal file, which has parts for several processors, is left to the system. */
function faultOfMacho(bytes: Uint8Array): string | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const arch = bytes.length < 8 || bytes[0] === 0xca ? undefined : MACHO_MACHINES[data.getUint32(4, true)];
  return arch && arch !== process.arch ? `is made for ${arch}, and this is ${process.arch}` : undefined;
}

/** The C library that a file asks for. */
function libcOfFile(all: string): string | undefined {
  if (/\0(GLIBC_2\.\d+|libc\.so\.6)\0/.test(all)) return 'glibc';
  return /\0libc\.(musl-\w+\.so\.1|so)\0/.test(all) ? 'musl' : undefined;
}

/** Whether the file is on a file system that no code may be loaded from. */
function faultOfPlace(path: string): string | undefined {
  try {
    const real = files().realpathSync(path);
    const rows = files().readFileSync('/proc/self/mounts', 'utf8').split('\n');
    const mounts = rows
      .map((row) => row.split(' '))
      .map((words) => ({ folder: unescape(words[1] ?? ''), options: words[3] ?? '' }));
    const holds = mounts.filter(({ folder }) => folder === '/' || real.startsWith(`${folder}/`));
    // Of several mounts on one folder the last one counts.
    const nearest = holds.reduce((best, one) => (one.folder.length >= best.folder.length ? one : best));
    if (!nearest.options.split(',').includes('noexec')) return undefined;
    return `is on a file system that is mounted with noexec (${nearest.folder}), from which no code may run`;
  } catch {
    return undefined;
  }
}

/** A space is `\040` in the list of mounts. */
function unescape(folder: string): string {
  return folder.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
}
