/** Handles: pointers to what only C knows. */

import type { Address } from '../host/bridge';
import { ffiError, wrongType } from '../base/errors';
import { defineOwn } from '../base/own';
import { addressOf, definePlace } from '../base/pointer';
import type { AddressLike, PointerLike } from '../base/pointer';
import { PointerCodec, TypedPointer } from './typed_pointer';

/** The key of a handle's address. */
const ADDRESS = Symbol('arkffi.address');

/**
 * A pointer to something that only C knows, such as `sqlite3 *`. It stands for nothing but its address: whether C has
 * freed what it leads to is for the program to know. Two handles of the same object have the same `ptr`.
 */
export class Handle<Name extends string = string> {
  declare private readonly [ADDRESS]: Address;

  /** Handles come from C only, and from `at`. @internal */
  constructor(
    /** The name of the type. */
    readonly type: Name,
    address: Address,
  ) {
    defineOwn(this, ADDRESS, { value: address });
    Object.freeze(this);
  }

  /** The address. */
  get ptr(): number {
    return this[ADDRESS] as number;
  }

  /** The type and the address, for `console.log` and messages. */
  toString(): string {
    return `${this.type} * ${this[ADDRESS]}`;
  }
}

definePlace(Handle.prototype, function (this: Handle) {
  return this[ADDRESS] ?? 0;
});

/** The type of handles to one kind of object. Made by `opaque`. */
export class OpaqueType<Name extends string = string> extends TypedPointer {
  /** Reads and writes values. @internal */
  readonly codec: PointerCodec;

  /** @internal */
  constructor(
    /** The name. Handles of different names do not pass for each other. */
    readonly name: Name,
  ) {
    super();
    this.codec = new PointerCodec({
      valueAt: (address) => new Handle(name, address),
      pointerFor: (value, place) => this.checked(value, place),
    });
    defineOwn(this, 'codec', { enumerable: false });
    Object.freeze(this);
  }

  /**
   * The handle for an address; null for NULL.
   * @throws as an argument that is an address does.
   */
  at(address: AddressLike): Handle<Name> | null {
    return this.codec.fromC(addressOf(address, `${this.name}.at: argument 1`)) as Handle<Name> | null;
  }

  private checked(value: unknown, place: string): PointerLike {
    if (value instanceof Handle && value.type === this.name) return value;
    const expected = `a handle of ${this.name} or null`;
    if (value instanceof Handle) {
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected ${expected}, got one of ${value.type}`);
    }
    const isAddress = typeof value === 'number' || typeof value === 'bigint';
    const error = wrongType(place, expected, value);
    if (!isAddress) throw error;
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${error.message}; at(address) of the type makes one of an address`);
  }
}

/**
 * The type of a pointer to something that only C knows: `struct sqlite3 *`, a `FILE *`. C's functions give such
 * handles, and take no others: neither TypeScript nor arkffi lets a handle of another name pass. NULL is `null`.
 *
 * @example
 * const sqlite3 = opaque('sqlite3');
 * const { symbols } = dlopen(path, {
 *   sqlite3_open: { args: ['s', out(sqlite3)], returns: 'i' },
 *   sqlite3_close: { args: [sqlite3], returns: 'i' },
 * });
 * const { out: [db] } = symbols.sqlite3_open(':memory:');
 * symbols.sqlite3_close(db);
 *
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for a name that is not a string, or is empty.
 */
export function opaque<Name extends string>(name: Name): OpaqueType<Name> {
  if (typeof name !== 'string' || (name as string) === '') throw wrongType('opaque: argument 1', 'a name', name);
  return new OpaqueType(name);
}
