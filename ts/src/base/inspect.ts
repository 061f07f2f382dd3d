/** What the host's `console.log` shows of an object. */

import { INSPECT } from '../host/node';

/** Makes `console.log` show the objects of a prototype as what their `toObject` gives. */
export function makeInspectable(prototype: { toObject(): unknown }): void {
  Object.defineProperty(prototype, INSPECT, {
    value(this: { toObject(): unknown }): unknown {
      return this.toObject();
    },
    configurable: true,
    writable: true,
  });
}
