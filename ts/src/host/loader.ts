/**
 * Finds and loads the native module. The places are tried in this order:
 *
 * 1. The file that the environment variable ARKFFI_NATIVE_MODULE names.
 * 2. `liblibrary.node` beside arkffi's JavaScript: what `make build` or `npx arkffi build` has made on this machine.
 * 3. The build for this platform in the folder `prebuilds`.
 * 4. `liblibrary.node` beside the program: for programs that are a single file.
 *
 * The first two are meant if they are there, so if one does not load, no other is tried.
 */

import type { NativeModule } from './bridge';
import { files, hasPermissions, isGranted, modules } from './builtin';
import { faultOfBuild } from './build';
import { faultOf, faultOfKind, isCutOff, NO_FILE } from './diagnosis';
import { buildsForThis, machineInWords, refusedProcessor } from './machine';
import { trustedVariable } from './variables';

declare const __dirname: string | undefined;
declare const process: {
  readonly execPath: string;
  readonly platform: string;
  readonly cwd: () => string;
  readonly versions?: object;
};

/**
 * The builds that come with arkffi, by their names. `tools/build-ts.mjs` hands them over to the library: each function
 * has a literal `require`, so that bundlers find the file.
 */
declare const prebuilt: { readonly [build: string]: (() => unknown) | undefined };

const FILE = 'liblibrary.node';

/** Why the native module could not be loaded. */
export class NotLoaded {
  constructor(
    readonly message: string,
    /** The error of the host; undefined if there was nothing to load. */
    readonly cause?: unknown,
  ) {}

  /** The code of what the host threw. */
  get code(): string {
    if (this.cause === undefined) return 'ERR_FFI_NOT_SUPPORTED';
    const { code } = Object(this.cause) as { readonly code?: unknown };
    return typeof code === 'string' ? code : 'ERR_FFI_LIBRARY_NOT_FOUND';
  }
}

/** @throws NotLoaded, or what the native module throws when it starts. */
export function loadNative(): NativeModule {
  const refused = refusedProcessor();
  if (refused) throw new NotLoaded(`${refused} (${machineInWords()})`);
  const given = trustedVariable('ARKFFI_NATIVE_MODULE');
  if (given) return loadFile(absolute(given), `ARKFFI_NATIVE_MODULE names ${given}: it`, '');
  const own = typeof __dirname === 'string' ? `${__dirname}/${FILE}` : undefined;
  if (own && isThere(own)) return loadFile(own, `${own}, which was built on this machine,`, adviceToBuild());
  return loadPrebuilt();
}

function loadPrebuilt(): NativeModule {
  const names = buildsForThis();
  const failures: string[] = [];
  let cause: unknown;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const load = prebuilt[name];
    if (!load) continue;
    try {
      checkWhole(pathOfPrebuilt(name));
      return checked(load(), `prebuilds/${name}/${FILE}`, adviceToBuild());
    } catch (error) {
      if (isOwn(error)) throw error;
      cause ??= error;
      failures.push(`prebuilds/${name}/${FILE} ${faultOfPrebuilt(name, error)}`);
    }
  }
  const beside = `${folderOf(process.execPath)}/${FILE}`;
  if (isThere(beside)) return loadFile(beside, `${beside}, beside the program,`, adviceToBuild());
  const all = Object.keys(prebuilt);
  if (failures.length === 0) failures.push(`there is no build for it, only for ${all.join(', ')}`);
  const fault = failures.join('; ');
  throw new NotLoaded(message(fault, adviceFor(cause), adviceToBuild()), cause);
}

/** `howToBuild` is the advice to build the file again; `''` for one that the program has chosen. */
function loadFile(path: string, what: string, howToBuild: string): NativeModule {
  let loaded: unknown;
  try {
    checkFile(path);
    checkWhole(path);
    loaded = modules().createRequire(path)(path);
  } catch (error) {
    if (isOwn(error)) throw error;
    throw new NotLoaded(
      message(`${what} ${faultOf(path) ?? faultOfName(path) ?? faultIn(error)}`, adviceFor(error), howToBuild),
      error,
    );
  }
  return checked(loaded, what, howToBuild);
}

/**
 * What was loaded, if it is the native module that belongs to this JavaScript. Bundlers that make it an ES module have it in
 * `default`.
 */
