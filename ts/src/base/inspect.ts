/** What the host's `console.log` prints for an object. */

import { INSPECT } from '../host/host';
import { defineOwn } from './own';

/** Makes `console.log` print the objects of a prototype as the result of their `toObject`. */
export function makeInspectable(prototype: { toObject(): unknown }): void {
  defineOwn(prototype, INSPECT, {
    value(this: { toObject(): unknown }): unknown {
      return this.toObject();
    },
    configurable: true,
    writable: true,
  });
}
