/** Addresses, and the values that stand for one. */

import type { Address, BufferLike, HasPointer } from '../host/bridge';
import { checkInteger, closedAt, ffiError, wrongType } from './errors';
import { native } from './native';
import { defineOwn, has } from './own';

export type { HasPointer };

/**
 * What may be passed for a pointer parameter. C gets the address, or that of the buffer's first byte, at its
 * `byteOffset`; `null` is NULL. C may use a buffer until the call returns, or until the Promise of an async call
 * settles. If C keeps the address longer, the caller must keep the buffer alive.
 */
export type PointerLike = Address | BufferLike | HasPointer | null;

/** What may be passed for a C function pointer. A callback must stay open for as long as C may call it. */
export type CallbackLike = Address | HasPointer | null;

/** What may be passed where an address is needed that does not come from a buffer. */
export type AddressLike = Address | HasPointer | null;

/**
 * Whether a value is an object or function with a `ptr`, as symbols, callbacks and struct values are. A `ptr` that all
 * objects inherit does not count.
 */
export function hasPointer(value: unknown): value is { readonly ptr: unknown } {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && has(value, 'ptr');
}

/**
 * The key by which a C function, as a JavaScript function, gives itself as a function that outlives the closing of its
 * library.
 */
export const HELD = Symbol('arkffi.held');

/**
 * Where an object lies: in a buffer, from its first byte on, or at an address. Unlike `ptr`, which a program may read as
 * a number at any time, it is asked for when C is to get it, and throws if the object is closed.
 */
export type Place = Uint8Array | ArrayBuffer | Address;

/**
 * Makes the objects of a class say where they lie. The native module asks for it instead of `ptr`: a call that has the
 * buffer can protect it, and sees if it is detached, while a call that had its address could not.
 */
export function definePlace<T extends object>(prototype: T, place: (this: T) => Place): void {
  defineOwn(prototype, native.placeKey, { get: place });
}

/** Makes a JavaScript function stand for the same C function as another one. */
export function sharePlace<T extends object>(to: T, from: object): T {
  return defineOwn(to, native.placeKey, { get: () => placeIn(from) });
}

/** Where an object of arkffi's lies; undefined for other objects. It throws if the object is closed. */
export function placeIn(value: object): Place | undefined {
  return (value as { readonly [key: symbol]: Place | undefined })[native.placeKey];
}

/** The place of a C function, the `ptr` of another object that has one, and other values as they are. */
function pointerIn(value: unknown, place: string): unknown {
  try {
    const closable = typeof value === 'function' ? placeIn(value) : undefined;
    return closable !== undefined ? closable : hasPointer(value) ? value.ptr : value;
  } catch (error) {
    throw closedAt(place, error);
  }
}

/** What messages say is expected where memory is read or written, which NULL has none of. */
const MEMORY = 'an address or an object with a ptr';

/** `addressOf` for an address at which there is memory. NULL is 0 here too, and is refused when it is used. */
export function memoryAddressOf(value: unknown, place: string): Address {
  return addressOf(value, place, MEMORY);
}

/**
 * The address that a value stands for; 0 for `null`. `expected` is what a message says of a value that stands for none.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`, RangeError `ERR_FFI_OUT_OF_RANGE`; the message begins with `place`.
 */
export function addressOf(
  value: unknown,
  place: string,
  expected = 'an address, null or an object with a ptr',
): Address {
  const address = pointerIn(value, place);
  if (address === null) return 0;
  if (typeof address === 'bigint') return checkBigAddress(address, place);
  if (typeof value === 'function' && value === address && expected !== MEMORY) {
    throw wrongType(place, 'a JSCallback, which is open for as long as C may call it, an address or null', value);
  }
  if (typeof address !== 'number') throw wrongType(place, expected, value);
  if (Number.isSafeInteger(address) && address >= 0) return address;
  const range = 'an address (0 to 2^53 - 1 as a number, larger ones as a bigint)';
  throw ffiError(
    'ERR_FFI_OUT_OF_RANGE',
    `${place}: ${address} is no integer in the range of ${range}${hintOf(address)}`,
  );
}

/** The hint for the number that C programs often write for a pointer that is none. */
function hintOf(address: number | bigint): string {
  return Number(address) === -1 ? '; (void *)-1 of C is 2n ** 64n - 1n' : '';
}

function checkBigAddress(address: bigint, place: string): bigint {
  if (BigInt.asUintN(64, address) === address) return address;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${address}n is no address (0 to 2^64 - 1)${hintOf(address)}`);
}

const { isSafeInteger } = Number;

/** The largest address that is NULL, or NULL plus an offset. Nothing is mapped there. */
const LARGEST_NULL = 65535;

/**
 * `moved` for an address that memory is read or written at. An address that is NULL stays it, so that the access fails
 * whatever the offset.
 * @throws TypeError `ERR_FFI_NULL_POINTER`, RangeError `ERR_FFI_OUT_OF_RANGE` if the offset leads to no address; the
 *   message begins with `place`.
 */
export function movedFrom(base: Address, byteOffset: unknown, place: string): Address {
  const at = moved(base, byteOffset, place);
  if (base <= LARGEST_NULL) return base;
  if (at > LARGEST_NULL && (typeof at === 'number' ? at <= Number.MAX_SAFE_INTEGER : at === BigInt.asUintN(64, at))) {
    return at;
  }
  throw failLeading(at, byteOffset as number, place);
}

/** The same for numbers, without an error: 0 unless both are plainly right. */
export function plainlyMovedFrom(base: unknown, byteOffset: unknown): number {
  if (typeof base !== 'number' || typeof byteOffset !== 'number') return 0;
  if (!isSafeInteger(base) || !isSafeInteger(byteOffset) || base <= LARGEST_NULL) return 0;
  const at = base + byteOffset;
  return at > LARGEST_NULL && at <= Number.MAX_SAFE_INTEGER ? at : 0;
}

function failLeading(at: Address, byteOffset: number, place: string): Error {
  const leads = `${place}: the offset ${byteOffset} leads`;
  if (at < 0) return ffiError('ERR_FFI_OUT_OF_RANGE', `${leads} to an address below 0`);
  if (at <= LARGEST_NULL) {
    return ffiError('ERR_FFI_NULL_POINTER', `${leads} to address ${at}, and nothing is mapped below 65536`);
  }
  const most = typeof at === 'number' ? '2^53 - 1: a larger address is passed as a bigint' : '2^64 - 1';
  return ffiError('ERR_FFI_OUT_OF_RANGE', `${leads} beyond ${most}`);
}

/** An address plus a number of bytes. `place` begins the message if `byteOffset` is not an integer. */
export function moved(address: Address, byteOffset: unknown, place: string): Address {
  checkInteger(byteOffset, place, -Number.MAX_SAFE_INTEGER);
  return typeof address === 'bigint' ? exact(address + BigInt(byteOffset)) : address + byteOffset;
}

/** A bigint as a number if a number holds it exactly, otherwise as it is. */
export function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
