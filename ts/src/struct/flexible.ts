/** Flexible array members, `char data[]`: behind a struct as many elements as there is memory for, which its size does not count. */

import { ArrayCodec, isChar } from '../memory/array';
import type { ArrayView } from '../memory/array';
import type { Codec } from '../memory/codec';
import type { Memory } from '../memory/memory';
import { encodeText } from '../memory/text';

/** The last field of a struct that ends so. Where the struct is a part of something else it has no elements. */
export class FlexibleCodec implements Codec {
  readonly letters = '';
  readonly size = 0;
  private readonly counts = new WeakMap<Memory, number>();

  /** `name` is the field's, and `offset` is where it begins in its struct. */
  constructor(
    private readonly element: Codec,
    readonly name: string,
    readonly offset: number,
  ) {}

  /** What a struct with so many elements takes at least, in bytes. */
  end(count: number): number {
    return this.offset + count * this.element.size;
  }

  /** Says how many elements the struct has that lies in that memory alone. */
  setCount(memory: Memory, count: number): void {
    this.counts.set(memory, count);
  }

  /** How many it has there. */
  countIn(memory: Memory): number {
    return this.counts.get(memory) ?? 0;
  }

  /** How many elements a value for the whole struct gives. */
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
