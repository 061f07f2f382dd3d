/** What TypeScript knows of a library whose declarations are a literal string. This file has types only, no code. */

import type { ForeignFunction } from '../calls/function';
import type { StructSchema } from '../struct/fields';
import type { ForeignSignature } from '../signatures/parameters';
import type { FieldCorrections, SymbolCorrections } from './corrections';
import type { EnumRule, PointerRule, StringRule } from './description';
import type { SymbolOf } from './library';
import type { DefinitionOf, Reading, StructsOf } from './declared_types';
import type { Declared, DeclaredIn, TableOf, TooLong } from './prototypes';

/** Symbols whose types TypeScript does not know. */
export interface UnknownSymbols {
  readonly [name: string]: any;
}

/**
 * The symbols of a literal text with more declarations than TypeScript infers. Divide the text among several calls, or
 * let `npx arkffi bind` make a module with types of the header.
 */
export interface TooManyDeclarations {
  readonly [name: string]: unknown;
}

/** The options of `cdef` that change types. */
interface TypingOptions {
  readonly strings?: StringRule;
  readonly pointers?: PointerRule;
  readonly enums?: EnumRule;
  readonly symbols?: SymbolCorrections;
  readonly fields?: FieldCorrections;
}

/** What the text declares: a `Reading`, `TooLong`, or something else if it is not known. */
export type ReadText<Text extends string, Options extends TypingOptions> = string extends Text
  ? never
  : StringRule extends RuleOf<Options>
    ? never
    : PointerRule extends PointerRuleOf<Options>
      ? never
      : string extends keyof FieldsOf<Options>
        ? never
        : DeclaredIn<Text> extends infer Found
          ? Found extends Declared
            ? {
                found: Found;
                strings: RuleOf<Options>;
                pointers: PointerRuleOf<Options>;
                enums: EnumRuleOf<Options>;
                fields: FieldsOf<Options>;
              }
            : Found
          : never;

type EnumRuleOf<Options> = Options extends { readonly enums: infer Rule extends EnumRule } ? Rule : 'numbers';

type PointerRuleOf<Options> = Options extends { readonly pointers: infer Rule extends PointerRule }
  ? Rule
  : 'addresses';

type RuleOf<Options> = Options extends { readonly strings: infer Rule extends StringRule } ? Rule : 'const';

type FieldsOf<Options> = Options extends { readonly fields: infer Fields } ? Fields : {};

/** The symbols of a text, with their corrections. */
export type SymbolsIn<Found, Options extends TypingOptions> = Corrected<
  Found,
  Options extends { readonly symbols: infer C extends SymbolCorrections } ? C : {}
>;

type Corrected<Found, C extends SymbolCorrections> = [Found] extends [never]
  ? UnknownSymbols & OnlyCorrected<C>
  : Found extends TooLong
    ? TooManyDeclarations & OnlyCorrected<C>
    : Found extends Reading
      ? TableOf<WithAliases<Found['found']>> extends infer All
        ? {
            readonly [Name in keyof All]: Name extends keyof C
              ? SymbolFrom<Merged<DefinitionOf<All[Name], Found>, C[Name]>>
              : SymbolFrom<DefinitionOf<All[Name], Found>>;
          }
        : never
      : UnknownSymbols & OnlyCorrected<C>;

type OnlyCorrected<C> = { readonly [Name in keyof C]: SymbolFrom<Merged<unknown, C[Name]>> };

/** The symbols with those that macros rename. */
type WithAliases<Found extends Declared> = Found['symbols'] | AliasFrom<Found['aliases'], TableOf<Found['symbols']>>;
type AliasFrom<Alias, Symbols> = Alias extends readonly [infer Name, infer Other]
  ? Other extends keyof Symbols
    ? Name extends keyof Symbols
      ? never
      : readonly [Name, Symbols[Other]]
    : never
  : never;

/** A definition with its correction. */
type Merged<Definition, C> = C extends { readonly type: unknown }
  ? C
  : Definition extends { readonly type: infer Type }
    ? { readonly type: Type; readonly optional: IsOptional<C> }
    : [Part<'args', Definition, C>, Part<'returns', Definition, C>] extends [
          infer Args extends readonly unknown[],
          infer Returns extends ForeignSignature['returns'],
        ]
      ? { readonly args: Args; readonly returns: Returns; readonly optional: IsOptional<C> }
      : { readonly isUnread: true; readonly optional: IsOptional<C> };

type IsOptional<C> = C extends { readonly optional: true } ? true : false;

/** `args` or `returns`, corrected or not; `unknown` if it is not known. */
type Part<Key extends 'args' | 'returns', Definition, C> =
  C extends Readonly<Record<Key, infer Given>>
    ? Given
    : Definition extends Readonly<Record<Key, infer Own>>
      ? Own
      : unknown;

type SymbolFrom<Definition> = Definition extends { readonly isUnread: true }
  ? ForeignFunction<any[], any> | (Definition extends { readonly optional: true } ? null : never)
  : Definition extends { readonly type: infer Type }
    ? Type extends { readonly isUnread: true }
      ? any
      : SymbolOf<Definition>
    : SymbolOf<Definition>;

/**
 * The structs of a text, by tag and by type name. Those that TypeScript does not know take and return anything. Like all that
 * `cdef` infers it is a conditional type, which the compiler writes out into declaration files: another kind of alias it
 * would name, and no program can import the name.
 */
export type StructsIn<Found> = [Found] extends [never]
  ? UnknownStructs
  : Found extends Reading
    ? UnknownStructs & StructsOf<Found>
    : UnknownStructs;

type UnknownStructs = { readonly [name: string]: StructSchema<any> };

/** The constants of a text: those of enums are numbers. */
export type ConstantsIn<Found> = [Found] extends [never]
  ? UnknownConstants
  : Found extends Reading
    ? UnknownConstants & { readonly [Name in Found['found']['constants']]: number }
    : UnknownConstants;

type UnknownConstants = { readonly [name: string]: any };
