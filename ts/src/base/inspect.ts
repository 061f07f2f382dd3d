/** What the host's `console.log` prints for an object. */

import { INSPECT } from '../host/host';
import { assignOwn, defineOwn } from './own';

/** Makes `console.log` print the objects of a prototype as the result of their `toObject`. */
export function makeInspectable<T extends { toObject(): unknown }>(prototype: T): void {
  showAs(prototype, (value) => value.toObject());
}

/** Makes `console.log` print the objects of a prototype as what `show` gives for them. */
export function showAs<T extends object>(prototype: T, show: (value: T) => unknown): void {
  defineOwn(prototype, INSPECT, {
    value(this: T): unknown {
      return show(this);
    },
    configurable: true,
    writable: true,
  });
}

/** An object that `console.log` prints with the name of a class before its properties. */
export function named<T extends object>(name: string, properties: T): T {
  const { [name]: Class } = { [name]: function () {} as unknown as new () => object };
  // Bun prints this, or else the name that the function has in the source.
  defineOwn(Class.prototype as object, Symbol.toStringTag, { value: name });
  return assignOwn(new Class(), properties);
}
