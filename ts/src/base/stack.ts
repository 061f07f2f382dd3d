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

/** The place at the end of a line of a stack trace: `    at name (file:line:column)`. */
const PLACE = /^ *at (?:.*\()?(.*):(\d+):(\d+)\)?$/;

/** What begins each line of a stack trace. */
const AT = /\n *at /;

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
  append(parts, { first, last });
}

/** To be called by the last line of each further file, with errors made at its first line and there. */
export function ownCode(first: Error, last: Error): void {
  append(parts, { first, last });
}

function ownSpans(): readonly Span[] {
  for (let i = spans.length; i < parts.length; i++) {
    const first = placeOf(firstLine(parts[i].first.stack));
    const last = placeOf(firstLine(parts[i].last.stack));
    if (!first || !last) break; // the program has replaced the traces by something else than text, for now at least
    append(spans, { first, last });
  }
  return spans;
}

function firstLine(stack: unknown): string {
  if (typeof stack !== 'string') return '';
  const at = stack.search(AT);
  return at < 0 ? '' : stack.slice(at + 1).split('\n', 1)[0];
}

function placeOf(line: string): Place | undefined {
  const found = PLACE.exec(line);
  return found ? { file: found[1], line: Number(found[2]), column: Number(found[3]) } : undefined;
}

function isBefore(one: Place, other: Place): boolean {
  return one.line < other.line || (one.line === other.line && one.column <= other.column);
}

function isOwn(line: string): boolean {
  if (line.includes(GENERATED_CODE) || isNativeOnBun(line) || isGeneratedOnDeno(line)) return true;
  const inFile = ownSpans().filter(({ first }) => line.includes(first.file));
  if (inFile.length === 0) return false;
  const place = placeOf(line);
  if (!place) return false;
  return inFile.some(({ first, last }) => {
    return place.file === first.file && isBefore(first, place) && isBefore(place, last);
  });
}

/** Whether a line stands for a function of a native module, as Bun has it: `at load (unknown:1:1)`. */
function isNativeOnBun(line: string): boolean {
  return /\(unknown(:\d+:\d+)?\)$/.test(line);
}

/** Whether a line stands for code without a file, as Deno has what arkffi evaluates: `at add (<anonymous>:8:12)`. */
function isGeneratedOnDeno(line: string): boolean {
  return /\(<anonymous>:\d+:\d+\)$/.test(line);
}

/** Whether a line stands for a function of the JavaScript engine: `at Array.map (<anonymous>)`. */
function isBuiltIn(line: string): boolean {
  return /\((<anonymous>|native(:\d+:\d+)?)\)$/.test(line);
}

/** The index at which arkffi's own lines end in a trace, before the line break. `header` is the text before all lines. */
function ownEnd(stack: string, header: string): number {
  // The message may have lines that look like those of a trace.
  const skipped = stack.startsWith(header) ? header.length : 0;
  const found = stack.slice(skipped).search(AT);
  let end = found < 0 ? stack.length : skipped + found;
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
