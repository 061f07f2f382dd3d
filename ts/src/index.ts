/**
 * arkffi: calls C libraries from JavaScript, TypeScript and ArkTS.
 *
 * `dlopen` opens a library with the types of its functions, `cdef` one with its declarations in C; `CFunction`, `AsyncCFunction`, `JSCallback`, `CString` and
 * `Struct` work on bare memory; `ffi`, also the default export, is the raw bridge below them.
 */

import type { RawBridge } from './bridge';
import { native } from './native';

export type { Address, BufferLike, CallbackHandle, LibraryHandle, RawBridge } from './bridge';
export { alloc, free, toArrayBuffer } from './alloc';
export type { AllocOptions } from './alloc';
export { Arena } from './arena';
export type { AsyncBatchFunction, BatchFunction } from './batch';
export { JSCallback } from './callback';
export type { CallbackDefinition } from './callback';
export { cdef } from './cdef';
export type { CdefOptions, DeclaredLibrary } from './cdef';
export { CString } from './cstring';
export type { Closable } from './disposable';
export type { Engine } from './engine';
export type { FfiError } from './errors';
export type { ErrorCode } from './errors.generated';
export { AsyncCFunction, CFunction } from './function';
export type {
  AsyncCFunctionConstructor,
  AsyncFunction,
  AsyncVariadicFunction,
  CFunctionConstructor,
  CFunctionDefinition,
  ForeignFunction,
  VariadicFunction,
} from './function';
export { Global } from './globals';
export type { GlobalDefinition } from './globals';
export { dlopen, findLibrary, Library } from './library';
export type {
  ExportedSymbol,
  FunctionDefinition,
  LibraryOptions,
  SymbolDefinition,
  SymbolDefinitions,
  SymbolOf,
  Symbols,
} from './library';
export type { AbortSignalLike, AsyncCallOptions, CallOptions, CancelOptions, PairOf, WithErrno } from './answers';
export { inout, Out, out } from './out';
export type { WithOut } from './answers';
export { Owned, owned } from './owned';
export type { StringTypeName } from './owned';
export type { ForeignSignature, ParameterType, ResultType } from './parameters';
export type { AddressLike } from './pointer';
export type { Signature } from './signature';
export { ArrayView } from './array';
export { read, write } from './readwrite';
export type { ReadFunction, WriteFunction } from './readwrite';
export { readStringArray, StringArray, stringArray, StringBuffer } from './strings';
export { anonymous, Struct, Union } from './struct';
export { Anonymous } from './structfields';
export type {
  BitField,
  FieldInput,
  FieldType,
  FieldValue,
  FieldView,
  MemberField,
  MemberOptions,
  Promoted,
  StructFields,
  StructInit,
  StructInput,
  StructObject,
  StructOptions,
  StructSchema,
  StructValue,
  UnionSchema,
} from './structfields';
export { FFIType } from './types';
export type { ArgumentType, AwaitedCallbackFunction, CallbackFunction, FromC, FunctionSignature, ToC } from './mapping';
export type { CallbackLike, HasPointer, PointerLike } from './pointer';
export type { CodeOf, TypeName, ValueTypeName } from './types';
export { Typed, typed } from './typed';
export type { VariadicArgument } from './typed';
export type { NamedTypes, TypeCode } from './types.generated';

/** The raw bridge: the native module's own functions, with handles, addresses and letters. */
export const ffi: RawBridge = native;

/** Calls a function of a library on a worker thread; it must have been defined with just these types. */
export const callAsync: RawBridge['callAsync'] = native.callAsync;

/** Calls the function at an address on a worker thread. */
export const callPtrAsync: RawBridge['callPtrAsync'] = native.callPtrAsync;

/** The address of a buffer's first byte. The caller keeps the buffer alive while C uses it. */
export const ptr: RawBridge['ptr'] = native.ptr;

export default ffi;
