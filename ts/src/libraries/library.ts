/** Libraries: opened with the types of their functions and variables. */

import type { LibraryHandle } from '../host/bridge';
import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { describe, ffiError, inNameOf, suggestion, wrongType } from '../base/errors';
import { named, showAs } from '../base/inspect';
import { native } from '../base/native';
import { bindMethods } from '../base/methods';
import { keysOf } from '../base/lists';
import { has, optionIn, optionsIn } from '../base/own';
import type { FieldType } from '../struct/fields';
import { checkKeys, hasOnlyTypes, readDeclaration, readOnlyTypes } from '../signatures/declaration';
import type { IfKnownArgs } from '../signatures/exact';
import type { Only, Refused } from '../types/exact';
import type { ReturnsOf } from '../signatures/mapping';
import type { ForeignSignature } from '../signatures/parameters';
import { readFlag, readPump } from '../calls/function';
import type { CallBehaviour, FunctionOf, LooseFunction } from '../calls/function';
import { Global, globalCodecOf } from './globals';
import { pathOf } from './path';
import type { LibraryPath } from './path';
import type { GlobalDefinition } from './globals';
import { bindAll, functionOf, NamedSymbol, WantedFunction } from './symbols';
import type { WantedSymbol } from './symbols';

/** The definition of a function. */
export interface FunctionDefinition extends ForeignSignature, CallBehaviour {
  /** If the library does not export it, the symbol is `null` instead of an error. */
  readonly optional?: boolean;
  /**
   * The name of the symbol in the library, if it differs from the key of the definition. Several definitions may have the
   * same one: a C function with several signatures.
   */
  readonly name?: string;
}

/** The definition of a symbol: a function, or a variable if it has a `type`. */
export type SymbolDefinition = FunctionDefinition | GlobalDefinition;

/** The definitions of a library's symbols, by name. */
export interface SymbolDefinitions {
  readonly [name: string]: SymbolDefinition;
}

/** How to open a library. */
export interface LibraryOptions {
  /**
   * Gives the library's async calls 1 to 1024 threads of their own. The threads are started when they are first needed,
   * and end when the library is closed. With 1 the calls run in order, always on the same thread. When absent, the
   * calls share the host's thread pool.
   */
  readonly threads?: number;
  /** Whether to resolve all symbols that the library needs from others at once, and fail if one is missing. */
  readonly now?: boolean;
  /** Whether libraries that are opened later can use its symbols. */
  readonly global?: boolean;
  /** Whether it stays in memory until the process ends, even after it was closed. */
  readonly nodelete?: boolean;
  /**
   * Whether the library prefers its own symbols, and those of the libraries that it needs, to symbols of the same name
   * in the process. Node.js, for example, contains its own zlib and OpenSSL. Only glibc has this; on other systems
   * `true` is an error. When absent, arkffi reads the library's tables before it is loaded, and opens it so if the
   * program would otherwise replace some of its functions. Where that is impossible, a warning is written to the
   * standard error. `false` opens it as the system's loader does by default.
   */
  readonly deep?: boolean;
}

/** A symbol that a library exports. */
export interface ExportedSymbol {
  readonly name: string;
  readonly kind: 'function' | 'data';
}

/**
 * The type of the symbol that a definition makes. A `FunctionDefinition` that is not a literal makes a `LooseFunction`;
 * what a `SymbolDefinition` makes, which may be a variable too, is not known.
 */
export type SymbolOf<D> =
  IsWide<D, SymbolDefinition, 'type'> extends true
    ? any
    : IsWide<D, FunctionDefinition, 'args'> extends true
      ? LooseFunction
      : Defined<D> | (D extends { readonly optional: true } ? null : never);

/** Whether a definition is of that whole type, which has the key, so that the compiler does not know its values. */
type IsWide<D, Whole, Key> = [Whole] extends [D] ? (Key extends KeyOf<D> ? true : false) : false;

type KeyOf<D> = D extends unknown ? keyof D : never;

