/** The accessors of a value's fields of numbers. */

import { exact } from '../base/pointer';
import { codecs, LITTLE_ENDIAN } from '../memory/codecs';
import type { Codec } from '../memory/codec';
import type { TypeCode } from '../types/types.generated';
import { makersWith, NAMES, texts } from './accessors.generated';
import { Copies } from './copies';
import { OFFSET, Rest, VIEW } from './placed';
import type { Accessor, AccessorMaker } from './placed';

const makers = makersWith(VIEW, OFFSET, LITTLE_ENDIAN, exact);

/** What makes accessors, by type. */
const copies = new Map<TypeCode, Copies<AccessorMaker>>();

function copiesOf(code: TypeCode): Copies<AccessorMaker> | undefined {
  const known = copies.get(code);
  const { [code]: maker } = makers;
  const { [code]: text } = texts;
  if (known || !maker || text === undefined) return known;
  const made = new Copies(maker, text, NAMES, [VIEW, OFFSET, LITTLE_ENDIAN, exact]);
  copies.set(code, made);
  return made;
}

/**
 * What gives the accessors of one struct's fields of numbers: undefined for other fields, among them numbers in another order
 * of bytes or with names.
 */
export function numberAccessors(): (codec: Codec, at: number, place: string) => Accessor | undefined {
  const used = new Map<TypeCode, AccessorMaker | undefined>();
  return (codec, at, place) => {
    const code = codec.letters as Exclude<TypeCode, 'v'>;
    if (codecs[code] !== codec) return undefined;
    if (!used.has(code)) used.set(code, copiesOf(code)?.next());
    return used.get(code)?.(at, new Rest(codec, at, place));
  };
}
