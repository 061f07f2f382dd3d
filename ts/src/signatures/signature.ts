/** The types of a C function as the native module takes them. */

/** The types of a C function, resolved. */
export class Signature {
  constructor(
    /**
     * The letter of each argument; a callback that names its own signature is written out, as in `k(pp)i`, `'...'` is
     * a dot, an out-parameter is the pointer that C takes, and a struct by value is its fields, `{dd}`.
     */
    readonly args: readonly string[],
    /** The letter of the result, or a struct's fields. */
    readonly returns: string,
  ) {
    Object.freeze(args);
    Object.freeze(this);
  }

  /** All of it as text: `(dd)d`. */
  toString(): string {
    return `(${this.args.join('')})${this.returns}`;
  }
}
