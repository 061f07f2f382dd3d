/**
 * What C declarations in a literal string declare, worked out by TypeScript. This file has types only, no code, and
 * knows no types of arkffi: `declared_types.ts` makes those of what is found here.
 *
 * What is found is made of strings, tuples and unions of them alone. Compilers before TypeScript 5.2 go through all that
 * an object type was made of again, whenever it is handed on, which takes longer than they allow.
 *
 * A type is one of
 *  - a letter or a key of `Plain`: a scalar type of C, or a pointer to characters;
 *  - `'p'`: any other pointer;
 *  - `['record', key]`: a struct or union, by its tag, or by a number after a space if it has none;
 *  - `['*', key]`: a pointer to one;
 *  - `['[]', element, count]`: an array;
 *  - `['fn', arguments, result]`: a function; `['fn*', arguments, result]`: a pointer to one;
 *  - `['enum', names]`: an enum with its constants, or `'enum'` if they are not known;
 *  - `'?'`: a type that is not understood.
 */

import type { Spellings } from './spellings';

/** A text with more declarations than are read. */
export interface TooLong {
  readonly isTooLong: true;
}

/** A text that is not understood. */
export interface Unread {
  readonly isUnread: true;
}

/** What a text declares. Each of the first four is a union of tuples. */
export interface Declared {
  /** `[name, type]` of each typedef. */
  readonly types: unknown;
  /** `[key, fields, kind]` of each struct and union: fields are `[name, type]` or, with bits, `[name, type, width]`; `'?'` if not understood. */
  readonly records: unknown;
  /** `[name, type]` of each function, and `[name, ['variable', type]]` of each variable. */
  readonly symbols: unknown;
  /** `[name, other name]` of macros that give a name to something. */
  readonly aliases: unknown;
  /** The names of enum constants. */
  readonly constants: string;
}

/** The entries of a union of tuples, by name. */
export type TableOf<Entries> = {
  readonly [
    Entry in Entries as Entry extends readonly [infer Name extends string, ...unknown[]] ? Name : never
  ]: Entry extends readonly [string, infer Value, ...unknown[]] ? Value : never;
};

/** What the text declares. At most 128 declarations are read, so that compiling stays fast. */
export type DeclaredIn<Text extends string> =
  WithoutComments<Text, '', []> extends infer Bare
    ? Bare extends string
      ? Bare extends `${string}${'__attribute' | '__declspec' | '__asm' | 'asm(' | 'asm (' | '[[' | '"C"'}${string}`
        ? Unread
        : Directives<Bare, '', never, []> extends infer Parts
          ? Parts extends readonly [infer Code extends string, infer Aliases]
            ? Statements<Code, never, never, never, never, Aliases, []>
            : Parts // TooLong or Unread
          : never
      : Bare // TooLong
    : never;

/* ---- Comments and directives */

/** The compilers' limit for types that repeat is 1,000 times. */
type MostRepeats = 400;

type WithoutComments<
  Text extends string,
  Done extends string,
  Count extends readonly unknown[],
> = Count['length'] extends MostRepeats
  ? TooLong
  : Text extends `${infer Before}/${infer After}`
    ? After extends `*${infer Inside}`
      ? Inside extends `${string}*/${infer Rest}`
        ? WithoutComments<Rest, `${Done}${Before} `, [...Count, 0]>
        : `${Done}${Before}`
      : After extends `/${infer Inside}`
        ? Inside extends `${string}\n${infer Rest}`
          ? WithoutComments<Trim<Rest>, `${Done}${Before}\n`, [...Count, 0]>
          : `${Done}${Before}`
        : WithoutComments<After, `${Done}${Before}/`, [...Count, 0]>
    : `${Done}${Text}`;

/** The text without its directives, and the names that macros give to others. */
type Directives<
  Text extends string,
  Done extends string,
  Aliases,
  Count extends readonly unknown[],
