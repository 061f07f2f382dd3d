/** Text at an address, in any encoding. */

import type { Address, BufferLike } from '../host/bridge';
import { checkInteger, checkOptions, ffiError, inNameOf, wrongType } from '../base/errors';
import { native } from '../base/native';
import { optionsIn } from '../base/own';
import { addressOf } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { blockOf } from '../memory/bounds';
import { isBuffer } from '../memory/codecs';
import { charactersOf } from '../memory/charset';
import { encodingOf, wideSize } from '../memory/encoded_text';
import type { Encoding } from '../memory/encoded_text';
import type { TextCode } from '../memory/text';

/** How text is read. */
export interface ReadTextOptions {
  /** The encoding: one that `text` takes. `'utf8'` when absent. */
  readonly encoding?: string;
  /**
   * The length of the text in units of the encoding, as C counts them: bytes, or `char16_t` or `wchar_t`. NULs are then part
   * of the text. When absent, the text ends before its first NUL.
   */
  readonly length?: number;
}

const PLACE = 'readText';

/**
 * The text at an address, or in a buffer or another object that has memory; null for NULL. In memory whose bounds are known
 * the text ends with the memory, if there is no NUL.
 *
 * @example
 * readText(address, { encoding: 'utf16' });
 * readText(buffer, { encoding: 'gbk', length: 12 });
 *
 * @throws Error `ERR_FFI_NOT_SUPPORTED` for an encoding that this host does not know; RangeError `ERR_FFI_OUT_OF_RANGE` if the
 *   length leads out of the memory; TypeError `ERR_FFI_NULL_POINTER` for an address from 1 to 65,535; Error
 *   `ERR_FFI_BAD_ADDRESS` in checked mode.
 */
export function readText(address: AddressLike | BufferLike, options?: ReadTextOptions): string | null {
  const { encoding, length } = readOptions(options);
  const bytes = bytesOf(address);
  if (bytes !== undefined) return textIn(bytes, encoding, length);
  const at = addressOf(address, `${PLACE}: argument 1`, 'an address, a buffer, null or an object with a ptr');
  if (Number(at) === 0) return null;
  if (length !== undefined) return inNameOf(PLACE, () => textOf(encoding, at, length));
  const text = inNameOf(PLACE, () => native.readText(at, encoding.code)) as string;
  return encoding.charset === undefined ? text : encoding.charset.decode(text);
}

function readOptions(options: unknown = {}): { readonly encoding: Encoding; readonly length: number | undefined } {
  if (typeof options !== 'object' || options === null) throw wrongType(`${PLACE}: argument 2`, 'an object', options);
  const known = ['encoding', 'length'];
  checkOptions(options, known, PLACE);
  const { encoding = 'utf8', length } = optionsIn(options, known);
  if (length !== undefined) checkInteger(length, `${PLACE}: options.length`, 0);
  return { encoding: encodingOf(encoding, `${PLACE}: options.encoding`), length };
}

/** The memory of a buffer or another object, from where it begins; undefined for an address. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (isBuffer(value)) {
    inNameOf(PLACE, () => native.ptr(value)); // refuses one that is detached
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return new Uint8Array(value);
  }
  const block = blockOf(value);
  return block && new Uint8Array(block.buffer, block.offset);
}

/** The bytes of one unit. */
function unitOf(code: TextCode): 1 | 2 | 4 {
  return code === 'S' ? 2 : code === 'w' ? wideSize() : 1;
}

function textIn(bytes: Uint8Array, encoding: Encoding, length: number | undefined): string {
  const unit = unitOf(encoding.code);
  const count = length ?? untilNul(bytes, unit);
  if (count * unit <= bytes.length) {
    return count === 0 ? '' : inNameOf(PLACE, () => textOf(encoding, native.ptr(bytes), count));
  }
  const there = `the value, which has ${bytes.length}`;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${PLACE}: expected ${count * unit} bytes of ${there}`);
}

/** The number of units before the first NUL, or in all bytes if there is none. */
function untilNul(bytes: Uint8Array, unit: number): number {
  const most = Math.floor(bytes.length / unit);
  for (let count = 0; count < most; count++) {
    let any = 0;
    for (let i = 0; i < unit; i++) any |= bytes[count * unit + i];
    if (any === 0) return count;
  }
  return most;
}

/** The text of `length` units at an address. */
function textOf({ code, charset }: Encoding, address: Address, length: number): string {
  if (code === 's') return native.readCString(address, length);
  const unit = unitOf(code);
  const bytes = native.readMemory(address, length * unit);
  if (unit === 4) return charactersOf(asCharacters(new Uint32Array(bytes)));
  if (unit === 2) return charactersOf(new Uint16Array(bytes));
  return charset === undefined ? charactersOf(new Uint8Array(bytes)) : charset.decodeBytes(new Uint8Array(bytes));
}

/** UTF-32 in which what is no character has become U+FFFD. */
function asCharacters(points: Uint32Array): Uint32Array {
  for (let i = 0; i < points.length; i++) {
    if (points[i] > 0x10ffff || (points[i] >= 0xd800 && points[i] <= 0xdfff)) points[i] = 0xfffd;
  }
  return points;
}
