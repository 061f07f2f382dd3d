/** Arrays of strings, and buffers for strings that C writes. */

import type { Address } from '../host/bridge';
import { checkInteger, ffiError, inNameOf, wrongType } from '../base/errors';
import { mustHaveThis } from '../base/methods';
import { native } from '../base/native';
import { addressOf, definePlace, moved } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { listOf } from '../base/lists';
import { append, defineOwn } from '../base/own';
import { checkBounds } from '../memory/bounds';
import { codecs } from '../memory/codecs';
import { Memory } from '../memory/memory';
import { encodeText } from '../memory/text';
import { CString } from './c_string';

/** The size of a pointer in bytes. */
const POINTER = 8;

/**
 * An array of strings as C has it, `char *list[]`, with NULL at its end. It may be passed for a pointer. The array and
 * its texts live as long as this object.
 */
export class StringArray {
  /** The number of strings, without the NULL at the end. */
  readonly length: number;
  /** @internal */
  readonly memory: ArrayBuffer;

  /**
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for an element that is neither a string nor null, or contains a NUL.
   */
  constructor(texts: ArrayLike<string | null>, place = 'stringArray: argument 1') {
    if (typeof texts !== 'object' || texts === null) throw wrongType(place, 'an array of strings', texts);
    const encoded = copyOf(texts, place).map((text, i) => encode(text, `${place}[${i}]`));
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
    defineOwn(this, 'memory', { enumerable: false });
  }

  /** The address of the first pointer. */
  get ptr(): number {
    return native.ptr(this.memory);
  }
}

definePlace(StringArray.prototype, function (this: StringArray) {
  return this.memory;
});

/** A copy of the list. A typed array has no strings; one that is detached would make JavaScript throw its own error. */
function copyOf(texts: ArrayLike<unknown>, place: string): unknown[] {
  if (Array.isArray(texts)) return listOf(texts.length, (i) => texts[i]);
  if (ArrayBuffer.isView(texts)) {
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected an array of strings, got a typed array`);
  }
  const isList = Symbol.iterator in texts || 'length' in texts;
  if (!isList) throw wrongType(place, 'an array of strings', texts);
  return Array.from(texts); // by its own iterator, if it has one
}

/** The bytes of a string; null for NULL. */
function encode(text: unknown, place: string): ArrayBuffer | null {
  if (text === null) return null;
  if (typeof text !== 'string') throw wrongType(place, 'string or null', text);
  return encodeText(text, 's', place);
}

/**
 * Makes an array of strings for C, with NULL at its end. A `null` element is NULL.
 *
 * @example
 * execvp('ls', stringArray(['ls', '-l']));
 *
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for an element that is neither a string nor null, or contains a NUL.
 */
export function stringArray(texts: ArrayLike<string | null>): StringArray {
  return new StringArray(texts);
}

/**
 * Reads an array of strings, `char **`, from C's memory: up to its NULL, or exactly `count` strings, some of which may
 * be null. The texts are copies. Address 0 gives an empty array.
 *
 * @throws TypeError `ERR_FFI_NULL_POINTER` for an address from 1 to 65,535; Error `ERR_FFI_BAD_ADDRESS` in checked
 *   mode.
 */
export function readStringArray(address: AddressLike): string[];
export function readStringArray(address: AddressLike, count: number): (string | null)[];
export function readStringArray(address: AddressLike, count = Infinity): (string | null)[] {
  const place = 'readStringArray: argument';
  const base = addressOf(address, `${place} 1`);
  if (count !== Infinity) checkInteger(count, `${place} 2`, 0);
  const texts: (string | null)[] = [];
  if (Number(base) === 0) return texts;
  const known = (address as unknown) instanceof StringArray ? (address as unknown as StringArray).length : undefined;
  if (known !== undefined && count !== Infinity && count > known + 1) {
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place} 2: expected at most ${known + 1} strings, got ${count}`);
  }
  const pointer = Memory.zeros(POINTER);
  while (texts.length < count) {
    const at = moved(base, texts.length * POINTER, place);
    checkBounds(address, texts.length * POINTER, POINTER, 'readStringArray');
    inNameOf('readStringArray', () => native.readInto(at, pointer.buffer));
    const text = codecs.p.read(pointer, 0) as Address;
    if (Number(text) === 0 && count === Infinity) break;
    append(
      texts,
      inNameOf('readStringArray', () => native.readText(text, 's')),
    );
  }
  return texts;
}

/**
 * A buffer for a string that C writes. It may be passed for a `char *` to `byteLength` bytes; afterwards `toString`
 * reads it. The memory lives as long as this object.
 *
 * @example
 * const name = new StringBuffer(64);
 * gethostname(name, name.byteLength);
 * name.toString();
 */
export class StringBuffer {
  private readonly memory: ArrayBuffer;

  /** @throws RangeError `ERR_FFI_OUT_OF_RANGE` unless the length is an integer of at least 1. */
  constructor(byteLength: number) {
    checkInteger(byteLength, 'StringBuffer: argument 1', 1);
    this.memory = Memory.zeros(byteLength).buffer;
    defineOwn(this, 'memory', { enumerable: false });
  }

  /** The number of bytes that C may write, with the NUL. */
  get byteLength(): number {
    return this.memory.byteLength;
  }

  /** The address of the first byte. */
  get ptr(): number {
    return native.ptr(this.memory);
  }

  /** The text up to the first NUL, or up to the end of the buffer if there is none. */
  toString(): string {
    mustHaveThis(this, 'StringBuffer.toString');
    const end = new Uint8Array(this.memory).indexOf(0);
    return new CString(this.ptr, 0, end < 0 ? this.byteLength : end).toString();
  }
}

definePlace(StringBuffer.prototype, function (this: StringBuffer) {
  return this['memory'];
});
