// Repeating an operation takes no more memory in the end. A leak of 3 kB for each repetition would be detected.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

const operations = [
  ...['loadAndClose', 'loadDefineCallClose', 'dlopenAndClose', 'functionsForgotten', 'missingLibraryAndSymbol'],
  ...['callbacks', 'failures', 'asyncCalls', 'strings'],
];
const MEGABYTE = 1024 * 1024;

describe('memory', () => {
  for (const operation of operations) {
    test(`memory does not grow by repeating ${operation}`, async () => {
      // A sanitizer delays the reuse of freed memory. Under a sanitizer only its reports count.
      const turns = isSanitized ? [50, 100] : [2000, 5000]; // after the first count V8's compiled code no longer grows
      const grown = Number(await output('growth', 'measure', [operation, ...turns], { flags: ['--expose-gc'] }));
      assert.ok(Number.isFinite(grown));
      if (!isSanitized) assert.ok(grown < 12 * MEGABYTE, `grew by ${Math.round(grown / 1024)} kB`);
    });
  }
});
