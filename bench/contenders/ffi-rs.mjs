// https://github.com/zhangyuang/node-ffi-rs
import { createRequire } from 'node:module';
import { target } from '../paths.mjs';

export const name = 'ffi-rs';
export const isPeer = true;

export async function open() {
  const require = createRequire(import.meta.url);
  const { DataType, define, open } = require('ffi-rs');
  open({ library: 'target', path: target });
  const { Double, I32 } = DataType;
  const common = { library: 'target', runInNewThread: true };
  const { add: addNow } = define({ add: { library: 'target', retType: Double, paramsType: [Double, Double] } });
  const { add, sleep_ms } = define({
    add: { ...common, retType: Double, paramsType: [Double, Double] },
    sleep_ms: { ...common, retType: I32, paramsType: [I32] },
  });
  return {
    version: require('ffi-rs/package.json').version,
    addNow: (a, b) => addNow([a, b]),
    add: (a, b) => add([a, b]),
    sleep: (milliseconds) => sleep_ms([milliseconds]),
  };
}
