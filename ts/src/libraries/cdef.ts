/** Libraries whose functions, structs and constants are declared in C. */

import type { LibraryHandle } from '../host/bridge';
import { describe, ffiError, hasCode, inNameOf, wrongType } from '../base/errors';
import { native } from '../base/native';
import { keysOf } from '../base/lists';
import { defineOwn } from '../base/own';
import type { StructSchema } from '../struct/fields';
import type { Only } from '../types/exact';
import { constantsOf } from './constants';
import { DeclaredTypes } from './description';
import type { DescribedRecord, Description, StringRule } from './description';
import { bindSymbol, FLAGS, Library, openLibrary, readOptions, readSymbol } from './library';
import type { LibraryOptions } from './library';
import type { LibraryPath } from './path';
import type { SymbolsIn, UnknownSymbols } from './prototypes';

/** How to read the declarations, and how to open the library. */
export interface CdefOptions extends LibraryOptions {
  /**
   * Which pointers to `char` are strings: `'const'`, those to `const char`; `'all'`; or `'none'`. The others are
   * addresses. `'const'` when absent.
   */
  readonly strings?: StringRule;
  /**
   * Whether a symbol is looked up when it is first used, instead of when the library is opened. When absent: true for
   * text with line markers, as `cc -E` writes it, because a header usually declares more than one library exports;
   * false for other text.
   */
  readonly lazy?: boolean;
}

/**
 * An open library with everything that was declared.
 *
 * Thread rule: belongs to the JavaScript thread that opened it.
 */
export class DeclaredLibrary<S extends UnknownSymbols = UnknownSymbols> extends Library<any> {
  /**
   * The functions and variables. TypeScript knows their types if the text is a literal that contains only prototypes.
   */
  declare readonly symbols: S;

  /** @internal */
  constructor(
    handle: LibraryHandle,
    symbols: S,
    /** The structs and unions that the text defines, by tag and by type name. */
    readonly structs: { readonly [name: string]: StructSchema<any> },
    /**
     * The values of enum constants, and of macros that are constants. A value that a number cannot hold exactly is a
     * `bigint`. Reading a name that is no constant throws `ERR_FFI_BAD_SIGNATURE` with the reason, and a name that the
     * text does not have throws `ERR_FFI_NOT_DEFINED`; `name in constants` throws nothing.
     */
    readonly constants: { readonly [name: string]: any },
    /** The types that the text names. Each may be used in `args`, in `returns` and for fields of a struct. */
    readonly types: { readonly [name: string]: any },
  ) {
    super(handle, symbols);
  }
}

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
): DeclaredLibrary<Options extends { readonly strings: StringRule } ? UnknownSymbols : SymbolsIn<Text>> {
  if (typeof text !== 'string') throw wrongType('cdef: argument 2', 'a string', text);
  const { strings, lazy, ...how } = readCdefOptions(options);
  const description = JSON.parse(inNameOf('cdef', () => native.parseDeclarations(withoutMark(text)))) as Description;
  const types = new DeclaredTypes(description.types, strings);
  const names = Object.keys(description.symbols);
  return openLibrary('cdef', path, how, (handle) => {
    const bind = (name: string) => {
      const described = description.symbols[name];
      const definition = types.definitionOf(described, name);
      return bindSymbol(handle, readSymbol(described.symbol ?? name, definition));
    };
    const symbols = lateTable(names, bind);
    if (!(lazy ?? description.header)) lookUp(symbols, names);
    return new DeclaredLibrary(
      handle,
      symbols as any,
      structsOf(description, types),
      constantsOf(description),
      listedTable(Object.keys(description.typedefs), (name) => types.typeOf(description.typedefs[name], name)),
    );
  });
}

/** The text without a byte order mark, which some editors write and nothing shows. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

const STRING_RULES: readonly unknown[] = ['const', 'all', 'none'];

function readCdefOptions(options: unknown = {}): LibraryOptions & { strings: StringRule; lazy?: boolean } {
  const isObject = typeof options === 'object' && options !== null;
  const { strings = 'const', ...others } = (isObject ? options : {}) as { strings?: unknown };
  readOptions(isObject ? others : options, 'cdef', FLAGS.concat('lazy'));
  if (STRING_RULES.includes(strings)) return { ...others, strings: strings as StringRule };
  const expected = "'const', 'all' or 'none'";
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `cdef: options.strings: expected ${expected}, got ${describe(strings)}`);
}

/**
 * An object whose properties are made when they are first read. Until then they exist only on its prototype, so that
 * the object is as small, and as fast, as the part of it that is used.
 */
function lateTable(names: readonly string[], make: (name: string) => unknown): { [name: string]: any } {
  const known = Object.create(null);
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

/** An object that lists all its properties, which are made when they are first read. */
function listedTable(names: readonly string[], make: (name: string) => unknown): { [name: string]: any } {
  const table = Object.create(null);
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

/** If one struct has a name as its tag and another as its type name, the name means the second, as in C. */
function structsOf(description: Description, types: DeclaredTypes): { [name: string]: any } {
  const indexes = new Map<string, number>();
  description.types.forEach((type, index) => {
    const { tag, fields } = type as DescribedRecord;
    if (tag !== undefined && fields !== undefined) indexes.set(tag, index);
  });
  Object.keys(description.typedefs).forEach((name) => {
    const type = description.typedefs[name];
    const record = typeof type === 'number' ? (description.types[type] as DescribedRecord) : undefined;
    if (record?.fields !== undefined) indexes.set(name, type as number);
  });
  return listedTable(keysOf(indexes), (name) => types.recordOf(indexes.get(name) as number, name));
}
