/**
 * What depends on the host, for OpenHarmony. In the HAR this file is `host.ts`: `tools/openharmony/har/sources.mjs` puts
 * it there. The system finds the native module by its name, among the libraries of the app.
 */

// @ts-ignore -- the name of a library: its types are for programs in ArkTS, and the compiler has none for it here
import library from 'liblibrary.so';
import type { NativeModule } from './bridge';
import type { HostCalls, SymbolCalls } from './calls';
import { faultOfBuild } from './build';

/** Why the native module could not be loaded. */
export class NotLoaded {
  constructor(
    readonly message: string,
    /** What the system gave instead of the native module. */
    readonly cause?: unknown,
  ) {}

  /** The code of the error. */
  get code(): string {
    return 'ERR_FFI_NOT_SUPPORTED';
  }
}

/**
 * The system has loaded the native module before this code runs. Where it found none, or that of another package with the
 * same file name, the name stands for something else.
 * @throws NotLoaded.
 */
export function loadNative(): NativeModule {
  const loaded = library as unknown as Partial<NativeModule> | undefined;
  let there: string | undefined = 'belongs to another package of this app';
  if (loaded === undefined || loaded === null) there = 'is not in this app';
  else if (typeof loaded.finishErrors === 'function') there = faultOfBuild(loaded);
  if (there === undefined) return loaded as NativeModule;
  const advice = "README.md of arkffi's package says how two packages with a file of this name can be in one app";
  throw new NotLoaded(`arkffi's native module cannot be loaded: liblibrary.so ${there}; ${advice}`, loaded);
}

/** An app has no environment variables: the engine is the fastest that works. */
export const wantedEngine: string | undefined = undefined;

/** The host calls no C function of a program by itself. */
export const hostCalls: HostCalls | undefined = undefined;
export const symbolCalls: SymbolCalls | undefined = undefined;

/** The engine is not V8, so this is not asked. */
export function compressesPointers(): boolean {
  return false;
}

/** The path under which the system's loader finds a file. */
export function pathForLoader(path: string): string {
  return path;
}

/** The path in a URL of a file. */
export function pathInUrl(pathname: string): string | undefined {
  return pathname;
}

/** No console of OpenHarmony asks an object for its text, so nothing looks this key up. */
export const INSPECT: symbol = Symbol('arkffi.inspect');

/** What the names of shared libraries end with on this system, without the dot. */
export const suffix: 'so' | 'dylib' | 'dll' = 'so';
