/** The types of structs: what a program writes for the fields, and what TypeScript infers from them. */

import { brand } from '../base/brand';
import type { Address, BufferLike } from '../host/bridge';
import { defineOwn } from '../base/own';
import type { AddressLike, CallbackLike, HasPointer, PointerLike } from '../base/pointer';
import type { Only, Refused } from '../types/exact';
import type { CodeOf, TypeName, ValueTypeName } from '../types/types';
import type { ArgumentTypes, ResultTypes } from '../types/types.generated';
import type { ArrayView, CharArray } from '../memory/array';
import type { Codec } from '../memory/codec';
import type { ConvertedType } from '../memory/converted_type';
import type { EnumType } from '../memory/enumeration';
import type { Pointee, PointerView } from '../memory/pointee';
import type { Handle, OpaqueType } from './opaque';
import type { ReservedName, ValueBase } from './value';

/** How a member is placed in its struct, if not by the rules for its type alone. */
export interface MemberOptions {
  /** The least alignment of the member in bytes, a power of two up to 4096. In C: `_Alignas(16)`. */
  readonly align?: number;
  /**
   * Whether the member is aligned to one byte, and a bit-field to one bit. In C: `__attribute__((packed))` on the
   * member.
   */
  readonly packed?: boolean;
  /**
   * The order of the bytes of a number, or of the numbers of an array: `'big'` for the one that formats of networks and
   * files have. That of the machine when absent.
   */
  readonly endian?: 'big' | 'little';
}

/**
 * A type with the placement of its member. With both options the alignment is `align`, even if the type's own is
 * greater.
 */
export interface MemberField extends MemberOptions {
  readonly type: FieldType;
}

/**
 * A bit-field: `bits` bits of an integer type, or of an enum. As in C, a width of 0 ends the unit that the preceding bit-fields share.
 */
export interface BitField extends MemberOptions {
  readonly type: ValueTypeName | EnumType;
  readonly bits: number;
  /** Whether the bit-field has no name in C. It then has no value, and the name that it is written under is ignored. */
  readonly padding?: boolean;
}

/**
 * The type of a field: a scalar type, one that JavaScript converts, a struct, a typed pointer, the types of a function that the
 * field points to, or a fixed array of any of them as `[type, count]`. The last field of a struct may be a flexible array,
 * `[type, 0]`; `create`, `at` and `fromPtr` take the number of its elements.
 */
export type FieldType =
  | ValueTypeName
  | ConvertedType
  | StructSchema<any>
  | PointerType<any>
  | OpaqueType<any>
  | FunctionType
  | readonly [FieldType, number];

/** The types of a function that data points to: `args`, `returns` or both. */
export type FunctionType =
  | (FunctionSignature & { readonly args: readonly [] | readonly CallbackArgumentType[] })
  | (FunctionSignature & { readonly returns: NonNullable<FunctionSignature['returns']> });

/** A C function that data points to. */
export interface PointedFunction<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  /** The same function on a worker thread. */
  readonly async: (...args: Args) => Promise<Result>;
  /** The function's address. */
  readonly ptr: number;
}

/** The type of pointers to values of type `T`. Made by `pointerTo`. */
export interface PointerType<T = any> {
  /** What it points to, as the program gave it. */
  readonly to: T;
  /** Reads and writes values. @internal */
  readonly codec: Codec;
  /**
   * What is at an address, as if C had given it; null for NULL. The memory is C's: nothing checks it.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`, RangeError `ERR_FFI_OUT_OF_RANGE` for what is no address.
   */
  at(address: AddressLike): PointedValue<T> | null;
}

/** What a pointer gives that is not NULL. */
export type PointedValue<T> = T extends () => infer Later
  ? PointedValue<Later>
  : T extends StructSchema<infer F>
    ? StructValue<F>
    : T extends readonly [infer Element, infer Count]
      ? Count extends 0
        ? PointerView<FieldView<Element>, FieldInput<Element>>
        : ArrayView<FieldView<Element>, FieldInput<Element>>
      : Pointee<FieldView<T>, FieldInput<T>>;

