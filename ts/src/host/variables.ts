/** Environment variables that say how arkffi works. */

import { files, isGranted } from './builtin';

declare const process: {
  readonly platform: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly getuid?: () => number;
  readonly geteuid?: () => number;
  readonly getgid?: () => number;
  readonly getegid?: () => number;
};

/** An environment variable; undefined if it is not set, or if the host does not let the program read it. */
function variable(name: string): string | undefined {
  try {
    return isGranted({ name: 'env', variable: name }) ? process.env[name] : undefined;
  } catch {
    return undefined; // Deno without --allow-env
  }
}

/** The type of the entry of the auxiliary vector that says whether the process has more rights than its user. */
const AT_SECURE = BigInt(23);

/**
 * Whether the process may trust its environment. It may not if it has more rights than the user who started it. The
 * kernel's auxiliary vector says it; a process that may not read its own has such rights.
 */
function isTrusted(): boolean {
  const { getuid, geteuid, getgid, getegid } = process;
  if (getuid && geteuid && getuid() !== geteuid()) return false;
  if (getgid && getegid && getgid() !== getegid()) return false;
  if (process.platform !== 'linux') return true;
  try {
    const entries = new BigUint64Array(Uint8Array.from(files().readFileSync('/proc/self/auxv')).buffer);
    const at = entries.findIndex((type, i) => i % 2 === 0 && type === AT_SECURE);
    return at < 0 || Number(entries[at + 1]) === 0;
  } catch (error) {
    return (error as { code?: unknown }).code === 'ENOENT'; // where /proc is not mounted
  }
}

/** A variable of arkffi's. A process with more rights than its user ignores them, as they say which code runs. */
export function trustedVariable(name: string): string | undefined {
  const value = variable(name);
  return value && isTrusted() ? value : undefined;
}
