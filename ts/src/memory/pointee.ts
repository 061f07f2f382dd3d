/** What a pointer leads to where it is no struct and no array of known length. */

import { describe, ffiError } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import { definePlace } from '../base/pointer';
import type { Place } from '../base/pointer';
import { ArrayCodec, ArrayView } from './array';
import { assign, readAt } from './codec';
import type { Codec } from './codec';
import { giveIndexes } from './indexes';
import type { Memory } from './memory';

/** Keys of the private properties. */
const CODEC = Symbol('arkffi.codec');
const MEMORY = Symbol('arkffi.memory');
const OFFSET = Symbol('arkffi.offset');

/** Where a view lies. A prototype has no memory. */
function placeOf(memory: Memory | undefined, offset: number): Place {
  try {
    return memory === undefined ? 0 : memory.placeAt(offset);
  } catch (error) {
    throw (memory as Memory).failure(error, 'pointer.ptr');
  }
}

function addressIn(memory: Memory, offset: number): number {
  const place = placeOf(memory, offset);
  return (typeof place === 'object' ? native.ptr(place) : place) as number;
}

/**
 * One value that a pointer leads to: `int *` of C.
 *
 * Thread rule: belongs to its JavaScript thread. The memory is C's, and must stay valid for as long as it is used.
 */
export class Pointee<T = unknown, In = T> {
  declare private readonly [CODEC]: Codec;
  declare private readonly [MEMORY]: Memory;
  declare private readonly [OFFSET]: number;

  /** @internal */
  constructor(codec: Codec, memory: Memory, offset: number) {
    defineOwn(this, CODEC, { value: codec });
    defineOwn(this, MEMORY, { value: memory });
    defineOwn(this, OFFSET, { value: offset });
  }

  /** The value. Reading and setting it read and write the memory. A struct or array is a view. */
  get value(): T {
    return readAt(this[CODEC], 'view', this[MEMORY], this[OFFSET], 'pointer.value') as T;
  }

  set value(value: T | In) {
    assign(this[CODEC], this[MEMORY], this[OFFSET], value, 'pointer.value');
  }

  /** The address. */
  get ptr(): number {
    return addressIn(this[MEMORY], this[OFFSET]);
  }
}

definePlace(Pointee.prototype, function (this: Pointee) {
  return placeOf(this[MEMORY], this[OFFSET]);
});

/**
 * The elements that a pointer leads to, whose number is not known: `int p[]` of C. As in C, nothing checks an index.
 *
 * Thread rule: belongs to its JavaScript thread. The memory is C's, and must stay valid for as long as it is used.
 */
export class PointerView<T = unknown, In = T> {
  /** The element at that index. A struct or array is itself a view. */
  [index: number]: T;
  declare private readonly [CODEC]: Codec;
  declare private readonly [MEMORY]: Memory;
  declare private readonly [OFFSET]: number;

  /** @internal */
  constructor(element: Codec, memory: Memory, offset: number) {
    defineOwn(this, CODEC, { value: element });
    defineOwn(this, MEMORY, { value: memory });
    defineOwn(this, OFFSET, { value: offset });
  }

  /** The address of the first element. */
  get ptr(): number {
    return addressIn(this[MEMORY], this[OFFSET]);
  }

  /**
   * The element at that index, which may be negative.
   * @throws RangeError `ERR_FFI_OUT_OF_RANGE` for what is no integer.
   */
  get(index: number): T {
    return readAt(this[CODEC], 'view', this[MEMORY], this.offsetOf(index), `array[${index}]`) as T;
  }

  /**
   * Sets the element at that index.
   * @throws as `get` does; for a wrong value as setting a field does.
   */
  set(index: number, value: In): void {
    assign(this[CODEC], this[MEMORY], this.offsetOf(index), value, `array[${index}]`);
  }

  /**
   * The first `length` elements, as a view that has a length and may be iterated.
   * @throws RangeError `ERR_FFI_OUT_OF_RANGE` for what is no length.
   */
  first(length: number): ArrayView<T, In> {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw ffiError('ERR_FFI_OUT_OF_RANGE', `array.first: argument 1: ${describe(length)} is no number of elements`);
    }
    return new ArrayView<T, In>(new ArrayCodec(this[CODEC], length), this[MEMORY], this[OFFSET]);
  }

  private offsetOf(index: number): number {
    const offset = Number.isInteger(index) ? this[OFFSET] + index * this[CODEC].size : NaN;
    if (Number.isSafeInteger(offset)) return offset;
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `array: ${describe(index)} is no index`);
  }
}

definePlace(PointerView.prototype, function (this: PointerView) {
  return placeOf(this[MEMORY], this[OFFSET]);
});

/** Whether a value is what a pointer leads to. */
export function isPointee(value: unknown): value is Pointee<any> | PointerView<any> {
  return value instanceof Pointee || value instanceof PointerView;
}

giveIndexes(PointerView.prototype);

/** Whether a value is a view of elements of that type, which lie behind one another at its address. */
export function isViewOf(value: unknown, element: Codec): boolean {
  if (isPointee(value)) return (value as unknown as { readonly [CODEC]: Codec })[CODEC] === element;
  return value instanceof ArrayView && value.element === element;
}
