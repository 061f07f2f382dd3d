/** The argument slots of this JavaScript thread, which the fast engines call C with. */

import type { SharedSlots } from '../host/bridge';
import { native } from '../base/native';

/** What the native module gave; `SharedSlots` says what each is. */
export const { slots, singles, places, enter, closings } = native.openSlots() as SharedSlots;

/** The first value of an array, as a value of each kind, and as `doubles` the array itself. */
export const resultsIn = (doubles: Float64Array) => {
  const { buffer, byteOffset } = doubles;
  return {
    signed: new BigInt64Array(buffer, byteOffset, 1),
    unsigned: new BigUint64Array(buffer, byteOffset, 1),
    ints: new Int32Array(buffer, byteOffset, 1),
    floats: new Float32Array(buffer, byteOffset, 1),
    doubles,
  };
};

/** The result of the last call, in slot 0. */
export const lastResult = resultsIn(slots);

/** Calls the C function whose number is in slot 0 by the slow path. */
export const slowly = native.openCalls();

/** Puts the number of a C function into slot 0. */
export function choose(number: number): void {
  slots[0] = number;
}
