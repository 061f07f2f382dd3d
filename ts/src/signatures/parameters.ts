/**
 * The types that only C functions can have, and callbacks cannot: out-parameters, variable arguments, owned strings.
 */

import type { FieldInput, FieldValue } from '../struct/fields';
import type { WithOut } from './answers';
import type { AllToC, ArgumentType, FromC, FunctionSignature, ToC } from './mapping';
import type { Out } from './out';
import type { Owned } from './owned';
import type { VariadicArgument } from './typed';

/**
 * The type of a parameter of a C function. `'...'` comes last: each call then gives the types of its further arguments.
 */
export type ParameterType = ArgumentType | Out<any, any> | '...';

/** The type of the result of a C function. */
export type ResultType = NonNullable<FunctionSignature['returns']> | Owned;

/** The types of a C function. */
export interface ForeignSignature {
  /** The type of each argument, in order. No arguments when absent. */
  readonly args?: readonly [] | readonly ParameterType[]; // the empty list makes TypeScript infer tuples
  /** The type of the result. `void` when absent. */
  readonly returns?: ResultType;
}

/**
 * The types of the arguments that JavaScript passes to a C function. They are not known if the list of types is not a
 * literal and may have out-parameters.
 */
export type ArgumentsOf<A extends readonly unknown[]> =
  Extract<A[number], Out<any, any> | '...'> extends never ? AllToC<A> : number extends A['length'] ? any[] : Taken<A>;

type Taken<A extends readonly unknown[]> = A extends readonly [infer First, ...infer Rest]
  ? First extends '...'
    ? VariadicArgument[]
    : First extends Out<infer T, infer Takes>
      ? Takes extends true
        ? [FieldInput<T>, ...Taken<Rest>]
        : Taken<Rest>
      : [ToC<First>, ...Taken<Rest>]
  : [];

/** The type of the result that JavaScript gets from a C function. */
export type ResultOf<A extends readonly unknown[], R> =
  Extract<A[number], Out<any, any>> extends never
    ? Returned<R>
    : number extends A['length']
      ? any
      : WithOut<Returned<R>, OutsOf<A>>;

type Returned<R> = R extends Owned<infer T> ? FromC<T> : FromC<R>;

/** The types of the values of out-parameters among variable arguments. */
export type OutsIn<Extra extends readonly unknown[]> = Extra extends readonly [infer First, ...infer Rest]
  ? First extends Out<infer T, false> | readonly [Out<infer T, true>, unknown]
    ? [FieldValue<T>, ...OutsIn<Rest>]
    : OutsIn<Rest>
  : [];

/** The types of the values of out-parameters among declared parameters. */
export type OutsOf<A extends readonly unknown[]> = A extends readonly [infer First, ...infer Rest]
  ? First extends Out<infer T, any>
    ? [FieldValue<T>, ...OutsOf<Rest>]
    : OutsOf<Rest>
  : [];
