/**
 * The TypeScript types of C declarations that are a literal string. This file has types only, no code.
 *
 * What it does not understand becomes `Unread`, or makes the whole text so; it is never a wrong type. At most 64
 * declarations are read, so that compiling stays fast.
 */

import type { OpaqueType } from '../struct/opaque';
import type { PointerType, StructSchema } from '../struct/fields';
import type { PointerRule, StringRule } from './description';
import type { Plain, Spellings } from './spellings';

/** A type, or a whole text, that is not understood. */
export interface Unread {
  readonly isUnread: true;
}

/** A struct or union that the text has not defined yet, where it is named. By value it is not understood. */
export interface Incomplete<Tag extends string> extends Unread {
  readonly tag: Tag;
}

/** A pointer to a struct or union, by the option `pointers`. */
export interface RecordPointer<Base> {
  readonly pointee: Base;
}

/** A text with more declarations than are read. */
export interface TooLong {
  readonly isTooLong: true;
}

/** What a text declares. */
export interface Declared {
  /**
   * Each named type, as a key of `Plain`, a type of arkffi, or `Unread`; the options `strings` and `pointers` under
   * `' strings'` and `' pointers'`, and corrections of fields under `' fields'`.
   */
  readonly types: {};
  /** Each struct, union and enum by tag, in the same way. */
  readonly tags: {};
  /** Each function as `{ args, returns }`, or `UnreadFunction`; each variable as `{ type }`. */
  readonly symbols: {};
  /** The names of enum constants. */
  readonly constants: string;
  /** The names that macros give to others, by name. */
  readonly aliases: {};
}

/**
 * What the text declares: a `Declared`, `Unread` or `TooLong`. `Fields` are corrections of fields, by the names of
 * structs. A struct that has the name only by a later typedef is not found, so that such a text is `Unread`.
 */
export type DeclaredIn<Text extends string, Rule extends StringRule, Pointers extends PointerRule, Fields = {}> =
  WithoutComments<Text, ''> extends infer Bare extends string
    ? Bare extends `${string}${'__attribute' | '__declspec' | '__asm' | 'asm(' | 'asm (' | '[[' | '"C"'}${string}`
      ? Unread
      : Directives<Bare, '', {}> extends { readonly text: infer Code extends string; readonly aliases: infer Aliases }
        ? false extends AreDefined<keyof Fields, Code>
          ? Unread
          : Statements<
              Code,
              { readonly ' strings': Rule; readonly ' pointers': Pointers; readonly ' fields': Fields },
              {},
              {},
              never,
              Aliases,
              []
            >
        : Unread
    : Unread;

/** Whether the text defines structs of these names, as tags or behind the brace: a boolean for each. */
type AreDefined<Names, Text extends string> = Names extends string
  ? Text extends
      | `${string}${'struct' | 'union'} ${Names}${Space | '{'}${string}`
      | `${string}}${'' | Space}${Names}${Space | ';' | ','}${string}`
    ? true
    : false
  : never;

/* ---- Comments and directives */

type WithoutComments<Text extends string, Done extends string> = Text extends `${infer Before}/${infer After}`
  ? After extends `*${infer Inside}`
    ? Inside extends `${string}*/${infer Rest}`
      ? WithoutComments<Rest, `${Done}${Before} `>
      : `${Done}${Before}`
    : After extends `/${infer Inside}`
      ? Inside extends `${string}\n${infer Rest}`
        ? WithoutComments<Rest, `${Done}${Before}\n`>
        : `${Done}${Before}`
      : WithoutComments<After, `${Done}${Before}/`>
  : `${Done}${Text}`;

/** The text without its directives, and the names that macros give to others. */
type Directives<Text extends string, Done extends string, Aliases> = Text extends `${infer Before}#${infer After}`
  ? After extends `${infer Line}\n${infer Rest}`
    ? Line extends `${string}\\`
      ? Unread
      : Directives<Rest, `${Done}${Before}\n`, Aliases & AliasIn<Trim<Line>>>
    : { readonly text: `${Done}${Before}`; readonly aliases: Aliases & AliasIn<Trim<After>> }
  : { readonly text: `${Done}${Text}`; readonly aliases: Aliases };

