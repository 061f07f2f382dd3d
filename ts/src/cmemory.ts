/** Values in C's memory, by way of the same codecs that structs have: copied out and read, written and copied in. */

import type { Address } from './bridge';
import { Memory } from './memory';
import type { Codec } from './memory';
import { native } from './native';

/** The value at an address. What it gives is a copy, but for strings' addresses, which it follows. */
export function readAt(codec: Codec, address: Address): unknown {
  return codec.read(new Memory(native.readMemory(address, codec.size)), 0);
}

/** A value as bytes. Throws where it is wrong, in a message that begins with `place`. */
export function bytesOf(codec: Codec, value: unknown, place: string): Memory {
  const memory = Memory.zeros(codec.size);
  codec.write(memory, 0, value, place);
  return memory;
}
