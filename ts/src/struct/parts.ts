/** The parts that a struct consists of, as its codec and its values know them. */

import type { Codec } from '../memory/codec';

/** A field and where it is in its struct. */
export interface Field {
  readonly name: string;
  readonly codec: Codec;
  readonly offset: number;
}

/** A struct or union, be it a whole one or an anonymous member of one: what a plain object has to say of it. */
export interface Group {
  readonly parts: readonly Part[];
  readonly isUnion: boolean;
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
}

export type Part = Field | Group;

/** The fields of all parts, those of anonymous members among them. */
export function fieldsIn(parts: readonly Part[]): Field[] {
  return parts.flatMap((part) => ('parts' in part ? fieldsIn(part.parts) : [part]));
}

/** The same part so many bytes further on. */
export function movedBy(bytes: number, part: Part): Part {
  const offset = part.offset + bytes;
  return 'parts' in part
    ? { ...part, offset, parts: part.parts.map((each) => movedBy(bytes, each)) }
    : { ...part, offset };
}
