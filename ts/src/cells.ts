/** Memory that JavaScript shares with the native module. */

import type { SharedSlots } from './bridge';
import { native } from './native';

/** The cells, and the way in. */
export const { slots: cells, singles, places, enter } = native.openSlots() as SharedSlots;
