/** Calls of the raw bridge whose results are structs. */

import type { LibraryHandle, TextLike } from '../host/bridge';
import { ffiError } from '../base/errors';
import { native } from '../base/native';

/**
 * `ffi.callBySig` for a function that returns a struct by value: the bytes of the struct. The type of the result was
 * given to `ffi.defineFunction` as the layout of the struct, `'{dd}'` for two doubles.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` if the result is no struct.
 */
export function callBySigAsArrayBuffer(
  handle: LibraryHandle,
  name: string,
  numArgs: readonly unknown[],
  strArgs: readonly TextLike[],
): ArrayBuffer {
  const result: unknown = native.callBySig<unknown>(handle, name, numArgs, strArgs);
  if (Object.prototype.toString.call(result) === '[object ArrayBuffer]') return result as ArrayBuffer;
  const what = "the function was not defined with a struct as its result, such as '{dd}'";
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: callBySigAsArrayBuffer: ${what}`);
}
