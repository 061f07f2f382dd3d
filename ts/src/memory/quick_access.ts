/** Numbers at addresses, read and written by the engine in use, as it calls C. */

/** The functions of `Scalars` in the native module. Addresses have been checked, and no other code runs meanwhile. */
export interface QuickAccess {
  /** The number at an address; NaN if it has read nothing. */
  readonly load: (address: number, code: number) => number;
  /** Writes a number, and gives 1; 0 if it has written nothing. */
  readonly store: (address: number, value: number, code: number) => number;
}

let open: () => QuickAccess | undefined;

/** Sets what gives the functions. The engines do, which lie in a room above. */
export function openQuickAccessBy(opener: typeof open): void {
  open = opener;
}

/** The functions; undefined if there are none, or not yet. */
export function openQuickAccess(): QuickAccess | undefined {
  return open();
}