> = Count['length'] extends MostRepeats
  ? TooLong
  : Text extends `${infer Before}#${infer After}`
    ? After extends `${infer Line}\n${infer Rest}`
      ? Line extends `${string}\\`
        ? Unread
        : Directives<Rest, `${Done}${Before}\n`, Aliases | AliasIn<Trim<Line>>, [...Count, 0]>
      : readonly [`${Done}${Before}`, Aliases | AliasIn<Trim<After>>]
    : readonly [`${Done}${Text}`, Aliases];

/** `[name, other]` of `define name other` and of `define name(a) other(a)`, whatever `other` is. */
type AliasIn<Line extends string> = Line extends `define ${infer Definition}`
  ? Trim<Definition> extends `${infer Name} ${infer Other}`
    ? Name extends `${infer Macro}(${string}`
      ? Trim<Definition> extends `${string})${infer Call}(${string}`
        ? readonly [Macro, Trim<Call>]
        : never
      : readonly [Name, Trim<Other>]
    : never
  : never;

/* ---- Declarations */

type Statements<
  Text extends string,
  Types,
  Records,
  Symbols,
  Constants extends string,
  Aliases,
  Count extends readonly unknown[],
> =
  Trim<Text> extends infer Code extends string
    ? Code extends ''
      ? { types: Types; records: Records; symbols: Symbols; constants: Constants; aliases: Aliases }
      : Count['length'] extends 128
        ? TooLong
        : Code extends `${infer Head};${infer Rest}`
          ? (
              Head extends `${string}{${string}`
                ? Braced<Code, Types, `${Count['length']}`>
                : readonly [...Simple<Trim<Head>, Types>, Rest]
            ) extends infer Found
            ? Found extends readonly [
                infer NewTypes,
                infer NewRecords,
                infer NewSymbols,
                infer NewConstants extends string,
                infer Left extends string,
              ]
              ? Statements<
                  Left,
                  Types | NewTypes,
                  Records | NewRecords,
                  Symbols | NewSymbols,
                  Constants | NewConstants,
                  Aliases,
                  [...Count, 0]
                >
              : Unread
            : never
          : Unread
    : never;

/** What one declaration adds: types, records, symbols, constants. */
type Nothing = readonly [never, never, never, never];

/** A declaration without braces. */
type Simple<Text extends string, Types> = Text extends `${'struct' | 'union' | 'enum'} ${infer Name}`
  ? Trim<Name> extends `${string}${' ' | '*' | '('}${string}`
    ? Declaration<Text, Types>
    : Nothing // declares a tag
  : Declaration<Text, Types>;

type Declaration<Text extends string, Types> = Text extends `typedef${Space}${infer Named}`
  ? readonly [DeclaratorsOf<Trim<Named>, Types>, never, never, never]
  : Text extends `${string}=${string}`
    ? readonly []
    : Text extends `static${Space}${string}`
      ? Nothing
      : readonly [never, never, AsSymbols<DeclaratorsOf<WithoutWords<Text>, Types>>, never];

/** Functions stay; what is no function is a variable. */
type AsSymbols<Found> = Found extends readonly [infer Name, infer Type]
  ? Type extends readonly ['fn', ...unknown[]]
    ? Found
    : readonly [Name, readonly ['variable', Type]]
  : never;

/** A declaration with braces. The last element is the text after it. */
type Braced<Text extends string, Types, Number extends string> = Text extends `${infer Before}{${infer Inside}`
  ? Body<Inside, '', []> extends readonly [infer Content extends string, infer After extends string]
    ? Opened<Trim<Before>, Content, After, Types, Number>
    : Unread
  : Unread;

/** The text up to the brace that closes the body, and the text after it. */
type Body<
  Text extends string,
  Done extends string,
  Depth extends readonly unknown[],
> = Text extends `${infer Inside}}${infer Rest}`
  ? Opens<Inside, Depth> extends readonly [unknown, ...infer Less]
    ? Body<Rest, `${Done}${Inside}}`, Less>
    : [`${Done}${Inside}`, Rest]
  : '?';
