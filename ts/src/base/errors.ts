/** The one place where this library makes errors; those of the native module look the same. */

import { errorClasses } from './errors.generated';
import type { ErrorCode } from './errors.generated';

/** What every error of this library is: its class says which kind, its `code` which one. */
export interface FfiError extends Error {
  readonly code: ErrorCode;
}

/** Makes an error of the class that goes with its code. */
export function ffiError(code: ErrorCode, message: string): FfiError {
  return Object.assign(new errorClasses[code](message), { code });
}

/** Whether something that was thrown has that code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code;
}

/** The failure of a value that has the wrong type: `place: expected X, got Y`. */
export function wrongType(place: string, expected: string, got: unknown): FfiError {
  return ffiError(
    'ERR_FFI_INVALID_ARG_TYPE',
    `${place}: expected ${expected}, got ${got === null ? 'null' : typeof got}`,
  );
}

/** Refuses what is no integer, or less than `least`. */
export function checkInteger(value: unknown, place: string, least: number): asserts value is number {
  if (typeof value !== 'number') throw wrongType(place, 'a number', value);
  if (Number.isSafeInteger(value) && value >= least) return;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${value} is not an integer from ${least} to 2^53 - 1`);
}

/** Runs a function of the native module in the name of one of ours: messages begin with it. */
export function inNameOf<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const failure = error as FfiError;
    failure.message = failure.message.replace(/^\w+: /, `${name}: `);
    throw failure;
  }
}

const LONGEST_QUOTE = 40;

/** A part of a definition in words, for messages. Runs none of the value's own code, so it works on anything. */
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

/** `; did you mean 'double'?` where a candidate is near, else nothing. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const allowed = Math.min(name.length - 1, Math.max(1, Math.floor(name.length / 3)));
  let nearest: string | undefined;
  let least = allowed + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > allowed) continue;
    const steps = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (steps < least) [nearest, least] = [candidate, steps];
  }
  return nearest === undefined ? '' : `; did you mean '${nearest}'?`;
}

/** How many letters to insert, delete, replace or swap with their neighbour to make one word of the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let steps = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        steps = Math.min(steps, beforeLast[column - 2] + 1);
      }
      current.push(steps);
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length];
}
