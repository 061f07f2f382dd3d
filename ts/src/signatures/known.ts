/**
 * What was made for the same types before. A library of many functions has few kinds of them, so most definitions need no
 * declaration of their own.
 */

/** What is known of all lists of types that begin in the same way. Types are compared as the program has written them. */
export class Known<D> {
  private readonly longer = new Map<unknown, Known<D>>();
  /** What was made for these types and no more. */
  made: D | undefined;

  constructor(readonly types: readonly unknown[]) {}

  /** The same with one type more; undefined if there is none. */
  with(type: unknown): Known<D> | undefined {
    return this.longer.get(type);
  }

  add(type: unknown, types: readonly unknown[]): Known<D> {
    let known = this.longer.get(type);
    if (known === undefined) this.longer.set(type, (known = new Known<D>(types)));
    return known;
  }
}

/** When more is kept, which no library needs, all is forgotten. */
const MOST_KEPT = 2000;

/** What was made, by the calling convention, the type of the result, and those of the arguments. */
export class KnownTypes<D> {
  private first = new Known<D>([]);
  private count = 0;

  /** What is known of all that have this result. */
  with(returns: unknown, abi: unknown): Known<D> | undefined {
    return this.first.with(abi)?.with(returns);
  }

  keep(made: D, types: readonly unknown[], returns: unknown, abi: unknown): void {
    if (this.count === MOST_KEPT) this.first = new Known<D>([]);
    this.count = this.count === MOST_KEPT ? 1 : this.count + 1;
    let at = this.first.add(abi, []).add(returns, []);
    types.forEach((type, i) => void (at = at.add(type, types.slice(0, i + 1))));
    at.made = made;
  }
}