type Opens<Text extends string, Depth extends readonly unknown[]> = Text extends `${string}{${infer Rest}`
  ? Opens<Rest, [...Depth, 0]>
  : Depth;

type Opened<
  Before extends string,
  Content extends string,
  After extends string,
  Types,
  Number extends string,
> = Before extends `${string})`
  ? readonly [...FunctionWithBody<Before, Types>, After]
  : After extends `${infer Declarators};${infer Rest}`
    ? Before extends `typedef${Space}${infer Head}`
      ? Composite<Trim<Head>, Content, Types, Number> extends readonly [
          infer Type,
          infer Records,
          infer Constants extends string,
          infer Tagged,
        ]
        ? readonly [WithBase<Trim<Declarators>, Type> | Tagged, Records, never, Constants, Rest]
        : Unread
      : Composite<WithoutWords<Before>, Content, Types, Number> extends readonly [
            infer Type,
            infer Records,
            infer Constants extends string,
            infer Tagged,
          ]
        ? readonly [Tagged, Records, AsSymbols<WithBase<Trim<Declarators>, Type>>, Constants, Rest]
        : Unread
    : Unread;

type FunctionWithBody<
  Before extends string,
  Types,
> = Before extends `${'static' | 'inline' | '__inline' | 'extern inline'} ${string}`
  ? Nothing
  : readonly [never, never, AsSymbols<DeclaratorsOf<WithoutWords<Before>, Types>>, never];

/** A struct, union or enum with its members: `[type, records, constants, types]`. */
type Composite<Head extends string, Content extends string, Types, Number extends string> = Head extends `enum${string}`
  ? EnumOf<Head, EnumNames<Content, never, []>>
  : Head extends `struct${infer Tag}`
    ? RecordOf<KeyOf<Trim<Tag>, Number>, 'struct', Content, Types, Number>
    : Head extends `union${infer Tag}`
      ? RecordOf<KeyOf<Trim<Tag>, Number>, 'union', Content, Types, Number>
      : Unread;

type EnumOf<Head extends string, Names extends string> = readonly [
  readonly ['enum', Names],
  never,
  Names,
  Words<Head> extends 'enum' ? never : readonly [Words<Head>, readonly ['enum', Names]],
];

type RecordOf<Key extends string, Kind extends string, Content extends string, Types, Number extends string> =
  Members<Content, never, never, Types, Number, []> extends readonly [infer Fields, infer Inner]
    ? readonly [readonly ['record', Key], readonly [Key, Fields, Kind] | Inner, never, never]
    : readonly [readonly ['record', Key], readonly [Key, '?', Kind], never, never];

/** The tag of a struct, or a number after a space, which no tag begins with. */
type KeyOf<Tag extends string, Number extends string> = Tag extends '' ? ` ${Number}` : Tag;

/** The names of enum constants, without their values. A value may contain commas only in parentheses. */
type EnumNames<Content extends string, Found, Count extends readonly unknown[]> = Count['length'] extends MostRepeats
  ? Found
  : Content extends `${infer First},${infer Rest}`
    ? EnumNames<Rest, Found | EnumName<First>, [...Count, 0]>
    : Found | EnumName<Content>;
type EnumName<Item extends string> =
  Trim<Item extends `${infer Name}=${string}` ? Name : Item> extends infer Name extends string
    ? Name extends '' | `${string}${' ' | ')'}${string}`
      ? never
      : Name
    : never;

/**
 * `[fields, records inside]` of a struct. Text that an integer follows, which may be its length, is an address: `Last`
 * are the fields of the last declaration, of which that is not known yet.
 */
type Members<
  Text extends string,
  Fields,
  Records,
  Types,
  Number extends string,
  Count extends readonly unknown[],
  Last = never,
