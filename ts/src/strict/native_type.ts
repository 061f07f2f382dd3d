/** The types of C functions and callbacks, as the strict layer writes them: by classes, with nothing to infer. */

import { listOf } from '../base/lists';
import type { ConvertedType } from '../memory/converted_type';
import type { ArgumentType } from '../signatures/mapping';
import type { TypeName } from '../types/types';
import { NativeStruct } from './native_struct';

/** A type of C: a letter or name of `FFIType`, one that JavaScript converts, a struct by value, or the types of a callback. */
export type NativeType = TypeName | ConvertedType | NativeStruct<any> | NativeSignature;

/** The types of a C function or callback. */
export class NativeSignature {
  /**
   * @param args The type of each argument, in order.
   * @param returns The type of the result. `void` when absent.
   */
  constructor(
    readonly args: readonly NativeType[],
    readonly returns: NativeType = 'void',
  ) {}

  /** The same types as `dlopen` and `JSCallback` take them. @internal */
  describe(): { readonly args: ArgumentType[]; readonly returns: any } {
    const { args, returns } = this;
    const types = Array.isArray(args) ? listOf(args.length, (i) => plainType(args[i])) : (args as any);
    return { args: types, returns: plainType(returns) };
  }
}

/** A type as the rest of arkffi writes it. What is no type stays what it is, and is refused where it is read. */
export function plainType(type: NativeType): any {
  if (type instanceof NativeStruct) return type.schema;
  return type instanceof NativeSignature ? type.describe() : type;
}
