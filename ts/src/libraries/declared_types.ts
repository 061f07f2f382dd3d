/**
 * arkffi's types of what `prototypes.ts` finds in a text, with the options of `cdef`. This file has types only, no code.
 * They are made when they are asked for, so that a program pays for what it uses.
 */

import type { Anonymous, PointerType, StructSchema, UnionSchema } from '../struct/fields';
import type { OpaqueType } from '../struct/opaque';
import type { EnumType } from '../memory/enumeration';
import type { EnumRule, PointerRule, StringRule } from './description';
import type { CountType, Declared, TableOf, TextPointer, Unread } from './prototypes';
import type { Plain } from './spellings';

/** What a text declares, and the options that say what it means. */
export interface Reading {
  readonly found: Declared;
  readonly strings: StringRule;
  readonly pointers: PointerRule;
  readonly enums: EnumRule;
  /** Corrections of fields, by the names of structs. */
  readonly fields: {};
}

/** Who makes a value: C gives it to JavaScript, or takes it from there. */
type Use = 'given' | 'taken';

/** A type as arkffi has it, or `Unread`. Functions that are no parameters are addresses. */
export type StoredType<Type, R extends Reading, By extends Use> = Type extends '?'
  ? Unread
  : Type extends 'char *'
    ? R['strings'] extends 'all'
      ? 's'
      : R['strings'] extends 'results'
        ? By extends 'given'
          ? 's'
          : 'p'
        : 'p'
    : Type extends 'const char *'
      ? R['strings'] extends 'none'
        ? 'p'
        : 's'
      : Type extends 'enum' | readonly ['enum', string]
        ? EnumFrom<Type, R>
        : Type extends keyof Plain
          ? Plain[Type]
          : Type extends string
            ? Type
            : Type extends readonly ['record', infer Key extends string]
              ? StructOf<Key, R>
              : Type extends readonly ['*', infer Key extends string]
                ? R['pointers'] extends 'typed'
                  ? PointerTo<Key, R>
                  : 'p'
                : Type extends readonly ['[]', infer Element, infer Count]
                  ? StoredType<Element, R, By> extends infer Inner
                    ? Inner extends Unread
                      ? Unread
                      : readonly [Inner, Count]
                    : never
                  : 'k';

/** Values that no constant has stay numbers. */
type EnumFrom<Type, R extends Reading> = R['enums'] extends 'names'
  ? Type extends readonly ['enum', infer Name extends string]
    ? EnumType<Name | number | bigint, Name | number>
    : EnumType<string | number | bigint, string | number>
  : Plain['enum'];

/* ---- Structs */

/** What the text has under a tag, or a number after a space: `[key, fields, kind]`; never if nothing. */
type RecordAt<Key extends string, R extends Reading> = Extract<R['found']['records'], readonly [Key, unknown, unknown]>;

/**
 * A struct or union; `Unread` where the text does not define it. The fields are written out, so that editors show them
 * instead of all that they were made of.
 */
type StructOf<Key extends string, R extends Reading> = [RecordAt<Key, R>] extends [never]
  ? Unread
  : IsKnown<Key, R> extends true
    ? RecordAt<Key, R> extends readonly [unknown, unknown, 'union']
      ? UnionSchema<{ readonly [Name in keyof FieldsOf<Key, R>]: FieldsOf<Key, R>[Name] }>
      : StructSchema<{ readonly [Name in keyof FieldsOf<Key, R>]: FieldsOf<Key, R>[Name] }>
    : StructSchema<any>;

/** Whether all fields of a struct are understood. */
type IsKnown<Key extends string, R extends Reading> =
  RecordAt<Key, R> extends readonly [unknown, infer Fields, unknown]
    ? false extends HasType<Fields, R>
      ? false
      : true
    : false;

/** For each field whether its type is understood. */
type HasType<Field, R extends Reading> = Field extends readonly [unknown, infer Type, ...unknown[]]
  ? HasKnownType<Type, R>
  : false;
type HasKnownType<Type, R extends Reading> = Type extends '?'
  ? false
  : Type extends readonly ['record', infer Key extends string]
    ? IsKnown<Key, R>
    : Type extends readonly ['[]', infer Element, unknown]
      ? HasKnownType<Element, R>
      : Type extends readonly ['fn', ...unknown[]]
        ? false
        : true;

type FieldsOf<Key extends string, R extends Reading> = {
  readonly [
    Field in FieldIn<Key, R> as Field extends readonly [infer Name extends string, ...unknown[]] ? Name : never
  ]: Field extends readonly [infer Name, infer Type, ...infer Bits]
    ? [CorrectionOf<Name, Key, R>] extends [never]
      ? FieldOf<Name, StoredType<Type, R, 'given'>, Bits>
      : CorrectionOf<Name, Key, R>
    : never;
};

