// bun:ffi, a part of Bun.
import { library } from '../paths.mjs';

export const name = 'bun:ffi';
export const isPeer = true;
export const cannot = {
  batch: 'has no batches',
  'batch-async': 'has no batches',
  struct: 'has no structs',
  field: 'has no structs',
};

// i64_fast returns a number where the value fits.
const types = { string: 'ptr', bytes: 'ptr', pointer: 'ptr', i64: 'i64_fast', callback: 'function' };

export function load() {
  return import('bun:ffi');
}

export const version = () => Bun.version;

export function open({ dlopen, CString, ptr }, declarations) {
  const typeOf = (type) => types[type] ?? type;
  const translated = Object.entries(declarations).map(([symbol, { args, returns }]) => [
    symbol,
    { args: args.map(typeOf), returns: returns === 'string' ? 'ptr' : typeOf(returns) },
  ]);
  const { symbols } = dlopen(library, Object.fromEntries(translated));
  const encoder = new TextEncoder();
  // bun:ffi takes no strings: the caller encodes them.
  const textual = {
    first_of_text: (text) => symbols.first_of_text(ptr(encoder.encode(`${text}\0`))),
    length_of_text: (text) => symbols.length_of_text(ptr(encoder.encode(`${text}\0`))),
    greeting: () => new CString(symbols.greeting()),
  };
  const needed = Object.keys(textual).filter((symbol) => symbol in symbols);
  return needed.length ? { ...symbols, ...textual } : symbols;
}

export function callback({ JSCallback }, fn) {
  return new JSCallback(fn, { args: ['i32'], returns: 'i32' }).ptr;
}
