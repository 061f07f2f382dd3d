/** Libraries: opened with the types of their functions, closed when done. */

import type { LibraryHandle } from '../host/bridge';
import { checkKeys, readDeclaration } from '../signatures/declaration';
import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { describe, ffiError, hasCode, inNameOf, suggestion, wrongType } from '../base/errors';
import type { FieldType } from '../struct/fields';
import { callable, readPump } from '../calls/function';
import type { CallBehaviour, FunctionOf } from '../calls/function';
import { Global } from './globals';
import type { GlobalDefinition } from './globals';
import type { ReturnsOf } from '../signatures/mapping';
import { codecOf } from '../struct/members';
import { native } from '../base/native';
import { releaseOf } from '../signatures/owned';
import type { ForeignSignature } from '../signatures/parameters';

/** One function of a library. */
export interface FunctionDefinition extends ForeignSignature, CallBehaviour {
  /** Where the library lacks it, the symbol is `null`, and opening does not fail. */
  readonly optional?: boolean;
  /** False where the function comes to JavaScript by ways that are not declared, through a callback stored earlier say. */
  readonly fast?: boolean;
}

/** One symbol of a library: a function, or a variable by its `type`. */
export type SymbolDefinition = FunctionDefinition | GlobalDefinition;

/** The symbols of a library, by name. */
export interface SymbolDefinitions {
  readonly [name: string]: SymbolDefinition;
}

/** How to open a library. */
export interface LibraryOptions {
  /**
   * Gives its asynchronous calls 1 to 1024 threads of their own, started when they are first needed and ended when it is
   * closed. With one, they run one after the other in the order of the calls, always on the same thread. Absent: they
   * share the host's thread pool.
   */
  readonly threads?: number;
  /** Looks at once for everything that the library needs from others, and fails where something is missing. */
  readonly now?: boolean;
  /** Lets libraries that are opened later find its symbols. */
  readonly global?: boolean;
  /** Leaves it in memory until the process ends, also after it was closed. */
  readonly nodelete?: boolean;
  /**
   * Lets it find what it and the libraries that it needs export before what the process exports: the system's zlib or
   * OpenSSL then is itself in Node.js, which has others of these names. glibc alone has that; elsewhere it is refused.
   */
  readonly deep?: boolean;
}

/** A symbol that a library exports. */
export interface ExportedSymbol {
  readonly name: string;
  readonly kind: 'function' | 'data';
}

/** What a definition becomes. */
export type SymbolOf<D> = Defined<D> | (D extends { readonly optional: true } ? null : never);

type Defined<D> = D extends { readonly type: infer T extends FieldType }
  ? Global<T>
  : D extends { readonly args: infer A extends readonly unknown[] }
    ? FunctionOf<A, ReturnsOf<D>>
    : FunctionOf<[], ReturnsOf<D>>;

/** The symbols of a library, by name, each with the types of its definition. */
export type Symbols<D extends SymbolDefinitions> = { readonly [Name in keyof D]: SymbolOf<D[Name]> };

/** A library that is open. Thread rule: it belongs to the JavaScript thread that opened it. */
export class Library<D extends SymbolDefinitions = SymbolDefinitions> {
  constructor(
    /** Names this library to the raw bridge. */
    readonly handle: LibraryHandle,
    /** Its functions and variables. */
    readonly symbols: Symbols<D>,
  ) {}

  /**
   * What the library exports, whatever was declared of it, by name. Of the running process: what any library in it does.
   * @throws Error `ERR_FFI_LIBRARY_CLOSED` once it is closed.
   */
  list(): ExportedSymbol[] {
    // A name that is exported in several versions is there several times.
    const kinds = new Map(native.listSymbols(this.handle).map((entry) => [entry.slice(1), entry[0]]));
    const names = [...kinds.keys()].sort();
    return names.map((name) => ({ name, kind: kinds.get(name) === 'f' ? 'function' : 'data' }));
  }

  /**
   * Closes the library; a second time does nothing. From then on a call of its symbols throws (or rejects with)
   * `ERR_FFI_LIBRARY_CLOSED`. Calls in flight keep the code in memory and end as they would have.
   */
  close(): void {
    native.close(this.handle);
  }
}

export interface Library<D extends SymbolDefinitions> extends Closable {}
makeDisposable(Library.prototype);

/**
 * Opens a shared library and makes its functions callable.
 *
 * @param path What to open: a name with a slash is a path; a bare name is looked for by the system's loader, then in
 *   each folder of the environment variable ARKFFI_LIBRARY_PATH, then beside the native module. `null` is the
 *   running process, with the C library.
 * @param definitions The types of the functions, by name. They must be the true ones: nothing can check them.
 *
 * @example
 * const lib = dlopen('libm.so.6', { pow: { args: ['d', 'd'], returns: 'd' } });
 * lib.symbols.pow(2, 10); // 1024
 * await lib.symbols.pow.async(2, 10); // the same, on a worker thread
 * lib.close();
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`, naming symbol and position, for a definition that is not understood;
 *   Error `ERR_FFI_LIBRARY_NOT_FOUND`, `ERR_FFI_SYMBOL_NOT_FOUND`. When it throws, nothing stays open.
 */
