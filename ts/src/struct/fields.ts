/** The types of structs: what a program writes for the fields, and what TypeScript makes of them. */

import type { ArrayView } from '../memory/array';
import type { BufferLike } from '../host/bridge';
import type { Codec } from '../memory/codec';
import type { AddressLike, PointerLike } from '../base/pointer';
import type { CodeOf, ValueTypeName } from '../types/types';
import type { ArgumentTypes, ResultTypes } from '../types/types.generated';
import type { ReservedName, ValueBase } from './value';

/** How a member lies in its struct, where not as its type alone has it. */
export interface MemberOptions {
  /** To how many bytes it is aligned at least, a power of two up to 4096, as by `_Alignas(16)` before it. */
  readonly align?: number;
  /** Whether it is aligned to a byte, and a bit-field to a bit, as by `__attribute__((packed))` behind it. */
  readonly packed?: boolean;
}

/** A type, and how a member of it lies. With both options it is aligned to `align` bytes, also where that is less than usual. */
export interface MemberField extends MemberOptions {
  readonly type: FieldType;
}

/** A bit-field: so many bits of an integer type. Of width 0, as in C, it only ends the unit that the ones before it share. */
export interface BitField extends MemberOptions {
  readonly type: ValueTypeName;
  readonly bits: number;
  /** Whether it has no name in C: then it has no value here, and its own name stands for nothing. */
  readonly padding?: boolean;
}

/**
 * The type of a field: a type, another struct, or a fixed array of either as `[type, count]`. The last field of a struct
 * may be a flexible array, `[type, 0]`: `create`, `at` and `fromPtr` say how many elements a value has.
 */
export type FieldType = ValueTypeName | StructSchema<any> | readonly [FieldType, number];

/** A struct or union inside a struct that has no name there: its fields are the struct's own. Made by `anonymous`. */
export class Anonymous<S extends StructSchema<any> = StructSchema<any>> {
  /** @internal */
  constructor(
    /** What is inside. */
    readonly schema: S,
    /** Its letters, with those for how it lies. @internal */
    readonly letters: string,
  ) {
    Object.freeze(this);
  }
}

/** The fields of a struct, in the order of their declaration in C. The name of an anonymous member stands for nothing. */
export interface StructFields {
  readonly [name: string]: FieldType | MemberField | BitField | Anonymous<any>;
}

/** The fields by the names that values have: those of anonymous members are among them. */
export type Promoted<F> = [Unnamed<F>] extends [never] ? F : Merged<Omit<F, Unnamed<F>> & All<Inner<F>[Unnamed<F>]>>;

/** The names of the anonymous members. */
type Unnamed<F> = 0 extends 1 & F ? never : { [Name in keyof F]: F[Name] extends Anonymous ? Name : never }[keyof F];

/** What each of them brings with it. */
type Inner<F> = { [Name in keyof F]: F[Name] extends Anonymous<StructSchema<infer G>> ? Promoted<G> : never };

/** Those of the names that are a choice, because their member is a union, or in one. */
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

/** What `get` gives for a field: an array is a copy. */
export type FieldValue<T> = T extends ValueTypeName
  ? ResultTypes[CodeOf<T>]
  : T extends StructSchema<infer F>
    ? StructValue<F>
    : T extends readonly [infer Element, number]
      ? FieldValue<Element>[]
      : T extends { readonly type: infer Type }
        ? FieldValue<Type>
        : never;

/** What `value.field` gives: structs and arrays share the memory. */
export type FieldView<T> = T extends readonly [infer Element, number]
  ? ArrayView<FieldView<Element>, FieldInput<Element>>
  : T extends { readonly type: infer Type }
    ? FieldView<Type>
    : FieldValue<T>;

/** What a field may be set to. A string field takes a string, the address of a text, or a buffer that holds one. */
export type FieldInput<T> = T extends ValueTypeName
  ? CodeOf<T> extends 's' | 'S' | 'w'
    ? string | PointerLike
    : CodeOf<T> extends 'p' | 'k'
      ? PointerLike
      : ArgumentTypes[CodeOf<T>]
  : T extends StructSchema<infer F>
    ? StructValue<F> | StructInit<F> | BufferLike
    : T extends readonly [infer Element, number]
      ? ArrayLike<FieldInput<Element>> | TextInput<Element>
      : T extends { readonly type: infer Type }
        ? FieldInput<Type>
        : never;

/** An array of `char` takes a string, which must fit with its NUL. */
type TextInput<Element> = Element extends ValueTypeName ? (CodeOf<Element> extends 'c' | 'C' ? string : never) : never;

/** First values for the fields of a struct. Those left out are zero. */
export type StructInit<F> = Partial<Inputs<Promoted<F>>>;

