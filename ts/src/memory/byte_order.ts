/** Numbers whose bytes lie in the other order than this machine's. */

import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import { ArrayCodec } from './array';
import type { Codec } from './codec';
import { LITTLE_ENDIAN } from './codecs';
import { Memory } from './memory';

/** The order of the bytes of numbers. */
export type ByteOrder = 'big' | 'little';

/** The codec of numbers whose bytes are in the other order. */
class SwappedCodec implements Codec {
  readonly letters: string;
  readonly size: number;
  readonly align: number;
  /** One number in the machine's order. No other code runs while it is in use. */
  private readonly one: Memory;

  constructor(private readonly own: Codec) {
    this.letters = own.letters;
    this.size = own.size;
    this.align = own.align;
    this.one = Memory.zeros(own.size);
  }

  read(memory: Memory, offset: number): unknown {
    const { one, size } = this;
    for (let i = 0; i < size; i++) one.view.setUint8(size - 1 - i, memory.view.getUint8(offset + i));
    return this.own.read(one, 0);
  }

  write(memory: Memory, offset: number, value: unknown, place: string): void {
    const { one, size } = this;
    this.own.write(one, 0, value, place);
    for (let i = 0; i < size; i++) memory.view.setUint8(offset + i, one.view.getUint8(size - 1 - i));
  }
}

/** The swapped codec of each, the same each time: views are known by that of their elements. */
const swapped = new WeakMap<Codec, SwappedCodec>();

function swappedCodec(own: Codec): SwappedCodec {
  let made = swapped.get(own);
  if (made === undefined) swapped.set(own, (made = new SwappedCodec(own)));
  return made;
}

/** Whether the values of a codec are numbers or bools, whose bytes have an order that a declaration may say. */
function hasOrder({ letters }: Codec): boolean {
  if (letters === 'x' || letters === 'X') return true;
  const kind = typeFacts[letters as TypeCode]?.kind;
  return kind === 'signed' || kind === 'unsigned' || kind === 'float' || kind === 'bool';
}

/**
 * The codec of a number, or of an array of numbers, with its bytes in that order; undefined for what is neither. Pointers
 * have the machine's order in C too, and structs have an order of their own.
 */
export function orderedCodec(codec: Codec, order: ByteOrder): Codec | undefined {
  if (codec instanceof ArrayCodec) {
    const element = orderedCodec(codec.element, order);
    return element && (element === codec.element ? codec : new ArrayCodec(element, codec.count));
  }
  if (!hasOrder(codec)) return undefined;
  return (order === 'little') === LITTLE_ENDIAN || codec.size === 1 ? codec : swappedCodec(codec);
}
