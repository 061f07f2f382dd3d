/** Addresses, from whatever stands for one. */

import type { Address, BufferLike } from '../host/bridge';
import { checkInteger, ffiError, wrongType } from './errors';

/** Anything that stands for a place in memory: a symbol, `CFunction`, `JSCallback`, `CString` or `Struct` value. */
export interface HasPointer {
  readonly ptr: Address;
}

/**
 * What may be passed for a pointer. C sees the address, or the first byte of the buffer (its `byteOffset` counted);
 * `null` is NULL. C may use a buffer until the call returns, or until the Promise of an async call settles; whoever
 * lets C keep the address longer keeps the buffer alive.
 */
export type PointerLike = Address | BufferLike | HasPointer | null;

/** What may be passed for a C function pointer. It must stay open for as long as C may call it. */
export type CallbackLike = Address | HasPointer | null;

/** What is accepted where an address that exists already is asked for. */
export type AddressLike = Address | HasPointer | null;

/** Whether something has a `ptr`, as symbols, callbacks and struct values do. */
export function hasPointer(value: unknown): value is { readonly ptr: unknown } {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && 'ptr' in value;
}

/** The address that a value stands for; 0 for `null`. `place` begins the message where it stands for none. */
export function addressOf(value: unknown, place: string): Address {
  const address = hasPointer(value) ? value.ptr : value;
  if (address === null) return 0;
  if (typeof address === 'bigint') return address;
  if (typeof address !== 'number') throw wrongType(place, 'an address, null or an object with a ptr', value);
  if (Number.isSafeInteger(address) && address >= 0) return address;
  const range = 'an address (0 to 2^53 - 1 as a number, larger ones as a bigint)';
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${address} is no integer in the range of ${range}`);
}

/** An address so many bytes further on; `place` is where the number of bytes was given. */
export function moved(address: Address, byteOffset: unknown, place: string): Address {
  checkInteger(byteOffset, place, -Number.MAX_SAFE_INTEGER);
  return typeof address === 'bigint' ? exact(address + BigInt(byteOffset)) : address + byteOffset;
}

/** A number where that is exact, else the bigint. */
export function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