/** `{ name: other }` of `define name other` and of `define name(a) other(a)`, whatever `other` is. */
type AliasIn<Line extends string> = Line extends `define ${infer Definition}`
  ? Trim<Definition> extends `${infer Name} ${infer Other}`
    ? Name extends `${infer Macro}(${string}`
      ? { readonly [N in Macro]: Trim<Definition> extends `${string})${infer Call}(${string}` ? Trim<Call> : '' }
      : { readonly [N in Name]: Trim<Other> }
    : {}
  : {};

/* ---- Declarations */

type Statements<
  Text extends string,
  Types,
  Tags,
  Symbols,
  Constants extends string,
  Aliases,
  Count extends readonly unknown[],
> =
  Trim<Text> extends infer Code extends string
    ? Code extends ''
      ? { types: Types; tags: Tags; symbols: Symbols; constants: Constants; aliases: Aliases }
      : Count['length'] extends 64
        ? TooLong
        : Code extends `${infer Head};${infer Rest}`
          ? (
              Head extends `${string}{${string}` ? Braced<Code, Types, Tags> : Simple<Trim<Head>, Types, Tags>
            ) extends infer Found
            ? Found extends Unread
              ? Unread
              : Found extends Step
                ? Statements<
                    Found extends { rest: infer Left extends string } ? Left : Rest,
                    Types & Found['types'],
                    Tags & Found['tags'],
                    Symbols & Found['symbols'],
                    Constants | Found['constants'],
                    Aliases,
                    [...Count, 0]
                  >
                : Unread
            : never
          : Unread
    : never;

/** What one declaration adds. */
interface Step {
  readonly types: {};
  readonly tags: {};
  readonly symbols: {};
  readonly constants: string;
}
interface Nothing {
  readonly types: {};
  readonly tags: {};
  readonly symbols: {};
  readonly constants: never;
}
type Adds<Found> = Found extends Unread ? Unread : Omit<Nothing, keyof Found> & Found;

/** A declaration without braces. */
type Simple<Text extends string, Types, Tags> = Text extends `${'struct' | 'union' | 'enum'} ${infer Name}`
  ? Trim<Name> extends `${string}${' ' | '*' | '('}${string}`
    ? Declaration<Text, Types, Tags>
    : Nothing // declares a tag
  : Declaration<Text, Types, Tags>;

type Declaration<Text extends string, Types, Tags> = Text extends `typedef${Space}${infer Named}`
  ? Adds<{ types: DeclaratorsOf<Trim<Named>, Types, Tags, 'given'> }>
  : Text extends `${string}=${string}`
    ? Unread
    : Text extends `static${Space}${string}`
      ? Nothing
      : Adds<{ symbols: AsSymbols<DeclaratorsOf<WithoutWords<Text>, Types, Tags, 'taken'>, Types> }>;

/** Functions stay; the types of variables become `{ type }`. */
type AsSymbols<Found, Types> = {
  readonly [Name in keyof Found]: Found[Name] extends { readonly isFunction: true }
    ? Found[Name]
    : { readonly type: Stored<Value<Found[Name], Types, 'given'>> };
};

/** A declaration with braces. `rest` is what follows it. */
type Braced<Text extends string, Types, Tags> = Text extends `${infer Before}{${infer Inside}`
  ? Body<Inside, '', []> extends readonly [infer Content extends string, infer After extends string]
    ? Opened<Trim<Before>, Content, After, Types, Tags>
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
  : Unread;
type Opens<Text extends string, Depth extends readonly unknown[]> = Text extends `${string}{${infer Rest}`
  ? Opens<Rest, [...Depth, 0]>
  : Depth;

type Opened<
  Before extends string,
  Content extends string,
  After extends string,
  Types,
  Tags,
> = Before extends `${string})`
  ? FunctionWithBody<Before, After, Types, Tags>
  : Before extends `typedef${Space}${infer Head}`
    ? Composite<Trim<Head>, Content, After, Types, Tags, true>
    : Composite<WithoutWords<Before>, Content, After, Types, Tags, false>;

type FunctionWithBody<
  Before extends string,
  After extends string,
  Types,
  Tags,
> = Before extends `${'static' | 'inline' | '__inline' | 'extern inline'} ${string}`
  ? Nothing & { rest: After }
  : Adds<{ symbols: AsSymbols<DeclaratorsOf<WithoutWords<Before>, Types, Tags, 'taken'>, Types> }> & { rest: After };

/** A struct, union or enum with its members, and what is declared by it: `After` has that, up to the semicolon. */
type Composite<
  Head extends string,
  Content extends string,
  After extends string,
  Types,
  Tags,
  IsTypedef,
