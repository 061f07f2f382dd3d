/** The types of a C function as letters. */

/** The types of a C function as letters, which the native module reads. It never changes. */
export class Signature {
  constructor(
    /**
     * The letters of each argument. A callback with declared types is written out, as in `k(pp)i`; `'...'` is a dot; an
     * out-parameter is a pointer; a struct by value is its layout, `{dd}`.
     */
    readonly args: readonly string[],
    /** The letters of the result. */
    readonly returns: string,
  ) {
    Object.freeze(args);
    Object.freeze(this);
  }

  /** The whole signature as text: `(dd)d`. */
  toString(): string {
    return `(${this.args.join('')})${this.returns}`;
  }
}
