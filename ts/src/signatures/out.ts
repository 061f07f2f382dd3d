/** Out-parameters: pointers that C writes a value through, which the call gives back. */

import type { Codec } from '../memory/codec';
import type { FieldType } from '../struct/fields';
import { codecOf } from '../struct/members';

/** The type of an argument that C writes to, and reads before where it takes a value. Made by `out` and `inout`. */
export class Out<T extends FieldType = FieldType, In extends boolean = boolean> {
  /** How the value is read and written. @internal */
  readonly codec: Codec;

  /** @internal */
  constructor(
    /** The type that C's pointer points to. */
    readonly type: T,
    /** Whether the call takes a first value. */
    readonly takes: In,
  ) {
    this.codec = codecOf(type, takes ? 'inout' : 'out');
    Object.defineProperty(this, 'codec', { enumerable: false });
    Object.freeze(this);
  }
}

/**
 * A pointer that C writes a value of that type through. The call does not take it; what C has written comes back beside
 * the result: `{ value, out: [...] }`, in the order of the arguments. It is zero where C writes nothing.
 *
 * @example
 * const { frexp } = dlopen('libm.so.6', { frexp: { args: ['d', out('i')], returns: 'd' } }).symbols;
 * frexp(40); // { value: 0.625, out: [6] }
 */
export function out<T extends FieldType>(type: T): Out<T, false> {
  return new Out<T, false>(type, false);
}

/**
 * The same, with a first value that the call takes at this place and C may read. Behind `'...'`, where each argument says
 * its type, it is `[inout(type), value]`.
 */
export function inout<T extends FieldType>(type: T): Out<T, true> {
  return new Out<T, true>(type, true);
}