type Defined<D> = D extends { readonly type: infer T extends FieldType }
  ? Global<T>
  : D extends { readonly args: infer A extends readonly unknown[] }
    ? FunctionOf<A, ReturnsOf<D>>
    : FunctionOf<[], ReturnsOf<D>>;

/** Definitions without unknown keys. */
type OnlyKnownSymbols<D, Named = false> = { readonly [Name in keyof D]: OnlyKnownSymbol<D[Name], Named> };

type OnlyKnownSymbol<D, Named> = D extends { readonly type: unknown }
  ? Only<D, keyof GlobalDefinition, Named>
  : Only<D, keyof FunctionDefinition, Named> & IfKnownArgs<D, Named>;

/** `unknown` if the definitions have no unknown keys, otherwise a type that names the keys, which nothing is. */
type IfKnownSymbols<D> = [D] extends [OnlyKnownSymbols<D>] ? unknown : Refused<D, OnlyKnownSymbols<D, true>>;

/** The symbols of a library, by name, with the types of their definitions. */
export type Symbols<D extends SymbolDefinitions> = { readonly [Name in keyof D]: SymbolOf<D[Name]> };

/**
 * An open library. The program owns it, and closes it.
 *
 * Thread rule: belongs to the JavaScript thread that opened it.
 */
export class Library<D extends SymbolDefinitions = SymbolDefinitions> {
  constructor(
    /** The handle that the raw bridge knows the library by. */
    readonly handle: LibraryHandle,
    /** The functions and variables that were declared. */
    readonly symbols: Symbols<D>,
    /** The name or path that it was opened by; null for the running process. */
    readonly path: string | null,
  ) {
    bindMethods(this, ['list', 'define', 'address', 'close']);
    // An unknown property is a typing error.
    if (new.target === Library) Object.preventExtensions(this);
  }

  /**
   * Makes more functions and variables of the library usable, and returns them: those of `symbols` stay as they are.
   * @throws as `dlopen` does; Error `ERR_FFI_LIBRARY_CLOSED`.
   */
  define<More extends SymbolDefinitions>(definitions: More & IfKnownSymbols<More>): Symbols<More> {
    const wanted = readDefinitions(definitions, 'define');
    // A library of no symbols is closed all the same.
    inNameOf('define', () => native.checkOpen(this.handle, 'define'));
    return bindAll(this.handle, wanted.keys, wanted.symbols) as Symbols<More>;
  }

  /**
   * The address of a function or variable, which is valid until the library is closed.
   * @throws Error `ERR_FFI_SYMBOL_NOT_FOUND`, `ERR_FFI_LIBRARY_CLOSED`.
   */
  address(name: string): number {
    if (typeof name !== 'string') throw wrongType('address: argument 1', 'string', name);
    return native.getSymbolPtr(this.handle, name) as number;
  }

  /**
   * All symbols that the library exports, whether declared or not, sorted by name. For the running process, those of
   * all its libraries.
   * @throws Error `ERR_FFI_LIBRARY_CLOSED`.
   */
  list(): ExportedSymbol[] {
    // A name that is exported in several versions occurs several times.
    const kinds = new Map<string, string>();
    inNameOf('list', () => native.listSymbols(this.handle)).forEach((entry) => kinds.set(entry.slice(1), entry[0]));
    const names = keysOf(kinds).sort();
    return names.map((name) => ({ name, kind: kinds.get(name) === 'f' ? 'function' : 'data' }));
  }

  /**
   * Closes the library; a second time does nothing. After that, calls of its symbols throw, or reject with,
   * `ERR_FFI_LIBRARY_CLOSED`. Of a library with 200 symbols or more, reading a function that was never read before throws
   * it. Calls that have started keep the code in memory until they have finished.
   */
  close(): void {
    native.close(this.handle);
  }