> = After extends `${infer Declarators};${infer Rest}`
  ? Head extends `enum${infer Tag}`
    ? {
        types: IsTypedef extends true ? WithBase<Trim<Declarators>, 'enum'> : {};
        tags: TagOf<Tag, 'enum'>;
        symbols: IsTypedef extends true ? {} : AsSymbols<WithBase<Trim<Declarators>, 'enum'>, Types>;
        constants: EnumNames<Content, never>;
        rest: Rest;
      }
    : Head extends `${'struct' | 'union'}${infer Tag}`
      ? RecordOf<Head, Content, Types, Tags, Trim<Tag> | keyof WithBase<Trim<Declarators>, 0>> extends infer Type
        ? {
            types: (IsTypedef extends true ? WithBase<Trim<Declarators>, Type> : {}) & {
              readonly [Name in Trim<Tag> as Name extends '' ? never : `struct ${Name}`]: Type;
            };
            tags: TagOf<Tag, Type>;
            symbols: IsTypedef extends true ? {} : AsSymbols<WithBase<Trim<Declarators>, Type>, Types>;
            constants: never;
            rest: Rest;
          }
        : never
      : Unread
  : Unread;

type TagOf<Tag extends string, Type> = { readonly [Name in Trim<Tag> as Name extends '' ? never : Name]: Type };

/** The names of enum constants, without their values. A value may contain commas only in parentheses. */
type EnumNames<Content extends string, Found> = Content extends `${infer First},${infer Rest}`
  ? EnumNames<Rest, Found | EnumName<First>>
  : Found | EnumName<Content>;
type EnumName<Item extends string> =
  Trim<Item extends `${infer Name}=${string}` ? Name : Item> extends infer Name extends string
    ? Name extends '' | `${string}${' ' | ')'}${string}`
      ? never
      : Name
    : never;

/** A struct or union with these fields. `Names` are all its names. */
type RecordOf<Head extends string, Content extends string, Types, Tags, Names> = Content extends `${string}{${string}`
  ? StructSchema<any>
  : Members<Content, {}, null, Types, Tags> extends infer Fields
    ? Fields extends Unread
      ? StructSchema<any>
      : Head extends `union${string}`
        ? StructSchema<any>
        : StructSchema<{ readonly [Name in keyof Fields]: CorrectedField<Types, Names, Name, Fields[Name]> }>
    : never;

type CorrectedField<Types, Names, Name extends PropertyKey, Own> = Types extends { readonly ' fields': infer All }
  ? [GivenField<All[Names & keyof All], Name>] extends [never]
    ? Own
    : GivenField<All[Names & keyof All], Name>
  : Own;

/** The type that a correction, or one of several, gives a field; never if none does. */
type GivenField<Corrections, Name extends PropertyKey> = Corrections extends { readonly [N in Name]: infer Type }
  ? Type
  : never;

/**
 * The fields of a struct. `Last` is the type of the last one: text that an integer follows may be an address, by rules
 * that are not repeated here.
 */
type Members<Text extends string, Fields, Last, Types, Tags> =
  Trim<Text> extends infer Code extends string
    ? Code extends ''
      ? Fields
      : Code extends `${infer First};${infer Rest}`
        ? First extends `${string}${':' | '('}${string}`
          ? Unread // bit-fields and pointers to functions
          : AsFields<DeclaratorsOf<Trim<First>, Types, Tags, 'given'>, Types> extends infer Found
            ? Unread extends Found[keyof Found]
              ? Unread
              : [Last, Found[keyof Found]] extends ['s', IntegerLetter]
                ? Unread
                : Members<Rest, Fields & Found, Found[keyof Found], Types, Tags>
            : never
        : Unread
    : never;

type AsFields<Found, Types> = { readonly [Name in keyof Found]: Stored<Value<Found[Name], Types, 'given'>> };

type IntegerLetter = 'c' | 'C' | 'h' | 'H' | 'i' | 'I' | 'l' | 'L';

/* ---- Declarators */

/**
 * The type of each name that is declared: `int x, *y` gives `{ x: 'i'; y: 'p' }`. `Args` says who makes the arguments
 * of functions among them.
 */
