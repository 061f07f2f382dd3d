// Runs the FFT example as a user does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, node } from './support.mjs';

const main = fileURLToPath(new URL('../../examples/fft/main.mjs', import.meta.url));

test('the FFT example finds the tones of the signal, and no other', async () => {
  const { stdout, stderr } = exited(await node([main]));
  assert.equal(stdout, 'i² = -1\n50 Hz: 1.00\n120 Hz: 0.50\n300 Hz: 0.25\n');
  assert.equal(stderr, '');
});
