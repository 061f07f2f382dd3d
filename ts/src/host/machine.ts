/** The machine that the program runs on, as the names of arkffi's builds have it. */

import { files, isGranted } from './builtin';

declare const process: { readonly platform: string; readonly arch: string };

/** The C library of a Linux system. */
export type Libc = 'glibc' | 'musl';

/** Processors of 32 bits; all other processors that Node.js knows have 64. */
const NARROW = ['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'];

/** The first bytes of a program, among which the path of its loader is. */
const HEAD = 4096;

/** Why arkffi cannot work on this processor; undefined if it can. */
export function refusedProcessor(): string | undefined {
  const { arch } = process;
  if (NARROW.includes(arch)) return `arkffi needs a 64-bit processor, and ${arch} has 32 bits`;
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (isLittle && arch !== 's390x') return undefined;
  return `arkffi needs a little-endian processor, and ${arch} is big-endian here`;
}

/**
 * The C library that this program uses; undefined if it cannot be found out. A Linux system can have both, so what counts
 * is which loader the program names.
 */
export function libc(): Libc | undefined {
  const program = '/proc/self/exe';
  if (process.platform !== 'linux' || !isGranted({ name: 'read', path: program })) return undefined;
  try {
    return libcOfLoader(headOf(program));
  } catch {
    return undefined; // Node.js with --permission, or /proc is not mounted
  }
}

function headOf(path: string): string {
  const { openSync, readSync, closeSync } = files();
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(HEAD);
    return text(bytes.subarray(0, readSync(file, bytes, 0, HEAD, 0)));
  } finally {
    closeSync(file);
  }
}

/** Each byte as a character. */
export function text(bytes: Uint8Array): string {
  let all = '';
  for (let i = 0; i < bytes.length; i += HEAD)
    all += String.fromCharCode.apply(undefined, bytes.subarray(i, i + HEAD) as unknown as number[]);
  return all;
}

function libcOfLoader(head: string): Libc | undefined {
  if (/\/ld-musl-[\w.-]+\0/.test(head)) return 'musl';
  return /\/ld(-linux[\w.-]*|64)\.so\.\d\0/.test(head) ? 'glibc' : undefined;
}

/** The names of the builds that may fit, the likely one first: `linux-x64-glibc`, `darwin-arm64`. */
export function buildsForThis(): readonly string[] {
  const { platform, arch } = process;
  if (platform !== 'linux') return [`${platform}-${arch}`];
  const known = libc();
  const likely: readonly Libc[] = known ? [known] : ['glibc', 'musl'];
  return likely.map((one) => `linux-${arch}-${one}`);
}

/** The machine in words: `linux-x64 with glibc`. */
export function machineInWords(): string {
  const { platform, arch } = process;
  const known = libc();
  return `${platform}-${arch}${known ? ` with ${known}` : ''}`;
}
