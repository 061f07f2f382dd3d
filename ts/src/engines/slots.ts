/** The argument slots: memory that JavaScript shares with the native module. */

import type { SharedSlots } from '../host/bridge';
import { native } from '../base/native';

/** The slots of this JavaScript thread, and the way into C by them; `SharedSlots` says what each is. */
export const { slots, singles, places, enter } = native.openSlots() as SharedSlots;
