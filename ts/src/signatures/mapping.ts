/** What TypeScript makes of the types of a function: what JavaScript passes for each, and what it gets. */

import type { BufferLike } from '../host/bridge';
import type { StructInit, StructInput, StructSchema, StructValue } from '../struct/fields';
import type { CallbackLike } from '../base/pointer';
import type { CodeOf, TypeName, ValueTypeName } from '../types/types';
import type { ArgumentTypes, ResultTypes } from '../types/types.generated';

/** The types of a C function: what it takes and what it gives. */
export interface FunctionSignature {
  /** The type of each argument, in order. None when absent. */
  readonly args?: readonly [] | readonly ArgumentType[]; // the empty list makes TypeScript infer tuples
  /** The type of the result. `void` when absent. */
  readonly returns?: TypeName | StructSchema<any>;
}

/**
 * The type of an argument; a callback may be written as its own signature, and is then passed a plain function. A struct
 * is passed by value.
 */
export type ArgumentType = ValueTypeName | StructSchema<any> | FunctionSignature;

/** The `returns` of a signature. */
export type ReturnsOf<S> = S extends { readonly returns: infer R } ? R : 'v';

/** What JavaScript passes for a type. */
export type ToC<T> = T extends TypeName
  ? ArgumentTypes[CodeOf<T>]
  : T extends StructSchema<infer F>
    ? StructValue<F> | (T extends { readonly isUnion: true } ? StructInit<F> : StructInput<F>) | BufferLike
    : T extends FunctionSignature
      ? CallbackLike | CallbackOf<T>
      : never;

/** What JavaScript gets for a type. */
export type FromC<T> = T extends TypeName
  ? ResultTypes[CodeOf<T>]
  : T extends StructSchema<infer F>
    ? StructValue<F>
    : T extends FunctionSignature
      ? number
      : never;

/** What JavaScript passes for a list of types. */
export type AllToC<A extends readonly unknown[]> = { -readonly [I in keyof A]: ToC<A[I]> };

/** What JavaScript gets for a list of types. */
type AllFromC<A extends readonly unknown[]> = { -readonly [I in keyof A]: FromC<A[I]> };

/** A JavaScript function that C may call: there C passes the arguments and takes the result. */
export type CallbackFunction<A extends readonly unknown[], R> = (
  ...args: AllFromC<A>
) => R extends ValueTypeName | StructSchema<any> ? ToC<R> : void;

/** One that may also answer with a Promise, for which a thread can wait. */
export type AwaitedCallbackFunction<A extends readonly unknown[], R> = (
  ...args: AllFromC<A>
) => ReturnType<CallbackFunction<A, R>> | Promise<ReturnType<CallbackFunction<A, R>>>;

/** The `CallbackFunction` of a signature. */
type CallbackOf<S> = S extends { readonly args: infer A extends readonly unknown[] }
  ? CallbackFunction<A, ReturnsOf<S>>
  : CallbackFunction<[], ReturnsOf<S>>;
