/** Node.js, Bun and Deno: how the native module is found and loaded, and what else these hosts alone have. */

import type { NativeModule } from './bridge';

declare const require: (path: string) => unknown;
declare const __dirname: string;
declare const process: { readonly env: { readonly [name: string]: string | undefined } };

/** The engine that the environment variable ARKFFI_ENGINE asks for. */
export const wantedEngine = process.env.ARKFFI_ENGINE;

/**
 * Loads the native module: beside this file, or where the environment variable ARKFFI_NATIVE_MODULE says.
 * @throws whatever the host throws where it cannot.
 */
export function loadNative(): NativeModule {
  return require(process.env.ARKFFI_NATIVE_MODULE || `${__dirname}/liblibrary.node`) as NativeModule;
}

/** The name of the method that the host's `console.log` asks an object for what to show. */
export const INSPECT: symbol = Symbol.for('nodejs.util.inspect.custom');
