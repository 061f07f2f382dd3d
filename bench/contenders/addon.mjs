// What a program would have without an FFI: a hand-written Node-API addon with a few lines for each function, and one
// napi_async_work for each async call.
import { createRequire } from 'node:module';
import { addon } from '../paths.mjs';

export const name = 'addon';
export const cannot = {
  batch: 'has no batches',
  'batch-async': 'has no batches',
  dlopen: 'opens nothing',
  'unread-memory': 'opens nothing',
  'called-memory': 'opens nothing',
  'callback-memory': 'calls a plain function back',
};

export async function load() {
  return createRequire(import.meta.url)(addon);
}

export const version = () => 'Node-API 8';

export const open = (functions) => functions;

export const callback = (_, fn) => fn;

export function openAsync({ addAsync, sleepAsync }) {
  return { add: addAsync, sleep: sleepAsync };
}
