/** The native module, loaded once for each JavaScript thread. */

import type { NativeModule } from '../host/bridge';
import { loadingAdvice, loadNative } from '../host/host';
import { ffiError } from './errors';
import { explain } from './kinds';
import { inThisRealm } from './realm';
import { beginAtProgram } from './stack';

/** The native module of this JavaScript thread. */
export const native = load();

function load(): NativeModule {
  try {
    const loaded = inThisRealm(loadNative());
    loaded.finishErrors(beginAtProgram, explain);
    return loaded;
  } catch (error) {
    const failure = error as { readonly code?: unknown; readonly message?: unknown };
    if (failure.code === 'ERR_FFI_NO_MEMORY') throw error;
    const [reason] = String(failure.message).split('\n');
    const advice = loadingAdvice(failure);
    throw ffiError('ERR_FFI_LIBRARY_NOT_FOUND', `arkffi's native module cannot be loaded: ${reason}${advice}`);
  }
}
