/**
 * What depends on the host, for Node.js, Bun and Deno: how the native module is found and loaded, environment
 * variables, and `console.log`.
 */

import type { NativeModule } from './bridge';

declare const require: (path: string) => unknown;
declare const __dirname: string;
declare const process: { readonly env: { readonly [name: string]: string | undefined } };

/** The name of the engine that the environment variable ARKFFI_ENGINE asks for; undefined if it is not set. */
export const wantedEngine = process.env.ARKFFI_ENGINE;

/**
 * Loads the native module from the path in the environment variable ARKFFI_NATIVE_MODULE, or else from this file's
 * folder.
 * @throws what the host's `require` throws.
 */
export function loadNative(): NativeModule {
  return require(process.env.ARKFFI_NATIVE_MODULE || `${__dirname}/liblibrary.node`) as NativeModule;
}

/** The key of the method that `console.log` calls to learn what to print for an object. */
export const INSPECT: symbol = Symbol.for('nodejs.util.inspect.custom');
