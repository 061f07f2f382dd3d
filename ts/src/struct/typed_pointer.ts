/** Types of pointers whose values in JavaScript are more than addresses. */

import { brand } from '../base/brand';
import type { Address } from '../host/bridge';
import type { PointerLike } from '../base/pointer';
import type { Codec } from '../memory/codec';
import { codecs } from '../memory/codecs';
import type { Keeper, Memory } from '../memory/memory';

/** How the values of a type of pointers come from C, and go to it. */
export interface Conversion {
  /** The value for an address that is not NULL. `owner` is an object that must not be collected while it is used. */
  valueAt(address: Address, owner: unknown): unknown;
  /**
   * What has the address that C gets: the value itself, or memory that is made of it. It keeps alive what the address
   * leads to.
   * @param keeper The memory in which the address will be stored, or the call.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`, RangeError `ERR_FFI_OUT_OF_RANGE`; the message begins with `place`.
   */
  pointerFor(value: unknown, place: string, keeper: Keeper | undefined): PointerLike;
}

/** The codec of such a type. NULL is `null`. */
export class PointerCodec implements Codec {
  readonly size = codecs.p.size;
  readonly align = codecs.p.align;

  constructor(
    private readonly conversion: Conversion,
    readonly letters = 'p',
  ) {}

  read(memory: Memory, offset: number): unknown {
    return this.fromC(codecs.p.read(memory, offset) as Address, memory.keptAt(offset) ?? memory.owner);
  }

  /** In a copy as plain objects a pointer is its address: what pointers lead to may be circular, or gone. */
  plain(memory: Memory, offset: number): unknown {
    return codecs.p.read(memory, offset);
  }

  write(memory: Memory, offset: number, value: unknown, place: string): void {
    codecs.p.write(memory, offset, this.toC(value, place, memory), place);
  }

  /** The value for an address that C has given. */
  fromC(address: Address, owner?: unknown): unknown {
    return address === 0 ? null : this.conversion.valueAt(address, owner);
  }

  /** What has the address that C gets for a value; see `Conversion.pointerFor`. */
  toC(value: unknown, place: string, keeper?: Keeper): PointerLike {
    return value === null ? null : this.conversion.pointerFor(value, place, keeper);
  }
}

/** A type of pointers: what `pointerTo` and `opaque` make. */
export abstract class TypedPointer {
  /** Reads and writes values. @internal */
  abstract readonly codec: PointerCodec;
}

brand(TypedPointer.prototype, 'a type of pointers');
