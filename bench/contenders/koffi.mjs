// https://koffi.dev
import { library } from '../paths.mjs';

export const name = 'koffi';
export const isPeer = true;
export const mostInFlight = 4096; // the greatest limit that koffi allows; its default is 256
export const notes = {
  async: `koffi takes ${mostInFlight} calls in flight at most, so they were made in portions of that size`,
};
export const cannot = { batch: 'has no batches', 'batch-async': 'has no batches' };

const types = {
  f64: 'double',
  i32: 'int',
  i64: 'int64_t',
  u8: 'uint8_t',
  pointer: 'void *',
  string: 'const char *',
  bytes: 'const uint8_t *',
};

export async function load() {
  return (await import('koffi')).default;
}

export const version = (koffi) => koffi.version;

function typeOf(koffi, type) {
  if (type === 'complex') return koffi.resolve('complex_number');
  if (type === 'callback') return koffi.pointer(koffi.resolve('repeated'));
  return types[type] ?? type;
}

let isDefined = false;

/** Defines the named types, once. */
function defineTypes(koffi) {
  if (isDefined) return;
  koffi.struct('complex_number', { re: 'double', im: 'double' });
  koffi.proto('int repeated(int)');
  isDefined = true;
}

export function open(koffi, declarations) {
  defineTypes(koffi);
  const lib = koffi.load(library);
  const functions = {};
  for (const [symbol, { args, returns }] of Object.entries(declarations)) {
    const translated = args.map((type) => typeOf(koffi, type));
    functions[symbol] = lib.func(symbol, typeOf(koffi, returns), translated);
  }
  return functions;
}

export function callback(koffi, fn) {
  defineTypes(koffi);
  return koffi.register(fn, koffi.pointer(koffi.resolve('repeated')));
}

export function openAsync(koffi) {
  koffi.config({ max_async_calls: mostInFlight });
  const lib = koffi.load(library);
  const add = lib.func('double add(double, double)');
  const sleep = lib.func('int sleep_ms(int)');
  const settling = (resolve, reject) => (error, value) => (error ? reject(error) : resolve(value));
  return {
    add: (a, b) => new Promise((resolve, reject) => add.async(a, b, settling(resolve, reject))),
    sleep: (milliseconds) => new Promise((resolve, reject) => sleep.async(milliseconds, settling(resolve, reject))),
  };
}
