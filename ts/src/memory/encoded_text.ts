/** Types of text by its encoding. */

import { ffiError, wrongType } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import type { ArgumentTypes, ResultTypes } from '../types/types.generated';
import { charsetOf, decoderOf } from './charset';
import type { Charset, Decoder } from './charset';
import { convertedText } from './codecs';
import { ConvertedType } from './converted_type';
import type { TextCode } from './text';

/** The type of text in an encoding that the native module does not know: a C string of bytes. Made by `text`. */
export class EncodedText extends ConvertedType<ArgumentTypes['t'], ResultTypes['t']> {
  /** Converts between text and bytes. @internal */
  declare readonly charset: Charset;

  /** @internal */
  constructor(
    /** The name of the encoding. */
    readonly encoding: string,
    charset: Charset,
  ) {
    super('char *', convertedText(charset));
    defineOwn(this, 'cName', { enumerable: false }); // console.log shows the encoding
    defineOwn(this, 'charset', { value: charset });
    Object.freeze(this);
  }

  /** What the native module gets for a value: the bytes of a string, as characters of Latin-1. @internal */
  override toNative(value: unknown, place: string): unknown {
    return typeof value === 'string' ? this.charset.encode(value, place) : value;
  }

  /** The text for what the native module has made of it. @internal */
  override fromNative(value: unknown): unknown {
    return typeof value === 'string' ? this.charset.decode(value) : value;
  }
}

/** The letters of the encodings that the native module knows. `'x'` is UTF-32, which is what `wchar_t` has on some systems. */
const letters: { readonly [name: string]: TextCode | 'x' | undefined } = Object.assign(Object.create(null), {
  ...{ utf8: 's', 'utf-8': 's' },
  ...{ utf16: 'S', 'utf-16': 'S', utf16le: 'S', 'utf-16le': 'S' },
  ...{ utf32: 'x', 'utf-32': 'x', utf32le: 'x', 'utf-32le': 'x' },
  ...{ wchar: 'w', wchar_t: 'w' },
  ...{ latin1: 't', 'iso-8859-1': 't', 'iso8859-1': 't', iso88591: 't', 'iso_8859-1': 't', l1: 't' },
});

/** An encoding: the letter of its type, and what converts the characters of Latin-1 if they stand for its bytes. */
export interface Encoding {
  readonly code: TextCode;
  readonly charset?: Charset;
}

/**
 * The encoding of that name. `place` begins messages.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if it is no string; Error `ERR_FFI_NOT_SUPPORTED` if there is no such encoding
 *   on this host.
 */
export function encodingOf(name: unknown, place: string): Encoding {
  if (typeof name !== 'string') throw wrongType(place, 'the name of an encoding', name);
  const lower = name.trim().toLowerCase();
  const decoder = letters[lower] === undefined ? decoderOf(lower, place) : undefined;
  // A label of the host's may be another name of what the native module knows: 'unicode20utf8', 'ucs-2'.
  const code = letters[decoder?.encoding ?? lower];
  if (code === undefined) return { code: 't', charset: charsetOf(decoder as Decoder) };
  if (code !== 'x') return { code };
  if (wideSize() === 4) return { code: 'w' };
  throw ffiError('ERR_FFI_NOT_SUPPORTED', `${place}: '${name}': wchar_t, by which arkffi has UTF-32, has 16 bits here`);
}

/** The size of C's `wchar_t` in bytes. */
export function wideSize(): 2 | 4 {
  return /[hH]/.test(native.platformTypes.wchar) ? 2 : 4;
}

/** The names of the types of text that the native module knows. */
const NAMES = { s: 'cstring', S: 'CString16', w: 'WString', t: 'latin1' } as const;

/** The type of text in an encoding of that name. */
export type TextTypeOf<Name extends string> =
  Lowercase<Name> extends 'utf8' | 'utf-8'
    ? 'cstring'
    : Lowercase<Name> extends 'utf16' | 'utf-16' | 'utf16le' | 'utf-16le'
      ? 'CString16'
      : Lowercase<Name> extends 'utf32' | 'utf-32' | 'utf32le' | 'utf-32le' | 'wchar' | 'wchar_t'
        ? 'WString'
        : Lowercase<Name> extends 'latin1' | 'iso-8859-1' | 'iso8859-1' | 'iso88591' | 'iso_8859-1' | 'l1'
          ? 'latin1'
          : EncodedText;

/**
 * The type of a C string in an encoding, for arguments, results, fields, variables and callbacks: `text('gbk')`. The
 * encodings are `utf8`, `utf16`, `utf32`, `wchar_t`, `latin1`, `ascii`, and those that the host's `TextDecoder` knows.
 *
 * A string with a character that the encoding has not is refused (`ERR_FFI_OUT_OF_RANGE`). Bytes that mean nothing
 * become U+FFFD.
 *
 * @example
 * const { puts } = dlopen(null, { puts: { args: [text('gbk')], returns: 'int' } }).symbols;
 *
 * @throws Error `ERR_FFI_NOT_SUPPORTED` for an encoding that this host does not know.
 */
export function text<Name extends string>(encoding: Name): TextTypeOf<Name> {
  const { code, charset } = encodingOf(encoding, 'text: argument 1');
  return (charset === undefined ? NAMES[code] : typeOf(charset)) as TextTypeOf<Name>;
}

const types = new WeakMap<Charset, EncodedText>();

/** The type of text of a charset, the same each time. */
function typeOf(charset: Charset): EncodedText {
  let type = types.get(charset);
  if (type === undefined) types.set(charset, (type = new EncodedText(charset.name, charset)));
  return type;
}
