// https://koffi.dev: at most 4,096 calls in flight, and as many only when it is told so before the first library.
import { target } from '../paths.mjs';

export const name = 'koffi';
export const isPeer = true;
export const mostInFlight = 4096;

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
  return {
    version: koffi.version,
    add: promised(lib.func('double add(double, double)')),
    sleep: promised(lib.func('int sleep_ms(int)')),
  };
}
