// https://koffi.dev
import { target } from '../paths.mjs';

export const name = 'koffi';
export const isPeer = true;
export const mostInFlight = 4096; // its limit; 256 unless it is told otherwise
export const note = `koffi: takes ${mostInFlight} calls in flight at most, so they were made in portions of so many`;

export async function open() {
  const { default: koffi } = await import('koffi');
  koffi.config({ max_async_calls: mostInFlight });
  const lib = koffi.load(target);
  const promised = (fn) => (a, b) =>
    new Promise((resolve, reject) => {
      const settle = (error, value) => (error ? reject(error) : resolve(value));
      if (b === undefined) fn.async(a, settle);
      else fn.async(a, b, settle);
    });
  const add = lib.func('double add(double, double)');
  return {
    version: koffi.version,
    addNow: add,
    add: promised(add),
    sleep: promised(lib.func('int sleep_ms(int)')),
  };
}
