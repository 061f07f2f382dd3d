/**
 * The types that only C functions can have, and callbacks cannot: out-parameters, variable arguments, owned strings.
 */

import type { PointerLike } from '../base/pointer';
import type { FieldInput, FieldType, FieldValue } from '../struct/fields';
import type { WithOut } from './answers';
import type { AllToC, ArgumentType, FromC, FunctionSignature, ToC } from './mapping';
import type { Out, OutType } from './out';
import type { Owned } from './owned';
import type { Abi } from './signature';
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
  /**
   * The calling convention. `'ms'` is that of 64-bit Windows, which C code elsewhere asks for by
   * `__attribute__((ms_abi))`; `'sysv'` is that of Linux. Both are known on x86-64 Linux. The platform's own when absent.
   */
  readonly abi?: Abi;
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

export type Returned<R> = R extends Owned<infer T> ? FromC<T> : FromC<R>;

/** The type of the value of an out-parameter. */
type OutValue<T> = T extends Owned<infer S> ? FromC<S> : FieldValue<T>;

/**
 * The types of the values of out-parameters, in the order of the parameters: of those that are declared, and of those
 * that a call passes. `Given` are the arguments of the call.
 */
export type OutsOf<A extends readonly unknown[], Given extends readonly unknown[] = []> = A extends readonly [
  infer First,
  ...infer Rest,
]
  ? First extends '...'
    ? OutsIn<Given>
    : First extends Out<infer T, infer Takes>
      ? [OutValue<T>, ...OutsOf<Rest, Takes extends true ? Behind<Given> : Given>]
      : Given extends readonly [infer Argument, ...infer More]
        ? [...OutsIn<[Argument]>, ...OutsOf<Rest, More>]
        : OutsOf<Rest, []>
  : [];

/** The arguments after the first one. */
type Behind<Given extends readonly unknown[]> = Given extends readonly [unknown, ...infer More] ? More : [];

/** The types of the values of out-parameters that a call passes. */
type OutsIn<Given extends readonly unknown[]> = Given extends readonly [infer First, ...infer Rest]
  ? 0 extends 1 & First // any
    ? OutsIn<Rest>
    : First extends Out<infer T, false> | readonly [Out<infer T, true>, unknown]
      ? [OutValue<T>, ...OutsIn<Rest>]
      : OutsIn<Rest>
  : [];

/** Whether one of the types is a pointer, for which a call may pass an out-parameter. */
export type HasPointers<Args extends readonly unknown[]> = true extends {
  [I in keyof Args]: PointerLike extends Args[I] ? true : false;
}[number]
  ? true
  : false;

/** The arguments of a call that may pass out-parameters for pointers. */
export type WithOuts<Args extends readonly unknown[]> = {
  [I in keyof Args]: PointerLike extends Args[I]
    ? Args[I] | Out<OutType, false> | readonly [type: Out<FieldType, true>, value: unknown]
    : Args[I];
};