type FieldIn<Key extends string, R extends Reading> =
  RecordAt<Key, R> extends readonly [unknown, infer Fields, unknown] ? Fields : never;

/** A bit-field, an anonymous member, or another field. */
type FieldOf<Name, Type, Bits extends readonly unknown[]> = Bits extends readonly [infer Width]
  ? { readonly type: Type; readonly bits: Width }
  : Name extends ` ${string}`
    ? Type extends StructSchema<any>
      ? Anonymous<Type>
      : never
    : Type;

/** The type that a correction gives a field; never if none does. */
type CorrectionOf<Name, Key extends string, R extends Reading> = Given<
  R['fields'][NameOf<R['found']['types'], Key> & keyof R['fields']],
  Name
>;
type Given<Corrections, Name> = Corrections extends { readonly [N in Name & string]: infer Type } ? Type : never;

/** The tag of a struct and the names that typedefs give it. */
type NameOf<Types, Key extends string> = Key | TypedefOf<Types, Key>;
type TypedefOf<Entry, Key extends string> = Entry extends readonly [infer Name, readonly ['record', Key]]
  ? Name
  : never;

/** A pointer to a struct. arkffi may have no type for a struct that is not understood. */
type PointerTo<Key extends string, R extends Reading> = [RecordAt<Key, R>] extends [never]
  ? OpaqueType<Key>
  : IsKnown<Key, R> extends true
    ? PointerType<StructOf<Key, R>>
    : Unread;

/** The structs and unions, by tag and by the names of typedefs, which come first. */
export type StructsOf<R> = R extends Reading
  ? {
      readonly [Name in KeysOf<R['found']['records'], R['found']['types']>]: StructOf<
        Name extends keyof TableOf<R['found']['types']>
          ? TableOf<R['found']['types']>[Name] extends readonly ['record', infer Key extends string]
            ? Key
            : Name
          : Name,
        R
      >;
    }
  : never;

/** The names of structs that the text defines. */
type KeysOf<Records, Types> =
  | (Records extends readonly [infer Key extends string, ...unknown[]]
      ? Key extends ` ${string}`
        ? never
        : Key
      : never)
  | TypedefOfAny<Types, Records>;
type TypedefOfAny<Entry, Records> = Entry extends readonly [infer Name extends string, readonly ['record', infer Key]]
  ? [Extract<Records, readonly [Key, unknown, unknown]>] extends [never]
    ? never
    : Name
  : never;

/* ---- Functions and variables */

/**
 * A definition as `dlopen` takes it. What is not understood of it is left out: a variable is then `Unread`, and a function
 * has `isUnread`.
 */
export type DefinitionOf<Type, R extends Reading> = Type extends readonly ['variable', infer Stored]
  ? Stored extends readonly ['[]', unknown, 0]
    ? { readonly type: Unread } // only the library knows its length
    : { readonly type: StoredType<Stored, R, 'given'> }
  : Type extends readonly ['fn', infer Args, infer Result]
    ? FunctionFrom<TakenArguments<Args, R>, StoredType<Result, R, 'given'>>
    : never;

/** Every function has the key `isFunction`, which tells it from what a program has written. */
type FunctionFrom<Args, Result> = Unread extends Args | Result
  ? { readonly isUnread: true } & (Args extends Unread ? {} : { readonly args: Args }) &
      (Result extends Unread ? {} : { readonly returns: Result })
  : { readonly args: Args; readonly returns: Result };

/** The types of the arguments that JavaScript gives, or `Unread`. */
type TakenArguments<Args, R extends Reading> = Args extends readonly unknown[]
  ? WhenKnown<{ readonly [Index in keyof Args]: ArgumentType<Args[Index], R> }>
  : never;

type WhenKnown<Args> = Args extends readonly unknown[] ? (Unread extends Args[number] ? Unread : Args) : never;

/** A pointer to a function as a parameter takes a plain function. */
type ArgumentType<Type, R extends Reading> = Type extends readonly ['fn*', infer Args, infer Result]
  ? CallbackFrom<GivenArguments<Args, R, []>, StoredType<Result, R, 'taken'>>
  : StoredType<Type, R, 'taken'>;

type CallbackFrom<Args, Result> = Unread extends Args | Result
  ? Unread
  : { readonly args: Args; readonly returns: Result };

/** The types of the arguments that C gives. Text with an integer after it, which may be its length, is an address. */
type GivenArguments<Args, R extends Reading, Done extends readonly unknown[]> = Args extends readonly [
  infer First,
  ...infer Rest,
]
  ? GivenArguments<
      Rest,
      R,
      [
        ...Done,
        [First, Rest] extends [TextPointer, readonly [CountType, ...unknown[]]] ? 'p' : StoredType<First, R, 'given'>,
      ]
    >
  : WhenKnown<Done>;
