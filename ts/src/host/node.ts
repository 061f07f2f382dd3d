/** What depends on the host, for Node.js, Bun and Deno, and for Electron, which is Node.js with another V8. */

import { trustedVariable } from './variables';

export { loadNative, NotLoaded } from './loader';

interface ProcessLike {
  readonly versions?: { readonly electron?: string };
  readonly platform?: string;
  readonly config?: { readonly variables?: { readonly [name: string]: unknown } };
}

declare const process: ProcessLike | undefined;

/** The name of the engine that the environment variable ARKFFI_ENGINE asks for; undefined if it is not set. */
export const wantedEngine = trustedVariable('ARKFFI_ENGINE');

const isElectron = typeof process === 'object' && typeof process.versions?.electron === 'string';

/**
 * Whether the host says that it was built with a V8 whose pointers take 32 bits, or that keeps its objects in a sandbox, as
 * Electron's does. Objects are then laid out in another way than in a Node.js with the same version of V8.
 */
export function compressesPointers(): boolean {
  const variables = typeof process === 'object' ? process.config?.variables : undefined;
  return Boolean(variables?.v8_enable_pointer_compression) || Boolean(variables?.v8_enable_sandbox);
}

/**
 * The path under which the system's loader finds a file. Electron packs a program into one file, `app.asar`, which only
 * its JavaScript reads as a folder, and puts libraries into `app.asar.unpacked`, a folder beside it.
 */
export function pathForLoader(path: string): string {
  return isElectron ? path.replace(/\.asar(?=[/\\])/, '.asar.unpacked') : path;
}

/** The path in a URL of a file, whose escapes are resolved; undefined for what no file name contains. */
export function pathInUrl(pathname: string): string | undefined {
  if (suffix !== 'dll') return pathname;
  if (pathname.includes('\\')) return undefined;
  return /^\/[A-Za-z]:\//.test(pathname) ? pathname.slice(1) : pathname;
}

/** The key of the method that `console.log` calls to learn what to print for an object. */
export const INSPECT: symbol = Symbol.for('nodejs.util.inspect.custom');

/** What the names of shared libraries end with on this system, without the dot. */
export const suffix: 'so' | 'dylib' | 'dll' = ((): 'so' | 'dylib' | 'dll' => {
  const platform = typeof process === 'object' ? process.platform : undefined;
  return platform === 'win32' ? 'dll' : platform === 'darwin' ? 'dylib' : 'so';
})();
