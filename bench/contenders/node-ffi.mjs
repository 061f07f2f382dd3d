// node:ffi, a part of Node.js.
import { library } from '../paths.mjs';

export const name = 'node:ffi';
export const isPeer = true;
export const cannot = {
  batch: 'has no batches',
  'batch-async': 'has no batches',
  struct: 'has no structs',
  field: 'has no structs',
};

const types = { bytes: 'buffer', callback: 'function' };

export function load() {
  return import('node:ffi');
}

export const version = () => process.versions.node;

export function open({ dlopen, toString }, declarations) {
  const typeOf = (type) => types[type] ?? type;
  const translated = Object.entries(declarations).map(([symbol, { args, returns }]) => [
    symbol,
    // node:ffi returns a string result as its address.
    { arguments: args.map(typeOf), return: returns === 'string' ? 'pointer' : typeOf(returns) },
  ]);
  const { functions } = dlopen(library, Object.fromEntries(translated));
  if (!functions.greeting) return functions;
  return { ...functions, greeting: () => toString(functions.greeting()) };
}

/** node:ffi takes 64-bit integers as bigints. */
export const int64 = (value) => BigInt(value);

/** node:ffi takes bools as 0 and 1. */
export const bool = Number;

let opened;

export function callback({ DynamicLibrary }, fn) {
  opened ??= new DynamicLibrary(library);
  return opened.registerCallback({ arguments: ['i32'], return: 'i32' }, fn);
}
