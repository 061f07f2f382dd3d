/** Fixed arrays in memory, and the views that `value.list` gives for them. */

import { describe, ffiError, wrongType } from '../base/errors';
import { makeInspectable } from '../base/inspect';
import { mustHaveThis } from '../base/methods';
import { native } from '../base/native';
import { listOf } from '../base/lists';
import { defineOwn } from '../base/own';
import { definePlace } from '../base/pointer';
import { assign, insidePart, readAt } from './codec';
import type { Codec } from './codec';
import { giveIndexes } from './indexes';
import { bytesAt } from './memory';
import type { Memory } from './memory';
import { encodeText } from './text';

/** Keys of the private properties of views. They are symbols, so that they cannot collide with a program's names. */
const CODEC = Symbol('arkffi.codec');
const MEMORY = Symbol('arkffi.memory');
const OFFSET = Symbol('arkffi.offset');

/**
 * An array inside a struct, or an array of structs: a view of its memory, whose elements are read and written in place.
 * Setting one that the array does not have throws, and reading it gives `undefined`.
 *
 * Thread rule: belongs to its JavaScript thread. The view keeps JavaScript's memory alive; C's memory is the caller's.
 */
export class ArrayView<T = unknown, In = T> {
  /** The element at that index. A struct or array is itself a view. */
  [index: number]: T;
  /** The number of elements. */
  readonly length: number;
  private readonly [CODEC]: ArrayCodec;
  private readonly [MEMORY]: Memory;
  private readonly [OFFSET]: number;

  /** @internal */
  constructor(codec: ArrayCodec, memory: Memory, offset: number) {
    this.length = codec.count;
    this[CODEC] = codec;
    this[MEMORY] = memory;
    this[OFFSET] = offset;
    if (codec.count > indexed) defineIndexes(codec.count);
  }

  /** The address of the first element. C may use it for as long as JavaScript keeps this view. */
  get ptr(): number {
    try {
      return this[MEMORY].addressOf(this[OFFSET], this[CODEC].size) as number;
    } catch (error) {
      throw this[MEMORY].failure(error, 'array.ptr');
    }
  }

  /** The ArrayBuffer that the array lies in. */
  get buffer(): ArrayBuffer {
    return this[MEMORY].buffer;
  }

  /** Reads and writes the elements. @internal */
  get element(): Codec {
    return this[CODEC].element;
  }

  /** Offset of the first element in `buffer`, in bytes. */
  get byteOffset(): number {
    return this[MEMORY].start + this[OFFSET];
  }

  /** The element at that index, or `undefined` beyond the end. */
  get(index: number): T | undefined {
    mustHaveThis(this, 'array.get');
    if (!(Number.isInteger(index) && index >= 0 && index < this.length)) return undefined;
    const { element } = this[CODEC];
    return readAt(element, 'view', this[MEMORY], this[OFFSET] + index * element.size, `array[${index}]`) as T;
  }

  /**
   * Sets the element at that index.
   * @throws RangeError `ERR_FFI_OUT_OF_RANGE` beyond the end; for a wrong value as setting a field does.
   */
  set(index: number, value: In): void {
    mustHaveThis(this, 'array.set');
    if (!(Number.isInteger(index) && index >= 0 && index < this.length)) {
      const why = `${describe(index)} is no index of ${this.length} elements`;
      throw ffiError('ERR_FFI_OUT_OF_RANGE', `${this[CODEC].place.replace(/(\[0\])+$/, '')}: ${why}`);
    }
    const { element } = this[CODEC];
    assign(element, this[MEMORY], this[OFFSET] + index * element.size, value, `array[${index}]`);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = 0; i < this.length; i++) yield this.get(i) as T;
  }

  /**
   * The text in an array of `char`: UTF-8 up to the first NUL, or the whole array if it has none.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if the elements are larger than a byte.
   */
  text(): string {
    mustHaveThis(this, 'array.text');
    const { element, size } = this[CODEC];
    if (!isChar(element)) throw ffiError('ERR_FFI_INVALID_ARG_TYPE', 'array.text: only an array of char has text');
    return textOf(bytesAt(this[MEMORY], this[OFFSET], size, 'array.text'));
  }

  /** A copy as a plain array of plain values. */
  toObject(): unknown[] {
    mustHaveThis(this, 'array.toObject');
    return readAt(this[CODEC], 'plain', this[MEMORY], this[OFFSET], 'array') as unknown[];
  }

  /** The copy that `JSON.stringify` uses. */
  toJSON(): unknown[] {
    mustHaveThis(this, 'array.toJSON');
    return this.toObject();
  }
}

