/** Pointers to values of a declared type. */

import type { Address } from '../host/bridge';
import { describe, ffiError, wrongType } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import { addressOf, hasPointer } from '../base/pointer';
import type { AddressLike, PointerLike } from '../base/pointer';
import { ArrayCodec, ArrayView } from '../memory/array';
import { blockOf, viewOf } from '../memory/bounds';
import { PointedMemory } from '../memory/c_memory';
import type { Codec } from '../memory/codec';
import { isBuffer } from '../memory/codecs';
import { ConvertedType } from '../memory/converted_type';
import { Memory } from '../memory/memory';
import type { Keeper } from '../memory/memory';
import { isPointee, isViewOf, Pointee, PointerView } from '../memory/pointee';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import type { FieldType, PointedValue, PointerType } from './fields';
import { codecOf } from './members';
import { Handle } from './opaque';
import { Schema } from './schema';
import { PointerCodec, TypedPointer } from './typed_pointer';
import { ValueBase, wrongStruct } from './value';

/** What a pointer leads to. */
interface Target {
  /** The codec of the value that it leads to; of one element for an array of unknown length. */
  readonly codec: Codec;
  /** The struct, if it is one. */
  readonly schema: Schema<any> | undefined;
  /** The codec of the elements of an array. */
  readonly element: Codec | undefined;
  /** Whether it is an array of unknown length. */
  readonly isOpen: boolean;
}

/** The implementation of `PointerType`, which documents its members. */
class Pointer<T> extends TypedPointer implements PointerType<T> {
  readonly codec: PointerCodec;
  private known: Target | undefined;

  constructor(readonly to: T) {
    super();
    this.codec = new PointerCodec({
      valueAt: (address, owner) => this.valueAt(address, owner),
      pointerFor: (value, place, keeper) => this.pointerFor(value, place, keeper),
    });
    defineOwn(this, 'codec', { enumerable: false });
    defineOwn(this, 'known', { enumerable: false });
    if (typeof to !== 'function') this.target();
  }

  at(address: AddressLike): PointedValue<T> | null {
    return this.codec.fromC(addressOf(address, 'pointerTo(…).at: argument 1')) as PointedValue<T> | null;
  }

  /** What it leads to: looked up when it is first needed, so that a struct may have pointers to itself. */
  private target(): Target {
    return (this.known ??= targetOf(typeof this.to === 'function' ? this.to() : this.to));
  }

  private valueAt(address: Address, owner: unknown): unknown {
    const { codec, schema, element, isOpen } = this.target();
    // A value that JavaScript has stored there is given back as it is.
    if (owner instanceof ValueBase && owner.schema === schema && owner.ptr === address) return owner;
    const { memory, offset } = memoryAt(address, codec.size, owner);
    if (isOpen) return new PointerView(codec, memory, offset);
    if (schema || element) return (codec.view ?? codec.read).call(codec, memory, offset);
    return new Pointee(codec, memory, offset);
  }

  private pointerFor(value: unknown, place: string, keeper: Keeper | undefined): PointerLike {
    if (typeof value === 'number' || typeof value === 'bigint') return value;
    const { codec, schema, element = codec } = this.target();
    if (isBuffer(value) || isViewOf(value, codec) || isViewOf(value, element)) return value as PointerLike;
    if (value instanceof ValueBase) {
      if (value.schema === schema || (value.schema as Schema<any>).codec === element) return value;
      throw schema ? wrongStruct(place, schema, value) : wrongType(place, this.expected(), value);
    }
    const isOther =
      value instanceof Handle || value instanceof ArrayView || isPointee(value) || typeof value === 'function';
    if (!isOther && hasPointer(value)) return value as PointerLike;
    if (Array.isArray(value)) return this.listFor(value, place, keeper);
    if (!isOther && schema && typeof value === 'object') return memoryFor(schema.codec, value, place, keeper);
    throw wrongType(place, this.expected(), value);
  }

  /** An array of JavaScript's as one of C's. After pointers there is NULL, by which C often finds their end. */
  private listFor(values: readonly unknown[], place: string, keeper: Keeper | undefined): PointerLike {
    const { codec, element, isOpen } = this.target();
    if (element && !isOpen) return memoryFor(codec, values, place, keeper);
    const each = element ?? codec;
    const kind = typeFacts[each.letters as TypeCode]?.kind;
    const extra = kind === 'pointer' || kind === 'string' || values.length === 0 ? each.size : 0;
    return memoryFor(new ArrayCodec(each, values.length), values, place, keeper, extra);
  }

