/** What the objects are that stand for types, by a key that all copies of arkffi in a process have in common. */

import { defineOwn } from './own';

const BRAND = Symbol.for('arkffi.type');

/** This copy of arkffi. */
const COPY = {};

/** What `owned` makes, as messages call it. */
export const OWNED = 'an owned type';

interface Brand {
  readonly what: string;
  readonly copy: object;
}

/** Makes the objects of a prototype say what they are. */
export function brand(prototype: object, what: string): void {
  defineOwn(prototype, BRAND, { value: { what, copy: COPY } });
}

/**
 * What an object is, as `'a struct'`, and whether another copy of arkffi has made it, whose types are none of this one.
 * Undefined for other objects. It may run code of the program.
 */
export function brandOf(value: object): { readonly what: string; readonly isForeign: boolean } | undefined {
  const found = (value as { readonly [BRAND]?: Brand })[BRAND];
  return found === undefined ? undefined : { what: found.what, isForeign: found.copy !== COPY };
}
