/** Modules that are part of Node.js, Bun and Deno, and what of them arkffi uses. */

declare const require: (name: string) => unknown;
declare const process: {
  readonly getBuiltinModule?: (name: string) => unknown;
  readonly permission?: unknown;
};

interface Files {
  existsSync(path: string): boolean;
  openSync(path: string, flags: string): number;
  closeSync(file: number): void;
  readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number;
  readFileSync(path: string): Uint8Array;
  readFileSync(path: string, encoding: 'utf8'): string;
  fstatSync(file: number): { readonly size: number };
  realpathSync(path: string): string;
  statSync(path: string): { isDirectory(): boolean; isFile(): boolean };
}

interface Modules {
  createRequire(from: string): (path: string) => unknown;
}

/**
 * Bundles that are ES modules have no `require`, so the host is asked first. Node.js before 20.16 has only `require`,
 * whose argument is written out where bundlers look for it.
 */
export const files = (): Files => (process.getBuiltinModule?.('fs') ?? require('fs')) as Files;
export const modules = (): Modules => (process.getBuiltinModule?.('module') ?? require('module')) as Modules;

/** A permission of Deno's. */
interface Permission {
  readonly name: 'env' | 'read' | 'ffi';
  readonly variable?: string;
  readonly path?: string;
}

/**
 * Whether Node.js has been started with `--permission`. It may then refuse later what it allows now: after
 * `process.permission.drop('fs.read')`, say.
 */
export const hasPermissions: boolean = typeof process === 'object' && process.permission !== undefined;

interface DenoLike {
  readonly permissions?: { querySync(permission: Permission): { readonly state: string } };
}

const { Deno: deno } = globalThis as { Deno?: DenoLike };

/** Deno would ask the user in the terminal, so what it has not granted already is not tried. */
export function isGranted(permission: Permission): boolean {
  return !deno?.permissions || deno.permissions.querySync(permission).state === 'granted';
}