/** What may be passed for a pointer. A plain object or array is copied to memory that is made for it. */
export type PointerInput<T> = Address | BufferLike | null | Pointed<T>;

type Pointed<T> = T extends () => infer Later
  ? Pointed<Later>
  : T extends StructSchema<infer F>
    ? StructValueBase<F> | StructInit<F> | Elements<T>
    : T extends readonly [infer Element, number]
      ? Elements<Element> | (Element extends StructSchema<infer F> ? StructValue<F> : HasPointer)
      : Elements<T> | Pointee<FieldView<T>, any> | HasPointer;

type Elements<T> = readonly FieldInput<T>[] | ArrayView<FieldView<T>, any> | PointerView<FieldView<T>, any>;

/**
 * A struct or union that is a member without a name: its fields are accessed as fields of the outer struct. Made by
 * `anonymous`.
 */
export class Anonymous<S extends StructSchema<any> = StructSchema<any>> {
  /** @internal */
  constructor(
    /** The struct or union inside. */
    readonly schema: S,
    /** Its type in letters, with those of its placement. @internal */
    readonly letters: string,
  ) {
    Object.freeze(this);
  }
}

brand(Anonymous.prototype, 'an anonymous member');

/** The fields of a struct, in the order of their declaration in C. The name of an anonymous member is ignored. */
export interface StructFields {
  readonly [name: string]: FieldType | MemberField | BitField | Anonymous<any>;
}

/** Fields without unknown keys, which the compiler accepts in objects whose types it infers. */
type OnlyKnownFields<F, Named = false> = { readonly [Name in keyof F]: OnlyKnownField<F[Name], Named> };

type OnlyKnownField<T, Named> = T extends
  string | readonly unknown[] | ConvertedType | StructSchema<any> | PointerType<any> | OpaqueType<any> | Anonymous<any>
  ? unknown
  : T extends { readonly args: unknown } | { readonly returns: unknown }
    ? Only<T, keyof FunctionSignature, Named>
    : Only<T, T extends { readonly bits: unknown } ? keyof BitField : keyof MemberField, Named>;

/** `unknown` if the fields have no unknown keys, otherwise a type that names the keys, which nothing is. */
export type IfKnownFields<F> = [F] extends [OnlyKnownFields<F>] ? unknown : Refused<F, OnlyKnownFields<F, true>>;

/** The fields of a value, by name: the struct's own, and those of its anonymous members. */
export type Promoted<F> = [Unnamed<F>] extends [never] ? F : Merged<Omit<F, Unnamed<F>> & All<Inner<F>[Unnamed<F>]>>;

/** The names of the anonymous members. */
type Unnamed<F> = 0 extends 1 & F ? never : { [Name in keyof F]: F[Name] extends Anonymous ? Name : never }[keyof F];

/** The fields that each anonymous member contributes. */
type Inner<F> = { [Name in keyof F]: F[Name] extends Anonymous<StructSchema<infer G>> ? Promoted<G> : never };

/** The names of fields in anonymous unions: of each union, a plain object has only one. */
type Chosen<F> = {
  [Name in keyof F]: F[Name] extends Anonymous<infer S>
    ? S extends StructSchema<infer G>
      ? S extends { readonly isUnion: true }
        ? keyof Promoted<G>
        : Chosen<G>
      : never
    : never;
}[keyof F];

type All<T> = (T extends unknown ? (each: T) => void : never) extends (all: infer Every) => void ? Every : never;
type Merged<F> = { [Name in keyof F]: F[Name] };

