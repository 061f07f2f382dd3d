/** `using lib = dlopen(…)` on the hosts that have it; others lack `Symbol.dispose` and lose only that. */

declare global {
  interface SymbolConstructor {
    /** The method that ends an object at the end of its `using` block. */
    readonly dispose: unique symbol;
  }
}

/** Something that `using` closes. */
export interface Closable {
  /** Ends it. A second time does nothing. */
  close(): void;
  [Symbol.dispose](): void;
}

/** Gives an object, or all objects of a prototype, the method that `using` calls. */
export function makeDisposable(target: { close(): void }): void {
  if (typeof Symbol.dispose !== 'symbol') return;
  Object.defineProperty(target, Symbol.dispose, {
    value(this: { close(): void }): void {
      this.close();
    },
    configurable: true,
    writable: true,
  });
}
