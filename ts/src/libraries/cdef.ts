/** Libraries whose functions, structs and constants are declared in C. */

import type { LibraryHandle } from '../host/bridge';
import { DeclaredTypes } from './description';
import type { DescribedRecord, Description, StringRule } from './description';
import { describe, ffiError, hasCode, wrongType } from '../base/errors';
import type { StructSchema } from '../struct/fields';
import { bindSymbol, FLAGS, Library, openLibrary, readOptions, readSymbol } from './library';
import type { LibraryOptions } from './library';
import { native } from '../base/native';
import type { SymbolsIn, UnknownSymbols } from './prototypes';

/** How to read the declarations, and how to open the library. */
export interface CdefOptions extends LibraryOptions {
  /**
   * Which pointers to `char` are strings: `'const'`, which is what there is when absent, those to `const char`; `'all'`
   * of them; or `'none'`. The others are addresses.
   */
  readonly strings?: StringRule;
  /**
   * Whether a symbol is looked up when it is first used, and not when the library is opened. Absent: only for text with
   * line markers, as `cc -E` writes it, because a header declares more than one library has.
   */
  readonly lazy?: boolean;
}

/** A library that is open, with all that was declared. */
export class DeclaredLibrary<S extends UnknownSymbols = UnknownSymbols> extends Library<any> {
  /** Its functions and variables. TypeScript knows them where the text is a literal with nothing but prototypes. */
  declare readonly symbols: S;

  /** @internal */
  constructor(
    handle: LibraryHandle,
    symbols: S,
    /** The structs and unions that the text defines, by tag and by name of type. */
    readonly structs: { readonly [name: string]: StructSchema<any> },
    /** The values of enums, and of macros that are constants. One that no number holds exactly is a `bigint`. */
    readonly constants: { readonly [name: string]: any },
    /** The types that the text names, each as it is put into `args`, `returns` or the fields of a struct. */
    readonly types: { readonly [name: string]: any },
  ) {
    super(handle, symbols);
  }
}

/**
 * Opens a library with its declarations in C: what a header says once the preprocessor has run, or a few lines by hand.
 *
 * @param path What to open, as for `dlopen`.
 * @param text The declarations. They must be the true ones: nothing can check them.
 *
 * @example
 * const lib = cdef('libm.so.6', 'double pow(double, double);');
 * lib.symbols.pow(2, 10); // 1024
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`, naming line and column, for text that is not understood; whatever `dlopen`
 *   throws. A symbol that cannot be called, or is looked up late and not found, throws when it is asked for.
 */
export function cdef<Text extends string, Options extends CdefOptions = {}>(
  path: string | null,
  text: Text,
  options?: Options,
): DeclaredLibrary<Options extends { readonly strings: StringRule } ? UnknownSymbols : SymbolsIn<Text>> {
  if (typeof text !== 'string') throw wrongType('cdef: argument 2', 'a string', text);
  const { strings, lazy, ...how } = readCdefOptions(options);
  const description = JSON.parse(native.parseDeclarations(text)) as Description;
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
      lateTable(Object.keys(description.typedefs), (name) => types.typeOf(description.typedefs[name], name)),
    );
  });
}

const STRING_RULES: readonly unknown[] = ['const', 'all', 'none'];

function readCdefOptions(options: unknown = {}): LibraryOptions & { strings: StringRule; lazy?: boolean } {
  const isObject = typeof options === 'object' && options !== null;
  const { strings = 'const', ...others } = (isObject ? options : {}) as { strings?: unknown };
  readOptions(isObject ? others : options, 'cdef', [...FLAGS, 'lazy']);
  if (STRING_RULES.includes(strings)) return { ...others, strings: strings as StringRule };
  const expected = "'const', 'all' or 'none'";
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `cdef: options.strings: expected ${expected}, got ${describe(strings)}`);
}

/**
 * An object whose values are made when they are first asked for, and from then on are its own. Until then they are known
 * to its prototype, so that the object stays as small, and as fast, as what is used of it.
 */
function lateTable(names: readonly string[], make: (name: string) => unknown): { [name: string]: any } {
  const known = Object.create(null);
  const Table = function () {} as unknown as new () => { [name: string]: any };
  Table.prototype = known;
  const table = new Table();
  for (const name of names) {
    const get = () => {
      const value = make(name);
      Object.defineProperty(table, name, { value, enumerable: true });
      return value;
    };
    Object.defineProperty(known, name, { get, enumerable: true });
  }
  return table;
}

/** Looks all symbols up now. What the library lacks is an error; what cannot be called is one when it is asked for. */
function lookUp(symbols: { readonly [name: string]: unknown }, names: readonly string[]): void {
  for (const name of names) {
    try {
      void symbols[name];
    } catch (error) {
      if (!hasCode(error, 'ERR_FFI_BAD_SIGNATURE')) throw error;
    }
  }
}

/** The name of a type says in C which struct is meant, where one has it and another one the tag. */
function structsOf(description: Description, types: DeclaredTypes): { [name: string]: any } {
  const indexes = new Map<string, number>();
  description.types.forEach((type, index) => {
    const { tag, fields } = type as DescribedRecord;
    if (tag !== undefined && fields !== undefined) indexes.set(tag, index);
  });
  for (const [name, type] of Object.entries(description.typedefs)) {
    const record = typeof type === 'number' ? (description.types[type] as DescribedRecord) : undefined;
    if (record?.fields !== undefined) indexes.set(name, type as number);
  }
  return lateTable([...indexes.keys()], (name) => types.recordOf(indexes.get(name) as number, name));
}

function constantsOf({ constants, large }: Description): { [name: string]: number | string | bigint } {
  const all = Object.assign(Object.create(null), constants);
  for (const name of Object.keys(large)) all[name] = BigInt(large[name]);
  return Object.freeze(all);
}
