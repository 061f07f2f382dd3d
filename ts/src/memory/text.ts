/** The conversion of JavaScript strings to C strings. */

import { ffiError } from '../base/errors';
import { native } from '../base/native';
import type { TypeCode } from '../types/types.generated';

/**
 * The bytes of a C string, with its NUL. `code` is the type of string.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if the text contains a NUL; the message begins with `place`.
 */
export function encodeText(text: string, code: TypeCode, place: string): ArrayBuffer {
  if (!text.includes('\0')) return native.encodeText(text, code);
  const why = 'the string has a NUL inside, where C would end it';
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${why}`);
}
