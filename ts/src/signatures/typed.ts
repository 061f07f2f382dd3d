/** Values with their C type, for variable arguments. */

import type { CallbackLike, PointerLike } from '../base/pointer';
import type { ConvertedType } from '../memory/converted_type';
import type { EncodedText } from '../memory/encoded_text';
import type { ValueTypeName } from '../types/types';
import type { FieldType, StructSchema } from '../struct/fields';
import type { FunctionSignature, ToC } from './mapping';
import type { Out, OutType } from './out';

/** A value with its C type, for a variable argument. */
export class Typed<T extends ValueTypeName | ConvertedType | StructSchema<any> = ValueTypeName> {
  constructor(
    readonly type: T,
    readonly value: ToC<T>,
  ) {
    Object.freeze(this);
  }
}

/** Gives a value a C type: `printf('%d\n', typed('int', 7))` is the same as `printf('%d\n', ['int', 7])`. */
export function typed<T extends ValueTypeName | ConvertedType | StructSchema<any>>(type: T, value: ToC<T>): Typed<T> {
  return new Typed(type, value);
}

/** A type that JavaScript converts and that is no text: what its values are is not known here. */
type OtherConverted = ConvertedType & { readonly encoding?: undefined };

/** The type of a variable argument. */
export type VariadicArgument =
  | { readonly [T in ValueTypeName]: readonly [type: T, value: ToC<T>] }[ValueTypeName]
  | { readonly [T in ValueTypeName]: Typed<T> }[ValueTypeName]
  | readonly [type: EncodedText, value: string | PointerLike]
  | readonly [type: OtherConverted, value: unknown]
  | readonly [type: StructSchema<any>, value: object]
  | Out<OutType, false>
  | readonly [type: Out<FieldType, true>, value: unknown]
  | Typed<ConvertedType>
  | Typed<StructSchema<any>>
  | readonly [type: FunctionSignature, value: CallbackLike | ((...args: any[]) => unknown)];
