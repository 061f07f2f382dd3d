/** Lists that are made without the iterator of `Array.prototype`, and without setters that a program has put there. */

import { append } from './own';

/** An array of what `make` gives for each index. */
export function listOf<T>(length: number, make: (index: number) => T): T[] {
  const places: object = { __proto__: null, length }; // inherits no iterator
  return Array.from(places as ArrayLike<never>, (_, i) => make(i));
}

/** The keys of a map or set, in their order. */
export function keysOf<K>(map: { forEach(visit: (_: unknown, key: K) => void): void }): K[] {
  const keys: K[] = [];
  map.forEach((_, key) => append(keys, key));
  return keys;
}
