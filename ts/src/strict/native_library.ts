/** Libraries whose functions have the types that the program has declared. */

import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { hasCode, inNamesOf, wrongType } from '../base/errors';
import { bindWhenRead } from '../base/methods';
import { native } from '../base/native';
import type { Wrappable } from '../calls/wrapped';
import { Library, openLibrary, readOptions, readSymbol } from '../libraries/library';
import { bindSymbol } from '../libraries/symbols';
import type { LibraryOptions } from '../libraries/library';
import type { LibraryPath } from '../libraries/path';
import { NativeSignature } from './native_type';
import type { NativeType } from './native_type';

/**
 * An open library whose functions are asked for by name. The program writes down the type `F` of each function; arkffi
 * checks the values of each call by the C types, as it does for `dlopen`. The program owns the library, and closes it.
 *
 * Names are text here, so that tools which rename properties do not change them.
 *
 * @example
 * type Binary = (a: number, b: number) => number;
 * const maths = NativeLibrary.open('libm.so');
 * const pow = maths.func<Binary>('pow', [FFIType.double, FFIType.double], FFIType.double);
 * pow(2, 10); // 1024
 * maths.close();
 *
 * Thread rule: belongs to the JavaScript thread that opened it.
 */
export class NativeLibrary {
  private constructor(private readonly library: Library<{}>) {}

  /**
   * Opens a library; `null` stands for the running process.
   * @throws Error `ERR_FFI_LIBRARY_NOT_FOUND`; otherwise as `dlopen` does.
   */
  static open(path: LibraryPath, options?: LibraryOptions): NativeLibrary {
    const how = readOptions(options, 'NativeLibrary.open');
    const library = openLibrary('NativeLibrary.open', path, how, (handle, name) => new Library<{}>(handle, {}, name));
    return new NativeLibrary(library);
  }

  /**
   * A function of the library, as an `F`.
   * @param args The type of each argument, in order.
   * @param returns The type of the result. `void` when absent.
   * @throws Error `ERR_FFI_SYMBOL_NOT_FOUND`, `ERR_FFI_LIBRARY_CLOSED`; TypeError `ERR_FFI_BAD_SIGNATURE`.
   */
  func<F extends Function>(name: string, args: readonly NativeType[], returns: NativeType = 'void'): F {
    return this.bind('func', name, args, returns) as unknown as F;
  }

  /**
   * A function of the library that runs on a worker thread: `F` returns a Promise. Errors of a call reject it.
   * @throws as `func` does.
   */
  asyncFunc<F extends Function>(name: string, args: readonly NativeType[], returns: NativeType = 'void'): F {
    return this.bind('asyncFunc', name, args, returns).async as unknown as F;
  }

  private bind(method: string, name: string, args: readonly NativeType[], returns: NativeType): Wrappable {
    const place = `NativeLibrary.${method}`;
    if (typeof name !== 'string') throw wrongType(`${place}: argument 1`, 'the name of a symbol', name);
    const symbol = readSymbol(name, new NativeSignature(args, returns).describe());
    return bindSymbol(this.library.handle, name, symbol, place) as Wrappable;
  }

  private find(method: string, name: string): number {
    const place = `NativeLibrary.${method}`;
    if (typeof name !== 'string') throw wrongType(`${place}: argument 1`, 'the name of a symbol', name);
    const names = [
      { from: 'getSymbolPtr: argument 2: ', to: `${place}: argument 1: ` },
      { from: 'getSymbolPtr: ', to: `${place}: ` },
    ];
    return inNamesOf(names, () => native.getSymbolPtr(this.library.handle, name));
  }

  /**
   * Whether the library exports a symbol.
   * @throws Error `ERR_FFI_LIBRARY_CLOSED`.
   */
  has(name: string): boolean {
    try {
      return this.find('has', name) !== 0;
    } catch (error) {
      if (hasCode(error, 'ERR_FFI_SYMBOL_NOT_FOUND')) return false;
      throw error;
    }
  }

  /**
   * The address of an exported function or variable. It is valid until the library is closed.
   * @throws Error `ERR_FFI_SYMBOL_NOT_FOUND`, `ERR_FFI_LIBRARY_CLOSED`.
   */
  address(name: string): number {
    return this.find('address', name);
  }

  /**
   * Closes the library; a second time does nothing. After that, calls of its functions throw, or reject with,
   * `ERR_FFI_LIBRARY_CLOSED`. Calls that have started finish.
   */
  close(): void {
    this.library.close();
  }
}

export interface NativeLibrary extends Closable {}
makeDisposable(NativeLibrary.prototype);
bindWhenRead(NativeLibrary.prototype, ['func', 'asyncFunc', 'has', 'address', 'close']);
