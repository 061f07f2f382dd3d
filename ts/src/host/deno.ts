/** How Deno itself calls C: by Deno.dlopen. */

import { isGranted } from './builtin';
import type { HostFunction, SymbolCalls, SymbolType } from './calls';

interface DenoSymbol {
  readonly name: string;
  readonly parameters: readonly SymbolType[];
  readonly result: SymbolType;
}

interface DenoLike {
  dlopen?(
    path: string,
    symbols: { readonly f: DenoSymbol },
  ): { readonly symbols: { readonly f: HostFunction }; close(): void };
}

const { Deno: deno } = globalThis as { Deno?: DenoLike };
const dlopen = deno?.dlopen;

/** Deno's own way of calling C; undefined in other hosts. */
export const denoCalls: SymbolCalls | undefined =
  typeof dlopen === 'function'
    ? {
        name: 'deno',
        functionOf: (path, name, parameters, result) => {
          try {
            if (!isGranted({ name: 'ffi', path })) return undefined;
            const library = dlopen(path, { f: { name, parameters, result } });
            // Closing it frees only the handle: a function of Deno's has what it needs.
            library.close();
            return library.symbols.f;
          } catch {
            return undefined; // where a symbol is missing, or a type
          }
        },
      }
    : undefined;
