// What is done over and over takes no more memory in the end. A leak of 3 kB each time would show.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

const things = [
  ...['loadAndClose', 'loadDefineCallClose', 'dlopenAndClose', 'functionsForgotten', 'missingLibraryAndSymbol'],
  ...['callbacks', 'failures', 'asyncCalls', 'strings'],
];
const MEGABYTE = 1024 * 1024;

describe('memory does not grow', () => {
  for (const thing of things) {
    test(`by ${thing}`, async () => {
      // A sanitizer keeps freed memory back: under it what counts is that it finds nothing wrong, and no leak.
      const turns = isSanitized ? [50, 100] : [2000, 5000]; // by the first V8 keeps as much compiled code as it ever does
      const grown = Number(await output('growth', 'measure', [thing, ...turns], { flags: ['--expose-gc'] }));
      assert.ok(Number.isFinite(grown));
      if (!isSanitized) assert.ok(grown < 12 * MEGABYTE, `grew by ${Math.round(grown / 1024)} kB`);
    });
  }
});
