/** The types of a C function as letters. */

/**
 * A calling convention of x86-64 other than the platform's own: Microsoft's, or System V's. On Linux System V's is the
 * platform's.
 */
export type Abi = 'ms' | 'sysv';

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
    /** The calling convention; undefined for the platform's own. */
    readonly abi?: Abi,
  ) {
    Object.freeze(args);
    Object.freeze(this);
  }

  /** The arguments as one text, with the calling convention before them: `dd`, `<ms>dd`. @internal */
  get parameters(): string {
    return `${this.abi === undefined ? '' : `<${this.abi}>`}${this.args.join('')}`;
  }

  /** The whole signature as text: `(dd)d`, or `(<ms>dd)d`. */
  toString(): string {
    return `(${this.parameters})${this.returns}`;
  }
}
