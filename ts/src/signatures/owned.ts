/** Strings that C allocates for the caller to free. */

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

/** A string result that is freed after it has been copied. Made by `owned`. */
export class Owned<T extends StringTypeName = StringTypeName> {
  /** @internal */
  constructor(
    /** The type of the string. */
    readonly type: T,
    /** The function that frees it: a name, or a value that has an address. */
    readonly release: string | AddressLike,
  ) {
    Object.freeze(this);
  }
}

/**
 * The type of a string result that C allocates. The string is copied, and then freed at once, on the thread that ran
 * the C function.
 *
 * @param type The type of string.
 * @param release The function that frees it, `void release(void *)`: the name of a function of the same library, or a
 *   symbol, `CFunction` or address. The library that it lies in stays mapped for as long as the function that returns
 *   the strings.
 *
 * @example
 * dlopen(path, { greeting_new: { args: ['s'], returns: owned('s', 'greeting_free') } });
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` if the type is not one of strings.
 */
export function owned<T extends StringTypeName>(type: T, release: string | AddressLike): Owned<T> {
  const code = codeOf(type, 'owned: argument 1');
  if (typeFacts[code].kind !== 'string') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `owned: argument 1: expected a type of strings, got ${describe(type)}`);
  }
  if (typeof release !== 'string') addressOf(release, 'owned: argument 2');
  return new Owned(type, release);
}

/**
 * The address of the function that frees strings of a type; undefined if there is none. Names are looked up in
 * `library`. `place` begins messages.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for a name without a library; Error `ERR_FFI_SYMBOL_NOT_FOUND`.
 */
export function releaseOf(type: unknown, place: string, library?: LibraryHandle): Address | undefined {
  if (!(type instanceof Owned)) return undefined;
  const { release } = type;
  if (typeof release !== 'string') return addressOf(release, place);
  if (library !== undefined) return native.getSymbolPtr(library, release);
  const why = `there is no library to look ${describe(release)} up in: pass its address`;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: ${why}`);
}
