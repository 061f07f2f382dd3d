/**
 * Makes all errors of the TypeScript layer. Those of the native module have the same classes, codes and form of
 * message.
 */

import { errorClasses } from './errors.generated';
import type { ErrorCode } from './errors.generated';
import { explain } from './kinds';
import { append, setOwn } from './own';
import { beginAtProgram } from './stack';

/** The type of every error that arkffi throws. The class depends on the code. */
export interface FfiError extends Error {
  readonly code: ErrorCode;
}

/** Whether something that was thrown is an error with this code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code;
}

const CLOSED: readonly string[] = ['ERR_FFI_CALLBACK_CLOSED', 'ERR_FFI_LIBRARY_CLOSED', 'ERR_FFI_ARENA_CLOSED'];

/**
 * The error of a closed object whose address is asked for says only which one it is: this one says where it was passed
 * too, as the native module does. Other errors stay as they are.
 */
export function closedAt(place: string, error: unknown): unknown {
  const { code, message } = Object(error) as FfiError;
  return CLOSED.includes(code) ? ffiError(code, `${place}: ${message}`) : error;
}

/** Makes the error for a value of the wrong type: `place: expected X, got Y`. */
export function wrongType(place: string, expected: string, got: unknown): FfiError {
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected ${expected}, got ${explain(expected, got)}`);
}

/**
 * Checks that a value is an integer from `least` to 2^53 - 1.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`, RangeError `ERR_FFI_OUT_OF_RANGE`; the message begins with `place`.
 */
export function checkInteger(value: unknown, place: string, least: number): asserts value is number {
  if (typeof value !== 'number') throw wrongType(place, 'a number', value);
  if (Number.isSafeInteger(value) && value >= least) return;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${value} is not an integer from ${least} to 2^53 - 1`);
}

/** Makes an error of the class that belongs to the code. */
export function ffiError(code: ErrorCode, message: string): FfiError {
  return setOwn(beginAtProgram(new errorClasses[code](message)), 'code', code) as FfiError;
}

/**
 * Runs a function of the native module. If it fails, the message begins with `name` instead of the native function's
 * name.
 */
export function inNameOf<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw renamed(error, isWord, name);
  }
}

/** How a message begins, and how it is to begin instead. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

/**
 * Runs functions that say in their messages what they are called, which is not what the program has called. A message
 * begins as the first of `names` says whose `from` it begins with.
 */
export function inNamesOf<T>(names: readonly Renaming[], run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw inNames(names, error);
  }
}

/** An error as `inNamesOf` throws it. */
export function inNames(names: readonly Renaming[], error: unknown): unknown {
  const { code, message } = Object(error) as FfiError;
  const isOurs = typeof code === 'string' && code in errorClasses;
  const name = isOurs ? names.find(({ from }) => message.startsWith(from)) : undefined;
  return name ? ffiError(code, name.to + message.slice(name.from.length)) : error;
}

/** The functions of the native module that read and write memory, as their messages begin. */
const ACCESS = ['readText', 'readMemory', 'writeMemory', 'readInto', 'readCString', 'encodeText', 'ptr'];

/** An error of a native function that reads or writes memory, in the name of what the program has called. */
export function inNameOfAccess(name: string, error: unknown): unknown {
  return renamed(error, (from) => ACCESS.includes(from), name);
}

/** Without a regular expression, which V8 cannot compile where the stack ends. */
function isWord(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    const isPart =
      (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    if (!isPart && letter !== '_') return false;
  }
  return text !== '';
}

/** The error, whose message begins with `to` if it begins with a name that `isFrom` is true for. */
function renamed(error: unknown, isFrom: (name: string) => boolean, to: string): unknown {
  const { code, message } = Object(error) as FfiError;
  if (typeof code !== 'string' || !(code in errorClasses)) return error;
  const end = message.indexOf(': ');
  return end > 0 && isFrom(message.slice(0, end)) ? ffiError(code, to + message.slice(end)) : error;
}

const LONGEST_QUOTE = 40;

/** Describes a value for a message. It runs no code of the value's, such as getters, so it is safe for any value. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length <= LONGEST_QUOTE ? `'${value}'` : `'${value.slice(0, LONGEST_QUOTE)}…'`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}

/** Longer names are neither looked up nor suggested. */
const LONGEST_NAME = 64;

/**
 * `; did you mean 'double'?` if one of the candidates is near, otherwise `''`. The rule is that of
 * `core/include/arkffi/suggest.h`, so that TypeScript and C give the same hint for the same typo: the first of the
 * nearest candidates, if it is at most one edit for each three characters of the name away, and one edit for shorter
 * names. ASCII letters are compared without regard to case. Names of more than 64 characters get no hint.
 */
export function suggestion(name: string, candidates: readonly string[]): string {
  const near = nearestOf(name, candidates);
  return near.length === 0 ? '' : `; did you mean '${near[0]}'?`;
}

/** Refuses an option that is none of those. `place` begins the message. */
export function checkOptions(options: object, known: readonly string[], place: string): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = suggestion(unknown, known);
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: options: unknown option ${describe(unknown)}${near}`);
}

/** The candidates that are as near as the nearest one; none if all are too far away. */
export function nearestOf(name: string, candidates: readonly string[]): string[] {
  if (name.length > LONGEST_NAME) return [];
  const wanted = folded(name);
  let nearest: string[] = [];
  let least = Math.max(1, Math.floor(name.length / 3));
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i];
    if (candidate.length > LONGEST_NAME || Math.abs(candidate.length - name.length) > least) continue;
    const edits = editDistance(wanted, folded(candidate));
    if (edits > least) continue;
    if (edits < least) nearest = [];
    least = edits;
    append(nearest, candidate);
  }
  return nearest;
}

function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * The number of insertions, deletions, substitutions and swaps of neighbours that turn one word into the other (optimal
 * string alignment).
 */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last: number[] = [];
  for (let column = 0; column <= to.length; column++) append(last, column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let edits = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        edits = Math.min(edits, beforeLast[column - 2] + 1);
      }
      append(current, edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length];
}