  /** The name of what it leads to, if that is no struct and no array. */
  private called(): string {
    const { to } = this;
    const type: unknown = typeof to === 'function' ? to() : to;
    if (typeof type === 'string') return type.length > 1 ? type : typeFacts[type as TypeCode].cName;
    return type instanceof ConvertedType ? type.cName : type instanceof TypedPointer ? 'a pointer' : 'a function';
  }

  private expected(): string {
    const { schema, element } = this.target();
    const own = schema
      ? `a ${schema.name} value, an object with its fields, `
      : element
        ? ''
        : `a pointer to ${this.called()}, `;
    return `${own}an array, a buffer, an address or null`;
  }
}

// The name that console.log prints: the one that programs know the type by.
defineOwn(Pointer, 'name', { value: 'PointerType' });

function targetOf(type: unknown): Target {
  const place = 'pointerTo: argument 1';
  if (type === 'void' || type === 'v') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: a pointer to anything is 'pointer'`);
  }
  if (Array.isArray(type) && type.length === 2 && type[1] === 0) {
    const codec = codecOf(type[0], `${place}[0]`);
    return { codec, schema: undefined, element: codec, isOpen: true };
  }
  const codec = codecOf(type, place);
  const schema = type instanceof Schema ? type : undefined;
  return { codec, schema, element: codec instanceof ArrayCodec ? codec.element : undefined, isOpen: false };
}

/**
 * The memory at an address. If that is where `owner` lies, it is the memory of `owner`, which can tell when it has gone.
 * @throws Error `ERR_FFI_ARENA_CLOSED` or TypeError `ERR_FFI_INVALID_ARG_TYPE` if it has.
 */
function memoryAt(address: Address, size: number, owner: unknown): { memory: Memory; offset: number } {
  const bytes = isBuffer(owner) ? viewOf(owner, 'pointer') : undefined;
  const block = bytes ? { buffer: bytes.buffer as ArrayBuffer, offset: bytes.byteOffset } : blockOf(owner);
  if (block === undefined || native.ptr(block.buffer, block.offset) !== address) {
    return { memory: new PointedMemory(address, size, owner), offset: 0 };
  }
  return { memory: new Memory(block.buffer), offset: block.offset };
}

/** Writes a value to new memory, which ends with `extra` bytes of zeros. */
function memoryFor(codec: Codec, value: unknown, place: string, keeper: Keeper | undefined, extra = 0): PointerLike {
  const memory = Memory.zeros(codec.size + extra, codec.align);
  keeper?.checkKeeps(memory.buffer, place);
  memory.endings = keeper?.endings;
  codec.write(memory, 0, value, place);
  return (codec.view ?? codec.read).call(codec, memory, 0) as PointerLike;
}

/**
 * The type of a pointer to a value of that type: `Point *`, `int *`, `char **`. It may stand wherever a type may stand.
 * C's pointer is a view of what it leads to, `null` for NULL; the memory must stay valid for as long as it is used.
 *
 * - A struct gives a value of it, as `Point.at(address)` does.
 * - `[type, count]` gives an array, and `[type, 0]` one of unknown length: `mesh.vertices[i]`.
 * - Any other type gives an object with the property `value`.
 *
 * C takes such a value, an address, a buffer or `null`; and a plain object or array, which is copied into memory that
 * lives until the call has finished, or as long as the struct whose field it is.
 *
 * @param to What it points to. A function that returns the type is called when the type is first needed: by it a struct
 *   has pointers to itself.
 *
 * @example
 * const Node = Struct({ value: 'i', next: pointerTo((): StructSchema => Node) });
 * dlopen(path, { node_last: { args: [pointerTo(Node)], returns: pointerTo(Node) } });
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for an unknown type.
 */
export function pointerTo<E extends FieldType, N extends number>(to: readonly [E, N]): PointerType<readonly [E, N]>;
/** @throws as for an array. */
export function pointerTo<T extends FieldType | (() => FieldType)>(to: T): PointerType<T>;
export function pointerTo(to: unknown): PointerType<any> {
  if (to === undefined)
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `pointerTo: argument 1: expected a type, got ${describe(to)}`);
  return new Pointer(to);
}
