/** Types that make the compiler refuse unknown keys in the types of callbacks, as `Only` does it. */

import type { ConvertedType } from '../memory/converted_type';
import type { PointerType, StructSchema } from '../struct/fields';
import type { OpaqueType } from '../struct/opaque';
import type { Only } from '../types/exact';
import type { Out } from './out';

/** The types of arguments, without unknown keys. */
type OnlyKnown<A> = { readonly [Index in keyof A]: OnlyKnownIn<A[Index]> };

type OnlyKnownIn<T> = T extends
  string | ConvertedType | StructSchema<any> | PointerType<any> | OpaqueType<any> | Out<any, any>
  ? unknown
  : Only<T, 'args' | 'returns' | 'abi'> & IfKnownArgs<T>;

/** `unknown` if the types of arguments have no unknown keys, otherwise `never`, which nothing is. */
export type IfKnown<A> = [A] extends [OnlyKnown<A>] ? unknown : never;

/** The same for the `args` of a definition. */
export type IfKnownArgs<D> = D extends { readonly args: infer A } ? IfKnown<A> : unknown;
