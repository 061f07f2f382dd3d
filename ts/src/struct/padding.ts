/**
 * The padding of structs: the bytes between and behind the fields. C leaves anything in those of a struct that it returns
 * or passes, so they are set to zero: the bytes of equal values are then equal.
 */

import { append } from '../base/own';
import { ArrayCodec } from '../memory/array';
import type { Codec } from '../memory/codec';
import type { View } from '../memory/memory';
import { fieldsIn } from './parts';
import type { Schema } from './schema';
import { StructCodec } from './struct_codec';

/** The offset of each byte of padding, in order. */
export type Padding = readonly number[];

const known = new WeakMap<Schema<any>, Padding>();

/** The padding of a struct, which is worked out once. */
export function paddingOf(schema: Schema<any>): Padding {
  let padding = known.get(schema);
  if (padding === undefined) known.set(schema, (padding = findPadding(schema)));
  return padding;
}

function findPadding({ codec, size }: Schema<any>): Padding {
  const used = new Uint8Array(size);
  mark(codec, used, 0);
  const padding: number[] = [];
  for (let i = 0; i < size; i++) if (used[i] === 0) append(padding, i);
  return padding;
}

/** Marks the bytes of the fields. Those of a union are the bytes of any of its fields. */
function mark(codec: Codec, used: Uint8Array, at: number): void {
  if (codec instanceof StructCodec) {
    fieldsIn(codec.whole.parts).forEach((field) => mark(field.codec, used, at + field.offset));
  } else if (codec instanceof ArrayCodec) {
    for (let i = 0; i < codec.count; i++) mark(codec.element, used, at + i * codec.element.size);
  } else {
    used.fill(1, at, at + (codec.reach ?? codec.size));
  }
}

/** Sets the padding of the struct at an offset to zero. */
export function clearPadding(padding: Padding, view: View, offset: number): void {
  for (let i = 0; i < padding.length; i++) view.setUint8(offset + padding[i], 0);
}
