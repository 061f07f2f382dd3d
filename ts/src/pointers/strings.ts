/** Strings by the handful, and room for those that C writes. */

import type { Address } from '../host/bridge';
import { CString } from './c_string';
import { codecs } from '../memory/codecs';
import { checkInteger, inNameOf, wrongType } from '../base/errors';
import { Memory } from '../memory/memory';
import { native } from '../base/native';
import { addressOf, moved } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { encodeText } from '../memory/text';

/** Bytes of a pointer. */
const POINTER = 8;

/**
 * An array of strings as C has it, `char *list[]` with NULL behind the last: pass it where C takes a pointer. It and its
 * texts live as long as this object.
 */
export class StringArray {
  /** How many strings there are, the NULL at the end not counted. */
  readonly length: number;
  /** @internal */
  readonly memory: ArrayBuffer;

  /** @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for what is neither a string nor null, or has a NUL inside. */
  constructor(texts: ArrayLike<string | null>, place = 'stringArray: argument 1') {
    if (typeof texts !== 'object' || texts === null) throw wrongType(place, 'an array of strings', texts);
    const encoded = Array.from(texts, (text, i) => encode(text, `${place}[${i}]`));
    const start = (encoded.length + 1) * POINTER;
    const size = encoded.reduce((sum, text) => sum + (text ? text.byteLength : 0), start);

    const memory = Memory.zeros(size);
    const bytes = new Uint8Array(memory.buffer);
    const base = native.ptr(memory.buffer);
    let at = start;
    encoded.forEach((text, i) => {
      if (!text) return;
      bytes.set(new Uint8Array(text), at);
      codecs.L.write(memory, i * POINTER, base + at, place);
      at += text.byteLength;
    });
    this.length = encoded.length;
    this.memory = memory.buffer;
    Object.defineProperty(this, 'memory', { enumerable: false });
  }

  /** Where the first pointer is. */
  get ptr(): number {
    return native.ptr(this.memory);
  }
}

/** null stands for NULL. */
function encode(text: unknown, place: string): ArrayBuffer | null {
  if (text === null) return null;
  if (typeof text !== 'string') throw wrongType(place, 'string or null', text);
  return encodeText(text, 's', place);
}

/**
 * Makes an array of strings for C, with NULL behind the last. A `null` inside is NULL as well.
 *
 * @example
 * execvp('ls', stringArray(['ls', '-l']));
 */
export function stringArray(texts: ArrayLike<string | null>): StringArray {
  return new StringArray(texts);
}

/**
 * Reads an array of strings from C's memory, `char **`: up to its NULL, or just `count` strings, of which some may be
 * null then. NULL itself gives an empty array.
 *
 * @throws TypeError `ERR_FFI_NULL_POINTER` for an address up to 65,535; `ERR_FFI_BAD_ADDRESS` in checked mode.
 */
export function readStringArray(address: AddressLike): string[];
export function readStringArray(address: AddressLike, count: number): (string | null)[];
export function readStringArray(address: AddressLike, count = Infinity): (string | null)[] {
  const place = 'readStringArray: argument';
  const base = addressOf(address, `${place} 1`);
  if (count !== Infinity) checkInteger(count, `${place} 2`, 0);
  const texts: (string | null)[] = [];
  if (Number(base) === 0) return texts;
  const pointer = Memory.zeros(POINTER);
  while (texts.length < count) {
    const at = moved(base, texts.length * POINTER, place);
    inNameOf('readStringArray', () => native.readInto(at, pointer.buffer));
    const text = codecs.p.read(pointer, 0) as Address;
    if (Number(text) === 0 && count === Infinity) break;
    texts.push(inNameOf('readStringArray', () => native.readText(text, 's')));
  }
  return texts;
}

/**
 * Room for a string that C writes: pass it where C takes a `char *` of `byteLength` bytes, and then read it.
 *
 * @example
 * const name = new StringBuffer(64);
 * gethostname(name, name.byteLength);
 * name.toString();
 */
export class StringBuffer {
  private readonly memory: ArrayBuffer;

  /** @throws RangeError `ERR_FFI_OUT_OF_RANGE` for a length that is no whole number from 1 on. */
  constructor(byteLength: number) {
    checkInteger(byteLength, 'StringBuffer: argument 1', 1);
    this.memory = Memory.zeros(byteLength).buffer;
    Object.defineProperty(this, 'memory', { enumerable: false });
  }

  /** How many bytes C may write, its NUL included. */
  get byteLength(): number {
    return this.memory.byteLength;
  }

  /** Where they are. */
  get ptr(): number {
    return native.ptr(this.memory);
  }

  /** The text up to the first NUL, or all of it where C wrote none. */
  toString(): string {
    const end = new Uint8Array(this.memory).indexOf(0);
    return new CString(this.ptr, 0, end < 0 ? this.byteLength : end).toString();
  }
}
