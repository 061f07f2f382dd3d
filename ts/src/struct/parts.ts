/** The parts of a struct: fields, and groups of fields. */

import type { Codec } from '../memory/codec';

/** A field with its offset in the struct, in bytes. */
export interface Field {
  readonly name: string;
  readonly codec: Codec;
  readonly offset: number;
}

/**
 * A whole struct or union, or an anonymous member. A plain object has a value for each part of a struct, and for one
 * part of a union.
 */
export interface Group {
  readonly parts: readonly Part[];
  readonly isUnion: boolean;
  readonly offset: number;
  /** The size in bytes. */
  readonly size: number;
}

export type Part = Field | Group;

/** The fields of all parts, those of anonymous members included. */
export function fieldsIn(parts: readonly Part[]): Field[] {
  return parts.flatMap((part) => ('parts' in part ? fieldsIn(part.parts) : [part]));
}

/** The same part, `bytes` further from the start of the struct. */
export function movedBy(bytes: number, part: Part): Part {
  const offset = part.offset + bytes;
  return 'parts' in part
    ? { ...part, offset, parts: part.parts.map((each) => movedBy(bytes, each)) }
    : { ...part, offset };
}