type DeclaratorsOf<Text extends string, Types, Tags, Args extends Use> = Text extends `${infer Head}(${infer After}`
  ? FunctionDeclarator<Trim<Head>, After, Types, Tags, Args>
  : Text extends `${infer First},${infer More}`
    ? WithBase<Trim<First>, BaseOf<Trim<First>, Types, Tags>, true> &
        WithBase<Trim<More>, BaseOf<Trim<First>, Types, Tags>>
    : WithBase<Text, BaseOf<Text, Types, Tags>, true>;

/** The type that the words before the first declarator name. */
type BaseOf<First extends string, Types, Tags> = TypeOf<Words<BeforeDeclarator<First>>, Types, Tags>;

/** `const char` of `const char *name[3]`. */
type BeforeDeclarator<Text extends string> = Text extends `${infer Base}*${string}`
  ? Trim<Base>
  : Text extends `${infer Named}[${string}`
    ? WithoutLastWord<Trim<Named>>
    : WithoutLastWord<Text>;

/** The types of declarators with commas between them, of which each is made from `Base`. */
type WithBase<Text extends string, Base, HasBase = false> = Text extends ''
  ? {}
  : Text extends `${infer First},${infer Rest}`
    ? Declarator<Trim<First>, Base, HasBase> & WithBase<Trim<Rest>, Base>
    : Declarator<Text, Base, HasBase>;

type Declarator<Text extends string, Base, HasBase> = Text extends `${infer Stars}[${infer Length}]${infer More}`
  ? More extends ''
    ? Declarator<Trim<Stars>, Base, HasBase> extends infer Element
      ? { readonly [Name in keyof Element]: ArrayOf<Element[Name], Trim<Length>> }
      : never
    : { readonly [Name in LastWord<Trim<Stars>>]: Unread }
  : {
      readonly [Name in LastWord<Text>]: Text extends `${string}*${infer More}`
        ? More extends `${string}*${string}`
          ? 'p'
          : PointerTo<Base>
        : Base;
    };

type ArrayOf<Element, Length extends string> = Element extends Unread
  ? Unread
  : Length extends `${infer Count extends number}`
    ? { readonly element: Element; readonly count: Count }
    : Unread;

type PointerTo<Base> = Base extends 'char' | 'const char' | 'const char16' | 'const wchar'
  ? `${Base} *`
  : Base extends { readonly isFunction: true }
    ? Base
    : Base extends StructSchema<any> | Incomplete<string>
      ? RecordPointer<Base>
      : 'p';

/** Who makes a value: C gives it to JavaScript, or takes it from there. */
type Use = 'given' | 'taken';

/** A type as arkffi has it. */
type Value<Type, Types, By extends Use> = Type extends 'char *'
  ? Types extends { readonly ' strings': 'all' }
    ? 's'
    : Types extends { readonly ' strings': 'results' }
      ? By extends 'given'
        ? 's'
        : 'p'
      : 'p'
  : Type extends 'const char *'
    ? Types extends { readonly ' strings': 'none' }
      ? 'p'
      : 's'
    : Type extends keyof Plain
      ? Plain[Type]
      : Type extends { readonly element: infer Element; readonly count: infer Count }
        ? Value<Element, Types, By> extends infer Inner
          ? Inner extends Unread
            ? Unread
            : readonly [Inner, Count]
          : never
        : Type extends Unread
          ? Unread
          : Type extends RecordPointer<infer Base>
            ? Types extends { readonly ' pointers': 'typed' }
              ? TypedRecordPointer<Base>
              : 'p'
            : Type extends { readonly isFunction: true; readonly args: infer A; readonly returns: infer R }
              ? { readonly args: A; readonly returns: R }
              : Type;

/** The type of a pointer to a struct. What is not defined yet stays as it is until the whole text has been read. */
type TypedRecordPointer<Base> =
  Base extends StructSchema<any>
    ? IsKnown<Base> extends true
      ? PointerType<Base>
      : Unread // arkffi may have no such struct
    : RecordPointer<Base>;

/** Whether the fields of a struct are known. */
type IsKnown<Type extends StructSchema<any>> = 0 extends 1 & Type['fields'] ? false : true;

/**
 * A type, definition or struct with the types of pointers to structs that were not defined yet where they were named,
 * when `Tags` has all structs of the text.
 */
