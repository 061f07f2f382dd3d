/**
 * What TypeScript makes of C declarations that are a literal string: types alone, no code.
 *
 * Understood are prototypes of scalars, strings and pointers, at most 64 of them. A function with a type that is not known
 * here takes and gives anything; text with more than prototypes in it is not looked into, so that compiling stays fast.
 */

import type { ForeignFunction } from '../calls/function';
import type { SymbolOf } from './library';
import type { ForeignSignature } from '../signatures/parameters';

/** Symbols of which TypeScript knows nothing. */
export interface UnknownSymbols {
  readonly [name: string]: any;
}

/** The symbols that the text declares. */
export type SymbolsIn<Text extends string> = string extends Text
  ? UnknownSymbols
  : Text extends `${string}${'{' | '#' | '/' | 'typedef' | '__'}${string}`
    ? UnknownSymbols
    : Statements<Text, {}, []>;

/** One declaration after the other; `Count` has one element for each. */
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

/** `Head` is the type of the result and the name: the last word, which a `*` may touch. */
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

/** A parameter's type, with or without a name behind it. */
type Parameter<Text extends string> = Text extends '...'
  ? '...'
  : Text extends `${infer Base}[${string}`
    ? Pointer<WithoutLastWord<Trim<Base>>>
    : Text extends `${string}*${string}`
      ? Result<Text>
      : Scalar<Text> extends infer S
        ? [S] extends [never]
          ? Scalar<WithoutLastWord<Text>>
          : S
        : never;

/** The type that words and stars make; `never` where it is not known. */
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

/** C's own types, and those of `<stdint.h>` and `<stddef.h>`. */
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

/** Of `const char *name` the word `name`. */
type LastWord<Text extends string> = Text extends `${string}${'*' | Space}${infer Rest}` ? LastWord<Rest> : Text;

/** And all that is before it. */
type WithoutLastWord<Text extends string> = Text extends `${infer Rest}${LastWord<Text>}` ? Trim<Rest> : never;
