/** The native module, loaded once for each JavaScript thread. */

import type { NativeModule } from '../host/bridge';
import { loadNative, NotLoaded } from '../host/host';
import { explain } from './kinds';
import { defineOwn, setOwn } from './own';
import { inThisRealm } from './realm';
import { beginAtProgram } from './stack';

/** The native module of this JavaScript thread. */
export const native = load();

function load(): NativeModule {
  try {
    const loaded = inThisRealm(loadNative());
    loaded.finishErrors(beginAtProgram, explain, rethrow);
    return loaded;
  } catch (error) {
    throw error instanceof NotLoaded ? notLoaded(error) : error;
  }
}

/** Throws any value: there are hosts whose Node-API throws only errors. */
function rethrow(thrown: unknown): never {
  throw thrown;
}

/** The error has the code of the reason, which is the host's own if the host refused to load a file. */
function notLoaded({ message, code, cause }: NotLoaded): Error {
  const error = setOwn(beginAtProgram(new Error(message)), 'code', code);
  return cause === undefined ? error : defineOwn(error, 'cause', { value: cause, writable: true, configurable: true });
}