function checked(loaded: unknown, what: string, howToBuild: string): NativeModule {
  const { default: inside } = Object(loaded) as { readonly default?: unknown };
  const module = [loaded, inside].find((one) => typeof Object(one).finishErrors === 'function');
  const refused = (fault: string, reason: string): NotLoaded =>
    new NotLoaded(message(`${what} ${fault}`, '', howToBuild), new TypeError(reason));
  if (module === undefined) throw refused("is not arkffi's native module", `no function finishErrors in ${what}`);
  const fault = faultOfBuild(module as Partial<NativeModule>);
  if (fault === undefined) return module as NativeModule;
  throw refused(fault, `${what} ${fault}`);
}

/** How to get a native module by building it. The command is known to work on Linux; for other systems a page says what is. */
function adviceToBuild(): string {
  return process.platform === 'linux'
    ? '; `npx arkffi build` makes a native module for this machine (docs/install.md)'
    : '; docs/install.md says what is known of building one on this system';
}

/** What no other build of the native module would change: who may read the file, where it lies, what the host allows. */
const OF_THE_PLACE = /may not be read|no code may run|system refuses memory for code|with the --allow-ffi flag/;

function message(fault: string, advice: string, howToBuild: string): string {
  const isOfPlace = OF_THE_PLACE.test(fault) || /--(allow|no)-addons/.test(advice);
  return `arkffi's native module cannot be loaded on ${machineInWords()}: ${fault}${advice}${isOfPlace ? '' : howToBuild}`;
}

/**
 * @throws an error for what is no file, such as a pipe, which the system's loader would wait for, and for a file that hosts
 *   would run as JavaScript because of its name.
 */
function checkFile(path: string): void {
  const fault =
    faultOfKind(path) === NO_FILE ? 'not a regular file' : faultOfName(path) && 'not named as a native module';
  if (fault) throw Object.assign(new Error(`${path}: ${fault}`), { code: 'ERR_DLOPEN_FAILED' });
}

/** What is wrong with the name of a file that is there. */
function faultOfName(path: string): string | undefined {
  if (path.endsWith('.node') || !isThere(path) || faultOfKind(path)) return undefined;
  return 'has a name that does not end in .node, by which native modules are known';
}

/** Where the build is in arkffi's package; undefined inside a bundle. */
function pathOfPrebuilt(name: string): string | undefined {
  const path = typeof __dirname === 'string' ? `${__dirname}/../prebuilds/${name}/${FILE}` : undefined;
  return path && isThere(path) ? path : undefined;
}

function faultOfPrebuilt(name: string, error: unknown): string {
  const path = pathOfPrebuilt(name);
  const { code, message: text } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  if (path) return faultOf(path) ?? faultIn(error);
  const isMissing = code === 'MODULE_NOT_FOUND' && String(text).includes(`prebuilds/${name}`);
  return isMissing ? 'is not there: this copy of arkffi is not complete' : faultIn(error);
}

/** @throws an error like the system's loader's. */
function checkWhole(path: string | undefined): void {
  if (!path || !isCutOff(path)) return;
  throw Object.assign(new Error(`${path}: file too short`), { code: 'ERR_DLOPEN_FAILED' });
}

/** The host's own words: the first line. */
function faultIn(error: unknown): string {
  const first = String(Object(error).message ?? error)
    .split('\n')[0]
    .replace(/\.$/, '');
  return `does not load: ${first}${/failed to map segment/.test(first) ? ' (the system refuses memory for code)' : ''}`;
}

function adviceFor(error: unknown): string {
  const { code, message: text } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  if (code === 'ERR_DLOPEN_DISABLED') {
    return hasPermissions
      ? '; Node.js needs --allow-addons with --permission'
      : '; Node.js was started with --no-addons';
  }
  if (code === 'ERR_UNKNOWN_BUILTIN_MODULE') {
    return `; a single executable needs ${FILE} beside it, in ${folderOf(process.execPath)} (docs/bundling.md)`;
  }
  if (/^Dynamic require of/.test(String(text))) return '; docs/bundling.md has the option for this bundler';
  if (/GLIBC_[\d.]+' not found/.test(String(text))) return "; this system's glibc is older than the one that it needs";
  return '';
}

/** Whether the error needs no explanation: the native module threw it when it started, or it has been explained. */
function isOwn(error: unknown): boolean {
  const { code } = Object(error) as { readonly code?: unknown };
  return error instanceof NotLoaded || (typeof code === 'string' && code.startsWith('ERR_FFI_'));
}

function isThere(path: string): boolean {
  try {
    return isGranted({ name: 'read', path }) && files().existsSync(path);
  } catch {
    return false;
  }
}

function absolute(path: string): string {
  return /^([/\\]|[A-Za-z]:)/.test(path) ? path : `${process.cwd()}/${path}`;
}

function folderOf(path: string): string {
  return path.replace(/[/\\][^/\\]*$/, '');
}