/** The type that `get` returns for a field. An array is a copy. */
export type FieldValue<T> = T extends ValueTypeName
  ? ResultTypes[CodeOf<T>]
  : T extends ConvertedType<any, infer Out>
    ? Out
    : T extends StructSchema<infer F>
      ? StructValue<F>
      : T extends PointerType<infer To>
        ? PointedValue<To> | null
        : T extends OpaqueType<infer Name>
          ? Handle<Name> | null
          : T extends readonly [infer Element, number]
            ? ElementsOf<Element>
            : T extends { readonly type: infer Type }
              ? FieldValue<Type>
              : T extends FunctionType
                ? FunctionAt<T> | null
                : never;

type FunctionAt<S> = S extends { readonly args: infer A extends readonly unknown[] }
  ? A extends readonly [...infer Before, '...']
    ? PointedFunction<[...AllToC<Before>, ...object[]], FromC<ReturnsOf<S>>>
    : PointedFunction<AllToC<A>, FromC<ReturnsOf<S>>>
  : PointedFunction<[], FromC<ReturnsOf<S>>>;

/** The type of a copy of an array. One of `char` has the text that it holds, too. */
type ElementsOf<Element> = Element extends ValueTypeName
  ? CodeOf<Element> extends 'c' | 'C'
    ? CharArray
    : FieldValue<Element>[]
  : FieldValue<Element>[];

/** The type of `value.field`. Structs and arrays are views of the value's memory. */
export type FieldView<T> = T extends readonly [infer Element, number]
  ? ArrayView<FieldView<Element>, FieldInput<Element>>
  : T extends { readonly type: infer Type }
    ? FieldView<Type>
    : FieldValue<T>;

/**
 * The type that a field may be set to. A string field takes a string, the address of a text, or a buffer that holds
 * one.
 */
export type FieldInput<T> = T extends ValueTypeName
  ? CodeOf<T> extends 'k'
    ? PointerLike
    : ArgumentTypes[CodeOf<T>]
  : T extends ConvertedType<infer In, any>
    ? In
    : T extends StructSchema<infer F>
      ? StructValue<F> | StructInit<F> | BufferLike
      : T extends PointerType<infer To>
        ? PointerInput<To>
        : T extends OpaqueType<infer Name>
          ? Handle<Name> | null
          : T extends readonly [infer Element, number]
            ? ArrayLike<FieldInput<Element>> | TextInput<Element>
            : T extends { readonly type: infer Type }
              ? FieldInput<Type>
              : T extends FunctionType
                ? CallbackLike | CallbackOf<T>
                : never;

/** An array of `char` also takes a string, which must fit with its NUL. */
type TextInput<Element> = Element extends ValueTypeName ? (CodeOf<Element> extends 'c' | 'C' ? string : never) : never;

/** First values for fields of a struct. The other fields are zero. */
export type StructInit<F> = Partial<Inputs<Promoted<F>>>;

/**
 * A struct as a call takes it from a plain object: all fields, and one of each anonymous union. TypeScript does not
 * check that it is exactly one.
 */
export type StructInput<F> = [Unnamed<F>] extends [never]
  ? Inputs<F>
  : Omit<Inputs<Promoted<F>>, Chosen<F> & string> & Partial<Pick<Inputs<Promoted<F>>, Chosen<F> & keyof Promoted<F>>>;

type Inputs<F> = { readonly [Name in keyof F]: FieldInput<F[Name]> };

/** A struct as plain objects and arrays. */
export type StructObject<F> = PlainValues<Promoted<F>>;

type PlainValues<F> = { [Name in keyof F]: PlainValue<F[Name]> };

type PlainValue<T> =
  T extends StructSchema<infer F>
    ? StructObject<F>
    : T extends PointerType<any> | OpaqueType<any>
      ? number
      : T extends readonly [infer Element, number]
        ? PlainValue<Element>[]
        : T extends { readonly type: infer Type }
          ? PlainValue<Type>
          : T extends FunctionType
            ? number
            : FieldValue<T>;

