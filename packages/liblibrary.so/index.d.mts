import type { RawBridge } from './bridge.js';

/** The raw bridge of arkffi: functions that call C libraries by handles, addresses and type codes. */
declare const ffi: RawBridge;
export default ffi;
