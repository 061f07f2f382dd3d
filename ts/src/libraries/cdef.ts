/** Libraries whose functions, structs and constants are declared in C. */

import type { LibraryHandle } from '../host/bridge';
import { describe, ffiError, hasCode, wrongType } from '../base/errors';
import { withoutShape } from '../base/late_table';
import { keysOf } from '../base/lists';
import { defineLate, defineOwn } from '../base/own';
import type { StructSchema } from '../struct/fields';
import { tableOf } from '../base/absent';
import type { Only } from '../types/exact';
import { constantsOf } from './constants';
import { correctFields, correctSymbols } from './corrections';
import type { FieldCorrections, SymbolCorrections } from './corrections';
import { DeclaredTypes, parametersOf, recordIndexes } from './description';
import type { Description, EnumRule, PointerRule, Rules, StringRule } from './description';
import { descriptionOf } from './kept';
import { FLAGS, Library, openLibrary, readOptions, readSymbol } from './library';
import type { LibraryOptions } from './library';
import { missingStruct, missingSymbol, missingType } from './missing';
import type { LibraryPath } from './path';
import { bindSymbol } from './symbols';
import type { ConstantsIn, ReadText, StructsIn, SymbolsIn, UnknownSymbols } from './inferred';

/** How to read the declarations, and how to open the library. */
export interface CdefOptions extends LibraryOptions {
  /**
   * Which pointers to `char` are strings: `'const'`, those to `const char`; `'results'`, also those that C gives to
   * JavaScript, which are results, fields, variables and arguments of callbacks; `'all'`; or `'none'`. The others are
   * addresses. `'const'` when absent.
   */
  readonly strings?: StringRule;
  /**
   * What a pointer to a struct or union is, in parameters, results, fields and variables: `'typed'` makes it
   * `pointerTo(T)` where the text defines T, and the handle `opaque('T')` where it only names it; `'addresses'`, which
   * is so when absent, `'p'`.
   */
  readonly pointers?: PointerRule;
  /**
   * What values of enums are that C gives: `'names'`, the names of constants, or a number where no constant has the
   * value; `'numbers'`, which is so when absent. With `'names'` C takes names, too, and numbers in any case.
   */
  readonly enums?: EnumRule;
  /**
   * Whether a symbol is looked up when it is first used, instead of when the library is opened. When absent: true for
   * text with line markers, as `cc -E` writes it, because a header usually declares more than one library exports;
   * false for other text.
   */
  readonly lazy?: boolean;
  /**
   * What the program knows better, for functions and variables: those keys of a definition of `dlopen` that are to
   * replace, or be added to, what the text says. A correction that contradicts the text is an error.
   */
  readonly symbols?: SymbolCorrections;
  /** The same for fields: their types, by the names of struct and field. */
  readonly fields?: FieldCorrections;
}

/**
 * An open library with everything that was declared.
 *
 * Thread rule: belongs to the JavaScript thread that opened it.
 */
export class DeclaredLibrary<
  S extends object = UnknownSymbols,
  Structs extends object = { readonly [name: string]: StructSchema<any> },
  Constants extends object = { readonly [name: string]: any },
  Types extends object = { readonly [name: string]: any },
> extends Library<any> {
  /**
   * The functions and variables. TypeScript knows their types if the text is a literal, and not too long.
   */
  declare readonly symbols: S;
  /** The structs and unions that the text defines, by tag and by type name. */
  declare readonly structs: Structs;
  /**
   * The values of enum constants, and of macros that are constants. A value that a number cannot hold exactly is a
   * `bigint`. Reading a name that is no constant throws `ERR_FFI_BAD_SIGNATURE` with the reason, and a name that the
   * text does not have throws `ERR_FFI_NOT_DEFINED`; `name in constants` throws nothing.
   */
  declare readonly constants: Constants;
  /** The types that the text names. Each may be used in `args`, in `returns` and for fields of a struct. */
  declare readonly types: Types;

  /** @internal */
  constructor(handle: LibraryHandle, symbols: S, path: string | null, tables: Tables) {
    super(handle, symbols, path);
    defineLate(this, 'structs', tables.structs);
    defineLate(this, 'constants', tables.constants);
    defineLate(this, 'types', tables.types);
    Object.preventExtensions(this);
  }
}

/** What a text declares beside symbols. A header declares thousands of names, most of which no program reads. */
interface Tables {
  readonly structs: () => object;
  readonly constants: () => object;
  readonly types: () => object;
}

type LibraryOf<Found, Options extends CdefOptions> = DeclaredLibrary<
  SymbolsIn<Found, Options>,
  StructsIn<Found>,
  ConstantsIn<Found>
>;

/**
 * Opens a library with its declarations in C: a preprocessed header, or a few lines written by hand.
 *
 * @param path The library, as for `dlopen`.
 * @param text The declarations, or what `parseDeclarations` made of them. They must be right: arkffi cannot check them.
 *
 * @example
 * const lib = cdef('libm.so.6', 'double pow(double, double);');
 * lib.symbols.pow(2, 10); // 1024
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`, with line and column, for text that is not understood; all errors of
 *   `dlopen`. If a symbol cannot be called, or is looked up late and not found, reading it from `symbols` throws.
 */
