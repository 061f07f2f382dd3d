// A reporter for the test runner of Node.js that prints each failed test, each skipped one with its reason, and the
// totals. The output of a test file is printed only if one of its tests failed, with the line that repeats the file in
// the part ARKFFI_PART of tools/test.mjs. Now and then it prints how many of the ARKFFI_FILES files have been reported.
// Failures are also written to the file ARKFFI_FAILURES, for callers that run several suites and print the failures at
// the end.
import { appendFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { relative } from 'node:path';

const SHOWN = 8000; // characters of a failed file's output that are printed: enough for a sanitizer's report

const PROGRESS = 60_000; // milliseconds between two lines that say how far the run is

/** Prints how far the run is, now and then, on the standard error, so that the report has only results. */
function showProgress(reported) {
  const start = performance.now();
  const { ARKFFI_FILES: count } = process.env;
  const show = () => {
    const minutes = Math.round((performance.now() - start) / 60_000);
    const last = [...reported].at(-1);
    const until = last ? `, up to ${relative(process.cwd(), last)}` : '';
    process.stderr.write(
      `  ${reported.size}${count ? ` of ${count}` : ''} files reported after ${minutes} min${until}\n`,
    );
  };
  setInterval(show, PROGRESS).unref();
}

export default async function* report(events) {
  const printed = new Map();
  const failed = new Set();
  const reported = new Set();
  showProgress(reported);
  const name = (data) => `${relative(process.cwd(), data.file ?? '')}: ${data.name}`;

  for await (const { type, data } of events) {
    const isResult = type === 'test:pass' || type === 'test:fail';
    if (isResult && /\.test\.\w+$/.test(data.file ?? '')) reported.add(data.file);
    if (type === 'test:stdout' || type === 'test:stderr') {
      printed.set(data.file, ((printed.get(data.file) ?? '') + data.message).slice(-SHOWN));
    } else if (type === 'test:fail') {
      failed.add(data.file);
      const error = data.details.error;
      // A suite fails because a test in it did, and that test has been reported.
      if (error?.failureType === 'subtestsFailed') continue;
      note(`✖ ${name(data)}\n${indent(describe(error).split('\n', 1)[0])}\n`);
      yield `✖ ${name(data)}\n${indent(describe(error))}\n`;
    } else if (type === 'test:pass' && data.skip !== undefined) {
      yield `﹣ ${name(data)} # ${data.skip === true ? 'skipped' : data.skip}\n`;
    } else if (type === 'test:diagnostic' && data.nesting === 0) {
      yield `ℹ ${data.message}\n`;
    }
  }
  for (const file of failed) {
    const path = relative(process.cwd(), file ?? '');
    if (printed.has(file)) yield `what ${path} printed:\n${indent(printed.get(file))}\n`;
    if (process.env.ARKFFI_PART) yield `repeat it with: node tools/test.mjs ${process.env.ARKFFI_PART} ${path}\n`;
  }
}

function note(text) {
  if (process.env.ARKFFI_FAILURES) appendFileSync(process.env.ARKFFI_FAILURES, text);
}

/** The error that the test threw or, for a test file that ended otherwise, how it ended. */
function describe(error) {
  if (error?.exitCode === undefined) return inspect(error?.cause ?? error);
  return error.signal ? `ended by ${error.signal}` : `exited with ${error.exitCode}`;
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}
