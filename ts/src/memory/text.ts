/** The conversion of JavaScript strings to C strings. */

import { ffiError, inNamesOf } from '../base/errors';
import { native } from '../base/native';
import type { TypeCode } from '../types/types.generated';

/** The letters of the types of text. */
export type TextCode = 's' | 'S' | 'w' | 't';

/**
 * The bytes of a C string, with its NUL. `code` is the type of string.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if the text contains a NUL; RangeError `ERR_FFI_OUT_OF_RANGE` for a character
 *   that Latin-1 has not. The message begins with `place`.
 */
export function encodeText(text: string, code: TypeCode, place: string): ArrayBuffer {
  if (text.includes('\0')) {
    const why = 'the string has a NUL inside, where C would end it';
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${why}`);
  }
  if (code !== 't') return native.encodeText(text, code);
  return inNamesOf([{ from: 'encodeText: argument 1: ', to: `${place}: ` }], () => native.encodeText(text, code));
}
