/** Memory allocated by `malloc`, and ArrayBuffers over C's memory. */

import type { Address } from '../host/bridge';
import { whenCollected } from '../base/collected';
import { checkOptions, ffiError, inNameOf, wrongType } from '../base/errors';
import { native } from '../base/native';
import { defineOwn, optionIn } from '../base/own';
import { addressOf, HELD, memoryAddressOf } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { checkBounds } from '../memory/bounds';

/** Options of `alloc`. */
export interface AllocOptions {
  /** The memory is freed after this object has been collected. It may be freed by hand before. */
  readonly owner?: object;
}

/** The addresses of blocks that `alloc` has returned and that are not freed, each with the token of its owner. */
const blocks = new Map<number, object>();

const owners = whenCollected(forget);

function forget(address: number): void {
  if (blocks.delete(address)) native.release(address);
}

/**
 * Allocates zeroed memory by `malloc`, aligned to 16 bytes, and returns its address. The caller owns it, and frees it
 * by `free` or by C's `free`. It outlives its JavaScript thread.
 * @param byteLength The size in bytes.
 *
 * @throws RangeError `ERR_FFI_OUT_OF_RANGE` for a length that is not a whole number, Error `ERR_FFI_NO_MEMORY`; Error
 *   `ERR_FFI_NOT_SUPPORTED` for an owner, if this JavaScript engine does not report that objects have been collected.
 */
export function alloc(byteLength: number, options: AllocOptions = {}): number {
  const owner = readOwner(options);
  const address = inNameOf('alloc', () => native.allocate(byteLength));
  const token = {};
  blocks.set(address, token);
  if (owner) owners!.register(owner, address, token);
  return address;
}

function readOwner(options: unknown): object | undefined {
  if (typeof options !== 'object' || options === null) throw wrongType('alloc: options', 'an object', options);
  checkOptions(options, ['owner'], 'alloc');
  const owner = optionIn(options, 'owner');
  if (owner === undefined) return undefined;
  const isObject = (typeof owner === 'object' && owner !== null) || typeof owner === 'function';
  if (!isObject) throw wrongType('alloc: options.owner', 'an object', owner);
  if (!owners)
    throw ffiError('ERR_FFI_NOT_SUPPORTED', 'alloc: this JavaScript engine does not report collected objects');
  return owner as object;
}

/**
 * Frees memory that `alloc` has returned. NULL is ignored.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for an address that `alloc` has not returned on this JavaScript thread,
 *   or that is already free.
 */
export function free(address: AddressLike): void {
  const place = 'free: argument 1';
  const at = Number(addressOf(address, place));
  if (at === 0) return;
  const token = blocks.get(at);
  if (!token) throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${at} is nothing that alloc gave, or is free`);
  blocks.delete(at);
  if (owners) owners.unregister(token);
  native.release(at);
}

/**
 * An ArrayBuffer over C's memory, without a copy: JavaScript and C see what the other writes. The memory remains the
 * caller's, which must not free it while the buffer is used.
 *
 * @param address The address of the first byte.
 * @param byteLength The size in bytes.
 * @param finalizer Called with the address when the buffer, and all that shares its memory, has been collected; it may
 *   free the memory. Not called for buffers that exist when the JavaScript thread ends.
 *
 * @throws Error `ERR_FFI_NOT_SUPPORTED` on a host that has no such buffers, where `ffi.readMemory` makes a copy;
 *   TypeError `ERR_FFI_NULL_POINTER`; in checked mode `ERR_FFI_BAD_ADDRESS`, unless all of it is memory now.
 */
export function toArrayBuffer(
  address: AddressLike,
  byteLength: number,
  finalizer?: (address: Address) => void,
): ArrayBuffer {
  const at = memoryAddressOf(address, 'toArrayBuffer: argument 1');
  if (typeof byteLength === 'number') checkBounds(address, 0, byteLength, 'toArrayBuffer');
  const buffer =
    finalizer === undefined
      ? native.toArrayBuffer(at, byteLength)
      : native.toArrayBuffer(at, byteLength, held(finalizer));
  // JavaScript engines do not keep the address of no bytes.
  return byteLength === 0 ? defineOwn(buffer, native.placeKey, { value: at }) : buffer;
}

/** The finalizer; a C function as one that still works when its library has been closed. */
function held(finalizer: (address: Address) => void): (address: Address) => void {
  return (typeof finalizer === 'function' && (finalizer as { [HELD]?: typeof finalizer })[HELD]) || finalizer;
}
