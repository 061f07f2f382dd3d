/** Values in C's memory, by way of the same codecs that structs have. */

import type { Address } from '../host/bridge';
import type { Codec } from './codec';
import { ffiError } from '../base/errors';
import { Memory } from './memory';
import type { View } from './memory';
import { native } from '../base/native';
import { moved } from '../base/pointer';
import type { TypeCode } from '../types/types.generated';

/** A value as bytes. Throws where it is wrong, in a message that begins with `place`. */
export function bytesOf(codec: Codec, value: unknown, place: string): Memory {
  const memory = Memory.zeros(codec.size);
  codec.write(memory, 0, value, place);
  return memory;
}

/** What has an address, for as long as it may be used. */
interface Place {
  readonly ptr: Address;
  /** What is stored there by its address, if that has to outlive the views of it; see `Memory`. */
  kept?(isMaking: boolean): Map<number, unknown> | undefined;
}

/** Memory that is C's own: each access copies just its bytes. So it works on hosts that let nobody else's memory in. */
export class CMemory extends Memory {
  private readonly keptByView = new Map<number, unknown>();

  /**
   * @param place Where it is, asked at each access; throws once it is no more.
   * @throws TypeError `ERR_FFI_NULL_POINTER` for an address where nothing can be.
   */
  constructor(
    private readonly place: Place,
    size: number,
  ) {
    super(NOTHING, new CView(place) as unknown as View);
    const address = place.ptr;
    native.readMemory(address, Math.min(size, 1));
  }

  override get buffer(): ArrayBuffer {
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', 'buffer: the memory is C’s own; fromPtr copies it');
  }

  /** Where the place itself keeps nothing, this view does. */
  protected override kept(isMaking: boolean): Map<number, unknown> | undefined {
    return this.place.kept ? this.place.kept(isMaking) : this.keptByView;
  }

  /** Whatever failed was not a buffer that is gone. */
  override failure(error: unknown): unknown {
    return error;
  }

  override textFor(offset: number, text: string, code: TypeCode, place: string): ArrayBuffer {
    if (this.place.kept) return super.textFor(offset, text, code, place);
    throw refuseText(place);
  }

  override addressOf(offset: number): Address {
    return moved(this.place.ptr, offset, 'offset');
  }

  override bytes(offset: number, size: number): Uint8Array {
    return new Uint8Array(native.readMemory(moved(this.place.ptr, offset, 'offset'), size));
  }

  override setBytes(offset: number, from: Uint8Array): void {
    native.writeMemory(moved(this.place.ptr, offset, 'offset'), from);
  }
}

const NOTHING = new ArrayBuffer(0);

/** C's memory outlives every view of it, so a text that lived as long as the view would be freed under C. */
export function refuseText(place: string): Error {
  const instead = 'pass the address of a text that lives as long as C needs it, from an Arena or alloc';
  return ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: nobody would own a string in C's memory: ${instead}`);
}

/** What a DataView would be on C's memory. */
class CView {
  constructor(readonly place: Place) {}
}

type AnyView = { [method: string]: (...args: unknown[]) => unknown };

for (const name of [
  'Int8',
  'Uint8',
  'Int16',
  'Uint16',
  'Int32',
  'Uint32',
  'BigInt64',
  'BigUint64',
  'Float32',
  'Float64',
]) {
  const size = Number(/\d+$/.exec(name)) / 8;
  Object.assign(CView.prototype, {
    [`get${name}`](this: CView, offset: number, isLittle?: boolean): unknown {
      const view = new DataView(native.readMemory(moved(this.place.ptr, offset, 'offset'), size));
      return (view as unknown as AnyView)[`get${name}`](0, isLittle);
    },
    [`set${name}`](this: CView, offset: number, value: unknown, isLittle?: boolean): void {
      const view = new DataView(new ArrayBuffer(size));
      (view as unknown as AnyView)[`set${name}`](0, value, isLittle);
      native.writeMemory(moved(this.place.ptr, offset, 'offset'), view);
    },
  });
}