export function dlopen<D extends SymbolDefinitions>(
  path: string | null,
  definitions: D,
  options?: LibraryOptions,
): Library<D> {
  const how = readOptions(options, 'dlopen');
  const wanted = readDefinitions(definitions);
  return openLibrary('dlopen', path, how, (handle) => {
    const symbols = new SymbolTable();
    for (const symbol of wanted) symbols[symbol.name] = bindSymbol(handle, symbol);
    return new Library(handle, symbols as Symbols<D>);
  });
}

/** Opens a library for what `make` makes of it; closes it again where that throws. Messages name `opener`. */
export function openLibrary<L>(
  opener: string,
  path: string | null,
  how: LibraryOptions,
  make: (handle: LibraryHandle) => L,
): L {
  const { threads, now, global, nodelete, deep } = how;
  const handle = inNameOf(opener, () => native.openLibrary(path, now, global, nodelete, deep));
  try {
    if (threads !== undefined) native.openLane(handle, threads);
    return make(handle);
  } catch (error) {
    native.close(handle);
    throw error;
  }
}

/**
 * The file name of a library by the short name that compilers link it by: `'libm.so.6'` for `'m'`. Looks where `dlopen`
 * looks for a bare name, and takes the highest version there.
 * @throws Error `ERR_FFI_LIBRARY_NOT_FOUND` where there is none.
 */
export function findLibrary(name: string): string {
  return native.findLibrary(name);
}

/**
 * An object with no inherited names, so that a symbol may be called `constructor` or `__proto__`. Made by a constructor,
 * because engines look names up faster in it than in an `Object.create(null)`.
 */
const SymbolTable = function () {} as unknown as new () => { [name: string]: unknown };
SymbolTable.prototype = Object.create(null);

/** A definition that has been read: binding makes the symbol, or throws where the library lacks it. */
interface WantedSymbol {
  readonly name: string;
  readonly optional: boolean;
  readonly bind: (handle: LibraryHandle) => object;
}

/** Reads all definitions before anything is opened. */
function readDefinitions(definitions: unknown): WantedSymbol[] {
  if (typeof definitions !== 'object' || definitions === null || Array.isArray(definitions)) {
    const expected = 'expected an object with the definition of each symbol';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `dlopen: ${expected}, got ${describe(definitions)}`);
  }
  return Object.entries(definitions).map(([name, definition]) => readSymbol(name, definition));
}

/** Reads the definition of one symbol; `name` is what the library calls it. */
export function readSymbol(name: string, definition: unknown): WantedSymbol {
  return typeof definition === 'object' && definition !== null && 'type' in definition
    ? readGlobal(name, definition)
    : readFunction(name, definition);
}

function readFunction(name: string, definition: unknown): WantedSymbol {
  const declaration = readDeclaration(definition, name);
  checkKeys(definition as object, ['args', 'returns', 'optional', 'fast', 'callbacks'], name);
  const fast = readFlag(definition as object, 'fast', name, true);
  const isPumped = readPump(definition as object, name);
  return {
    name,
    optional: readFlag(definition as object, 'optional', name),
    bind(handle) {
      const { signature, returns } = declaration;
      const release = releaseOf(returns, name, handle);
      const bound = native.bind(handle, name, signature.args.join(''), signature.returns, release);
      return callable(isPumped ? bound.more().pumped() : bound, declaration, fast && !isPumped);
    },
  };
}

function readGlobal(name: string, definition: { readonly type?: unknown }): WantedSymbol {
  checkKeys(definition, ['type', 'optional'], name);
  const codec = codecOf(definition.type, `${name}: type`);
  return {
    name,
    optional: readFlag(definition, 'optional', name),
    bind: (handle) => new Global(name, handle, native.getSymbolPtr(handle, name), codec),
  };
}

function readFlag(definition: object, key: string, name: string, absent = false): boolean {
  const { [key]: flag = absent } = definition as { readonly [key: string]: unknown };
  if (typeof flag === 'boolean') return flag;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: ${key}: expected a boolean, got ${describe(flag)}`);
}

export function bindSymbol(handle: LibraryHandle, { optional, bind }: WantedSymbol): object | null {
  try {
    return bind(handle);
  } catch (error) {
    if (optional && hasCode(error, 'ERR_FFI_SYMBOL_NOT_FOUND')) return null;
    throw error;
  }
}

/** As many as the native module starts for one library. */
const MOST_THREADS = 1024;

/** The options that are true or false. */
export const FLAGS: readonly string[] = ['now', 'global', 'nodelete', 'deep'];

/** Checks the options of `maker`, which may have some `flags` more. */
export function readOptions(options: unknown = {}, maker: string, flags: readonly string[] = FLAGS): LibraryOptions {
  if (typeof options !== 'object' || options === null) throw wrongType(`${maker}: options`, 'an object', options);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || name === 'threads') continue;
    if (!flags.includes(name)) {
      const near = suggestion(name, ['threads', ...flags]);
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${maker}: options: unknown option ${describe(name)}${near}`);
    }
    if (typeof value !== 'boolean') throw wrongType(`${maker}: options.${name}`, 'a boolean', value);
  }
  checkThreads((options as { threads?: unknown }).threads, maker);
  return options;
}

function checkThreads(threads: unknown, maker: string): void {
  if (threads === undefined) return;
  if (typeof threads !== 'number') throw wrongType(`${maker}: options.threads`, 'a number', threads);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return;
  const range = `an integer from 1 to ${MOST_THREADS}`;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${maker}: options.threads: ${threads} is not ${range}`);
}
