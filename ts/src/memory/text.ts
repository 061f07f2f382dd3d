/** Text on its way to C. */

import { ffiError } from '../base/errors';
import { native } from '../base/native';
import type { TypeCode } from '../types/types.generated';

/** A text with its NUL, as the type of strings has it. `place` begins the message where that cannot be. */
export function encodeText(text: string, code: TypeCode, place: string): ArrayBuffer {
  if (!text.includes('\0')) return native.encodeText(text, code);
  const why = 'the string has a NUL inside, where C would end it';
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${why}`);
}