/** All fields of a struct, as a call takes them; of an anonymous union one, which TypeScript does not count. */
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
    : T extends readonly [infer Element, number]
      ? PlainValue<Element>[]
      : T extends { readonly type: infer Type }
        ? PlainValue<Type>
        : FieldValue<T>;

/**
 * One struct, in JavaScript's memory or C's: a view of it, whose fields are its properties. May be passed wherever C
 * takes a pointer to it, and by value. A field that is called like one of its own names, `ptr` say, is read by `get`
 * and set by `set` of its schema.
 */
export type StructValue<F extends object> = StructValueBase<F> & {
  -readonly [Name in Exclude<keyof Promoted<F>, ReservedName>]: FieldView<Promoted<F>[Name]>;
};

/** What every value of a struct has. */
interface StructValueBase<F extends object> extends ValueBase {
  /** The struct that this is a value of. */
  readonly schema: StructSchema<F>;
  /** A copy as plain objects and arrays. */
  toObject(): StructObject<F>;
  /** What `JSON.stringify` sees. */
  toJSON(): StructObject<F>;
}

/** How to lay a struct out. */
export interface StructOptions {
  /** What messages call it. `Struct` or `Union` when absent. */
  readonly name?: string;
  /**
   * `true` for no padding between fields, as by `__attribute__((packed))`; a number for no field aligned to more than so
   * many bytes, as by `#pragma pack`.
   */
  readonly packed?: boolean | 1 | 2 | 4 | 8 | 16;
  /** To how many bytes it is aligned at least, a power of two up to 4096, as by `__attribute__((aligned(16)))`. */
  readonly align?: number;
}

/** A C struct or union: its layout, and what is done with values of it. Made by `Struct` and `Union`. */
export interface StructSchema<F extends object> {
  /** What messages call it. */
  readonly name: string;
  /** The type of each field, as it was given. */
  readonly fields: F;
  /** Whether its fields lie beside each other in the same place. */
  readonly isUnion: boolean;
  /** In bytes, with the padding at its end. */
  readonly size: number;
  /** In bytes. */
  readonly align: number;
  /** Bytes from the start of the struct to each field; of a bit-field, to the byte that it begins in. */
  readonly offsets: { readonly [Name in keyof Promoted<F>]: number };

  /** How it is read and written, and passed by value. @internal */
  readonly codec: Codec;

  /**
   * Makes a value of zeros, and sets the fields that `init` names.
   * @param count How many elements the flexible array has, where the struct ends in one. As many as in `init` when absent.
   * @throws as `set` does.
   */
  create(init?: StructInit<F> | StructValue<F> | BufferLike, count?: number): StructValue<F>;

  /**
   * Copies a struct from C's memory, which stays C's own, or another value; the copy does not change with it.
   * @param count How many elements the flexible array has, where the struct ends in one. None when absent.
   * @throws TypeError `ERR_FFI_NULL_POINTER` for an address up to 65,535, where nothing can be.
   */
  fromPtr(address: AddressLike, count?: number): StructValue<F>;

  /**
   * The struct at an address, as a value whose every access reads or writes it there. The memory is C's, which must
   * leave it for as long as the value is used.
   * @param count As `fromPtr` takes it.
   * @throws as `fromPtr` does.
   */
  at(address: AddressLike, count?: number): StructValue<F>;

  /** Does nothing, for memory is freed by itself: for programs that are written for libraries where it is not. */
  releasePtr(_value?: unknown): void;

  /** So many structs one after the other, all zero, as C has them in an array. Its elements are views. */
  arrayOf(count: number): ArrayView<StructValue<F>, FieldInput<StructSchema<F>>>;

  /**
   * Reads a field. A struct inside is a value that shares the memory of this one; an array is a copy.
   * A string is read where its address points, which must be alive.
   */
  get<Name extends keyof Promoted<F> & string>(value: StructValue<F>, field: Name): FieldValue<Promoted<F>[Name]>;

  /**
   * Sets a field. A string is copied. The copy, a buffer, or anything else with a `ptr` that is stored by its address
   * is kept alive for as long as the memory of this value; memory known by a bare address is the caller's to keep.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` or RangeError `ERR_FFI_OUT_OF_RANGE`, naming the field.
   */
  set<Name extends keyof Promoted<F> & string>(
    value: StructValue<F>,
    field: Name,
    to: FieldInput<Promoted<F>[Name]>,
  ): void;

  /** A copy as plain objects and arrays. Of a union it has all fields. */
  toObject(value: StructValue<F>): StructObject<F>;
}

/** The schema of a union, of whose fields a plain object has one. */
export type UnionSchema<F extends object> = StructSchema<F> & { readonly isUnion: true };
