/** Values in memory that belongs to C, read and written by the same codecs as structs. */

import type { Address } from '../host/bridge';
import { ffiError, inNameOf, inNameOfAccess } from '../base/errors';
import { native } from '../base/native';
import { moved, placeIn } from '../base/pointer';
import { assignOwn } from '../base/own';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import type { Codec } from './codec';
import { isBuffer, LITTLE_ENDIAN } from './codecs';
import { Memory } from './memory';
import type { View } from './memory';
import { quickReader, readQuickly, seekQuickAccess, writeQuickly } from './quick_access';

/**
 * A value as bytes in memory of its own.
 * @throws as the codec's `write` does; messages begin with `place`.
 */
export function bytesOf(codec: Codec, value: unknown, place: string): Memory {
  const memory = Memory.zeros(codec.size);
  codec.write(memory, 0, value, place);
  return memory;
}

/** The type by which the first byte of a block is read, to see that it can be. */
const BYTE = 'C'.charCodeAt(0);

/** A block of C's memory. `ptr` throws once the block may not be used any more. */
interface CBlock {
  readonly ptr: Address;
  /** The objects whose addresses are stored in the block, if they must outlive the views of it; see `Memory.kept`. */
  kept?(isMaking: boolean): Map<number, unknown> | undefined;
}

/**
 * Memory that belongs to C. Each access copies only the bytes that it needs, so it works on hosts that have no
 * ArrayBuffers over foreign memory.
 */
export class CMemory extends Memory {
  private keptByView: Map<number, unknown> | undefined = undefined;

  /**
   * @param block Where the memory is. Its `ptr` is asked at each access.
   * @param name What the program has called, for messages. When absent, the address is first checked when it is used.
   * @throws TypeError `ERR_FFI_NULL_POINTER` for an address up to 65,535.
   */
  constructor(
    private readonly block: CBlock,
    size: number,
    name?: string,
  ) {
    super(NOTHING, new CView(block) as unknown as View);
    if (name === undefined) return;
    const address = block.ptr;
    if (size > 0 && !Number.isNaN(readQuickly(address, 0, BYTE))) return;
    seekQuickAccess();
    inNameOf(name, () => native.readMemory(address, Math.min(size, 1)));
  }

  override get buffer(): ArrayBuffer {
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', 'buffer: the memory is C’s own; fromPtr copies it');
  }

  override get owner(): unknown {
    return undefined;
  }

  override get canOwn(): boolean {
    return this.block.kept !== undefined;
  }

  /** If the block keeps nothing alive, this view does. */
  protected override kept(isMaking: boolean): Map<number, unknown> | undefined {
    if (this.block.kept) return this.block.kept(isMaking);
    if (isMaking) this.keptByView ??= new Map();
    return this.keptByView;
  }

  /** C's memory is never a detached buffer. */
  override failure(error: unknown, place: string): unknown {
    return inNameOfAccess(place, error);
  }

  override textFor(offset: number, text: string, code: TypeCode, place: string): ArrayBuffer {
    if (this.block.kept) return super.textFor(offset, text, code, place);
    throw refuseText(place);
  }

  override addressOf(offset: number): Address {
    return moved(this.block.ptr, offset, 'offset');
  }

  override placeAt(offset: number): Address {
    return this.addressOf(offset);
  }

  override bytes(offset: number, size: number): Uint8Array {
    return new Uint8Array(native.readMemory(moved(this.block.ptr, offset, 'offset'), size));
  }

  override setBytes(offset: number, from: Uint8Array): void {
    native.writeMemory(moved(this.block.ptr, offset, 'offset'), from);
  }
}

/**
 * Memory that a pointer leads to. The pointer may be one that C never follows, such as `(void *)-1`, so that nothing is
 * read before the program does. A program seldom keeps the view of such memory, so that the view keeps no objects.
 */
export class PointedMemory extends CMemory {
  constructor(
    address: Address,
    size: number,
    /** What must not be collected while the memory is used: the pointer may lead into it. */
    private readonly root: unknown,
  ) {
    super({ ptr: address }, size);
  }

  override get owner(): unknown {
    return this.root;
  }

  override checkKeeps(value: unknown, place: string): void {
    if (!isBuffer(value) && !liesInBuffer(value)) return;
    const instead = 'store an address of memory that lives as long as C needs it, from an Arena or alloc';
    const why = "memory of JavaScript's that C's memory leads to would have no owner";
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${why}: ${instead}`);
  }
}

/** Whether an object lies in a buffer of JavaScript's, which lives only as long as something keeps it. */
function liesInBuffer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof placeIn(value) === 'object';
}

const NOTHING = new ArrayBuffer(0);

/**
 * The error for a string that is stored in C's memory. C's memory outlives all views of it, so a text that lived as
 * long as a view would be freed while C still has its address.
 */
export function refuseText(place: string): Error {
  const instead = 'pass the address of a text that lives as long as C needs it, from an Arena or alloc';
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: a string in C's memory would have no owner: ${instead}`);
}

/** The `DataView` of C's memory: has the methods of `View`, which read and write in the machine's order of bytes. */
class CView {
  constructor(readonly block: CBlock) {}
}

type AnyView = { [method: string]: (...args: unknown[]) => unknown };

/** The type of the numbers that each of its methods reads and writes. */
const METHODS: { readonly [name: string]: TypeCode } = {
  Int8: 'c',
  Uint8: 'C',
  Int16: 'h',
  Uint16: 'H',
  Int32: 'i',
  Uint32: 'I',
  BigInt64: 'q',
  BigUint64: 'Q',
  Float32: 'f',
  Float64: 'd',
};

/** What the methods for unsigned types write of a number: signed ones are written by them too. */
const unsigned: { readonly [code: string]: (value: number) => number } = {
  C: (value) => value & 0xff,
  H: (value) => value & 0xffff,
  I: (value) => value >>> 0,
};

Object.keys(METHODS).forEach((name) => {
  const { [name]: letter } = METHODS;
  const { size } = typeFacts[letter];
  const code = letter.charCodeAt(0);
  const { [letter]: written = Number } = unsigned;

  const read = quickReader(letter, (base, offset) => {
    seekQuickAccess();
    const view = new DataView(native.readMemory(moved(base as Address, offset, 'offset'), size));
    return (view as unknown as AnyView)[`get${name}`](0, LITTLE_ENDIAN);
  });

  assignOwn(CView.prototype, {
    [`get${name}`](this: CView, offset: number): unknown {
      return read(this.block.ptr, offset);
    },
    [`set${name}`](this: CView, offset: number, value: number | bigint): void {
      const { ptr } = this.block;
      if (writeQuickly(ptr, offset, written(value as number), code)) return;
      seekQuickAccess();
      const view = new DataView(new ArrayBuffer(size));
      (view as unknown as AnyView)[`set${name}`](0, value, LITTLE_ENDIAN);
      native.writeMemory(moved(ptr, offset, 'offset'), view);
    },
  });
});
