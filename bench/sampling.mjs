// Measures how long one call takes, in the process that makes it.

const WARM_UP = 60; // milliseconds, in which JavaScript engines compile the loop
const SAMPLE = 8; // milliseconds
const SAMPLES = 7;

/** Milliseconds for `count` turns of the loop, whose result must be the expected one. */
function time({ loop, expected }, count) {
  const start = performance.now();
  const result = loop(count);
  const milliseconds = performance.now() - start;
  if (result !== expected(count)) throw new Error(`${count} calls gave ${result}, not ${expected(count)}`);
  return milliseconds;
}

/** Nanoseconds of one turn, as several samples. They include the time of the loop itself. */
export function perCall(measured) {
  const start = performance.now();
  let count = 4;
  while (time(measured, count) < SAMPLE / 2) count *= 2;
  while (performance.now() - start < WARM_UP) time(measured, count);
  // Compiled code may be much faster than the code with which the count was found.
  while (time(measured, count) < SAMPLE) count *= 2;
  return Array.from({ length: SAMPLES }, () => (1e6 * time(measured, count)) / count);
}
