/** Single values at addresses: `read.i32(p)`, `write.f64(p, 8, 0.5)`. */

import { inNameOfAccess } from '../base/errors';
import { native } from '../base/native';
import { memoryAddressOf, movedFrom } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { FFIType } from '../types/types';
import type { ValueTypeName } from '../types/types';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import { bytesIn } from '../memory/bounds';
import { refuseText } from '../memory/c_memory';
import type { Codec } from '../memory/codec';
import { codecs } from '../memory/codecs';
import { Memory } from '../memory/memory';
import { quickReader, seekQuickAccess, writeQuickly } from '../memory/quick_access';
import type { FieldInput, FieldValue } from '../struct/fields';

/** Reads a value of one type at an address plus `byteOffset` bytes. The offset may be negative; it is 0 when absent. */
export type ReadFunction<T> = (address: AddressLike, byteOffset?: number) => FieldValue<T>;

/**
 * The type of a value that is written. For a string type it is an address, because nothing would own a copy of a
 * string.
 */
type Written<T> = Exclude<FieldInput<T>, string>;

/** Writes a value of one type at an address plus `byteOffset` bytes, if there is an offset. */
export interface WriteFunction<T> {
  (address: AddressLike, value: Written<T>): void;
  (address: AddressLike, byteOffset: number, value: Written<T>): void;
}

/** Holds the scalar that is read or written, so that nothing is allocated. No other code runs while it is in use. */
const scalar = new (class extends Memory {
  override textFor(_offset: number, _text: string, _code: TypeCode, place: string): never {
    throw refuseText(place);
  }
})(new ArrayBuffer(8));

const views = [1, 2, 4, 8].reduce<{ [size: number]: Uint8Array }>(
  (all, size) => Object.assign(all, { [size]: new Uint8Array(scalar.buffer, 0, size) }),
  {},
);

type AnyFunction = (...args: unknown[]) => unknown;

function reader(name: string, codec: Codec): AnyFunction {
  const place = `read.${name}`;
  const closely = (address: unknown, byteOffset: unknown = 0): unknown => {
    const known = bytesIn(address, byteOffset, codec.size, place);
    if (known) {
      views[codec.size].set(known);
      return codec.read(scalar, 0);
    }
    const at = movedFrom(memoryAddressOf(address, `${place}: argument 1`), byteOffset, `${place}: argument 2`);
    seekQuickAccess();
    try {
      native.readInto(at, views[codec.size]);
      return codec.read(scalar, 0);
    } catch (error) {
      throw inNameOfAccess(place, error);
    }
  };
  return quickReader(codec.letters, closely);
}

function writer(name: string, codec: Codec): AnyFunction {
  const place = `write.${name}`;
  const closely = (...args: unknown[]): void => {
    const { 0: address, 1: byteOffset, 2: value } = args.length > 2 ? args : [args[0], 0, args[1]];
    const known = bytesIn(address, byteOffset, codec.size, place);
    const at = known
      ? 0
      : movedFrom(memoryAddressOf(address, `${place}: argument 1`), byteOffset, `${place}: argument 2`);
    codec.write(scalar, 0, value, `${place}: argument ${args.length > 2 ? 3 : 2}`);
    scalar.keep(0, undefined);
    // Found again, because a getter of the value may have detached the buffer.
    if (known) return bytesIn(address, byteOffset, codec.size, place)?.set(views[codec.size]);
    seekQuickAccess();
    try {
      native.writeMemory(at, views[codec.size]);
    } catch (error) {
      throw inNameOfAccess(place, error);
    }
  };
  const code = codec.letters.charCodeAt(0);
  const isBool = codec.letters === 'b';
  const isWide = 'lLqQ'.includes(codec.letters);
  return function (): void {
    const hasOffset = arguments.length > 2;
    let value: unknown = hasOffset ? arguments[2] : arguments[1];
    if (isBool && typeof value === 'boolean') value = value ? 1 : 0;
    else if (isWide && typeof value === 'bigint') value = Number(value); // one that is not exact is not stored
    if (writeQuickly(arguments[0], hasOffset ? arguments[1] : 0, value, code)) return;
    Reflect.apply(closely, undefined, arguments);
  };
}

/** Makes a function for each name and each letter of the types that have values. */
function forEachType<T>(make: (name: string, codec: Codec) => T): { readonly [name: string]: T } {
  const table: { [name: string]: T } = {};
  const add = (name: string, code: TypeCode): void => {
    if (code !== 'v') table[name] = make(name, codecs[code]);
  };
  Object.entries(FFIType).forEach((entry) => add(entry[0], entry[1]));
  Object.keys(typeFacts).forEach((code) => add(code, code as TypeCode));
  return Object.freeze(table);
}

/**
 * Reads a value at an address, by a name of its type: `read.i32(p)`, `read.double(p, 8)`. The result is what a struct's
 * field of that type would have. For a string type it is the text that the pointer at the address points to.
 *
 * The memory is the caller's. Only checked mode can check the address.
 * @throws TypeError `ERR_FFI_NULL_POINTER` for an address up to 65,535; Error `ERR_FFI_BAD_ADDRESS` in checked mode.
 */
export const read = forEachType(reader) as unknown as { readonly [Name in ValueTypeName]: ReadFunction<Name> };

/**
 * Writes a value at an address, by a name of its type: `write.i32(p, 7)`, `write.double(p, 8, 0.5)`. Values are checked
 * as for a struct's field. For a string type the value is the address of a text that the caller keeps alive.
 *
 * The memory is the caller's. Only checked mode can check the address.
 * @throws as `read` does, and as setting a struct's field does for a wrong value.
 */
export const write = forEachType(writer) as unknown as { readonly [Name in ValueTypeName]: WriteFunction<Name> };
