// Very large numbers of objects and calls at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSanitized, output } from './support.mjs';

test('50,000 callbacks can be open at once, each with its own address and function', async () =>
  assert.equal(await output('many', 'callbacks', [50_000]), '50000 50000 3\n3\n'));

const unmeasurable = isSanitized && 'a sanitizer keeps memory of its own for each allocation';

test(
  "each of 400,000 open callbacks takes less than 354 bytes, including its entry point and the host's part",
  { skip: unmeasurable },
  async () => {
    const each = Number(await output('many', 'memory', [400_000])); // the host's other memory is negligible
    assert.ok(each < 354, `${each} bytes`);
  },
);

for (const count of [1000, 50_000]) {
  test(`${count} callbacks are closed: C that calls them gets zero, and the call fails`, async () =>
    assert.equal(await output('many', 'dead', [count]), `${count}\n`));
}

test('calls and callbacks may nest 1,000 levels deep with a stack of 4 MB', async () => {
  // Stack frames are larger under a sanitizer.
  const depth = isSanitized ? 100 : 1000;
  assert.equal(await output('many', 'deep', [depth], { flags: ['--stack-size=3900'] }), `${depth}\n`);
});

test('the entry points of closed callbacks are reused, and those of open ones are not', async () =>
  assert.equal(await output('many', 'churn', [100_000]), '0 true\n'));

test("the guide's second program runs 10,000 times in a row, without waiting", async () =>
  assert.equal(await output('many', 'guide', [10_000, '']), '20000\n'));

test("the guide's second program runs 2,000 times with the library unmapped each time", async () =>
  assert.equal(await output('many', 'guide', [2000, 'awaited']), '4000\n'));

test('a thousand libraries are opened, called and closed at once', async () =>
  assert.equal(await output('many', 'libraries', [1000]), '1000\n'));