/**
 * A struct in JavaScript's memory or C's: a view, whose properties are the fields. It may be passed for a pointer to
 * the struct, and by value. A field with the name of one of the value's own properties, such as `ptr`, is read and set
 * by the schema's `get` and `set`.
 *
 * Thread rule: belongs to its JavaScript thread. The value keeps JavaScript's memory alive; C's memory is the caller's.
 */
export type StructValue<F extends object> = StructValueBase<F> & {
  -readonly [Name in Exclude<keyof Promoted<F>, ReservedName>]: FieldView<Promoted<F>[Name]>;
};

/**
 * The properties of every struct value. Where a plain object may stand too, the type of a value is this one: from the
 * fields the compiler could not infer the parameters of functions that the object has.
 */
export interface StructValueBase<F extends object> extends ValueBase {
  /** The struct that this is a value of. */
  readonly schema: StructSchema<F>;
  /** A copy as plain objects and arrays. */
  toObject(): StructObject<F>;
  /** The copy that `JSON.stringify` uses. */
  toJSON(): StructObject<F>;
}

/** Options of `Struct` and `Union`. */
export interface StructOptions {
  /** The name of the struct in messages. `'Struct'` or `'Union'` when absent. */
  readonly name?: string;
  /**
   * `true`: no padding between fields, as by `__attribute__((packed))`. A number: no field is aligned to more than that
   * many bytes, as by `#pragma pack`.
   */
  readonly packed?: boolean | 1 | 2 | 4 | 8 | 16;
  /**
   * Whose rules place the bit-fields, where they are not those of the platform. `'ms'`: Microsoft's, as by
   * `__attribute__((ms_struct))`. `'gcc'`: those of GCC and Clang on all other systems, as by
   * `__attribute__((gcc_struct))`.
   */
  readonly bitFields?: 'ms' | 'gcc';
  /**
   * The order of the bytes of all numbers in it, as by `__attribute__((scalar_storage_order("big-endian")))`. Pointers, and
   * structs inside, keep their own. That of the machine when absent.
   */
  readonly endian?: 'big' | 'little';
  /** The least alignment of the struct in bytes, a power of two up to 4096. In C: `__attribute__((aligned(16)))`. */
  readonly align?: number;
}

/** A C struct or union: its layout, and functions for its values. Made by `Struct` and `Union`; it never changes. */
export interface StructSchema<F extends object = any> {
  /** The name of the struct in messages. */
  readonly name: string;
  /** The type of each field, as the program gave it. */
  readonly fields: F;
  /** Whether it is a union, all of whose fields begin at its first byte. */
  readonly isUnion: boolean;
  /** The size in bytes, with the padding at its end. */
  readonly size: number;
  /** The alignment in bytes. All memory that arkffi makes for values has it. */
  readonly align: number;
  /** The offset of each field in bytes; of a bit-field, that of the byte in which it begins. */
  readonly offsets: { readonly [Name in keyof Promoted<F>]: number };

  /** The same as `align`. */
  readonly alignment: number;
  /** The names of the fields, in their order, with those of anonymous members. */
  readonly fieldNames: string[];
  /** The types of these fields, as the program gave them. */
  readonly fieldTypes: unknown[];
  /** The offsets of these fields in bytes. */
  readonly fieldOffsets: number[];

  /** Reads and writes values. @internal */
  readonly codec: Codec;

  /**
   * Makes a value of zeros in JavaScript's memory, and sets the fields that `init` has.
   * @param count The number of elements of the flexible array, if the struct ends in one. The number in `init` when
   *   absent.
   * @throws as `set` does.
   */
  create(init?: StructInit<F> | StructValueBase<F> | BufferLike, count?: number): StructValue<F>;

  /**
   * Copies a struct from C's memory, or another value. The copy is in JavaScript's memory.
   * @param countOrOffset If the struct ends in a flexible array, the number of its elements. Otherwise the number of
   *   bytes between the address and the struct. 0 when absent.
   * @throws TypeError `ERR_FFI_NULL_POINTER` for an address up to 65,535; Error `ERR_FFI_BAD_ADDRESS` in checked mode.
   */
  fromPtr(address: AddressLike, countOrOffset?: number): StructValue<F>;

