// The output of the demonstration: sections, calls with their results, and checks that must hold.
import { inspect } from 'node:util';

const inColour = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const paint = (code) => (text) => (inColour ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
const red = paint(31);
const green = paint(32);
const yellow = paint(33);
const cyan = paint(36);

const CODE_WIDTH = 46; // the result of longer code is printed on the next line

const count = { passed: 0, failed: 0, skipped: 0 };
const print = (line = '') => console.log(line);

/**
 * Runs one topic: an object with a `title`, a subtitle `shows`, and `run`. If the machine does not have the library
 * that `needs` names, the topic is skipped and one line says so.
 */
export async function section({ title, shows, needs, run }) {
  print(`\n${bold(title)}\n${dim(shows)}\n`);
  try {
    await run();
  } catch (error) {
    if (needs && error.code === 'ERR_FFI_LIBRARY_NOT_FOUND') {
      count.skipped++;
      print(`  ${yellow('–')} skipped: this machine has no ${needs}`);
    } else {
      fail(error.stack);
    }
  }
}

/**
 * Runs `call`, prints its source text and its result, and returns the result. A Promise is awaited. `format` turns the
 * result into text; its second argument is the time that the call took, in milliseconds.
 */
export async function show(call, format = (result) => inspect(result)) {
  const start = performance.now();
  let result = call();
  const isAsync = typeof result?.then === 'function';
  if (isAsync) result = await result;
  printCall((isAsync ? 'await ' : '') + sourceOf(call), format(result, performance.now() - start));
  return result;
}

/** Runs `call`, which must throw, prints its source text and the error as a user sees it, and returns the error. */
export function showError(call) {
  try {
    call();
  } catch (error) {
    print(`  ${cyan(sourceOf(call))}\n    ${yellow(`${error.name} [${error.code}]`)}\n    ${error.message}`);
    return error;
  }
  throw new Error(`${sourceOf(call)} did not fail`);
}

/** Prints whether a check holds. If it does not, the demonstration fails. */
export function check(what, isTrue) {
  if (!isTrue) return fail(what);
  count.passed++;
  print(`  ${green('✓')} ${what}`);
}

/** Prints the totals and returns the exit code. */
export function finish() {
  const { passed, failed, skipped } = count;
  const mark = failed ? red('✗') : green('✓');
  const seconds = (performance.now() / 1000).toFixed(1);
  const parts = [`${passed} checks passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`];
  print(`\n${mark} ${bold(parts.filter(Boolean).join(', '))} ${dim(`in ${seconds} s`)}`);
  return failed ? 1 : 0;
}

function fail(what) {
  count.failed++;
  print(`  ${red('✗')} ${what}`);
}

function printCall(code, result) {
  const arrow = dim('→');
  if (code.length > CODE_WIDTH) print(`  ${cyan(code)}\n    ${arrow} ${result}`);
  else print(`  ${cyan(code)}${' '.repeat(CODE_WIDTH - code.length)} ${arrow} ${result}`);
}

/** The text of `() => text`, on one line. */
function sourceOf(call) {
  return String(call)
    .replace(/^(async )?\(\) =>\s*/, '')
    .replace(/\s*\n\s*/g, ' ');
}
