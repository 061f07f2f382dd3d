/**
 * Functions in data: fields, elements, variables and out-parameters that are pointers to functions. Their types are read,
 * and their functions made, in rooms above this one, which hand the function over that makes the codec.
 */

import { has } from '../base/own';
import type { Codec } from '../memory/codec';

let makeCodec: (type: object, place: string) => Codec;

/** Sets what makes the codec of a function's types. It is done before a program can declare anything. */
export function setFunctionCodec(make: (type: object, place: string) => Codec): void {
  makeCodec = make;
}

/** Whether a type is that of a pointer to a function: `{ args, returns }`. */
export function isFunctionType(type: unknown): type is object {
  return typeof type === 'object' && type !== null && (has(type, 'args') || has(type, 'returns'));
}

/**
 * The codec of a pointer to a function.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`; the message begins with `place`.
 */
export function functionCodecOf(type: object, place: string): Codec {
  return makeCodec(type, place);
}
