// arkffi as last built. The environment variable ARKFFI_ENGINE selects its engine.
import { library } from '../paths.mjs';

export const name = 'arkffi';

const types = { string: 'cstring', bytes: 'buffer', callback: { args: ['i32'], returns: 'i32' } };

export function load() {
  return import('../../dist/index.mjs');
}

export async function version() {
  return (await import('../../package.json', { with: { type: 'json' } })).default.version;
}

/** The engine in use. Throws if it is not the one that ARKFFI_ENGINE asks for. */
export function engine({ ffi }) {
  const wanted = process.env.ARKFFI_ENGINE;
  const used = ffi.engine ?? 'napi';
  if (wanted && wanted !== used) throw new Error(`no engine '${wanted}' here`);
  return used;
}

let Complex;

function complexOf({ Struct }) {
  Complex ??= Struct({ re: 'f64', im: 'f64' });
  return Complex;
}

export function open(api, declarations) {
  const typeOf = (type) => (type === 'complex' ? complexOf(api) : (types[type] ?? type));
  const translated = Object.entries(declarations).map(([symbol, { args, returns }]) => [
    symbol,
    { args: args.map(typeOf), returns: typeOf(returns) },
  ]);
  return api.dlopen(library, Object.fromEntries(translated)).symbols;
}

export function callback({ JSCallback }, fn) {
  return new JSCallback(fn, types.callback);
}

export function complex(api, re, im) {
  return complexOf(api).create({ re, im });
}

/** Structs, each of a type of its own. */
export function structs({ Struct }, count) {
  return Array.from({ length: count }, () => Struct({ re: 'f64', im: 'f64' }));
}

/** The first number of a value: what makes values of a new type with it, and the text that reads it. */
export const first = {
  maker(api) {
    const [type] = structs(api, 1);
    return (re) => type.create({ re });
  },
  text: '.re',
};

/** Doubles in C's memory: a struct's field `re`, the `value` that a pointer leads to, and elements by `get` and `set`. */
export function inC(api) {
  const { alloc, pointerTo, Struct } = api;
  const [Complex] = structs(api, 1);
  const address = alloc(Complex.size);
  const Pointers = Struct({ one: pointerTo('f64'), many: pointerTo(['f64', 0]) });
  const { one, many } = Pointers.create({ one: address, many: address });
  return { struct: Complex.at(address), pointee: one, elements: many };
}

export function openAsync({ dlopen }) {
  const { add } = dlopen(library, { add: { args: ['f64', 'f64'], returns: 'f64' } }).symbols;
  const lane = { threads: 16 };
  const { sleep_ms } = dlopen(library, { sleep_ms: { args: ['i32'], returns: 'i32' } }, lane).symbols;
  return { add: add.async, sleep: sleep_ms.async, withOptions: (options) => add.async.with(options) };
}
