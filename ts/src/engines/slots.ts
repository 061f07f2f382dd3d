/** The argument slots of this JavaScript thread, which the fast engines call C with. */

import type { SharedSlots } from '../host/bridge';
import { native } from '../base/native';

/** What the native module gave; `SharedSlots` says what each is. */
export const { slots, singles, places, enter } = native.openSlots() as SharedSlots;

/** The result of the last call, in slot 0, as a value of each kind. */
export const lastResult = {
  signed: new BigInt64Array(slots.buffer, 0, 1),
  unsigned: new BigUint64Array(slots.buffer, 0, 1),
  ints: new Int32Array(slots.buffer, 0, 1),
  floats: new Float32Array(slots.buffer, 0, 1),
  doubles: slots,
};

/** Calls the C function whose number is in slot 0 by the slow path. */
export const slowly = native.openCalls();

/** Puts the number of a C function into slot 0. */
export function choose(number: number): void {
  slots[0] = number;
}