export type Resolved<Type, Tags> =
  Type extends RecordPointer<Incomplete<infer Tag>>
    ? Tag extends keyof Tags
      ? Tags[Tag] extends infer Struct extends StructSchema<any>
        ? IsKnown<Struct> extends true
          ? PointerType<Resolved<Struct, Tags>>
          : Unread
        : Unread
      : OpaqueType<Tag>
    : Type extends StructSchema<any>
      ? IsKnown<Type> extends true
        ? StructSchema<{ readonly [Name in keyof Type['fields']]: Resolved<Type['fields'][Name], Tags> }>
        : Type
      : Type extends PointerType<infer To>
        ? PointerType<Resolved<To, Tags>>
        : Type extends readonly [infer Element, infer Count extends number]
          ? readonly [Resolved<Element, Tags>, Count]
          : Type extends { readonly args: infer A extends readonly unknown[]; readonly returns: infer R }
            ? ResolvedFunction<{ readonly [I in keyof A]: Resolved<A[I], Tags> }, Resolved<R, Tags>>
            : Type extends { readonly type: infer Stored }
              ? { readonly type: Resolved<Stored, Tags> }
              : Type;

type ResolvedFunction<Args extends readonly unknown[], Result> = Unread extends Args[number] | Result
  ? UnreadFunction
  : { readonly isFunction: true; readonly args: Args; readonly returns: Result };

/** A pointer to a function where no plain function can stand for it: everywhere but as a parameter. */
type Stored<Type> = Type extends { readonly args: readonly unknown[] } ? 'k' : Type;

/* ---- Functions */

/** `Head(After`: a function, several ones, or a pointer to a function. */
type FunctionDeclarator<Head extends string, After extends string, Types, Tags, Args extends Use> =
  Trim<After> extends `*${infer Pointer}`
    ? Pointer extends `${infer Name})${infer Suffix}`
      ? Name extends `${infer Returning}(${string}`
        ? { readonly [N in Trim<Returning>]: UnreadFunction } // a function that returns a pointer to one
        : Trim<Suffix> extends `(${infer Parameters})`
          ? {
              readonly [N in Trim<Name>]: FunctionOf<
                `${Head} ${Trim<Name>}`,
                Parameters,
                Types,
                Tags,
                'given'
              > extends infer F
                ? Value<F, Types, Args>
                : never;
            }
          : Unread
      : Unread
    : InParentheses<After, '', []> extends readonly [infer Parameters extends string, infer More extends string]
      ? {
          readonly [N in LastWord<Head>]: FunctionOf<Head, Parameters, Types, Tags, Args>;
        } & (Trim<More> extends `,${infer Next}`
          ? DeclaratorsOf<`${BeforeDeclarator<Head>} ${Trim<Next>}`, Types, Tags, Args>
          : {})
      : Unread;

/** The text up to the parenthesis that closes a list, and the text after it. */
type InParentheses<
  Text extends string,
  Done extends string,
  Depth extends readonly unknown[],
> = Text extends `${infer Inside})${infer Rest}`
  ? OpensList<Inside, Depth> extends readonly [unknown, ...infer Less]
    ? InParentheses<Rest, `${Done}${Inside})`, Less>
    : [`${Done}${Inside}`, Rest]
  : Unread;
type OpensList<Text extends string, Depth extends readonly unknown[]> = Text extends `${string}(${infer Rest}`
  ? OpensList<Rest, [...Depth, 0]>
  : Depth;

/** A function whose types are not all understood. */
export interface UnreadFunction {
  readonly isFunction: true;
  readonly isUnread: true;
}

type FunctionOf<
  Head extends string,
  Parameters extends string,
  Types,
  Tags,
  Args extends Use,
> = Parameters extends `${string}(${string}`
  ? UnreadFunction
  : ParametersOf<Trim<Parameters>, Types, Tags, Args> extends infer Found
    ? ResultOf<Head, Types, Tags, Args extends 'given' ? 'taken' : 'given'> extends infer Result
      ? Unread extends Result | Found
        ? UnreadFunction
        : {
            readonly isFunction: true;
            readonly args: Args extends 'given' ? Counted<Found> : Found;
            readonly returns: Result;
          }
      : never
    : never;

type ResultOf<Head extends string, Types, Tags, By extends Use> =
  Declarator<Head, BaseOf<Head, Types, Tags>, true> extends infer Named
    ? Stored<Value<Named[keyof Named], Types, By>>
    : never;

