// A reporter for node's test runner that says what failed, what was skipped and why, and the totals. What a test
// file printed is shown only where one of its tests failed. What failed is noted in the file ARKFFI_FAILURES as well, for
// whoever runs more suites than one and reads the end.
import { appendFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { relative } from 'node:path';

const SHOWN = 8000; // characters of a failed file's output: holds a sanitizer's report

export default async function* report(events) {
  const printed = new Map();
  const failed = new Set();
  const name = (data) => `${relative(process.cwd(), data.file ?? '')}: ${data.name}`;

  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      printed.set(data.file, ((printed.get(data.file) ?? '') + data.message).slice(-SHOWN));
    } else if (type === 'test:fail') {
      failed.add(data.file);
      const error = data.details.error;
      // A suite fails because a test in it did, which has been told.
      if (error?.failureType === 'subtestsFailed') continue;
      note(`✖ ${name(data)}\n${indent(told(error).split('\n', 1)[0])}\n`);
      yield `✖ ${name(data)}\n${indent(told(error))}\n`;
    } else if (type === 'test:pass' && data.skip !== undefined) {
      yield `﹣ ${name(data)} # ${data.skip === true ? 'skipped' : data.skip}\n`;
    } else if (type === 'test:diagnostic' && data.nesting === 0) {
      yield `ℹ ${data.message}\n`;
    }
  }
  for (const file of failed) {
    if (printed.has(file)) yield `what ${relative(process.cwd(), file ?? '')} printed:\n${indent(printed.get(file))}\n`;
  }
}

function note(text) {
  if (process.env.ARKFFI_FAILURES) appendFileSync(process.env.ARKFFI_FAILURES, text);
}

/** The error that the test threw; of a test file that ended otherwise, how it did. */
function told(error) {
  if (error?.exitCode === undefined) return inspect(error?.cause ?? error);
  return error.signal ? `ended by ${error.signal}` : `exited with ${error.exitCode}`;
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}
