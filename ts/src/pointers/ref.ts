/** Objects of JavaScript as the `void *` of user data, which C only hands on. */

import type { Address } from '../host/bridge';
import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { ffiError, inNameOf } from '../base/errors';
import { bindWhenRead } from '../base/methods';
import { native } from '../base/native';
import { append } from '../base/own';
import { addressOf } from '../base/pointer';
import type { AddressLike } from '../base/pointer';

/** The open references of this JavaScript thread, by their addresses. */
const open = new Map<Address, Ref<unknown>>();

/**
 * The addresses of closed references, the oldest first. C may still hand them on, so they are given to no other
 * reference before many more have been closed.
 */
const closed: Address[] = [];
const MOST_CLOSED = 4096;
let oldest = 0;

/**
 * An address that stands for an object of JavaScript. The program owns it, and closes it when C cannot hand the address
 * back any more; until then the object is kept alive.
 *
 * Thread rule: belongs to its JavaScript thread. C may hand the address on from any thread.
 */
export class Ref<T = unknown> {
  private address: Address;

  /** References are made by `ref`. @internal */
  constructor(
    /** The object. */
    readonly value: T,
  ) {
    // Memory of its own, so that no other reference of the process has the address, and C may look at a byte there.
    this.address = inNameOf('ref', () => native.allocate(1));
    open.set(this.address, this);
  }

  /**
   * The address.
   * @throws TypeError `ERR_FFI_INVALID_HANDLE` if it is closed, so that C never gets the address of a closed one.
   */
  get ptr(): number {
    if (open.get(this.address) === this) return this.address as number;
    throw ffiError('ERR_FFI_INVALID_HANDLE', 'ref: its ptr was asked for after it was closed');
  }

  /** Lets the object go; a second time does nothing. */
  close(): void {
    if (open.get(this.address) !== this) return;
    open.delete(this.address);
    append(closed, this.address);
    if (closed.length - oldest <= MOST_CLOSED) return;
    native.release(closed[oldest++]);
    if (oldest > MOST_CLOSED) (closed.splice(0, oldest), (oldest = 0));
  }
}

export interface Ref<T> extends Closable {}
makeDisposable(Ref.prototype);
bindWhenRead(Ref.prototype, ['close']);

/**
 * An address for an object, or any other value, that C hands back to a callback as user data. `deref` gives the object
 * for the address.
 *
 * @example
 * using state = ref({ rows: 0 });
 * sqlite3_exec(db, sql, (user, count) => (deref<{ rows: number }>(user).rows++, 0), state, null);
 * state.value.rows;
 *
 * @throws Error `ERR_FFI_NO_MEMORY`.
 */
export function ref<T>(value: T): Ref<T> {
  return new Ref(value);
}

/**
 * The object for an address that a callback has got; null for NULL.
 * @throws TypeError `ERR_FFI_INVALID_HANDLE` if it is the address of no open reference of this JavaScript thread.
 */
export function deref<T = any>(address: AddressLike): T | null {
  const at = Number(addressOf(address, 'deref: argument 1'));
  if (at === 0) return null;
  const found = open.get(at);
  if (found !== undefined) return found.value as T;
  const why = 'is the address of no reference of this JavaScript thread, or of one that has been closed';
  throw ffiError('ERR_FFI_INVALID_HANDLE', `deref: argument 1: ${at} ${why}`);
}
