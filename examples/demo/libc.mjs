// The C library: strings, and a JavaScript function that C calls.
import { dlopen, ffi } from 'arkffi';
import { check, show } from './report.mjs';

export const title = 'libc: strings, and C that calls JavaScript';
export const shows = 'The functions of the running process, which dlopen(null) opens.';

// The C libraries of Windows have the names of POSIX with an underscore.
const getpidName = process.platform === 'win32' ? '_getpid' : 'getpid';

export async function run() {
  const libc = dlopen(null, {
    strlen: { args: ['cstring'], returns: 'size_t' },
    [getpidName]: { returns: 'int' },
    // A parameter that is declared with a signature takes a plain JavaScript function.
    qsort: { args: ['buffer', 'size_t', 'size_t', { args: ['pointer', 'pointer'], returns: 'int' }] },
  });
  const { strlen, qsort } = libc.symbols;
  const getpid = libc.symbols[getpidName];

  const bytes = await show(() => strlen('naïve 🦕'));
  check('strlen counts the bytes of UTF-8', bytes === Buffer.byteLength('naïve 🦕'));

  const pid = await show(() => getpid());
  check(`getpid is process.pid`, pid === process.pid);

  const values = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i));
  const expected = Float64Array.from(values).sort();
  const doubleAt = (address) => new Float64Array(ffi.readMemory(address, 8))[0];
  let comparisons = 0;
  const compare = (a, b) => {
    comparisons++;
    return Math.sign(doubleAt(a) - doubleAt(b));
  };
  await show(
    () => qsort(values, values.length, 8, compare),
    () => `C called compare ${comparisons} times`,
  );
  check('the Float64Array is sorted as its own sort() does', `${values}` === `${expected}`);
  libc.close();
}
