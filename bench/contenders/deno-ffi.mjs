// Deno.dlopen, a part of Deno.
import { library } from '../paths.mjs';

export const name = 'Deno';
export const isPeer = true;
export const cannot = { batch: 'has no batches', 'batch-async': 'has no batches', import: 'nothing to import' };

const types = { string: 'buffer', bytes: 'buffer', callback: 'function', complex: { struct: ['f64', 'f64'] } };

export async function load() {
  return Deno;
}

export const version = () => Deno.version.deno;

export function open(_, declarations) {
  const typeOf = (type) => types[type] ?? type;
  const translated = Object.entries(declarations).map(([symbol, { args, returns }]) => [
    symbol,
    { parameters: args.map(typeOf), result: returns === 'string' ? 'pointer' : typeOf(returns) },
  ]);
  const { symbols } = Deno.dlopen(library, Object.fromEntries(translated));
  const encoder = new TextEncoder();
  // Deno takes no strings: the caller encodes them.
  const wrapped = {
    first_of_text: (text) => symbols.first_of_text(encoder.encode(`${text}\0`)),
    length_of_text: (text) => symbols.length_of_text(encoder.encode(`${text}\0`)),
    greeting: () => Deno.UnsafePointerView.getCString(symbols.greeting()),
    multiply: (a, b) => {
      const { buffer } = symbols.multiply(a.bytes, b.bytes);
      return { re: new Float64Array(buffer)[0] };
    },
  };
  const needed = Object.keys(wrapped).filter((symbol) => symbol in symbols);
  return needed.length ? { ...symbols, ...wrapped } : symbols;
}

export function callback(_, fn) {
  return new Deno.UnsafeCallback({ parameters: ['i32'], result: 'i32' }, fn).pointer;
}

/** Deno passes structs as bytes. */
export function complex(_, re, im) {
  return { bytes: new Uint8Array(new Float64Array([re, im]).buffer) };
}

export function openAsync() {
  const { symbols } = Deno.dlopen(library, {
    add: { parameters: ['f64', 'f64'], result: 'f64', nonblocking: true },
    sleep_ms: { parameters: ['i32'], result: 'i32', nonblocking: true },
  });
  return { add: symbols.add, sleep: symbols.sleep_ms };
}

export const int64 = BigInt;
