// What few programs need is loaded when it is used.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { output } from './support.mjs';

const loaded = (program) => output('late', 'loadedBy', [program]).then((text) => JSON.parse(text));

test('importing arkffi loads no late file', async () => assert.deepEqual(await loaded('nothing'), []));

test('a function loads the file that it is in', async () => {
  assert.deepEqual(await loaded('struct'), ['structs.cjs']);
  assert.deepEqual(await loaded('declarations'), ['cdef.cjs']);
});

test('an error of a late file begins at the line of the program', async () => {
  assert.equal(await output('late', 'trace', []), 'program\n');
});

test('functions of late files have the names and the numbers of parameters that they have once loaded', async () => {
  assert.equal(
    await output('late', 'shapes', []),
    'cdef 3, enumType 1, parseDeclarations 1, pointerTo 1, readText 2\n',
  );
});