export function cdef<Text extends string, Options extends CdefOptions = {}>(
  path: LibraryPath,
  text: Text,
  options?: Options & Only<Options, keyof CdefOptions>,
): LibraryOf<ReadText<Text, Options>, Options> {
  if (typeof text !== 'string') throw wrongType('cdef: argument 2', 'a string', text);
  const { rules, lazy, symbols: symbolCorrections, fields, ...how } = readCdefOptions(options);
  const description = descriptionOf(text);
  const types = new DeclaredTypes(description, rules);
  types.correct(correctFields(fields, description, types));
  const corrected = correctSymbols(symbolCorrections, description, types);
  return openLibrary('cdef', path, how, (handle, library) => {
    const bind = (name: string) => {
      const described = description.symbols[name];
      const wanted = corrected.get(name);
      const key = described.symbol ?? name;
      if (wanted !== undefined) return bindSymbol(handle, key, wanted);
      const parameters = parametersOf(description, name);
      const definition = types.definitionOf(described, name, parameters);
      return bindSymbol(handle, key, readSymbol(key, definition, parameters?.names));
    };
    const names = Object.keys(description.symbols);
    const symbols = lateTable(names, bind, (name) => missingSymbol(description, name));
    if (!(lazy ?? description.header)) lookUp(symbols, names);
    return new DeclaredLibrary(handle, symbols as any, library, tablesOf(description, types)) as any;
  });
}

function tablesOf(description: Description, types: DeclaredTypes): Tables {
  return {
    structs() {
      const indexes = recordIndexes(description);
      const make = (name: string) => types.recordOf(indexes.get(name) as number, name);
      return lateTable(keysOf(indexes), make, (name) => missingStruct(description, indexes, name));
    },
    constants: () => constantsOf(description),
    types() {
      const names = Object.keys(description.typedefs);
      const make = (name: string) => types.typeNamed(name);
      return lateTable(names, make, (name) => missingType(description, recordIndexes(description), name));
    },
  };
}

const STRING_RULES: readonly unknown[] = ['const', 'results', 'all', 'none'];
const POINTER_RULES: readonly unknown[] = ['addresses', 'typed'];
const ENUM_RULES: readonly unknown[] = ['numbers', 'names'];

/** The options that have been read. The corrections have not. */
interface ReadOptions extends LibraryOptions {
  readonly rules: Rules;
  readonly lazy?: boolean;
  readonly symbols?: unknown;
  readonly fields?: unknown;
}

function readCdefOptions(options: unknown = {}): ReadOptions {
  const isObject = typeof options === 'object' && options !== null;
  const given = Object.assign(Object.create(null), isObject ? options : {}) as { [option: string]: unknown };
  const { strings = 'const', pointers = 'addresses', enums = 'numbers', symbols, fields, ...others } = given;
  readOptions(isObject ? others : options, 'cdef', FLAGS.concat('lazy'));
  checkRule('strings', strings, STRING_RULES);
  checkRule('pointers', pointers, POINTER_RULES);
  checkRule('enums', enums, ENUM_RULES);
  return {
    ...others,
    lazy: others.lazy as boolean | undefined,
    rules: { strings, pointers, enums } as Rules,
    symbols,
    fields,
  };
}

function checkRule(option: string, value: unknown, rules: readonly unknown[]): void {
  if (rules.includes(value)) return;
  const names = rules.map(describe);
  const expected = `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `cdef: options.${option}: expected ${expected}, got ${describe(value)}`);
}

/**
 * An object that lists all its properties, which are made when they are first read. Reading another name throws what
 * `missing` makes. It is closed, because V8 then reads its properties as fast as those of another object.
 */
function lateTable(
  names: readonly string[],
  make: (name: string) => unknown,
  missing: (name: string) => Error,
): { [name: string]: any } {
  const table = new (tableOf(missing))();
  const whenMade = withoutShape(table, names.length);
  names.forEach((name) => {
    defineLate(table, name, () => {
      whenMade();
      return make(name);
    });
  });
  return Object.preventExtensions(table);
}

/**
 * Looks all symbols up now. It throws if the library lacks one. A symbol that cannot be called throws when it is read, and
 * is not listed, so that all that are listed can be read.
 */
function lookUp(symbols: { readonly [name: string]: unknown }, names: readonly string[]): void {
  for (let i = 0; i < names.length; i++) {
    try {
      void symbols[names[i]];
    } catch (error) {
      if (!hasCode(error, 'ERR_FFI_BAD_SIGNATURE') && !hasCode(error, 'ERR_FFI_NOT_SUPPORTED')) throw error;
      defineOwn(symbols, names[i], { enumerable: false });
    }
  }
}
