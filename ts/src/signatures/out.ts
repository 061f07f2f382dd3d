/** Out-parameters: pointers through which C writes a value that the call returns. */

import type { Codec } from '../memory/codec';
import type { FieldType } from '../struct/fields';
import { codecOf } from '../struct/members';
import { defineOwn } from '../base/own';

/**
 * The type of a pointer parameter through which C writes a value. C may read a first value if the call takes one. Made
 * by `out` and `inout`.
 */
export class Out<T extends FieldType = FieldType, In extends boolean = boolean> {
  /** Reads and writes the value. @internal */
  readonly codec: Codec;

  /** @internal */
  constructor(
    /** The type of the value. */
    readonly type: T,
    /** Whether the call takes a first value. */
    readonly takes: In,
  ) {
    this.codec = codecOf(type, takes ? 'inout' : 'out');
    defineOwn(this, 'codec', { enumerable: false });
    Object.freeze(this);
  }
}

/**
 * A pointer parameter through which C writes a value of that type. The call takes no argument for it, and returns what
 * C has written: `{ value, out: [...] }`, in the order of the parameters. The value is zero if C writes nothing.
 *
 * @example
 * const { frexp } = dlopen('libm.so.6', { frexp: { args: ['d', out('i')], returns: 'd' } }).symbols;
 * frexp(40); // { value: 0.625, out: [6] }
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for an unknown type.
 */
export function out<T extends FieldType>(type: T): Out<T, false> {
  return new Out<T, false>(type, false);
}

/**
 * An out-parameter with a first value: the call takes an argument for it, which C may read. As a variable argument,
 * which must say its type, it is `[inout(type), value]`.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for an unknown type.
 */
export function inout<T extends FieldType>(type: T): Out<T, true> {
  return new Out<T, true>(type, true);
}
