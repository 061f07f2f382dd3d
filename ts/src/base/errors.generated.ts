// Made by tools/generate.mjs from core/def/status.def: change that file, then run `npm run generate`.

/** Every `code` that an error of arkffi can have. */
export type ErrorCode =
  /** The library could not be loaded. */
  | 'ERR_FFI_LIBRARY_NOT_FOUND'
  /** The library does not export that name. */
  | 'ERR_FFI_SYMBOL_NOT_FOUND'
  /** The function has not been defined. */
  | 'ERR_FFI_NOT_DEFINED'
  /** The library or function has been closed. */
  | 'ERR_FFI_LIBRARY_CLOSED'
  /** The handle is unknown to this JavaScript thread. */
  | 'ERR_FFI_INVALID_HANDLE'
  /** The types of a signature are not valid. */
  | 'ERR_FFI_BAD_SIGNATURE'
  /** A value has the wrong type. */
  | 'ERR_FFI_INVALID_ARG_TYPE'
  /** A value does not fit its C type. */
  | 'ERR_FFI_OUT_OF_RANGE'
  /** Too few or too many arguments. */
  | 'ERR_FFI_ARG_COUNT'
  /** An address is in the first 65,536 bytes, where nothing is ever mapped. */
  | 'ERR_FFI_NULL_POINTER'
  /** Checked mode: the memory at an address cannot be read or written. */
  | 'ERR_FFI_BAD_ADDRESS'
  /** The arena has ended, and its memory has been freed. */
  | 'ERR_FFI_ARENA_CLOSED'
  /** This host does not support it. */
  | 'ERR_FFI_NOT_SUPPORTED'
  /** The callback has been closed. */
  | 'ERR_FFI_CALLBACK_CLOSED'
  /** The callback may only be called from its own JavaScript thread. */
  | 'ERR_FFI_WRONG_THREAD'
  /** C called a callback on a stack that is not its JavaScript thread's. */
  | 'ERR_FFI_WRONG_STACK'
  /** C called a callback where no stack is left for JavaScript. */
  | 'ERR_FFI_STACK_OVERFLOW'
  /** Too many posted calls of a callback are waiting to run. */
  | 'ERR_FFI_QUEUE_FULL'
  /** The call's AbortSignal was aborted without a reason. */
  | 'ERR_FFI_ABORTED'
  /** The call took longer than its timeout. */
  | 'ERR_FFI_TIMEOUT'
  /** The engine that ARKFFI_ENGINE or ffi.configure asks for is not available. */
  | 'ERR_FFI_NO_ENGINE'
  /** Out of memory. */
  | 'ERR_FFI_NO_MEMORY';

/** The class of the errors with each code. */
export const errorClasses: { readonly [code in ErrorCode]: ErrorConstructor } = {
  ERR_FFI_LIBRARY_NOT_FOUND: Error,
  ERR_FFI_SYMBOL_NOT_FOUND: Error,
  ERR_FFI_NOT_DEFINED: Error,
  ERR_FFI_LIBRARY_CLOSED: Error,
  ERR_FFI_INVALID_HANDLE: TypeError,
  ERR_FFI_BAD_SIGNATURE: TypeError,
  ERR_FFI_INVALID_ARG_TYPE: TypeError,
  ERR_FFI_OUT_OF_RANGE: RangeError,
  ERR_FFI_ARG_COUNT: TypeError,
  ERR_FFI_NULL_POINTER: TypeError,
  ERR_FFI_BAD_ADDRESS: Error,
  ERR_FFI_ARENA_CLOSED: Error,
  ERR_FFI_NOT_SUPPORTED: Error,
  ERR_FFI_CALLBACK_CLOSED: Error,
  ERR_FFI_WRONG_THREAD: Error,
  ERR_FFI_WRONG_STACK: Error,
  ERR_FFI_STACK_OVERFLOW: RangeError,
  ERR_FFI_QUEUE_FULL: Error,
  ERR_FFI_ABORTED: Error,
  ERR_FFI_TIMEOUT: Error,
  ERR_FFI_NO_ENGINE: Error,
  ERR_FFI_NO_MEMORY: Error,
};
