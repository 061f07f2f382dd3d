/** The native module. */

import type { NativeModule } from '../host/bridge';
import { ffiError } from './errors';
import { loadNative } from '../host/node';

/** Loaded once for each JavaScript thread. */
export const native = load();

function load(): NativeModule {
  try {
    return loadNative();
  } catch (error) {
    const [reason] = String((error as Error).message).split('\n');
    throw ffiError('ERR_FFI_LIBRARY_NOT_FOUND', `arkffi's native module cannot be loaded, is it built? ${reason}`);
  }
}
