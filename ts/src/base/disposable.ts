/** `using lib = dlopen(…)`. JavaScript engines without `Symbol.dispose` lack only this. */

import { defineOwn } from './own';

declare global {
  interface SymbolConstructor {
    /** The key of the method that `using` calls at the end of its block. */
    readonly dispose: unique symbol;
  }
}

/** An object that `using` can close. */
export interface Closable {
  /** Closes it. A second time does nothing. */
  close(): void;
  [Symbol.dispose](): void;
}

/** Adds the method that `using` calls, to one object or to a prototype. */
export function makeDisposable(target: { close(): void }): void {
  if (typeof Symbol.dispose !== 'symbol') return;
  defineOwn(target, Symbol.dispose, {
    value(this: { close(): void }): void {
      this.close();
    },
    configurable: true,
    writable: true,
  });
}
