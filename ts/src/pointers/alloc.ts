/** Memory of malloc's, and C's memory as a buffer. */

import type { Address } from '../host/bridge';
import { describe, ffiError, inNameOf, suggestion, wrongType } from '../base/errors';
import { native } from '../base/native';
import { addressOf } from '../base/pointer';
import type { AddressLike } from '../base/pointer';

/** What is known of the rest of a JavaScript engine, where it has it. */
interface Registry {
  register(owner: object, address: number, token: object): void;
  unregister(token: object): void;
}
declare const FinalizationRegistry: (new (collected: (address: number) => void) => Registry) | undefined;

/** How to allocate. */
export interface AllocOptions {
  /** The memory is freed when this object has been collected; until then it may also be freed by hand. */
  readonly owner?: object;
}

/** What has been allocated here and not been freed, with the token of its owner. */
const blocks = new Map<number, object>();

const owners = typeof FinalizationRegistry === 'function' ? new FinalizationRegistry(forget) : undefined;

function forget(address: number): void {
  if (blocks.delete(address)) native.release(address);
}

/**
 * Allocates zeroed memory, aligned for any type, and gives its address. It is `malloc`'s: who gives it to C for good may
 * let C `free` it, else `free` does. It outlives its JavaScript thread.
 *
 * @throws RangeError `ERR_FFI_OUT_OF_RANGE` for a length that is no whole number, Error `ERR_FFI_NO_MEMORY`.
 */
export function alloc(byteLength: number, options: AllocOptions = {}): number {
  const owner = readOwner(options);
  const address = inNameOf('alloc', () => native.allocate(byteLength));
  const token = {};
  blocks.set(address, token);
  if (owner) (owners as Registry).register(owner, address, token);
  return address;
}

function readOwner(options: unknown): object | undefined {
  if (typeof options !== 'object' || options === null) throw wrongType('alloc: options', 'an object', options);
  for (const name of Object.keys(options)) {
    if (name === 'owner') continue;
    const near = suggestion(name, ['owner']);
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `alloc: options: unknown option ${describe(name)}${near}`);
  }
  const { owner } = options as { owner?: unknown };
  if (owner === undefined) return undefined;
  const isObject = (typeof owner === 'object' && owner !== null) || typeof owner === 'function';
  if (!isObject) throw wrongType('alloc: options.owner', 'an object', owner);
  if (!owners) throw ffiError('ERR_FFI_NOT_SUPPORTED', 'alloc: this engine does not tell when an owner is collected');
  return owner as object;
}

/**
 * Frees memory of `alloc`. NULL is ignored.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for an address that `alloc` has not given on this JavaScript thread, or
 *   that is free already.
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
 * An ArrayBuffer over C's memory, without a copy: each side sees what the other writes. Whoever frees the memory sees to
 * it that nobody uses the buffer any more.
 *
 * @param address Where it begins.
 * @param byteLength How many bytes it has.
 * @param finalizer Called with the address when the buffer, and whatever shares its memory, has been collected: the place
 *   to free the memory. Not called for what is left when the JavaScript thread ends.
 *
 * @throws Error `ERR_FFI_NOT_SUPPORTED` on a host that has no such buffers: `ffi.readMemory` gives a copy;
 *   TypeError `ERR_FFI_NULL_POINTER`; in checked mode `ERR_FFI_BAD_ADDRESS`, where it is not all memory now.
 */
export function toArrayBuffer(
  address: AddressLike,
  byteLength: number,
  finalizer?: (address: Address) => void,
): ArrayBuffer {
  const at = addressOf(address, 'toArrayBuffer: argument 1');
  return finalizer === undefined
    ? native.toArrayBuffer(at, byteLength)
    : native.toArrayBuffer(at, byteLength, finalizer);
}
