/** The TypeScript types of arguments and results. */

import type { BufferLike } from '../host/bridge';
import type { CallbackLike } from '../base/pointer';
import type { CodeOf, TypeName, ValueTypeName } from '../types/types';
import type { ArgumentTypes, ResultTypes } from '../types/types.generated';
import type {
  PointedValue,
  PointerInput,
  PointerType,
  StructInit,
  StructInput,
  StructSchema,
  StructValue,
} from '../struct/fields';
import type { Handle, OpaqueType } from '../struct/opaque';
import type { Abi } from './signature';

/** The types of a callback: its arguments and its result. */
export interface FunctionSignature {
  /** The type of each argument, in order. No arguments when absent. */
  readonly args?: readonly [] | readonly ArgumentType[]; // the empty list makes TypeScript infer tuples
  /** The type of the result. `void` when absent. */
  readonly returns?: TypeName | StructSchema<any> | PointerType<any> | OpaqueType<any>;
  /** The calling convention. The platform's own when absent. */
  readonly abi?: Abi;
}

/**
 * The type of an argument. A callback may be declared by its own types; a plain function may then be passed for it. A
 * struct is passed by value.
 */
export type ArgumentType = ValueTypeName | StructSchema<any> | PointerType<any> | OpaqueType<any> | FunctionSignature;

/** The `returns` of a signature; `'v'` when absent. */
export type ReturnsOf<S> = S extends { readonly returns: infer R } ? R : 'v';

/** The type of a value that JavaScript passes to C. */
export type ToC<T> = T extends TypeName
  ? ArgumentTypes[CodeOf<T>]
  : T extends StructSchema<infer F>
    ? StructValue<F> | (T extends { readonly isUnion: true } ? StructInit<F> : StructInput<F>) | BufferLike
    : T extends PointerType<infer To>
      ? PointerInput<To>
      : T extends OpaqueType<infer Name>
        ? Handle<Name> | null
        : T extends FunctionSignature
          ? CallbackLike | CallbackOf<T>
          : never;

/** The type of a value that JavaScript gets from C. */
export type FromC<T> = T extends TypeName
  ? ResultTypes[CodeOf<T>]
  : T extends StructSchema<infer F>
    ? StructValue<F>
    : T extends PointerType<infer To>
      ? PointedValue<To> | null
      : T extends OpaqueType<infer Name>
        ? Handle<Name> | null
        : T extends FunctionSignature
          ? number
          : never;

/** The types of values that JavaScript passes for a list of types. */
export type AllToC<A extends readonly unknown[]> = { -readonly [I in keyof A]: ToC<A[I]> };

/** The types of values that JavaScript gets for a list of types. */
type AllFromC<A extends readonly unknown[]> = { -readonly [I in keyof A]: FromC<A[I]> };

/** A JavaScript function that C may call: its parameters are what C passes, and its result goes to C. */
export type CallbackFunction<A extends readonly unknown[], R> = (
  ...args: AllFromC<A>
) => R extends ValueTypeName | StructSchema<any> | PointerType<any> | OpaqueType<any> ? ToC<R> : void;

/** A `CallbackFunction` that may also return a Promise, for which a thread can wait. */
export type AwaitedCallbackFunction<A extends readonly unknown[], R> = (
  ...args: AllFromC<A>
) => ReturnType<CallbackFunction<A, R>> | Promise<ReturnType<CallbackFunction<A, R>>>;

/** The `CallbackFunction` of a signature. */
type CallbackOf<S> = S extends { readonly args: infer A extends readonly unknown[] }
  ? CallbackFunction<A, ReturnsOf<S>>
  : CallbackFunction<[], ReturnsOf<S>>;