/** Text that C gives with an integer after it, which may be its length, is an address. */
type Counted<Args> = Args extends readonly ['s' | 'S' | 'w', infer Next, ...infer Rest]
  ? Next extends IntegerLetter
    ? ['p', ...Counted<[Next, ...Rest]>]
    : [Args[0], ...Counted<[Next, ...Rest]>]
  : Args extends readonly [infer First, ...infer Rest]
    ? [Stored<First>, ...Counted<Rest>]
    : [];

type ParametersOf<Text extends string, Types, Tags, By extends Use> = Text extends '' | 'void'
  ? []
  : List<Text, [], Types, Tags, By>;

type List<
  Text extends string,
  Found extends readonly unknown[],
  Types,
  Tags,
  By extends Use,
> = Text extends `${infer First},${infer Rest}`
  ? Value<Parameter<Trim<First>, Types, Tags>, Types, By> extends infer P
    ? Unread extends P
      ? Unread
      : List<Rest, [...Found, P], Types, Tags, By>
    : never
  : Value<Parameter<Trim<Text>, Types, Tags>, Types, By> extends infer P
    ? Unread extends P
      ? Unread
      : [...Found, P]
    : never;

/** The type of a parameter, which may be followed by its name. */
type Parameter<Text extends string, Types, Tags> = Text extends '...'
  ? '...'
  : Text extends VaList | `${VaList} ${string}`
    ? 'p'
    : Text extends `${infer Base}[${infer Length}]${string}`
      ? Trim<Length> extends ''
        ? Base extends `${string}*${string}`
          ? 'p'
          : PointerTo<TypeOf<Words<BeforeDeclarator<Trim<Base>>>, Types, Tags>>
        : 'p' // C may read as many characters
      : Text extends `${infer Base}*${infer More}`
        ? More extends `${string}*${string}`
          ? 'p'
          : PointerTo<TypeOf<Words<Trim<Base>>, Types, Tags>>
        : TypeOf<Words<Text>, Types, Tags> extends infer Type
          ? Type extends Unread
            ? LastWord<Text> extends TypeWord
              ? Unread // `long double`, of which the last word is no name
              : TypeOf<Words<WithoutLastWord<Text>>, Types, Tags>
            : Type
          : never;

/** Passed by its address, unless it is a pointer itself. */
type VaList = 'va_list' | '__builtin_va_list' | '__gnuc_va_list';

type TypeWord = 'char' | 'short' | 'int' | 'long' | 'signed' | 'unsigned' | 'float' | 'double' | '_Complex' | 'const';

/* ---- Names of types */

/** The type that words name, without stars. A key of `Plain` for a type of C itself. */
type TypeOf<Text extends string, Types, Tags> = Text extends `const ${infer Rest}`
  ? Constant<TypeOf<Rest, Types, Tags>>
  : Text extends `${infer Rest} const`
    ? Constant<TypeOf<Rest, Types, Tags>>
    : Text extends keyof Types
      ? Types[Text]
      : Text extends keyof Spellings
        ? Spellings[Text]
        : Text extends `${'struct' | 'union' | 'enum'} ${infer Tag}`
          ? Tag extends keyof Tags
            ? Tags[Tag]
            : Text extends `enum ${string}`
              ? Unread
              : Incomplete<Tag>
          : Unread;

type Constant<Type> = Type extends 'char' | 'char16' | 'wchar' ? `const ${Type}` : Type;

/* ---- Words */

type Space = ' ' | '\n' | '\t' | '\r';
type Trim<Text extends string> = Text extends `${Space}${infer Rest}`
  ? Trim<Rest>
  : Text extends `${infer Rest}${Space}`
    ? Trim<Rest>
    : Text;

/** The words with one space between them. */
type Words<Text extends string> = Text extends `${infer First}${'\n' | '\t' | '\r' | '  '}${infer Rest}`
  ? Words<`${First} ${Trim<Rest>}`>
  : Trim<Text>;

/** The text without words that do not matter for the types of what it declares. */
type WithoutWords<Text extends string> = Text extends `${'extern' | 'inline' | 'register'}${Space}${infer Rest}`
  ? WithoutWords<Trim<Rest>>
  : Text;

/** The last word: `name` of `const char *name`. */
type LastWord<Text extends string> = Text extends `${string}${'*' | Space}${infer Rest}` ? LastWord<Rest> : Text;

/** The text without its last word. */
type WithoutLastWord<Text extends string> = Text extends `${infer Rest}${LastWord<Text>}` ? Trim<Rest> : never;