> =
  Trim<Text> extends infer Code extends string
    ? Code extends ''
      ? readonly [Fields | Last, Records]
      : Code extends `${infer First};${infer Rest}`
        ? (
            First extends `${string}{${string}`
              ? Inside<Code, Types, `${Number}.${Count['length']}`>
              : readonly [DeclaratorsOf<Trim<First>, Types>, never, Rest]
          ) extends readonly [infer Found, infer Inner, infer Left extends string]
          ? Members<
              Left,
              Fields | (First extends `${string},${string}` ? WithUnsure<Last> : WithLength<Last, Found>),
              Records | Inner,
              Types,
              Number,
              [...Count, 0],
              Found
            >
          : '?'
        : '?'
    : never;

/** A struct or union among the members of another: `[fields, records, text after it]`. */
type Inside<Text extends string, Types, Number extends string> = Text extends `${infer Before}{${infer Opened}`
  ? Body<Opened, '', []> extends readonly [infer Content extends string, `${infer Declarators};${infer Rest}`]
    ? Composite<Trim<Before>, Content, Types, Number> extends readonly [infer Type, infer Records, unknown, unknown]
      ? Trim<Declarators> extends ''
        ? readonly [Type extends readonly ['enum', unknown] ? never : readonly [` ${Number}`, Type], Records, Rest]
        : readonly [WithBase<Trim<Declarators>, Type>, Records, Rest]
      : '?'
    : '?'
  : '?';

/** A pointer to characters. */
export type TextPointer = 'char *' | 'const char *' | 'const char16 *' | 'const wchar *';

/** A type of integers that can count: neither bool nor char nor an enum. */
export type CountType = 'c' | 'C' | 'h' | 'H' | 'i' | 'I' | 'l' | 'L' | 'char16' | 'wchar' | 'const wchar';

/** The fields of a declaration, where `Next` are those of the next one. */
type WithLength<Fields, Next, All = Fields> = Fields extends readonly [infer Name, TextPointer]
  ? Next extends readonly [infer Count extends string, CountType, ...unknown[]]
    ? Lowercase<Count> extends 'n' | `${string}${'len' | 'size' | 'count' | 'bytes'}${string}`
      ? readonly [Name, [All] extends [Fields] ? 'p' : '?'] // of several fields it is the last one
      : Next extends readonly [unknown, 'l' | 'L', ...unknown[]] // as wide as `size_t` on some platforms
        ? readonly [Name, '?']
        : Fields
    : Fields
  : Fields;

/** The fields of a declaration, where it is not known what the next ones are. */
type WithUnsure<Fields> = Fields extends readonly [infer Name, TextPointer] ? readonly [Name, '?'] : Fields;

/* ---- Declarators */

/** `[name, type]` of each name that is declared: `int x, *y` gives `['x', 'i'] | ['y', 'p']`. */
type DeclaratorsOf<Text extends string, Types> = Text extends `${infer Head}(${infer After}`
  ? FunctionDeclarator<Trim<Head>, After, Types>
  : Text extends `${infer First},${infer More}`
    ? BaseOf<Trim<First>, Types> extends infer Base
      ? Declarator<Trim<First>, Base> | WithBase<Trim<More>, Base>
      : never
    : Declarator<Text, BaseOf<Text, Types>>;

/** The type that the words before the first declarator name. */
type BaseOf<First extends string, Types> = TypeOf<Words<BeforeDeclarator<First>>, Types>;

/** `const char` of `const char *name[3]`. */
type BeforeDeclarator<Text extends string> = Text extends `${infer Base}*${string}`
  ? Trim<Base>
  : Text extends `${infer Named}${'[' | ':'}${string}`
    ? WithoutLastWord<Trim<Named>>
    : WithoutLastWord<Text>;

/** The declarators with commas between them, of which each is made from `Base`. */
type WithBase<Text extends string, Base> = Text extends ''
  ? never
  : Text extends `${infer First},${infer Rest}`
    ? Declarator<Trim<First>, Base> | WithBase<Trim<Rest>, Base>
    : Declarator<Text, Base>;

type Declarator<Text extends string, Base> = Text extends `${infer Named}:${infer Width}`
  ? BitField<LastWord<Trim<Named>>, Base, Trim<Width>>
  : Text extends `${infer Stars}[${infer Lengths}`
    ? readonly [LastWord<Trim<Stars>>, ArrayOf<WithStars<Stars, Base>, Lengths>]
    : readonly [LastWord<Text>, WithStars<Text, Base>];

