/** C structs whose values have the type that the program has declared. */

import { ffiError, inNamesOf, wrongType } from '../base/errors';
import { bindMethods } from '../base/methods';
import { defineOwn, optionIn, setOwn } from '../base/own';
import { native } from '../base/native';
import type { AddressLike } from '../base/pointer';
import type { EnumType } from '../memory/enumeration';
import type { StructOptions, StructSchema } from '../struct/fields';
import { isValueOf } from '../struct/value';
import { Struct } from '../struct/struct';
import type { ValueTypeName } from '../types/types';

/** The type of a field: a letter or name of `FFIType`, or a struct. */
export type NativeFieldType = ValueTypeName | NativeStruct<any>;

/** A field of a C struct. */
export class NativeField {
  /** The type as `Struct` takes it. @internal */
  readonly declared: any;

  /**
   * @param name The name of the field in C.
   * @param type Its type.
   * @param count The number of elements, if the field is an array. 0 for a flexible array at the end of the struct.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if the name is not text. The struct checks the type.
   */
  constructor(
    readonly name: string,
    readonly type: NativeFieldType,
    readonly count?: number,
  ) {
    if (typeof name !== 'string') throw wrongType('NativeField: argument 1', 'the name of a field', name);
    const plain = type instanceof NativeStruct ? type.schema : type;
    this.declared = count === undefined ? plain : [plain, count];
    defineOwn(this, 'declared', { enumerable: false });
  }

  /**
   * A bit-field of that many bits. As in C, one of 0 bits ends the unit that the bit-fields before it share, and has no
   * name: `NativeField.bits('', 'int', 0)`.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` if the name is not text; TypeError `ERR_FFI_BAD_SIGNATURE` if a field of
   *   0 bits has a name, or another one has none. The struct checks the type and the width.
   */
  static bits(name: string, type: ValueTypeName | EnumType, bits: number): NativeField {
    if (typeof name !== 'string') throw wrongType('NativeField.bits: argument 1', 'the name of a field', name);
    if ((name === '') !== (bits === 0)) {
      const rule = bits === 0 ? `0 bits has no name, got '${name}'` : 'more than 0 bits has a name';
      throw ffiError('ERR_FFI_BAD_SIGNATURE', `NativeField.bits: argument 1: a bit-field of ${rule}`);
    }
    const field = new NativeField(name, type as ValueTypeName);
    return defineOwn(field, 'declared', { value: { type, bits } });
  }
}

/**
 * A C struct. `T` is an interface or class of the program with a property for each field; arkffi cannot check that it
 * fits. Values are views, as those of `Struct` are: reading a property reads the memory.
 *
 * @example
 * interface Complex {
 *   real: number;
 *   imag: number;
 * }
 * const ComplexType = new NativeStruct<Complex>([
 *   new NativeField('real', FFIType.double),
 *   new NativeField('imag', FFIType.double),
 * ]);
 * const value: Complex = ComplexType.create({ real: 1, imag: 2 });
 */
export class NativeStruct<T extends object> {
  /** The struct as the rest of arkffi has it. @internal */
  readonly schema: StructSchema<any>;

  /**
   * @param fields The fields, in the order of their declaration in C.
   * @throws as `Struct` does.
   */
  constructor(fields: readonly NativeField[], options: StructOptions = {}) {
    if (!Array.isArray(fields)) throw wrongType('NativeStruct: argument 1', 'a list of NativeField', fields);
    if (fields.length === 0) {
      throw ffiError('ERR_FFI_BAD_SIGNATURE', 'NativeStruct: argument 1: expected at least one NativeField, got none');
    }
    if (typeof options !== 'object' || options === null) throw wrongType('NativeStruct: options', 'an object', options);
    const members = Object.create(null);
    for (let i = 0; i < fields.length; i++) {
      const field: unknown = fields[i];
      if (!(field instanceof NativeField)) throw wrongType('NativeStruct: argument 1', 'a list of NativeField', field);
      if (field.name in members) {
        throw ffiError('ERR_FFI_BAD_SIGNATURE', `NativeStruct: two fields are called '${field.name}'`);
      }
      const isSeparator = field.name === '' && field.declared.bits === 0;
      setOwn(members, isSeparator ? `(without a name, ${i})` : field.name, field.declared);
    }
    const name = optionIn(options, 'name') ?? 'NativeStruct';
    const names = [{ from: 'Struct: options', to: 'NativeStruct: options' }];
    this.schema = inNamesOf(names, () => Struct(members, { ...options, name: name as string }));
    defineOwn(this, 'schema', { enumerable: false });
    bindMethods(this, ['offsetOf', 'create', 'at', 'read', 'addressOf']);
  }

  /** The size in bytes, with the padding at its end. */
  get size(): number {
    return this.schema.size;
  }

  /** The offset of a field in bytes. */
  offsetOf(field: string): number {
    const names = [{ from: `Struct.offsetof: ${this.schema.name}: `, to: 'NativeStruct.offsetOf: argument 1: ' }];
    return inNamesOf(names, () => Struct.offsetof(this.schema, field));
  }

  /** Makes a value in JavaScript's memory. Fields that `init` lacks are zero. */
  create(init?: Partial<T>): T {
    if (init !== undefined && (typeof init !== 'object' || init === null)) {
      throw wrongType('NativeStruct.create: argument 1', 'an object with fields', init);
    }
    return this.schema.create(init as any) as unknown as T;
  }

  /**
   * The struct at an address, or `byteOffset` bytes after it: reading and setting its properties reads and writes C's
   * memory, which must stay valid for as long as the value is used.
   * @throws as `StructSchema.at` does.
   */
  at(address: AddressLike, byteOffset: number = 0): T {
    const names = [{ from: `${this.schema.name}.at: `, to: 'NativeStruct.at: ' }];
    return inNamesOf(names, () => this.schema.at(address, byteOffset)) as unknown as T;
  }

  /**
   * A copy of the struct at an address, or `byteOffset` bytes after it.
   * @throws as `StructSchema.fromPtr` does.
   */
  read(address: AddressLike, byteOffset: number = 0): T {
    const names = [{ from: `${this.schema.name}.fromPtr: `, to: 'NativeStruct.read: ' }];
    return inNamesOf(names, () => this.schema.fromPtr(address, byteOffset)) as unknown as T;
  }

  /**
   * The address of a value that this struct has made. C may use it for as long as the program keeps the value.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for any other object, which has no address.
   */
  addressOf(value: T): number {
    if (isValueOf(value, this.schema)) return native.ptr(value);
    throw wrongType('NativeStruct.addressOf: argument 1', 'a value that create, at or read has made', value);
  }
}
