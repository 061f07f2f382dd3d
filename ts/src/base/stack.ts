/**
 * Stack traces of arkffi's errors: they begin with the program's own line. This file must be the first one that
 * `index.ts` imports, because the code of arkffi is what lies between this file and the last line of `index.ts`. That
 * is also true inside a bundle, where other code lies in the same file. Only what this file imports lies before it, and
 * makes no errors.
 */

import { append, defineOwn } from './own';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The constructor of errors, with what V8 and the engines that imitate it add. */
interface StackTraces {
  stackTraceLimit?: unknown;
  readonly captureStackTrace?: (error: object, above: typeof beginAtProgram) => void;
}

const traces: StackTraces = Error as StackTraces;

/** The name that stack traces have for the JavaScript that arkffi has the host evaluate. */
export const GENERATED_CODE = 'arkffi:call';

/**
 * What begins each line of a stack trace. Nothing here is a regular expression: V8 ends the process if the stack ends while it
 * compiles one, and errors are also made where the stack ends.
 */
const AT = '\n    at ';

/** A part of a file that is arkffi's code, by errors made at its first and its last line. */
interface Part {
  readonly first: Error;
  readonly last: Error;
}

interface Span {
  readonly first: Place;
  readonly last: Place;
}

const parts: Part[] = [];
/** The places of the parts. V8 takes long to find the lines of a large file, so that is left to the first trace. */
const spans: Span[] = [];

const first = new Error();

/** To be called by the last line of `index.ts`, with an error made there. */
export function endOfCode(last: Error): void {
  ownCode(first, last);
}

/** To be called by the last line of each further file, with errors made at its first line and there. */
export function ownCode(first: Error, last: Error): void {
  append(parts, { first, last });
}

function ownSpans(): readonly Span[] {
  try {
    for (let i = spans.length; i < parts.length; i++) {
      const first = placeOf(firstLine(parts[i].first.stack));
      const last = placeOf(firstLine(parts[i].last.stack));
      if (first.line === 0 || last.line === 0) break; // the program has replaced the traces by something else, for now
      append(spans, { first, last });
    }
  } catch {} // the stack has ended
  return spans;
}

function firstLine(stack: unknown): string {
  if (typeof stack !== 'string') return '';
  const at = stack.indexOf(AT);
  return at < 0 ? '' : stack.slice(at + 1).split('\n', 1)[0];
}

/** The place at the end of a line, `    at name (file:line:column)`; line and column are 0 if it has none. */
function placeOf(line: string): Place {
  const end = line.endsWith(')') ? line.length - 1 : line.length;
  const from = (line.endsWith(')') ? line.lastIndexOf('(') : line.indexOf('at ') + 2) + 1;
  const second = line.lastIndexOf(':', end);
  const first = line.lastIndexOf(':', second - 1);
  const row = Number(line.slice(first + 1, second));
  const column = Number(line.slice(second + 1, end));
  if (first < from || !(row > 0 && column > 0)) return { file: line.slice(from, end), line: 0, column: 0 };
  return { file: line.slice(from, first), line: row, column };
}

function isBefore(one: Place, other: Place): boolean {
  return one.line < other.line || (one.line === other.line && one.column <= other.column);
}

function isOwn(line: string): boolean {
  if (line.includes(GENERATED_CODE)) return true;
  const place = placeOf(line);
  if (line.endsWith(')') && isWithoutFile(place)) return true;
  return ownSpans().some(({ first, last }) => {
    return place.file === first.file && isBefore(first, place) && isBefore(place, last);
  });
}

/**
 * Whether a line in parentheses stands for a function of a native module, as Bun has it, `at load (unknown:1:1)`, or for code
 * that arkffi evaluates, as Deno has it, `at add (<anonymous>:8:12)`.
 */
function isWithoutFile({ file, line }: Place): boolean {
  return file === 'unknown' || (file === '<anonymous>' && line > 0);
}

/** Whether a line stands for a function of the JavaScript engine: `at Array.map (<anonymous>)`. */
function isBuiltIn(line: string): boolean {
  if (!line.endsWith(')')) return false;
  const { file, line: row } = placeOf(line);
  return file === 'native' || (file === '<anonymous>' && row === 0);
}

/** The index at which arkffi's own lines end in a trace, before the line break. `header` is the text before all lines. */
function ownEnd(stack: string, header: string): number {
  // The message may have lines that look like those of a trace.
  const skipped = stack.startsWith(header) ? header.length : 0;
  const found = stack.indexOf(AT, skipped);
  let end = found < 0 ? stack.length : found;
  for (let at = end; at < stack.length;) {
    const next = stack.indexOf('\n', at + 1);
    const line = stack.slice(at + 1, next < 0 ? stack.length : next);
    const own = isOwn(line);
    if (!own && !isBuiltIn(line)) break;
    at = next < 0 ? stack.length : next;
    if (own) end = at;
  }
  return end;
}

/** The most lines of a trace that arkffi's own functions take up. */
const MOST_OWN = 20;

/**
 * Makes the stack trace of an error begin with the program's own line. It must be called where the error is made. It
 * changes nothing on hosts whose traces it cannot read, and where the program has replaced the traces by something else
 * than text.
 *
 * V8 writes a trace as text when a program first reads it, which takes longer than to make the error. So arkffi's own
 * lines are removed then, too.
 */
export function beginAtProgram<E extends Error>(error: E): E {
  try {
    if (typeof traces.captureStackTrace !== 'function') error.stack = cut(error.stack, error, Infinity) as string;
    else replaceStack(error, captureMore(error, traces.captureStackTrace));
  } catch {
    // Where the program has frozen or replaced the properties of `Error`, the error stays as it is.
  }
  return error;
}

/** The stack from here on, with room for arkffi's own lines besides those that the program wants. */
function captureMore(error: Error, captureStackTrace: NonNullable<StackTraces['captureStackTrace']>): Error {
  const trace = Object.create(error) as Error; // it has the name and the message, which are part of the text
  const { stackTraceLimit } = traces;
  if (typeof stackTraceLimit !== 'number') throw error;
  traces.stackTraceLimit = stackTraceLimit + MOST_OWN;
  try {
    captureStackTrace(trace, beginAtProgram);
  } finally {
    traces.stackTraceLimit = stackTraceLimit;
  }
  return trace;
}

function replaceStack(error: Error, trace: Error): void {
  const most = traces.stackTraceLimit as number;
  const settle = (value: unknown): void => {
    defineOwn(error, 'stack', { value, writable: true, configurable: true });
  };
  const get = (): unknown => {
    const stack = cut(trace.stack, error, most);
    settle(stack);
    return stack;
  };
  defineOwn(error, 'stack', { get, set: settle, configurable: true });
}

/** A trace of an error without arkffi's own lines, and with at most that number of lines. */
function cut(stack: unknown, { name, message }: Error, most: number): unknown {
  if (typeof stack !== 'string') return stack;
  const header = message === '' ? name : `${name}: ${message}`;
  const lines = stack.slice(ownEnd(stack, header) + 1).split('\n');
  return [header].concat(lines.slice(0, most)).join('\n');
}
