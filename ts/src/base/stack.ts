/**
 * Stack traces of arkffi's errors: they begin with the program's own line. This file must be the first one that
 * `index.ts` imports, and beginning.ts the first one that this file imports, because the code of arkffi is what lies
 * between that one and the last line of `index.ts`. That is also true inside a bundle, where other code lies in the same
 * file.
 */

import { beginning } from './beginning'; // the first import: see above
import { append, defineOwn } from './own';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The constructor of errors, with what V8 and the engines that imitate it add. */
interface StackTraces {
  stackTraceLimit?: unknown;
  prepareStackTrace?: unknown;
  readonly captureStackTrace?: (error: object, above: typeof beginAtProgram) => void;
}

const traces: StackTraces = Error as StackTraces;

/** The name that stack traces have for the JavaScript that arkffi has the host evaluate. */
const GENERATED_CODE = 'arkffi:call';

/**
 * The text of an expression as the host is to evaluate it; it has no comments. Above an uncaught error Node.js prints the
 * line of code that threw it, and this would be none of the program's. Node.js leaves out a line that has these words,
 * and so all of the text is one line. tools/library.mjs does the same with arkffi's files.
 */
export function generated(text: string): string {
  return `/* node-do-not-add-exception-line */ ${text.split('\n').join(' ')}\n//# sourceURL=${GENERATED_CODE}`;
}

/**
 * What begins each line of a stack trace. Nothing here is a regular expression: V8 ends the process if the stack ends while it
 * compiles one, and errors are also made where the stack ends.
 */
const LINE = '    at ';
const AT = `\n${LINE}`;

/** What Bun writes before the lines of any object that is not an error. */
const HEADER_OF_BUN = 'Error';

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
/** The places of the parts. V8 takes long to write a trace, so that is left to the first one that is read. */
const spans: Span[] = [];
/** The number of parts whose places have been looked for. */
let looked = 0;

/** To be called by the last line of `index.ts`, with an error made there. */
export function endOfCode(last: Error): void {
  ownCode(beginning, last);
}

/** To be called by the last line of each further file, with errors made at its first line and there. */
export function ownCode(first: Error, last: Error): void {
  append(parts, { first, last });
}

function ownSpans(): readonly Span[] {
  if (looked === parts.length) return spans;
  const { prepareStackTrace } = traces;
  try {
    // The host writes a trace when it is first read, by a function of the program's if there is one.
    if (prepareStackTrace !== undefined) setIn(traces, 'prepareStackTrace', undefined);
    for (; looked < parts.length; looked++) {
      const first = placeOf(firstLine(parts[looked].first.stack));
      const last = placeOf(firstLine(parts[looked].last.stack));
      // Otherwise the program wanted no traces when they were made, or has frozen its function.
      if (first.line > 0 && last.line > 0) append(spans, { first, last });
    }
  } catch {
    // The stack has ended.
  } finally {
    // Not by a call, which would need room on the stack.
    if (traces.prepareStackTrace !== prepareStackTrace) traces.prepareStackTrace = prepareStackTrace;
  }
  return spans;
}

/** Sets a property, unless the program has frozen the object. False if it has. */
function setIn<K extends keyof StackTraces>(target: StackTraces, key: K, value: StackTraces[K]): boolean {
  try {
    target[key] = value;
    return true;
  } catch {
    return false;
  }
}

function firstLine(stack: unknown): string {
  if (typeof stack !== 'string') return '';
  const at = stack.indexOf(AT);
  return at < 0 ? '' : stack.slice(at + 1).split('\n', 1)[0];
}

/** Deno writes the paths of some files as URLs, but not for a program that writes traces itself. */
const FILE_URL = 'file://';

/** The place at the end of a line, `    at name (file:line:column)`; line and column are 0 if it has none. */
function placeOf(line: string): Place {
  const end = line.endsWith(')') ? line.length - 1 : line.length;
  const start = (line.endsWith(')') ? line.lastIndexOf('(') : line.indexOf('at ') + 2) + 1;
  const from = line.startsWith(FILE_URL, start) ? start + FILE_URL.length : start;
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

/** The index of the first line break before a line of the trace itself; the length of the text if it has no such line. */
function linesBegin(stack: string, header: string): number {
  // The message may have lines that look like those of a trace.
  const at = stack.indexOf(AT, stack.startsWith(header) ? header.length : 0);
  return at < 0 ? stack.length : at;
}

/** The index at which arkffi's own lines end in a trace whose lines begin there, before the line break. */
function ownEnd(stack: string, begin: number): number {
  let end = begin;
  for (let at = begin; at < stack.length;) {
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
 * changes nothing on hosts whose traces it cannot read, and where the program has replaced the traces by something in
 * which no line is known to be arkffi's.
 *
 * V8 writes a trace as text when a program first reads it, which takes longer than to make the error. So arkffi's own
 * lines are removed then, too.
 */
export function beginAtProgram<E extends Error>(error: E): E {
  try {
    const { name, message } = error;
    const header = message === '' ? name : `${name}: ${message}`;
    if (typeof traces.captureStackTrace !== 'function') error.stack = cut(error.stack, header, Infinity) as string;
    else replaceStack(error, header, captureMore(error, traces.captureStackTrace));
  } catch {
    // Where the program has replaced the properties of `Error`, the error stays as it is.
  }
  return error;
}

/** The stack from here on, with room for arkffi's own lines besides those that the program wants. */
function captureMore(error: Error, captureStackTrace: NonNullable<StackTraces['captureStackTrace']>): Error {
  const trace = Object.create(error) as Error; // it has the name and the message, which are part of the text
  const { stackTraceLimit } = traces;
  if (typeof stackTraceLimit !== 'number') throw error;
  const isRaised = setIn(traces, 'stackTraceLimit', stackTraceLimit + MOST_OWN);
  try {
    captureStackTrace(trace, beginAtProgram);
  } finally {
    if (isRaised) traces.stackTraceLimit = stackTraceLimit; // not by a call: the stack may have ended
  }
  return trace;
}

function replaceStack(error: Error, header: string, trace: Error): void {
  const most = traces.stackTraceLimit as number;
  const settle = (value: unknown): void => {
    defineOwn(error, 'stack', { value, writable: true, configurable: true });
  };
  const get = (): unknown => {
    const stack = cut(trace.stack, header, most);
    settle(stack);
    return stack;
  };
  defineOwn(error, 'stack', { get, set: settle, configurable: true });
}

/**
 * A trace without arkffi's own lines, and with at most that number of lines. `header` is what the host writes before them;
 * what the program has written instead is kept.
 */
function cut(stack: unknown, header: string, most: number): unknown {
  if (typeof stack !== 'string') return stack;
  const begin = linesBegin(stack, header);
  const found = stack.slice(0, begin);
  const isBun = found === HEADER_OF_BUN && found !== header;
  const head = isBun ? header : found;
  const rest = stack.slice(ownEnd(stack, begin) + 1);
  if (rest === '') return head;
  let count = 0;
  const lines = rest.split('\n').filter((line) => !line.startsWith(LINE) || ++count <= most);
  return [head].concat(isBun ? lines.map(withName) : lines).join('\n');
}

/** Of an uncaught error Bun prints no line that has no name, as the top level of a module has none. */
function withName(line: string): string {
  if (line.endsWith(')') || line.startsWith(`${LINE}async `)) return line;
  return line.startsWith(LINE) ? `${LINE}<anonymous> (${line.slice(LINE.length)})` : line;
}
