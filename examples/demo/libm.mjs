// The mathematical library of C: functions that take and return numbers.
import { dlopen, findLibrary } from 'arkffi';
import { check, show } from './report.mjs';

export const title = 'libm: numbers';
export const shows = 'Two short declarations, compared with the same functions of JavaScript.';
export const needs = 'library of mathematics';

export async function run() {
  // libm.so.6 on Linux and libm.dylib on macOS. On Windows the C library has these functions.
  const lib = dlopen(findLibrary(process.platform === 'win32' ? 'ucrtbase' : 'm'), {
    cos: { args: ['double'], returns: 'double' },
    pow: { args: ['double', 'double'], returns: 'double' },
  });
  const { cos, pow } = lib.symbols;

  const cosine = await show(() => cos(1));
  const power = await show(() => pow(2, 0.5));
  const later = await show(() => pow.async(2, 10));
  lib.close();

  // Two correct libraries may differ in the last bit.
  const same = (a, b) => Math.abs(a - b) <= Number.EPSILON;
  check('cos and pow agree with Math.cos and Math.pow', same(cosine, Math.cos(1)) && same(power, Math.SQRT2));
  check('2 to the power of 10 is 1024, on a worker thread too', later === 1024);
}
