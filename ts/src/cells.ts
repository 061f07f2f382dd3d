/** Memory that JavaScript shares with the native module. */

import type { SharedCells } from './bridge';
import { native } from './native';

/** The cells, and the way in. */
export const { cells, singles, places, enter } = native.openCells() as SharedCells;
