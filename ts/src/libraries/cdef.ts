/** Libraries whose functions, structs and constants are declared in C. */

import type { LibraryHandle } from '../host/bridge';
import { describe, ffiError, hasCode, inNameOf, wrongType } from '../base/errors';
import { native } from '../base/native';
import { keysOf } from '../base/lists';
import { defineOwn } from '../base/own';
import type { StructSchema } from '../struct/fields';
import { absentNames } from '../base/absent';
import type { Only } from '../types/exact';
import { constantsOf } from './constants';
import { correctFields, correctSymbols } from './corrections';
import type { FieldCorrections, SymbolCorrections } from './corrections';
import { DeclaredTypes, recordIndexes } from './description';
import type { Description, StringRule } from './description';
import { bindSymbol, FLAGS, Library, openLibrary, readOptions, readSymbol } from './library';
import type { LibraryOptions } from './library';
import { missingStruct, missingSymbol, missingType } from './missing';
import type { LibraryPath } from './path';
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
> extends Library<any> {
  /**
   * The functions and variables. TypeScript knows their types if the text is a literal, and not too long.
   */
  declare readonly symbols: S;

  /** @internal */
  constructor(
    handle: LibraryHandle,
    symbols: S,
    /** The structs and unions that the text defines, by tag and by type name. */
    readonly structs: Structs,
    /**
     * The values of enum constants, and of macros that are constants. A value that a number cannot hold exactly is a
     * `bigint`. Reading a name that is no constant throws `ERR_FFI_BAD_SIGNATURE` with the reason, and a name that the
     * text does not have throws `ERR_FFI_NOT_DEFINED`; `name in constants` throws nothing.
     */
    readonly constants: Constants,
    /** The types that the text names. Each may be used in `args`, in `returns` and for fields of a struct. */
    readonly types: { readonly [name: string]: any },
  ) {
    super(handle, symbols);
    Object.preventExtensions(this);
  }
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
 * @param text The declarations. They must be right: arkffi cannot check them.
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
  const { strings, lazy, symbols: symbolCorrections, fields, ...how } = readCdefOptions(options);
  const description = JSON.parse(inNameOf('cdef', () => native.parseDeclarations(withoutMark(text)))) as Description;
  const types = new DeclaredTypes(description.types, strings);
  types.correct(correctFields(fields, description, types));
  const corrected = correctSymbols(symbolCorrections, description, types);
  const names = Object.keys(description.symbols);
  return openLibrary('cdef', path, how, (handle) => {
    const bind = (name: string) => {
      const described = description.symbols[name];
      const wanted = corrected.get(name);
      if (wanted !== undefined) return bindSymbol(handle, wanted);
      return bindSymbol(handle, readSymbol(described.symbol ?? name, types.definitionOf(described, name)));
    };
    const indexes = recordIndexes(description);
    const symbols = lateTable(names, bind, (name) => missingSymbol(description, name));
    if (!(lazy ?? description.header)) lookUp(symbols, names);
    return new DeclaredLibrary(
      handle,
      symbols as any,
      listedTable(
        keysOf(indexes),
        (name) => types.recordOf(indexes.get(name) as number, name),
        (name) => missingStruct(description, indexes, name),
      ) as any,
      constantsOf(description) as any,
      listedTable(
        Object.keys(description.typedefs),
        (name) => types.typeOf(description.typedefs[name], name, 'taken'),
        (name) => missingType(description, indexes, name),
      ),
    );
  });
}

/** The text without a byte order mark, which some editors write and nothing shows. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

const STRING_RULES: readonly unknown[] = ['const', 'results', 'all', 'none'];

/** The options that have been read. The corrections have not. */
interface ReadOptions extends LibraryOptions {
  readonly strings: StringRule;
  readonly lazy?: boolean;
  readonly symbols?: unknown;
  readonly fields?: unknown;
}

function readCdefOptions(options: unknown = {}): ReadOptions {
  const isObject = typeof options === 'object' && options !== null;
  const { strings = 'const', symbols, fields, ...others } = (isObject ? options : {}) as { [option: string]: unknown };
  readOptions(isObject ? others : options, 'cdef', FLAGS.concat('lazy'));
  if (STRING_RULES.includes(strings)) return { ...others, strings: strings as StringRule, symbols, fields };
  const expected = "'const', 'results', 'all' or 'none'";
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `cdef: options.strings: expected ${expected}, got ${describe(strings)}`);
}

/**
 * An object whose properties are made when they are first read. Until then they exist only on its prototype, so that
 * the object is as small, and as fast, as the part of it that is used. Reading another name throws what `missing` makes.
 */
function lateTable(
  names: readonly string[],
  make: (name: string) => unknown,
  missing: (name: string) => Error,
): { [name: string]: any } {
  const known = Object.create(absentNames(missing));
  const Table = function () {} as unknown as new () => { [name: string]: any };
  Table.prototype = known;
  const table = new Table();
  names.forEach((name) => {
    const get = () => {
      const value = make(name);
      defineOwn(table, name, { value, enumerable: true });
      return value;
    };
    defineOwn(known, name, { get, enumerable: true });
  });
  return table;
}

/**
 * An object that lists all its properties, which are made when they are first read. Reading another name throws what
 * `missing` makes.
 */
function listedTable(
  names: readonly string[],
  make: (name: string) => unknown,
  missing: (name: string) => Error,
): { [name: string]: any } {
  const table = Object.create(absentNames(missing));
  names.forEach((name) => {
    const get = () => {
      const value = make(name);
      defineOwn(table, name, { value, enumerable: true, writable: false, configurable: false });
      return value;
    };
    defineOwn(table, name, { get, enumerable: true, configurable: true });
  });
  return table;
}

/**
 * Looks all symbols up now. It throws if the library lacks one. A symbol that cannot be called throws when it is read.
 */
function lookUp(symbols: { readonly [name: string]: unknown }, names: readonly string[]): void {
  for (let i = 0; i < names.length; i++) {
    try {
      void symbols[names[i]];
    } catch (error) {
      if (!hasCode(error, 'ERR_FFI_BAD_SIGNATURE') && !hasCode(error, 'ERR_FFI_NOT_SUPPORTED')) throw error;
    }
  }
}
