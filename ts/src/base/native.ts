/** The native module, loaded once for each JavaScript thread. */

import type { NativeModule } from '../host/bridge';
import { loadNative } from '../host/host';
import { ffiError } from './errors';

/** The native module of this JavaScript thread. */
export const native = load();

function load(): NativeModule {
  try {
    return loadNative();
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_FFI_NO_MEMORY') throw error;
    const [reason] = String((error as Error).message).split('\n');
    throw ffiError('ERR_FFI_LIBRARY_NOT_FOUND', `arkffi's native module cannot be loaded, is it built? ${reason}`);
  }
}