  /**
   * The struct at an address: each access of the value reads or writes C's memory. The memory remains C's, and must
   * stay valid for as long as the value is used. The address need not be aligned.
   * @param countOrOffset As for `fromPtr`.
   * @throws as `fromPtr` does.
   */
  at(address: AddressLike, countOrOffset?: number): StructValue<F>;

  /**
   * `count` structs behind one another at an address: a view of C's memory, as `at` gives it.
   * @throws as `at` does; RangeError `ERR_FFI_OUT_OF_RANGE` for a count below 1.
   */
  arrayAt(address: AddressLike, count: number): ArrayView<StructValue<F>, FieldInput<StructSchema<F>>>;

  /** Does nothing, because JavaScript frees the memory. It is there for programs written for libraries that need it. */
  releasePtr(_value?: unknown): void;

  /**
   * An array of `count` structs in JavaScript's memory, all zero. Its elements are views.
   * @throws RangeError `ERR_FFI_OUT_OF_RANGE` for a count below 1.
   */
  arrayOf(count: number): ArrayView<StructValue<F>, FieldInput<StructSchema<F>>>;

  /**
   * Reads a field of a value, or of the struct that a buffer begins with. A struct is a view of the value's memory; an
   * array is a copy. A string is read from the address that the field holds, which must be valid.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for a value of another struct, a buffer that is too small, or a field
   *   that does not exist.
   */
  get<Name extends keyof Promoted<F> & string>(
    value: StructValue<F> | BufferLike,
    field: Name,
  ): FieldValue<Promoted<F>[Name]>;

  /**
   * Sets a field of a value, or of the struct that a buffer begins with. A string is copied. The copy, a buffer, or an object with a `ptr` whose address is stored, is kept
   * alive for as long as the memory of this value. Memory that is passed as a bare address is the caller's to keep.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` or RangeError `ERR_FFI_OUT_OF_RANGE`; the message names the field.
   */
  set<Name extends keyof Promoted<F> & string>(
    value: StructValue<F> | BufferLike,
    field: Name,
    to: FieldInput<Promoted<F>[Name]>,
  ): void;

  /** A copy as plain objects and arrays. A union's copy has all its fields. */
  toObject(value: StructValue<F> | BufferLike): StructObject<F>;
}

/** Makes what `Struct` makes, with `new` or without. Every struct and union is an instance of it. */
export interface StructSchemaConstructor {
  <F extends StructFields>(fields: F & IfKnownFields<F>, options?: StructOptions): StructSchema<F>;
  new <F extends StructFields>(fields: F & IfKnownFields<F>, options?: StructOptions): StructSchema<F>;
  readonly prototype: StructSchema<any>;
}

let makeSchema: (fields: StructFields, options?: StructOptions) => unknown;

/**
 * The class of structs and unions: `new StructSchema(fields)` is the same as `Struct(fields)`. It is in the file of the interface,
 * because a declaration file of a program can name a type only if the package exports the type itself.
 */
export const StructSchema: StructSchemaConstructor = function StructSchema(
  fields: StructFields,
  options?: StructOptions,
): unknown {
  return makeSchema(fields, options);
} as unknown as StructSchemaConstructor;

/** Says how schemas are made, and what they inherit from: all of that needs the types of this file. */
export function defineSchemas(make: typeof makeSchema, prototype: object): void {
  makeSchema = make;
  defineOwn(StructSchema, 'prototype', { value: prototype, writable: false });
}

/** The schema of a union. A plain object that stands for a union has one of its fields. */
export interface UnionSchema<F extends object = any> extends StructSchema<F> {
  readonly isUnion: true;
}

