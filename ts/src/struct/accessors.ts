/** The accessors of a value's fields of numbers. */

import { codecs } from '../memory/codecs';
import type { Codec } from '../memory/codec';
import type { TypeCode } from '../types/types.generated';
import { makers } from './accessors.generated';
import { Rest } from './placed';
import type { Accessor } from './placed';

/** The accessor of a number's field; undefined for other fields, among them numbers in another order of bytes or with names. */
export function numberAccessor(codec: Codec, at: number, place: string): Accessor | undefined {
  const code = codec.letters as Exclude<TypeCode, 'v'>;
  return codecs[code] === codec ? makers[code]?.(at, new Rest(codec, at, place)) : undefined;
}
