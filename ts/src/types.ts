/** The types of a signature: what each is to TypeScript, and which letter it is to the native module. */

import type { Address, BufferLike } from './bridge';
import { describe, ffiError, suggestion } from './errors';
import { native } from './native';
import type { StructInit, StructInput, StructSchema, StructValue } from './struct';
import { namedTypes, typeFacts } from './types.generated';
import type { ArgumentTypes, NamedTypes, ResultTypes, TypeCode } from './types.generated';

/** Anything that stands for a place in memory: a symbol, `CFunction`, `JSCallback`, `CString` or `Struct` value. */
export interface HasPointer {
  readonly ptr: Address;
}

/**
 * What may be passed for a pointer. C sees the address, or the first byte of the buffer (its `byteOffset` counted);
 * `null` is NULL. C may use a buffer until the call returns, or until the Promise of an async call settles; whoever
 * lets C keep the address longer keeps the buffer alive.
 */
export type PointerLike = Address | BufferLike | HasPointer | null;

/** What may be passed for a C function pointer. It must stay open for as long as C may call it. */
export type CallbackLike = Address | HasPointer | null;

/** A type as users write it: its letter or any of its names. */
export type TypeName = TypeCode | keyof NamedTypes;

/** A type that has values. */
export type ValueTypeName = Exclude<TypeName, 'v' | 'void'>;

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

/** The letter of a type. */
export type CodeOf<T extends TypeName> = T extends TypeCode ? T : T extends keyof NamedTypes ? NamedTypes[T] : never;

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
export type AllFromC<A extends readonly unknown[]> = { -readonly [I in keyof A]: FromC<A[I]> };

/** A JavaScript function that C may call: there C passes the arguments and takes the result. */
export type CallbackFunction<A extends readonly unknown[], R> = (
  ...args: AllFromC<A>
) => R extends ValueTypeName | StructSchema<any> ? ToC<R> : void;

/** One that may also answer with a Promise, for which a thread can wait. */
export type AwaitedCallbackFunction<A extends readonly unknown[], R> = (
  ...args: AllFromC<A>
) => ReturnType<CallbackFunction<A, R>> | Promise<ReturnType<CallbackFunction<A, R>>>;

/** The `CallbackFunction` of a signature. */
export type CallbackOf<S> = S extends { readonly args: infer A extends readonly unknown[] }
  ? CallbackFunction<A, ReturnsOf<S>>
  : CallbackFunction<[], ReturnsOf<S>>;

/**
 * Every type under every usual name; each is the letter that signatures are made of. `FFIType.long`, `ulong` and
 * `wchar` are the letter of the integer type that the platform's C compiler makes of them.
 */
export const FFIType: NamedTypes = Object.freeze({ ...namedTypes, ...native.platformTypes }) as NamedTypes;

/** A letter by its name, and by itself. Without a prototype: 'constructor' names no type. */
const codes: { readonly [name: string]: TypeCode } = Object.assign(Object.create(null), FFIType);
for (const code of Object.keys(typeFacts)) (codes as { [name: string]: string })[code] = code;

/** The letter of a type that a user wrote; `place` says where, for the message. */
export function codeOf(type: unknown, place: string): TypeCode {
  if (typeof type !== 'string') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected a type, got ${describe(type)}`);
  }
  const code = codes[type];
  if (code !== undefined) return code;
  if (type === '...') throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: '...' stands for arguments alone`);
  const near = suggestion(type, Object.keys(FFIType));
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown type ${describe(type)}${near}`);
}

/** The letter of a type that must have values, as arguments and the fields of a struct do. */
export function valueCodeOf(type: unknown, place: string): Exclude<TypeCode, 'v'> {
  const code = codeOf(type, place);
  if (code === 'v') throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: void has no values, so it can only be returned`);
  return code;
}
