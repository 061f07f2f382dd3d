import type { RawBridge } from './bridge.js';

/** The raw bridge of arkffi: calls C libraries by handles, addresses and letters. */
declare const ffi: RawBridge;
export default ffi;
