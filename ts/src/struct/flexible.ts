/** Flexible array members, `char data[]`: elements after the end of a struct that its size does not count. */

import { ArrayCodec, isChar } from '../memory/array';
import type { ArrayView } from '../memory/array';
import type { Codec } from '../memory/codec';
import type { Memory } from '../memory/memory';
import { encodeText } from '../memory/text';

/** The codec of a flexible array member. It has no elements if its struct is a part of something larger. */
export class FlexibleCodec implements Codec {
  readonly letters = '';
  readonly size = 0;
  readonly align: number;
  private readonly counts = new WeakMap<Memory, number>();

  /** `name` is the name of the field, and `offset` is where it begins in its struct, in bytes. */
  constructor(
    private readonly element: Codec,
    readonly name: string,
    readonly offset: number,
  ) {
    this.align = element.align;
  }

  /** The number of bytes from the start of the struct to the end of `count` elements. */
  end(count: number): number {
    return this.offset + count * this.element.size;
  }

  /** Sets the number of elements of the struct that `memory` holds. */
  setCount(memory: Memory, count: number): void {
    this.counts.set(memory, count);
  }

  /** The number of elements of the struct that `memory` holds; 0 unless `setCount` has been called. */
  countIn(memory: Memory): number {
    return this.counts.get(memory) ?? 0;
  }

  /** The number of elements for which a struct with that number of bytes has room. */
  countFor(size: number): number {
    return Math.max(0, Math.floor((size - this.offset) / this.element.size));
  }

  /** The number of elements that a first value for the struct has for the array. */
  countGiven(init: unknown): number {
    const elements = typeof init === 'object' && init !== null && (init as { [name: string]: unknown })[this.name];
    if (typeof elements === 'string' && isChar(this.element)) return encodeText(elements, 's', this.name).byteLength;
    const { length } = (typeof elements === 'object' && elements !== null ? elements : []) as { length: unknown };
    return typeof length === 'number' && Number.isSafeInteger(length) && length > 0 ? length : 0;
  }

  sizeIn(memory: Memory): number {
    return this.countIn(memory) * this.element.size;
  }

  read(memory: Memory, offset: number): unknown[] {
    return this.arrayIn(memory).read(memory, offset);
  }

  view(memory: Memory, offset: number): ArrayView {
    return this.arrayIn(memory).view(memory, offset);
  }

  plain(memory: Memory, offset: number): unknown[] {
    return this.arrayIn(memory).plain(memory, offset);
  }

  write(memory: Memory, offset: number, value: unknown, place: string, isWhole?: boolean): void {
    this.arrayIn(memory).write(memory, offset, value, place, isWhole);
  }

  private arrayIn(memory: Memory): ArrayCodec {
    return new ArrayCodec(this.element, this.countIn(memory));
  }
}
