/** Strings that C allocates, and that the caller has to free. */

import type { Address, LibraryHandle } from '../host/bridge';
import { describe, ffiError } from '../base/errors';
import { native } from '../base/native';
import { addressOf } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { codeOf } from '../types/types';
import type { CodeOf, TypeName } from '../types/types';
import { typeFacts } from '../types/types.generated';

/** A type whose values are strings. */
export type StringTypeName = { [T in TypeName]: CodeOf<T> extends 's' | 'S' | 'w' ? T : never }[TypeName];

/** A string that is freed once it has been copied. Made by `owned`. */
export class Owned<T extends StringTypeName = StringTypeName> {
  /** @internal */
  constructor(
    /** The type of the string. */
    readonly type: T,
    /** What frees it: a name, or something with an address. */
    readonly release: string | AddressLike,
  ) {
    Object.freeze(this);
  }
}

/**
 * The type of a result that C allocates: the string is copied, and then freed at once, on the thread that called.
 *
 * @param type Which kind of string.
 * @param release What frees it, `void release(void *)`: the name of a function of the same library; or a symbol, a
 *   `CFunction` or an address. A library that it lies in stays mapped for as long as the function that returns strings.
 *
 * @example
 * dlopen(path, { greeting_new: { args: ['s'], returns: owned('s', 'greeting_free') } });
 */
export function owned<T extends StringTypeName>(type: T, release: string | AddressLike): Owned<T> {
  const code = codeOf(type, 'owned: argument 1');
  if (typeFacts[code].kind !== 'string') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `owned: argument 1: expected a type of strings, got ${describe(type)}`);
  }
  if (typeof release !== 'string') addressOf(release, 'owned: argument 2');
  return new Owned(type, release);
}

/** The address of what frees a function's results; undefined where nothing does. `library` finds names. */
export function releaseOf(returns: unknown, place: string, library?: LibraryHandle): Address | undefined {
  if (!(returns instanceof Owned)) return undefined;
  const { release } = returns;
  if (typeof release !== 'string') return addressOf(release, `${place}: returns`);
  if (library !== undefined) return native.getSymbolPtr(library, release);
  const why = `there is no library to look ${describe(release)} up in: pass its address`;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: returns: ${why}`);
}
