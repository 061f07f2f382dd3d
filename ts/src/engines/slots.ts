/** The argument slots of this JavaScript thread, which the fast engines call C with. */

import type { SharedSlots } from '../host/bridge';
import { native } from '../base/native';

/** What the native module gave; `SharedSlots` says what each is. */
export const { slots, singles, places, enter } = native.openSlots() as SharedSlots;
