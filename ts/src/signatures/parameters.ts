/** What the declaration of a C function may have beyond that of a callback, and what becomes of it in TypeScript. */

import type { WithOut } from './answers';
import type { FieldInput, FieldValue } from '../struct/fields';
import type { AllToC, ArgumentType, FromC, FunctionSignature, ToC } from './mapping';
import type { Out } from './out';
import type { Owned } from './owned';
import type { VariadicArgument } from './typed';

/** The type of an argument of a C function. `'...'` comes last: the types behind it come with each call. */
export type ParameterType = ArgumentType | Out<any, any> | '...';

/** The type of the result of a C function. */
export type ResultType = NonNullable<FunctionSignature['returns']> | Owned;

/** The types of a C function. */
export interface ForeignSignature {
  /** The type of each argument, in order. None when absent. */
  readonly args?: readonly [] | readonly ParameterType[]; // the empty list makes TypeScript infer tuples
  /** The type of the result. `void` when absent. */
  readonly returns?: ResultType;
}

/** What JavaScript passes for the arguments of a C function. */
export type ArgumentsOf<A extends readonly unknown[]> =
  Extract<A[number], Out<any, any> | '...'> extends never ? AllToC<A> : Taken<A>;

type Taken<A extends readonly unknown[]> = A extends readonly [infer First, ...infer Rest]
  ? First extends '...'
    ? VariadicArgument[]
    : First extends Out<infer T, infer Takes>
      ? Takes extends true
        ? [FieldInput<T>, ...Taken<Rest>]
        : Taken<Rest>
      : [ToC<First>, ...Taken<Rest>]
  : [];

/** What JavaScript gets from a C function. */
export type ResultOf<A extends readonly unknown[], R> =
  Extract<A[number], Out<any, any>> extends never ? Returned<R> : WithOut<Returned<R>, OutsOf<A>>;

type Returned<R> = R extends Owned<infer T> ? FromC<T> : FromC<R>;

/** What comes back for the out-parameters among arguments that say their type. */
export type OutsIn<Extra extends readonly unknown[]> = Extra extends readonly [infer First, ...infer Rest]
  ? First extends Out<infer T, false> | readonly [Out<infer T, true>, unknown]
    ? [FieldValue<T>, ...OutsIn<Rest>]
    : OutsIn<Rest>
  : [];

/** What comes back for the out-parameters among declared arguments. */
export type OutsOf<A extends readonly unknown[]> = A extends readonly [infer First, ...infer Rest]
  ? First extends Out<infer T, any>
    ? [FieldValue<T>, ...OutsOf<Rest>]
    : OutsOf<Rest>
  : [];
