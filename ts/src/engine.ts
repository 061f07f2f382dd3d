/** Which way synchronous calls take. All ways give the same results and the same errors; they differ in speed. */

import type { BoundFunction } from './bridge';
import { describe, ffiError } from './errors';
import { native, wantedEngine } from './native';
import { portable } from './portable';
import type { Signature } from './signature';

/**
 * - `napi`: each call converts its values by Node-API. Every function can be called so, and whatever another engine does
 *   not take goes this way.
 * - `portable`: numbers travel in shared memory. On every host.
 */
export type Engine = 'portable' | 'napi';

/** The engine in use: the one that the environment variable ARKFFI_ENGINE names, else the fastest that works here. */
export const engine: Engine = choose(wantedEngine);

native.engine = engine;

function choose(wanted: string | undefined): Engine {
  if (!wanted) return 'portable';
  if (wanted === 'portable' || wanted === 'napi') return wanted;
  throw ffiError('ERR_FFI_NO_ENGINE', `ARKFFI_ENGINE: expected 'portable' or 'napi', got ${describe(wanted)}`);
}

/** What a program calls for a function: the fastest that the engine has for its types. */
export function fastest(bound: BoundFunction, signature: Signature): BoundFunction['call'] {
  return (engine === 'portable' && portable(bound, signature)) || bound.call;
}
