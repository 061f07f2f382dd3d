/** Types that make the compiler refuse unknown keys in the types of callbacks, as `Only` does it. */

import type { ConvertedType } from '../memory/converted_type';
import type { PointerType, StructSchema } from '../struct/fields';
import type { OpaqueType } from '../struct/opaque';
import type { Only, Refused } from '../types/exact';
import type { Out } from './out';

/** The types of arguments, without unknown keys. */
type OnlyKnown<A, Named = false> = { readonly [Index in keyof A]: OnlyKnownIn<A[Index], Named> };

type OnlyKnownIn<T, Named> = T extends
  string | ConvertedType | StructSchema<any> | PointerType<any> | OpaqueType<any> | Out<any, any>
  ? unknown
  : Only<T, 'args' | 'returns' | 'abi', Named> & IfKnownArgs<T, Named>;

/**
 * `unknown` if the types of arguments have no unknown keys; otherwise what nothing is: a type that names the keys, or without
 * `Named` `never`.
 */
export type IfKnown<A, Named = true> = [A] extends [OnlyKnown<A>]
  ? unknown
  : Named extends true
    ? Refused<A, OnlyKnown<A, true>>
    : never;

/** The same for a definition with such `args`. */
export type IfKnownIn<A, Named = true> = [A] extends [OnlyKnown<A>]
  ? unknown
  : Named extends true
    ? { readonly args?: Refused<A, OnlyKnown<A, true>> }
    : never;

/** The same for the `args` of a definition. */
export type IfKnownArgs<D, Named = true> = D extends { readonly args: infer A } ? IfKnownIn<A, Named> : unknown;
