/** Strings and other memory that C allocates for the caller to free. */

import { brand, OWNED } from '../base/brand';
import type { Address, LibraryHandle } from '../host/bridge';
import { whenCollected } from '../base/collected';
import { describe, ffiError } from '../base/errors';
import { native } from '../base/native';
import { addressOf } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { EncodedText } from '../memory/encoded_text';
import type { TextCode } from '../memory/text';
import { codeOf } from '../types/types';
import type { CodeOf, TypeName } from '../types/types';
import { typeFacts } from '../types/types.generated';
import type { PointerType } from '../struct/fields';
import { OpaqueType } from '../struct/opaque';
import { TypedPointer } from '../struct/typed_pointer';

/** A name of a type whose values are strings. */
export type StringTypeName = { [T in TypeName]: CodeOf<T> extends TextCode ? T : never }[TypeName];

/** A type whose values are strings. */
export type StringType = StringTypeName | EncodedText;

/** A type whose values C may allocate for the caller. */
export type OwnedType = StringType | PointerType<any>;

/** Frees what C has allocated. */
export type Release = (address: unknown) => void;

const owners = whenCollected<{ readonly address: Address; readonly release: Release }>(({ address, release }) =>
  release(address),
);

/** A string or pointer whose memory the caller frees. Made by `owned`. */
export class Owned<T extends OwnedType = OwnedType> {
  /** @internal */
  constructor(
    /** The type of the string or pointer. */
    readonly type: T,
    /** The function that frees it: a name, or a value that has an address. */
    readonly release: string | AddressLike,
  ) {
    Object.freeze(this);
  }
}

brand(Owned.prototype, OWNED);

/**
 * The type of something that C allocates for the caller to free. A string is copied, and then freed at once, on the
 * thread that ran the C function. What a pointer leads to is freed when neither the value nor a part of it can be used
 * any more, on the JavaScript thread; not for values that exist when the thread ends.
 *
 * @param type The type of string, or of pointer.
 * @param release The function that frees it, `void release(void *)`: the name of a function of the same library, or a
 *   symbol, `CFunction` or address. The library that it lies in stays mapped for as long as the function that returns
 *   the values, or a value, is there.
 *
 * @example
 * dlopen(path, { greeting_new: { args: ['s'], returns: owned('s', 'greeting_free') } });
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` if the type is none of strings or pointers; Error `ERR_FFI_NOT_SUPPORTED`
 *   for a pointer, if this JavaScript engine does not report that objects have been collected.
 */
export function owned<T extends OwnedType>(type: T, release: string | AddressLike): Owned<T> {
  if (!isPointer(type)) checkText(type);
  else if (!owners) {
    throw ffiError('ERR_FFI_NOT_SUPPORTED', 'owned: this JavaScript engine does not report collected objects');
  }
  if (typeof release !== 'string') addressOf(release, 'owned: argument 2', RELEASE);
  return new Owned(type, release);
}

/** What messages say is expected for the function that frees. */
const RELEASE = 'the name of a function that frees it, an address or an object with a ptr';

/** Whether it is a type that `pointerTo` has made. A handle stands for an object that arkffi knows nothing of. */
function isPointer(type: unknown): boolean {
  return type instanceof TypedPointer && !(type instanceof OpaqueType);
}

function checkText(type: unknown): void {
  const place = 'owned: argument 1';
  if (type instanceof OpaqueType) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: a handle is freed by the program, by calling what frees it`);
  }
  if (type instanceof EncodedText || typeFacts[codeOf(type, place)].kind === 'string') return;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected a type of strings or pointers, got ${describe(type)}`);
}

/**
 * The address of the function that frees what C allocates for a type; undefined if there is none. Names are looked up
 * in `library`. `place` begins messages.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for a name without a library; Error `ERR_FFI_SYMBOL_NOT_FOUND`.
 */
export function releaseOf(type: unknown, place: string, library?: LibraryHandle): Address | undefined {
  if (!(type instanceof Owned)) return undefined;
  const { release } = type;
  if (typeof release !== 'string') return addressOf(release, place);
  if (library !== undefined) return native.symbolPtr(library, release, true);
  const why = `there is no library to look ${describe(release)} up in: pass its address`;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: ${why}`);
}

/** The same function, callable. It stays usable when its library is closed. */
export function releaseIn(type: unknown, place: string, library?: LibraryHandle): Release {
  const address = releaseOf(type, place, library)!;
  return native.bindAddress(address, place, 'p', 'v').more().held().call;
}

/** The type of the pointer whose memory the caller frees; undefined for strings, and for types that are not owned. */
export function ownedPointer(type: unknown): TypedPointer | undefined {
  const own: unknown = type instanceof Owned ? type.type : undefined;
  return own instanceof TypedPointer ? own : undefined;
}

/** The value for a pointer that C has allocated: `release` frees it when the value has been collected. */
export function ownedValue(type: TypedPointer, address: Address, release: Release): unknown {
  const owner = {};
  const value = type.codec.fromC(address, owner);
  if (address !== 0) owners!.register(owner, { address, release });
  return value;
}