  /** Its path and the names of its symbols, for `JSON.stringify`. `console.log` prints the same. */
  toJSON(): { path: string | null; symbols: string[] } {
    return { path: this.path, symbols: Object.keys(this.symbols) };
  }
}

export interface Library<D extends SymbolDefinitions> extends Closable {}
makeDisposable(Library.prototype);
showAs(Library.prototype, (library) => named('Library', library.toJSON()));

/**
 * Opens a shared library and makes its functions callable. The caller owns the library, and closes it.
 *
 * @param path The library. A name with a slash is a path, and so is a URL object: `new URL('./libx.so', import.meta.url)`. The system's loader looks for any other name first, then each
 *   folder of the environment variable ARKFFI_LIBRARY_PATH is tried, then the native module's folder. `null` is the
 *   running process, with the C library.
 * @param definitions The types of the functions and variables, by name. They must be right: arkffi cannot check them.
 *   When absent, there are none yet: `lib.define` makes them later.
 *
 * @example
 * const lib = dlopen('libm.so.6', { pow: { args: ['d', 'd'], returns: 'd' } });
 * lib.symbols.pow(2, 10); // 1024
 * await lib.symbols.pow.async(2, 10); // the same, on a worker thread
 * lib.close();
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for a wrong definition, naming symbol and position; Error
 *   `ERR_FFI_LIBRARY_NOT_FOUND`, `ERR_FFI_SYMBOL_NOT_FOUND`. If it throws, the library is not left open.
 */
export function dlopen<D extends SymbolDefinitions | undefined>(
  path: LibraryPath,
  definitions: D & IfKnownSymbols<D>,
  options?: LibraryOptions,
): Library<D extends SymbolDefinitions ? D : {}>;
// It has one parameter only, so that the compiler's errors about other calls do not speak of it.
/** @throws as with definitions. */
export function dlopen(path: LibraryPath): Library<{}>;
export function dlopen(path: LibraryPath, definitions?: SymbolDefinitions, options?: LibraryOptions): Library<any> {
  const how = readOptions(options, 'dlopen');
  const { keys, symbols } = readDefinitions(definitions === undefined ? {} : definitions, 'dlopen');
  return openLibrary('dlopen', path, how, (handle, name) => {
    return new Library(handle, bindAll(handle, keys, symbols) as Symbols<any>, name);
  });
}

/**
 * Opens a library and returns what `make` makes of its handle and its path. If `make` throws, the library is closed again. Messages
 * begin with `opener`.
 */
export function openLibrary<L>(
  opener: string,
  path: LibraryPath,
  how: LibraryOptions,
  make: (handle: LibraryHandle, name: string | null) => L,
): L {
  const { threads, now, global, nodelete, deep } = optionsIn(how, ['threads'].concat(FLAGS)) as LibraryOptions;
  const name = pathOf(path, opener);
  const handle = inNameOf(opener, () => native.openLibrary(name, now, global, nodelete, deep));
  try {
    if (threads !== undefined) inNameOf(opener, () => native.openLane(handle, threads));
    return make(handle, name);
  } catch (error) {
    native.close(handle);
    throw error;
  }
}

/**
 * The file name of a library by the short name that compilers link it by: `'libm.so.6'` for `'m'`. It is looked for
 * where `dlopen` looks for a name without a slash; of several versions the highest is taken.
 * @throws Error `ERR_FFI_LIBRARY_NOT_FOUND`.
 */
export function findLibrary(name: string): string {
  return native.findLibrary(name);
}

/** Definitions that have been read, by their keys. */
interface Wanted {
  readonly keys: readonly string[];
  readonly symbols: readonly WantedSymbol[];
}

