/** What a host gives that can call C functions by itself. */

/** Calls C. It converts its arguments as the host does, which checks little. */
export type HostFunction = (...args: any[]) => any;

/** The host's own way of calling C, for hosts that call any address. */
export interface HostCalls {
  /** The name of the engine that uses it. */
  readonly name: 'bun';
  /**
   * A function for the C function at an address, whose types are letters as in a signature; undefined if the host has
   * none for them. An argument `p` may be a number, null, a typed array or a DataView; the other arguments are what the
   * engine has checked. A result of 64 bits is a bigint where a number would not be exact, and may be one elsewhere.
   */
  functionAt(address: number | bigint, args: readonly string[], returns: string): HostFunction | undefined;
  /**
   * A function that passes the size in bytes of a typed array or DataView, 0 for one that is detached or out of bounds,
   * to a C function that returns its argument; undefined if the host has none.
   */
  sizeThrough(echo: number | bigint): ((view: ArrayBufferView) => number) | undefined;
}

/** A type of an argument or result in a `SymbolCalls`. A `buffer` is passed as the address of its bytes. */
export type SymbolType = 'i32' | 'f32' | 'f64' | 'buffer' | 'void';

/** The host's own way of calling C, for hosts that call symbols of libraries only. */
export interface SymbolCalls {
  /** The name of the engine that uses it. */
  readonly name: 'deno';
  /**
   * A function for a symbol of the library at that path, which it looks up now. undefined if the host refuses. The
   * library stays loaded by other means.
   */
  functionOf(path: string, symbol: string, args: readonly SymbolType[], returns: SymbolType): HostFunction | undefined;
}
