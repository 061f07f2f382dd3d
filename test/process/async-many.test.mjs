// Very many async calls in flight at once: there is no limit but memory, and each takes little of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

// A sanitizer's own memory is many times what it watches: under it what counts is that it finds nothing wrong.
const some = (usual) => (isSanitized ? usual / 50 : usual);

/** Has a program make the calls, in some rounds; gives the bytes of each round's. */
async function inFlight(kind, pool, count, rounds) {
  const told = JSON.parse(await output('inflight', 'many', [kind, pool, count, rounds], { flags: ['--expose-gc'] }));
  assert.equal(told.length, rounds);
  for (const [right] of told) assert.equal(right, count, 'each has the right value');
  return told.map(([, bytes]) => bytes);
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function assertEach(bytes, most) {
  assert.ok(bytes.every(Number.isFinite));
  if (!isSanitized) assert.ok(Math.max(...bytes) < most, `${bytes.map(Math.round)} bytes for each`);
}

for (const [where, pool] of Object.entries({ 'a lane of one': 1, 'a lane of four': 4, 'the pool': 'pool' })) {
  describe(`in flight on ${where}`, () => {
    test('1,000,000 calls settle with the right value, and take less than 350 bytes each', async () =>
      assertEach(await inFlight('numbers', pool, some(1_000_000), 1), 350));

    test('a second and a third million take no more than the first', async () =>
      assertEach(await inFlight('many', pool, some(1_000_000), 3), 350));
  });
}

// The texts and the second ArrayBuffers that keep memory alive come on top. What JavaScript makes beside them leaves its
// garbage in one round or the other, so it is the mean that is bounded.
const others = { strings: 500, buffers: 1500, options: 3000 };

for (const [kind, most] of Object.entries(others)) {
  test(`100,000 calls with ${kind} settle with the right value, twice`, async () =>
    assertEach([mean(await inFlight(kind, 1, some(100_000), 2))], most));
}
