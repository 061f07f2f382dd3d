import type { RawBridge } from './bridge';

export type { Address, BufferLike, CallbackHandle, HasPointer, LibraryHandle, RawBridge } from './bridge';

/** The raw bridge of arkffi: functions that call C libraries by handles, addresses and type codes. */
declare const ffi: RawBridge;
export default ffi;
