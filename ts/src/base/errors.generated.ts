// Made by tools/generate.mjs from core/def/status.def: change that file, then run `npm run generate`.

/** The `code` of an error of arkffi. */
export type ErrorCode =
  /** The library could not be loaded. */
  | 'ERR_FFI_LIBRARY_NOT_FOUND'
  /** The library does not export that name. */
  | 'ERR_FFI_SYMBOL_NOT_FOUND'
  /** The function has not been defined. */
  | 'ERR_FFI_NOT_DEFINED'
  /** The library or function has been closed. */
  | 'ERR_FFI_LIBRARY_CLOSED'
  /** The handle was never given out here. */
  | 'ERR_FFI_INVALID_HANDLE'
  /** The types of a signature are not understood. */
  | 'ERR_FFI_BAD_SIGNATURE'
  /** A value has the wrong type. */
  | 'ERR_FFI_INVALID_ARG_TYPE'
  /** A value does not fit its C type. */
  | 'ERR_FFI_OUT_OF_RANGE'
  /** Too few or too many arguments. */
  | 'ERR_FFI_ARG_COUNT'
  /** An address is in the first 65,536 bytes, where nothing can be. */
  | 'ERR_FFI_NULL_POINTER'
  /** Checked mode: there is no memory at an address that is read or written. */
  | 'ERR_FFI_BAD_ADDRESS'
  /** The arena has ended, with all that was in it. */
  | 'ERR_FFI_ARENA_CLOSED'
  /** This host cannot do that. */
  | 'ERR_FFI_NOT_SUPPORTED'
  /** The callback has been closed. */
  | 'ERR_FFI_CALLBACK_CLOSED'
  /** The callback may only be called from its own JavaScript thread. */
  | 'ERR_FFI_WRONG_THREAD'
  /** Too many posted calls of a callback wait to run. */
  | 'ERR_FFI_QUEUE_FULL'
  /** The call's AbortSignal was aborted without a reason. */
  | 'ERR_FFI_ABORTED'
  /** The call took longer than its timeout. */
  | 'ERR_FFI_TIMEOUT'
  /** The engine that ARKFFI_ENGINE asks for is not to be had here. */
  | 'ERR_FFI_NO_ENGINE'
  /** Memory ran out. */
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
  ERR_FFI_QUEUE_FULL: Error,
  ERR_FFI_ABORTED: Error,
  ERR_FFI_TIMEOUT: Error,
  ERR_FFI_NO_ENGINE: Error,
  ERR_FFI_NO_MEMORY: Error,
};
