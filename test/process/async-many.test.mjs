// A great many async calls in flight at once: only memory limits their number, and each takes little of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

// A sanitizer's own memory is many times that of the program. Under a sanitizer only its reports count.
const some = (usual) => (isSanitized ? usual / 50 : usual);

/** Runs a program that makes the calls, in `rounds` rounds; returns the bytes that each call took, for each round. */
async function inFlight(kind, threads, count, rounds) {
  const results = JSON.parse(
    await output('inflight', 'many', [kind, threads, count, rounds], { flags: ['--expose-gc'] }),
  );
  assert.equal(results.length, rounds);
  for (const [right] of results) assert.equal(right, count, 'every call has the right value');
  return results.map(([, bytes]) => bytes);
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function assertEach(bytes, most) {
  assert.ok(bytes.every(Number.isFinite));
  if (!isSanitized) assert.ok(Math.max(...bytes) < most, `${bytes.map(Math.round)} bytes for each`);
}

for (const [where, threads] of Object.entries({ 'a lane of one': 1, 'a lane of four': 4, 'the pool': 'pool' })) {
  describe(`calls in flight on ${where}`, () => {
    test(`1,000,000 calls settle with the right value, and take less than 350 bytes each, on ${where}`, async () =>
      assertEach(await inFlight('numbers', threads, some(1_000_000), 1), 350));

    test(`a second and a third million calls take no more memory than the first, on ${where}`, async () =>
      assertEach(await inFlight('many', threads, some(1_000_000), 3), 350));
  });
}

// The strings, and the additional ArrayBuffers that keep memory alive, are added to the 350 bytes. JavaScript's other
// objects become garbage in either round, so the mean of the rounds is bounded.
const others = { strings: 500, buffers: 1500, options: 3000 };

for (const [kind, most] of Object.entries(others)) {
  test(`100,000 calls with ${kind} settle with the right value, twice`, async () =>
    assertEach([mean(await inFlight(kind, 1, some(100_000), 2))], most));
}
