/**
 * What depends on the host, for Node.js, Bun and Deno: how the native module is found and loaded, environment
 * variables, and `console.log`.
 */

import type { NativeModule } from './bridge';

declare const require: (path: string) => unknown;
declare const __dirname: string;
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
    return process.env[name];
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
    const files = require('fs') as { readFileSync(path: string): Uint8Array };
    const entries = new BigUint64Array(Uint8Array.from(files.readFileSync('/proc/self/auxv')).buffer);
    const at = entries.findIndex((type, i) => i % 2 === 0 && type === AT_SECURE);
    return at < 0 || Number(entries[at + 1]) === 0;
  } catch (error) {
    return (error as { code?: unknown }).code === 'ENOENT'; // where /proc is not mounted
  }
}

/** A variable of arkffi's. A process with more rights than its user ignores them, as they say which code runs. */
function trustedVariable(name: string): string | undefined {
  const value = variable(name);
  return value && isTrusted() ? value : undefined;
}

/** The name of the engine that the environment variable ARKFFI_ENGINE asks for; undefined if it is not set. */
export const wantedEngine = trustedVariable('ARKFFI_ENGINE');

/**
 * Loads the native module from the path in the environment variable ARKFFI_NATIVE_MODULE, or else from this file's
 * folder.
 * @throws what the host's `require` throws.
 */
export function loadNative(): NativeModule {
  return require(trustedVariable('ARKFFI_NATIVE_MODULE') ?? `${__dirname}/liblibrary.node`) as NativeModule;
}

/**
 * What a program can do about an error that `loadNative` has thrown, as the end of a message; '' if that is not known.
 */
export function loadingAdvice(error: { readonly code?: unknown; readonly message?: unknown }): string {
  if (error.code === 'ERR_DLOPEN_DISABLED') return '; Node.js needs --allow-addons with --permission';
  if (error.code === 'MODULE_NOT_FOUND') return '; in a checkout, `make build` makes it';
  return '';
}

/** The key of the method that `console.log` calls to learn what to print for an object. */
export const INSPECT: symbol = Symbol.for('nodejs.util.inspect.custom');
