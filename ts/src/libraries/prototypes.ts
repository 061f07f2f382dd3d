/**
 * The TypeScript types of C declarations that are a literal string. This file has types only, no code.
 *
 * It understands at most 64 prototypes of functions of scalars, strings and pointers. A function with another type
 * takes and returns anything. Text that contains other declarations is not analysed, so that compiling stays fast.
 */

import type { ForeignSignature } from '../signatures/parameters';
import type { ForeignFunction } from '../calls/function';
import type { SymbolOf } from './library';

/** Symbols whose types TypeScript does not know. */
export interface UnknownSymbols {
  readonly [name: string]: any;
}

/** The symbols that the text declares. */
export type SymbolsIn<Text extends string> = string extends Text
  ? UnknownSymbols
  : Text extends `${string}${'{' | '#' | '/' | 'typedef' | '__'}${string}`
    ? UnknownSymbols
    : Statements<Text, {}, []>;

/** Reads one declaration after the other. `Count` has one element for each that has been read. */
type Statements<
  Text extends string,
  Found,
  Count extends readonly unknown[],
> = Text extends `${infer First};${infer Rest}`
  ? Count['length'] extends 64
    ? UnknownSymbols
    : Statements<Rest, Found & Prototype<Trim<First>>, [...Count, 0]>
  : Trim<Text> extends ''
    ? { readonly [Name in keyof Found]: Found[Name] }
    : UnknownSymbols;

type Prototype<Text extends string> = Text extends ''
  ? {}
  : Text extends `${infer Head}(${infer Parameters})`
    ? Named<Trim<Head>, Parameters>
    : UnknownSymbols;

/** A function by its name. `Head` is the result's type followed by the name: the last word, which a `*` may touch. */
type Named<Head extends string, Parameters extends string> = { [Name in LastWord<Head>]: FunctionOf<Head, Parameters> };

type FunctionOf<Head extends string, Parameters extends string> = Parameters extends `${string}(${string}`
  ? ForeignFunction<any[], any>
  : Build<Result<WithoutLastWord<Head>>, Arguments<Parameters>>;

type Build<R, A> = [R] extends [never]
  ? ForeignFunction<any[], any>
  : A extends readonly unknown[]
    ? { readonly args: A; readonly returns: R } extends infer D extends ForeignSignature
      ? SymbolOf<D>
      : ForeignFunction<any[], any>
    : ForeignFunction<any[], any>;

type Arguments<Text extends string> = Trim<Text> extends '' | 'void' ? [] : List<Text, []>;

type List<Text extends string, Found extends readonly unknown[]> = Text extends `${infer First},${infer Rest}`
  ? Parameter<Trim<First>> extends infer P
    ? [P] extends [never]
      ? never
      : List<Rest, [...Found, P]>
    : never
  : Parameter<Trim<Text>> extends infer P
    ? [P] extends [never]
      ? never
      : [...Found, P]
    : never;

/** The type of a parameter, which may be followed by its name. */
type Parameter<Text extends string> = Text extends '...'
  ? '...'
  : Text extends `${infer Base}[${infer Length}]${string}`
    ? Trim<Length> extends ''
      ? Pointer<WithoutLastWord<Trim<Base>>>
      : 'p' // C may read as many characters
    : Text extends `${string}*${string}`
      ? Result<Text>
      : Scalar<Text> extends infer S
        ? [S] extends [never]
          ? Scalar<WithoutLastWord<Text>>
          : S
        : never;

/** The type that words and stars stand for; `never` if it is unknown. */
type Result<Text extends string> = Text extends `${infer Base}*${infer More}`
  ? More extends `${string}*${string}`
    ? 'p'
    : Pointer<Trim<Base>>
  : Scalar<Trim<Text>>;

type Pointer<Base extends string> = Base extends 'const char' | 'char const' | 'extern const char' ? 's' : 'p';

type Scalar<Text extends string> = Text extends keyof Spellings
  ? Spellings[Text]
  : Text extends `${'extern' | 'const'} ${infer Rest}`
    ? Scalar<Trim<Rest>>
    : never;

/** The type names of C, `<stdint.h>` and `<stddef.h>`. */
interface Spellings {
  void: 'v';
  bool: 'b';
  _Bool: 'b';
  char: 'c';
  'signed char': 'c';
  'unsigned char': 'C';
  short: 'h';
  'short int': 'h';
  'unsigned short': 'H';
  'unsigned short int': 'H';
  int: 'i';
  signed: 'i';
  'signed int': 'i';
  unsigned: 'I';
  'unsigned int': 'I';
  long: 'l';
  'long int': 'l';
  'unsigned long': 'L';
  'unsigned long int': 'L';
  'long long': 'l';
  'long long int': 'l';
  'unsigned long long': 'L';
  'unsigned long long int': 'L';
  float: 'f';
  double: 'd';
  int8_t: 'c';
  uint8_t: 'C';
  int16_t: 'h';
  uint16_t: 'H';
  int32_t: 'i';
  uint32_t: 'I';
  int64_t: 'l';
  uint64_t: 'L';
  intptr_t: 'l';
  uintptr_t: 'L';
  ptrdiff_t: 'l';
  size_t: 'L';
  ssize_t: 'l';
}

type Space = ' ' | '\n' | '\t' | '\r';
type Trim<Text extends string> = Text extends `${Space}${infer Rest}`
  ? Trim<Rest>
  : Text extends `${infer Rest}${Space}`
    ? Trim<Rest>
    : Text;

/** The last word: `name` of `const char *name`. */
type LastWord<Text extends string> = Text extends `${string}${'*' | Space}${infer Rest}` ? LastWord<Rest> : Text;

/** The text without its last word. */
type WithoutLastWord<Text extends string> = Text extends `${infer Rest}${LastWord<Text>}` ? Trim<Rest> : never;
