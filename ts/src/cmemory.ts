/** Values in C's memory, by way of the same codecs that structs have. */

import type { Address } from './bridge';
import { ffiError } from './errors';
import { Memory } from './memory';
import type { Codec, View } from './memory';
import { native } from './native';
import { moved } from './pointer';

/** The value at an address. What it gives is a copy, but for strings' addresses, which it follows. */
export function readAt(codec: Codec, address: Address): unknown {
  return codec.read(new Memory(native.readMemory(address, codec.size)), 0);
}

/** A value as bytes. Throws where it is wrong, in a message that begins with `place`. */
export function bytesOf(codec: Codec, value: unknown, place: string): Memory {
  const memory = Memory.zeros(codec.size);
  codec.write(memory, 0, value, place);
  return memory;
}

/** Memory that is C's own: each access copies just its bytes. So it works on hosts that let nobody else's memory in. */
export class CMemory extends Memory {
  /** @throws TypeError `ERR_FFI_NULL_POINTER` for an address where nothing can be. */
  constructor(
    private readonly address: Address,
    size: number,
  ) {
    super(NOTHING, new CView(address) as unknown as View);
    native.readMemory(address, Math.min(size, 1));
  }

  override get buffer(): ArrayBuffer {
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', 'buffer: the memory is C’s own; fromPtr copies it');
  }

  override addressOf(offset: number): Address {
    return moved(this.address, offset, 'offset');
  }

  override bytes(offset: number, size: number): Uint8Array {
    return new Uint8Array(native.readMemory(moved(this.address, offset, 'offset'), size));
  }

  override setBytes(offset: number, from: Uint8Array): void {
    native.writeMemory(moved(this.address, offset, 'offset'), from);
  }
}

const NOTHING = new ArrayBuffer(0);

/** What a DataView would be on C's memory. */
class CView {
  constructor(readonly address: Address) {}
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
      const view = new DataView(native.readMemory(moved(this.address, offset, 'offset'), size));
      return (view as unknown as AnyView)[`get${name}`](0, isLittle);
    },
    [`set${name}`](this: CView, offset: number, value: unknown, isLittle?: boolean): void {
      const view = new DataView(new ArrayBuffer(size));
      (view as unknown as AnyView)[`set${name}`](0, value, isLittle);
      native.writeMemory(moved(this.address, offset, 'offset'), view);
    },
  });
}
