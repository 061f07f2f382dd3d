/** Chooses how sync calls are made. All engines give the same results and the same errors; they differ in speed. */

import type { BoundFunction, Settings } from '../host/bridge';
import { hostCalls, symbolCalls, wantedEngine } from '../host/host';
import { describe, ffiError, hasCode, inNameOf } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import { openQuickAccessBy } from '../memory/quick_access';
import type { Signature } from '../signatures/signature';
import { accessByHost, byHost, openHostCalls } from './host_calls';
import { accessByThunk, byThunk, openThunkCalls } from './thunk_calls';
import { accessBySlots, portable } from './portable';
import { accessByV8, byV8, openV8 } from './v8';

/**
 * A way to make sync calls.
 *
 * - `napi`: each call converts its values by Node-API. It can call every function, and it is the slow path of the
 *   others, which leave to it all that they do not handle.
 * - `portable`: numbers travel in memory that JavaScript and C share. It works on every host.
 * - `v8`: optimised code calls C directly. It works in Node.js 20 to 26.
 * - `bun`: Bun calls C as its own bun:ffi does. It works in Bun.
 * - `deno`: Deno calls C as its own Deno.dlopen does. It works in Deno on Linux.
 */
export type Engine = 'v8' | 'bun' | 'deno' | 'portable' | 'napi';

/** The name of the engine by which the host itself calls C; undefined where it has no calls of its own. */
const hostEngine = hostCalls?.name ?? symbolCalls?.name;

/** The engine in use; undefined until one is needed, because to try V8 takes longer than to load the rest of arkffi. */
let chosen: Engine | undefined;

/** How messages begin about the engine that the environment asks for. */
const VARIABLE = 'ARKFFI_ENGINE';
if (wantedEngine) checkHas(wantedEngine, VARIABLE);

/**
 * The engine in use: the one that the environment variable ARKFFI_ENGINE names or `ffi.configure` has set, or else the
 * fastest that works here.
 */
export function engineInUse(): Engine {
  return (chosen ??= choose(wantedEngine, VARIABLE));
}

defineOwn(native, 'engine', { get: engineInUse, enumerable: true, configurable: true });

/** Reading and writing memory needs no engine: it is chosen for that only when this has been asked for so often. */
const OFTEN = 100;
let asked = 0;

/** The engine for reading and writing; undefined if it is not there yet, or does not work here, which calls report. */
function engineForAccess(): Engine | undefined {
  if (chosen !== undefined || ++asked < OFTEN) return chosen;
  try {
    return engineInUse();
  } catch {
    asked = -Infinity;
    return undefined;
  }
}

openQuickAccessBy(() => {
  const engine = engineForAccess();
  if (engine === undefined || engine === 'napi') return undefined;
  const scalars = native.openScalars();
  const safe = accessBySlots(scalars);
  if (engine === 'v8') return accessByV8(scalars, safe);
  if (engine === 'deno') return accessByThunk(scalars, safe);
  return engine === 'bun' ? (accessByHost(scalars) ?? safe) : safe;
});

// The native module does not know the engines: it checks the name.
const { configure: configureNative } = native;
native.configure = function configure(...all: [Settings]): void {
  const given: unknown = all[0];
  // Each setting is read once, because a getter may give something else the next time.
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) all[0] = { ...given };
  const wanted: unknown = Reflect.getOwnPropertyDescriptor(Object(all[0]), 'engine')?.value;
  const engine = isEngine(wanted) ? choose(wanted, 'configure: engine') : chosen;
  Reflect.apply(configureNative, undefined, all);
  chosen = engine;
};

// C calls callbacks by V8 too, if the engine is there when they are made.
const { createCallback: create, bindCallback: bind } = native;
native.createCallback = function createCallback(...all: Parameters<typeof create>): ReturnType<typeof create> {
  engineInUse();
  return Reflect.apply(create, undefined, all);
};
native.bindCallback = function bindCallback(...all: Parameters<typeof bind>): ReturnType<typeof bind> {
  engineInUse();
  return Reflect.apply(bind, undefined, all);
};

function isEngine(name: unknown): name is Engine {
  return name === 'v8' || name === 'bun' || name === 'deno' || name === 'portable' || name === 'napi';
}

/** @throws Error `ERR_FFI_NO_ENGINE` for the name of no engine, and for one of another host. `place` begins the message. */
function checkHas(wanted: string, place: string): void {
  if (!isEngine(wanted)) {
    const expected = "expected 'v8', 'bun', 'deno', 'portable' or 'napi'";
    throw ffiError('ERR_FFI_NO_ENGINE', `${place}: ${expected}, got ${describe(wanted)}`);
  }
  if ((wanted === 'bun' || wanted === 'deno') && wanted !== hostEngine) {
    throw ffiError('ERR_FFI_NO_ENGINE', `${place}: '${wanted}' works in another host only`);
  }
}

/** @throws Error `ERR_FFI_NO_ENGINE` if the engine that is wanted is not available. `place` begins the message. */
function choose(wanted: string | undefined, place: string): Engine {
  if (wanted === 'portable' || wanted === 'napi') return wanted;
  if (wanted) {
    checkHas(wanted, place);
    return inNameOf(`${place}: '${wanted}' does not work here`, () => openFastest(wanted));
  }
  try {
    return openFastest(undefined);
  } catch (error) {
    if (hasCode(error, 'ERR_FFI_NO_ENGINE')) return 'portable';
    throw error;
  }
}

/** @throws Error `ERR_FFI_NO_ENGINE` if the engine cannot work here. */
function openFastest(wanted: string | undefined): Engine {
  const byItself = wanted === 'v8' ? undefined : hostEngine;
  if (byItself === 'deno') openThunkCalls();
  else if (byItself) openHostCalls();
  else openV8();
  return byItself ?? 'v8';
}

/** The JavaScript function for a C function, by the fastest engine that can call a function of these types. */
export function fastest(bound: BoundFunction, signature: Signature): BoundFunction['call'] {
  const engine = engineInUse();
  const byEngine = engine === 'v8' ? byV8(bound, signature) : undefined;
  if (byEngine) return byEngine;
  const safe = (engine !== 'napi' && portable(bound, signature)) || bound.call;
  if (engine === 'deno') return byThunk(bound, signature, safe) ?? safe;
  return engine === 'bun' ? (byHost(bound, signature, safe) ?? safe) : safe;
}
