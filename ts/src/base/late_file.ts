/**
 * Loads the files of arkffi that come late, in the npm package: `tools/library.mjs` makes them, and what calls this. The HAR
 * for OpenHarmony is without it.
 */

import { ffiError } from './errors';
import { defineOwn } from './own';

interface HostError {
  readonly name: unknown;
  readonly code: unknown;
  readonly message: unknown;
}

/** What such a file exports. */
interface LateFile<Functions, Core> {
  /** The stamp of the build that it is part of. */
  readonly build: string;
  readonly make: (core: Core) => Functions;
}

/**
 * Gives what a late file exports. Nothing is remembered where that fails, so that the next call tries again.
 * @param load Has the literal `require` of the file.
 * @param build The stamp of the core, which must be that of the file.
 * @throws Error `ERR_FFI_NOT_SUPPORTED` if the file cannot be loaded, with the host's error as its `cause`, and if the file is
 *   of another build.
 */
export function lateFile<Functions, Core>(
  name: string,
  load: () => LateFile<Functions, Core>,
  build: string,
  core: Core,
): Functions {
  let file: Partial<LateFile<Functions, Core>>;
  try {
    useStack(ROOM);
    file = Object(load());
  } catch (error) {
    throw isOfStack(error) ? error : notLoaded(name, error);
  }
  if (file.build === build) return file.make!(core);
  throw lateFault(name, "is of another build: arkffi's files have been replaced while this program runs");
}

/** The calls for which there must be room on the stack, so that the host and the file have enough. */
const ROOM = 500;

/**
 * Calls itself that often, and fails if the stack ends. V8 ends the process if the stack ends while it compiles a regular
 * expression, and the host has several to find a file. Rollup keeps the call because it is inside `try`.
 * @throws RangeError, the host's own.
 */
function useStack(calls: number): number {
  return calls === 0 ? 0 : 1 + useStack(calls - 1);
}

/** Whether the stack has ended, which is no fault of the file. V8 has other words for it where it compiles a regular expression. */
function isOfStack(error: unknown): boolean {
  const { name, code, message } = Object(error) as Partial<HostError>;
  if (code !== undefined) return false;
  return name === 'RangeError' || (name === 'SyntaxError' && String(message).endsWith('Stack overflow'));
}

function notLoaded(name: string, cause: unknown): Error {
  const reason = String(Object(cause).message ?? cause).split('\n', 1)[0];
  return defineOwn(lateFault(name, `cannot be loaded: ${reason}`), 'cause', {
    value: cause,
    writable: true,
    configurable: true,
  });
}

function lateFault(name: string, fault: string): Error {
  const advice = "a program that imports 'arkffi/preload' at its start reads no file of arkffi later";
  return ffiError('ERR_FFI_NOT_SUPPORTED', `arkffi's file dist/library/${name}.cjs ${fault}; ${advice}`);
}
