// https://github.com/zhangyuang/node-ffi-rs
import { createRequire } from 'node:module';
import { library } from '../paths.mjs';

export const name = 'ffi-rs';
export const isPeer = true;
export const cannot = {
  batch: 'has no batches',
  'batch-async': 'has no batches',
  callback: 'its callbacks give C no result',
  'callback-memory': 'its callbacks give C no result',
};

const types = { f64: 'Double', i32: 'I32', i64: 'I64', u8: 'U8', bool: 'Boolean', void: 'Void', string: 'String' };
const require = createRequire(import.meta.url);

export async function load() {
  return require('ffi-rs');
}

export const version = () => require('ffi-rs/package.json').version;

function typeOf({ DataType }, type) {
  if (type === 'complex') return { re: DataType.Double, im: DataType.Double, ffiTypeTag: DataType.StackStruct };
  if (type === 'pointer') return DataType.External;
  if (type === 'bytes') return DataType.U8Array;
  return DataType[types[type]];
}

export function open(api, declarations, options = {}) {
  api.open({ library: 'library', path: library });
  const translated = Object.entries(declarations).map(([symbol, { args, returns }]) => [
    symbol,
    {
      library: 'library',
      retType: typeOf(api, returns),
      paramsType: args.map((type) => typeOf(api, type)),
      ...options,
    },
  ]);
  const defined = api.define(Object.fromEntries(translated));
  // ffi-rs functions take their arguments as an array.
  return Object.fromEntries(translated.map(([symbol]) => [symbol, (...args) => defined[symbol](args)]));
}

export function openAsync(api) {
  const add = { args: ['f64', 'f64'], returns: 'f64' };
  const sleep_ms = { args: ['i32'], returns: 'i32' };
  const functions = open(api, { add, sleep_ms }, { runInNewThread: true });
  return { add: functions.add, sleep: functions.sleep_ms };
}