type WithStars<Text extends string, Base> = Text extends `${string}*${infer More}`
  ? More extends `${string}*${string}`
    ? 'p'
    : PointerTo<Base>
  : Base;

/** Without a name it is padding. */
type BitField<Name extends string, Base, Width extends string> = Base extends string | readonly ['enum', unknown]
  ? Name extends '' | TypeWord | keyof Spellings
    ? never
    : readonly [Name, Base, Width extends `${infer Bits extends number}` ? Bits : number]
  : readonly [Name, '?'];

/** `Lengths` is what follows the first bracket. Of an array of arrays the last length is the one of the inner array. */
type ArrayOf<Element, Lengths extends string> = Element extends '?'
  ? '?'
  : Lengths extends `${infer Length}]${infer More}`
    ? More extends `${string}[${infer Others}`
      ? ArrayOf<Element, Others> extends infer Inner
        ? Inner extends '?'
          ? '?'
          : OneArrayOf<Inner, Trim<Length>>
        : never
      : OneArrayOf<Element, Trim<Length>>
    : '?';

type OneArrayOf<Element, Length extends string> = Length extends '0'
  ? '?' // is no field, unless it is the last one
  : Length extends ''
    ? readonly ['[]', Element, 0]
    : readonly ['[]', Element, Length extends `${infer Count extends number}` ? Count : number];

type PointerTo<Base> = Base extends 'char' | 'const char' | 'const char16' | 'const wchar'
  ? `${Base} *`
  : Base extends readonly ['fn', infer Args, infer Result]
    ? readonly ['fn*', Args, Result]
    : Base extends readonly ['record', infer Key]
      ? readonly ['*', Key]
      : 'p';

/* ---- Functions */

/** `Head(After`: a function, several ones, or a pointer to a function. */
type FunctionDeclarator<Head extends string, After extends string, Types> =
  Trim<After> extends `*${infer Pointer}`
    ? Pointer extends `${infer Name})${infer Suffix}`
      ? Name extends `${infer Returning}(${string}`
        ? readonly [Trim<Returning>, readonly ['fn', readonly ['?'], '?']] // returns a pointer to a function
        : readonly [
            Trim<Name>,
            Trim<Suffix> extends `(${infer Parameters})`
              ? PointerTo<FunctionOf<`${Head} ${Trim<Name>}`, Parameters, Types>>
              : '?',
          ]
      : readonly [Trim<Pointer>, '?']
    : InParentheses<After, '', []> extends readonly [infer Parameters extends string, infer More extends string]
      ? | readonly [LastWord<Head>, FunctionOf<Head, Parameters, Types>]
        | (Trim<More> extends `,${infer Next}`
            ? DeclaratorsOf<`${BeforeDeclarator<Head>} ${Trim<Next>}`, Types>
            : never)
      : readonly [LastWord<Head>, '?'];

/** The text up to the parenthesis that closes a list, and the text after it. */
type InParentheses<
  Text extends string,
  Done extends string,
  Depth extends readonly unknown[],
> = Text extends `${infer Inside})${infer Rest}`
  ? OpensList<Inside, Depth> extends readonly [unknown, ...infer Less]
    ? InParentheses<Rest, `${Done}${Inside})`, Less>
    : [`${Done}${Inside}`, Rest]
  : '?';
type OpensList<Text extends string, Depth extends readonly unknown[]> = Text extends `${string}(${infer Rest}`
  ? OpensList<Rest, [...Depth, 0]>
  : Depth;

type FunctionOf<Head extends string, Parameters extends string, Types> = readonly [
  'fn',
  Trim<Parameters> extends '' | 'void'
    ? readonly []
    : Parameters extends `${string}(${string}`
      ? readonly ['?']
      : List<Parameters, [], Types>,
  Declarator<Head, BaseOf<Head, Types>> extends readonly [unknown, infer Result] ? Result : '?',
];