makeInspectable(ArrayView.prototype);
giveIndexes(ArrayView.prototype);
definePlace(ArrayView.prototype, function (this: ArrayView) {
  try {
    return this[MEMORY].placeAt(this[OFFSET]);
  } catch (error) {
    throw this[MEMORY].failure(error, 'array.ptr');
  }
});

/** The number of elements with an accessor. Those after them take longer. */
const MOST_INDEXES = 65536;
let indexed = 0;

/** Defines accessors for the indexes up to `count` on the prototype, which all arrays share. */
function defineIndexes(count: number): void {
  for (const end = Math.min(count, MOST_INDEXES); indexed < end; indexed++) {
    const index = indexed;
    defineOwn(ArrayView.prototype, index, {
      get(this: ArrayView) {
        return this.get(index);
      },
      set(this: ArrayView, value: unknown) {
        this.set(index, value);
      },
      configurable: true,
    });
  }
}

/** The text in bytes: UTF-8 up to the first NUL, or all of them if there is none. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const length = end < 0 ? bytes.length : end;
  return length === 0 ? '' : native.readCString(native.ptr(bytes), length);
}

/** A copy of an array of `char`: its values, and the text that they are. */
export interface CharArray extends Array<number> {
  /** The text in the array: UTF-8 up to the first NUL, or the whole array if it has none. */
  text(): string;
}

function text(this: readonly number[]): string {
  return textOf(Uint8Array.from(listOf(this.length, (i) => this[i] & 0xff)));
}

/** Whether an array with these elements may hold text. */
export function isChar({ letters }: Codec): boolean {
  return letters === 'c' || letters === 'C';
}

/** The codec of a fixed array. `read` gives a JavaScript array with the values, `view` an `ArrayView`. */
export class ArrayCodec implements Codec {
  readonly letters: string;
  readonly size: number;
  readonly align: number;

  constructor(
    readonly element: Codec,
    readonly count: number,
    /** Where it was declared, which messages begin with. */
    readonly place = 'array',
  ) {
    this.letters = `[${count}${element.letters}]`;
    this.size = count * element.size;
    this.align = element.align;
  }

  read(memory: Memory, offset: number): unknown[] {
    const { element, count } = this;
    const values = listOf(count, (i) => element.read(memory, offset + i * element.size));
    return isChar(element) ? defineOwn(values, 'text', { value: text, writable: true, configurable: true }) : values;
  }

  view(memory: Memory, offset: number): ArrayView {
    return new ArrayView(this, memory, offset);
  }

  plain(memory: Memory, offset: number): unknown[] {
    const { element, count } = this;
    return listOf(count, (i) =>
      element.plain
        ? element.plain(memory, offset + i * element.size)
        : element.read(memory, offset + i * element.size),
    );
  }

  write(memory: Memory, offset: number, value: unknown, place: string, isWhole?: boolean): void {
    const { element, count } = this;
    if (typeof value === 'string' && isChar(element)) {
      this.writeText(memory, offset, value, place);
      return;
    }
    if (typeof value !== 'object' || value === null) throw wrongType(place, `an array of ${count} values`, value);
    const { length } = value as ArrayLike<unknown>;
    if (length !== count) {
      const expected = `expected an array of ${count} values`;
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${expected}, got ${describe(length)}`);
    }
    for (let i = 0; i < count; i++) {
      try {
        element.write(memory, offset + i * element.size, (value as ArrayLike<unknown>)[i], place, isWhole);
      } catch (error) {
        throw insidePart(error, place, `[${i}]`);
      }
    }
  }

  /** Writes the text with its NUL, and fills the rest of the array with zeros. */
  private writeText(memory: Memory, offset: number, value: string, place: string): void {
    const text = new Uint8Array(encodeText(value, 's', place));
    if (text.length > this.count) {
      const room = `takes ${text.length} bytes with its NUL, and there are ${this.count}`;
      throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: the string ${room}`);
    }
    const bytes = new Uint8Array(this.count);
    bytes.set(text);
    memory.setBytes(offset, bytes);
  }
}
