/**
 * Finds and loads the native module on Node.js, Bun and Deno. The only file that knows the host: on OpenHarmony
 * another one takes its place, and nothing else here may use what a JavaScript engine alone does not have.
 */

import type { NativeModule } from './bridge';
import { ffiError } from './errors';

declare const require: (path: string) => unknown;
declare const __dirname: string;
declare const process: { readonly env: { readonly [name: string]: string | undefined } };

/** The engine that the environment variable ARKFFI_ENGINE asks for. */
export const wantedEngine = process.env.ARKFFI_ENGINE;

/** The native module: beside this file, or where the environment variable ARKFFI_NATIVE_MODULE says. */
export const native = load(process.env.ARKFFI_NATIVE_MODULE || `${__dirname}/liblibrary.node`);

function load(path: string): NativeModule {
  try {
    return require(path) as NativeModule;
  } catch (error) {
    const [reason] = String((error as Error).message).split('\n');
    throw ffiError('ERR_FFI_LIBRARY_NOT_FOUND', `arkffi's native module cannot be loaded, is it built? ${reason}`);
  }
}