type List<Text extends string, Found extends readonly unknown[], Types> = Text extends `${infer First},${infer Rest}`
  ? List<Rest, [...Found, Parameter<Trim<First>, Types>], Types>
  : readonly [...Found, Parameter<Trim<Text>, Types>];

/** The type of a parameter, which may be followed by its name. */
type Parameter<Text extends string, Types> = Text extends '...'
  ? '...'
  : Text extends VaList | `${VaList} ${string}`
    ? 'p'
    : Text extends `${infer Base}[${infer Length}]${string}`
      ? Trim<Length> extends ''
        ? Base extends `${string}*${string}`
          ? 'p'
          : PointerTo<TypeOf<Words<BeforeDeclarator<Trim<Base>>>, Types>>
        : 'p' // C may read as many characters
      : Text extends `${infer Base}*${infer More}`
        ? More extends `${string}*${string}`
          ? 'p'
          : PointerTo<TypeOf<Words<Trim<Base>>, Types>>
        : AsParameter<
            TypeOf<Words<Text>, Types> extends infer Type
              ? Type extends '?'
                ? LastWord<Text> extends TypeWord
                  ? '?' // `long double`, of which the last word is no name
                  : TypeOf<Words<WithoutLastWord<Text>>, Types>
                : Type
              : never
          >;

/** Arrays and functions are passed by their address. */
type AsParameter<Type> = Type extends readonly ['[]', ...unknown[]]
  ? 'p'
  : Type extends readonly ['fn', ...unknown[]]
    ? PointerTo<Type>
    : Type;

/** Passed by its address, unless it is a pointer itself. */
type VaList = 'va_list' | '__builtin_va_list' | '__gnuc_va_list';

type TypeWord = 'char' | 'short' | 'int' | 'long' | 'signed' | 'unsigned' | 'float' | 'double' | '_Complex' | 'const';

/* ---- Names of types */

/** The type that words name, without stars. */
type TypeOf<Text extends string, Types> = Text extends `const ${infer Rest}`
  ? Constant<TypeOf<Rest, Types>>
  : Text extends `${infer Rest} const`
    ? Constant<TypeOf<Rest, Types>>
    : Text extends keyof TableOf<Types>
      ? TableOf<Types>[Text]
      : Text extends keyof Spellings
        ? Spellings[Text]
        : Text extends `enum ${infer Tag}`
          ? Tag extends `${string} ${string}`
            ? '?'
            : 'enum'
          : Text extends `${'struct' | 'union'} ${infer Tag}`
            ? Tag extends `${string} ${string}`
              ? '?'
              : readonly ['record', Tag]
            : '?';

type Constant<Type> = Type extends 'char' | 'char16' | 'wchar' ? `const ${Type}` : Type;

/* ---- Words */

type Space = ' ' | '\n' | '\t' | '\r';
type Trim<Text extends string> = Text extends `    ${infer Rest}`
  ? Trim<Rest>
  : Text extends `${Space}${infer Rest}`
    ? Trim<Rest>
    : Text extends `${infer Rest}${Space}`
      ? Trim<Rest>
      : Text;

/** The words with one space between them. */
type Words<Text extends string> = Text extends `${infer First}${'\n' | '\t' | '\r' | '  '}${infer Rest}`
  ? Words<`${First} ${Trim<Rest>}`>
  : Trim<Text>;

/** The text without words that do not matter for the types of what it declares. */
type WithoutWords<Text extends string> =
  Text extends `${'extern' | 'inline' | 'register' | '_Noreturn' | '__extension__'}${Space}${infer Rest}`
    ? WithoutWords<Trim<Rest>>
    : Text;

/** The last word: `name` of `const char *name`. */
type LastWord<Text extends string> = Text extends `${string}${'*' | Space}${infer Rest}` ? LastWord<Rest> : Text;

/** The text without its last word. */
type WithoutLastWord<Text extends string> = Text extends `${infer Rest}${LastWord<Text>}` ? Trim<Rest> : never;