/** Reads all definitions. It is done before the library is opened, so that a wrong one leaves nothing open. */
function readDefinitions(definitions: unknown, maker: string): Wanted {
  if (typeof definitions !== 'object' || definitions === null || Array.isArray(definitions)) {
    const expected = 'expected an object with the definition of each symbol';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${maker}: ${expected}, got ${describe(definitions)}`);
  }
  const keys = Object.keys(definitions);
  return { keys, symbols: keys.map((key) => readSymbol(key, (definitions as { [key: string]: unknown })[key])) };
}

/**
 * Reads the definition of one symbol. `key` is its name in the library, unless the definition has another one; `names`
 * are those of a function's parameters.
 */
export function readSymbol(key: string, definition: unknown, names?: readonly (string | null)[]): WantedSymbol {
  if (typeof definition !== 'object' || definition === null) return readFunction(key, definition, names);
  if (hasOnlyTypes(definition)) return functionOf(readOnlyTypes(definition, key, names), names);
  return has(definition, 'type') ? readGlobal(key, definition) : readFunction(key, definition, names);
}

/** Reads the name of a symbol in the library; undefined if it has none but its key. */
function readName(definition: object, key: string): string | undefined {
  const name = optionIn(definition, 'name');
  if (name === undefined || typeof name === 'string') return name;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${key}: name: expected a string, got ${describe(name)}`);
}

const FUNCTION_KEYS: readonly string[] = ['args', 'returns', 'abi', 'optional', 'fast', 'callbacks', 'name'];

function readFunction(key: string, definition: unknown, names?: readonly (string | null)[]): WantedSymbol {
  const declaration = readDeclaration(definition, key, names);
  const own = definition as object;
  checkKeys(own, FUNCTION_KEYS, key);
  const name = readName(own, key);
  const symbol = name ?? key;
  const fast = readFlag(own, 'fast', symbol, true);
  const isPumped = readPump(own, symbol);
  const optional = readFlag(own, 'optional', symbol);
  const isUsual = fast && !isPumped && !optional;
  return withName(
    name,
    isUsual
      ? functionOf(declaration, names)
      : new WantedFunction(declaration, names, optional, fast && !isPumped, isPumped),
  );
}

function readGlobal(key: string, definition: { readonly type?: unknown }): WantedSymbol {
  checkKeys(definition, ['type', 'optional', 'name'], key);
  const name = readName(definition, key);
  const codec = globalCodecOf(definition.type, name ?? key);
  const optional = readFlag(definition, 'optional', name ?? key);
  const bind = (handle: LibraryHandle, symbol: string): object =>
    new Global(symbol, handle, native.symbolPtr(handle, symbol, false), codec);
  return withName(name, { optional, canBeLate: false, bind });
}

function withName(name: string | undefined, symbol: WantedSymbol): WantedSymbol {
  return name === undefined ? symbol : new NamedSymbol(name, symbol);
}

/** The maximum number of threads that the native module starts for one library. */
const MOST_THREADS = 1024;

/** The names of the boolean options. */
export const FLAGS: readonly string[] = ['now', 'global', 'nodelete', 'deep'];

/**
 * Checks the options of `maker`; `flags` are the names of its boolean options.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`, RangeError `ERR_FFI_OUT_OF_RANGE`.
 */
export function readOptions(options: unknown = {}, maker: string, flags: readonly string[] = FLAGS): LibraryOptions {
  if (typeof options !== 'object' || options === null) throw wrongType(`${maker}: options`, 'an object', options);
  Object.entries(options).forEach(({ 0: name, 1: value }) => {
    if (value === undefined || name === 'threads') return;
    if (!flags.includes(name)) {
      const near = suggestion(name, ['threads'].concat(flags));
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${maker}: options: unknown option ${describe(name)}${near}`);
    }
    if (typeof value !== 'boolean') throw wrongType(`${maker}: options.${name}`, 'a boolean', value);
  });
  checkThreads(optionIn(options, 'threads'), maker);
  return options;
}

function checkThreads(threads: unknown, maker: string): void {
  if (threads === undefined) return;
  if (typeof threads !== 'number') throw wrongType(`${maker}: options.threads`, 'a number', threads);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return;
  const range = `an integer from 1 to ${MOST_THREADS}`;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${maker}: options.threads: ${threads} is not ${range}`);
}
