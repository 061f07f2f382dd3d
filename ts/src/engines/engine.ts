/** Which way synchronous calls take. All ways give the same results and the same errors; they differ in speed. */

import type { BoundFunction } from '../host/bridge';
import { describe, ffiError, hasCode } from '../base/errors';
import { native } from '../base/native';
import { wantedEngine } from '../host/node';
import { portable } from './portable';
import type { Signature } from '../signatures/signature';
import { byV8, openV8 } from './v8';

/**
 * - `napi`: each call converts its values by Node-API. Every function can be called so, and whatever another engine does
 *   not take goes this way.
 * - `portable`: numbers travel in shared memory. On every host.
 * - `v8`: optimised code calls C directly. In Node.js 20, 22, 24 and 26.
 */
export type Engine = 'v8' | 'portable' | 'napi';

/** The engine in use: the one that the environment variable ARKFFI_ENGINE names, else the fastest that works here. */
export const engine: Engine = choose(wantedEngine);

native.engine = engine;

function choose(wanted: string | undefined): Engine {
  if (wanted === 'portable' || wanted === 'napi') return wanted;
  if (wanted && wanted !== 'v8') {
    throw ffiError('ERR_FFI_NO_ENGINE', `ARKFFI_ENGINE: expected 'v8', 'portable' or 'napi', got ${describe(wanted)}`);
  }
  try {
    openV8();
    return 'v8';
  } catch (error) {
    if (wanted || !hasCode(error, 'ERR_FFI_NO_ENGINE')) throw error;
    return 'portable';
  }
}

/** What a program calls for a function: the fastest that the engine has for its types. */
export function fastest(bound: BoundFunction, signature: Signature): BoundFunction['call'] {
  const safe = (engine !== 'napi' && portable(bound, signature)) || bound.call;
  return (engine === 'v8' && byV8(bound, signature, safe)) || safe;
}
