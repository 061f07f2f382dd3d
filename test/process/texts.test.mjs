// Text that no JavaScript string can hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSanitized, output } from './support.mjs';

test(
  'text longer than the strings of V8 is out of range, which is not a lack of memory',
  { skip: isSanitized && 'a sanitizer reads half a gigabyte for minutes' },
  async () => assert.equal(await output('texts', 'longest'), 'well\n'),
);
