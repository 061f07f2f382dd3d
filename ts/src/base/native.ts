/** The native module, loaded once for each JavaScript thread. */

import type { NativeModule } from '../host/bridge';
import { loadNative } from '../host/host';
import { ffiError } from './errors';
import { inThisRealm } from './realm';

/** The native module of this JavaScript thread. */
export const native = load();

function load(): NativeModule {
  try {
    return inThisRealm(loadNative());
  } catch (error) {
    const [reason] = String((error as Error).message).split('\n');
    throw ffiError('ERR_FFI_LIBRARY_NOT_FOUND', `arkffi's native module cannot be loaded, is it built? ${reason}`);
  }
}
