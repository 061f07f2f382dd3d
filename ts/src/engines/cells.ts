/** Memory that JavaScript shares with the native module. */

import type { SharedCells } from '../host/bridge';
import { native } from '../base/native';

/** The cells, and the way in. */
export const { cells, singles, places, enter } = native.openCells() as SharedCells;