/** The types of a callback: its arguments and its result. */
export interface FunctionSignature {
  /** The type of each argument, in order. No arguments when absent. */
  readonly args?: readonly [] | readonly CallbackArgumentType[]; // the empty list makes TypeScript infer tuples
  /** The type of the result. `void` when absent. */
  readonly returns?: TypeName | ConvertedType | StructSchema<any> | PointerType<any> | OpaqueType<any>;
  /** The calling convention. The platform's own when absent. */
  readonly abi?: 'ms' | 'sysv';
}

/**
 * The type of an argument. A callback may be declared by its own types; a plain function may then be passed for it. A
 * struct is passed by value.
 */
export type ArgumentType =
  ValueTypeName | ConvertedType | StructSchema<any> | PointerType<any> | OpaqueType<any> | FunctionSignature;

/**
 * The type of an argument of a callback. `'...'` comes last: C passes more arguments, which the function does not get.
 */
export type CallbackArgumentType = ArgumentType | '...';

/** The `returns` of a signature; `'v'` when absent. */
export type ReturnsOf<S> = S extends { readonly returns: infer R } ? R : 'v';

/** The type of a value that JavaScript passes to C. */
export type ToC<T> = T extends TypeName
  ? ArgumentTypes[CodeOf<T>]
  : T extends ConvertedType<infer In, any>
    ? In
    : T extends StructSchema<infer F>
      ? StructValue<F> | (T extends { readonly isUnion: true } ? StructInit<F> : StructInput<F>) | BufferLike
      : T extends PointerType<infer To>
        ? PointerInput<To>
        : T extends OpaqueType<infer Name>
          ? Handle<Name> | null
          : T extends FunctionSignature
            ? CallbackLike | CallbackOf<T>
            : never;

/** The type of a value that JavaScript gets from C. */
export type FromC<T> = T extends TypeName
  ? ResultTypes[CodeOf<T>]
  : T extends ConvertedType<any, infer Out>
    ? Out
    : T extends StructSchema<infer F>
      ? StructValue<F>
      : T extends PointerType<infer To>
        ? PointedValue<To> | null
        : T extends OpaqueType<infer Name>
          ? Handle<Name> | null
          : T extends FunctionSignature
            ? number
            : never;

/** The types of values that JavaScript passes for a list of types. */
export type AllToC<A extends readonly unknown[]> = { -readonly [I in keyof A]: ToC<A[I]> };

/** The same for the types of a callback, of which `'...'` has no value. */
export type AllToCallback<A extends readonly unknown[]> = Extract<
  A extends readonly [...infer Before, '...'] ? AllToC<Before> : AllToC<A>,
  readonly unknown[]
>;

/** The types of values that JavaScript gets for a list of types. */
type EachFromC<A extends readonly unknown[]> = { -readonly [I in keyof A]: FromC<A[I]> };

/** The types of values that a callback gets, which is nothing for `'...'`. */
type AllFromC<A extends readonly unknown[]> = Extract<
  A extends readonly [...infer Before, '...'] ? EachFromC<Before> : EachFromC<A>,
  readonly unknown[]
>;

/** A JavaScript function that C may call: its parameters are what C passes, and its result goes to C. */
export type CallbackFunction<A extends readonly unknown[], R> = (
  ...args: AllFromC<A>
) => R extends ValueTypeName | ConvertedType | StructSchema<any> | PointerType<any> | OpaqueType<any> ? ToC<R> : void;

/** A `CallbackFunction` that may also return a Promise, for which a thread can wait. */
export type AwaitedCallbackFunction<A extends readonly unknown[], R> = (
  ...args: AllFromC<A>
) => ReturnType<CallbackFunction<A, R>> | Promise<ReturnType<CallbackFunction<A, R>>>;

/** The `CallbackFunction` of a signature. */
type CallbackOf<S> = S extends { readonly args: infer A extends readonly unknown[] }
  ? CallbackFunction<A, ReturnsOf<S>>
  : CallbackFunction<[], ReturnsOf<S>>;
