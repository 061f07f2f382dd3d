/** Libraries: opened with the types of their functions, closed when done. */

import type { BoundFunction, LibraryHandle } from './bridge';
import { makeDisposable } from './disposable';
import type { Closable } from './disposable';
import { describe, ffiError, hasCode, wrongType } from './errors';
import { callable } from './function';
import type { ForeignFunction } from './function';
import { native } from './native';
import { checkKeys, readSignature } from './signature';
import type { Signature } from './signature';
import type { AllToC, FromC, FunctionSignature, ReturnsOf } from './types';

/** One function of a library. */
export interface SymbolDefinition extends FunctionSignature {
  /** Where the library lacks it, the symbol is `null`, and opening does not fail. */
  readonly optional?: boolean;
  /** False where the function comes to JavaScript by ways that are not declared, through a callback stored earlier say. */
  readonly fast?: boolean;
}

/** The functions of a library, by name. */
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
  readonly now?: undefined;
  readonly global?: undefined;
}

/** What a definition becomes. */
export type SymbolOf<D extends SymbolDefinition> =
  | (D extends { readonly args: infer A extends readonly unknown[] }
      ? ForeignFunction<AllToC<A>, FromC<ReturnsOf<D>>>
      : ForeignFunction<[], FromC<ReturnsOf<D>>>)
  | (D extends { readonly optional: true } ? null : never);

/** The functions of a library, by name, each with the types of its definition. */
export type Symbols<D extends SymbolDefinitions> = { readonly [Name in keyof D]: SymbolOf<D[Name]> };

/** A library that is open. Thread rule: it belongs to the JavaScript thread that opened it. */
export class Library<D extends SymbolDefinitions = SymbolDefinitions> {
  constructor(
    /** Names this library to the raw bridge. */
    readonly handle: LibraryHandle,
    /** Its functions. */
    readonly symbols: Symbols<D>,
  ) {}

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
  const threads = readThreads(options);
  const wanted = readDefinitions(definitions);
  const handle = native.load(path);
  try {
    if (threads !== undefined) native.openLane(handle, threads);
    const symbols = new SymbolTable();
    for (const { name, signature, optional } of wanted) symbols[name] = bindSymbol(handle, name, signature, optional);
    return new Library(handle, symbols as Symbols<D>);
  } catch (error) {
    native.close(handle);
    throw error;
  }
}

/**
 * An object with no inherited names, so that a symbol may be called `constructor` or `__proto__`. Made by a constructor,
 * because engines look names up faster in it than in an `Object.create(null)`.
 */
const SymbolTable = function () {} as unknown as new () => { [name: string]: unknown };
SymbolTable.prototype = Object.create(null);

interface WantedSymbol {
  readonly name: string;
  readonly signature: Signature;
  readonly optional: boolean;
}

/** Reads all definitions before anything is opened. */
function readDefinitions(definitions: unknown): WantedSymbol[] {
  if (typeof definitions !== 'object' || definitions === null || Array.isArray(definitions)) {
    const expected = 'expected an object with the definition of each symbol';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `dlopen: ${expected}, got ${describe(definitions)}`);
  }
  return Object.entries(definitions).map(([name, definition]) => readDefinition(name, definition));
}

function readDefinition(name: string, definition: unknown): WantedSymbol {
  if (typeof definition === 'object' && definition !== null && 'type' in definition) {
    const advice = 'read them at the address that ffi.getSymbolPtr gives';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: variables ({ type: … }) are not supported yet: ${advice}`);
  }
  const signature = readSignature(definition, name);
  const known = ['args', 'returns', 'optional', 'fast'];
  const { optional = false, fast = true } = checkKeys(definition as object, known, name) as {
    optional?: unknown;
    fast?: unknown;
  };
  if (typeof optional !== 'boolean') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: optional: expected a boolean, got ${describe(optional)}`);
  }
  if (typeof fast !== 'boolean') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: fast: expected a boolean, got ${describe(fast)}`);
  }
  return { name, signature, optional };
}

/** As many as the native module starts for one library. */
const MOST_THREADS = 1024;

function readThreads(options: unknown): number | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null) throw wrongType('dlopen: options', 'an object', options);
  for (const [name, value] of Object.entries(options)) {
    if (name === 'threads' || value === undefined) continue;
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `dlopen: options.${name}: not supported yet`);
  }
  const { threads } = options as { threads?: unknown };
  if (threads === undefined) return undefined;
  if (typeof threads !== 'number') throw wrongType('dlopen: options.threads', 'a number', threads);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
  const range = `an integer from 1 to ${MOST_THREADS}`;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `dlopen: options.threads: ${threads} is not ${range}`);
}

function bindSymbol(handle: LibraryHandle, name: string, signature: Signature, optional: boolean): object | null {
  let bound: BoundFunction;
  try {
    bound = native.bind(handle, name, signature.args.join(''), signature.returns);
  } catch (error) {
    if (optional && hasCode(error, 'ERR_FFI_SYMBOL_NOT_FOUND')) return null;
    throw error;
  }
  return callable(bound, signature);
}
