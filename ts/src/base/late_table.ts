/**
 * Tables of many properties whose values are made when they are first read.
 *
 * V8 gives an object a shape, which lists all its properties. When a getter becomes a value, the object gets a new shape,
 * and of a thousand properties that takes milliseconds. So such a table has none while values are being made: V8 then
 * looks names up by their hash. When the program has returned to the host, the table gets a shape again, because V8 reads
 * properties by a shape ten times as fast. None of this changes what a program sees.
 */

import { hostCalls } from '../host/host';
import { setOwn } from './own';
import { then } from './promises';

/** From this many properties on, values are made when they are first read, and tables have no shape meanwhile. */
export const MANY = 200;

/** V8 gives no shape to an object of more properties. */
const MOST_SHAPED = 1020;

const now = Promise.resolve();

/**
 * Takes the shape of an empty table of `count` properties away. The result is to be called when a value has been made,
 * and gives the table a shape soon.
 */
export function withoutShape(table: object, count: number): () => void {
  // Where a host has calls of its own, it is not V8, and needs none of this.
  if (hostCalls !== undefined || count < MANY || count > MOST_SHAPED) return () => {};
  // An object that has lost another property than its last one has no shape.
  setOwn(setOwn(table, 'first', undefined), 'last', undefined);
  Reflect.deleteProperty(table, 'first');
  Reflect.deleteProperty(table, 'last');
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    then(now, () => {
      isPlanned = false;
      giveShape(table);
    });
  };
}

/** V8 gives objects from which others inherit a shape when the names of such another one are listed. */
function giveShape(table: object): void {
  const Heir = function () {} as unknown as new () => object;
  Heir.prototype = table;
  // eslint-disable-next-line guard-for-in
  for (const name in new Heir()) {
    if (name !== '') return;
  }
}
