/**
 * arkffi: calls C libraries from JavaScript, TypeScript and ArkTS.
 *
 * `dlopen` opens a library with the types of its functions, `cdef` with its declarations in C. `CFunction`,
 * `AsyncCFunction`, `JSCallback`, `CString` and `Struct` work with bare addresses. `ffi`, which is also the default
 * export, is the raw bridge on which they are built.
 */

import { endOfCode } from './base/stack'; // the first import: see there
import type { RawBridge } from './host/bridge';
import { native } from './base/native';

export type { Address, BufferLike, CallbackHandle, LibraryHandle, RawBridge, Settings, TextLike } from './host/bridge';
export { alloc, free, toArrayBuffer } from './pointers/alloc';
export type { AllocOptions } from './pointers/alloc';
export { Arena } from './pointers/arena';
export type { AsyncBatchFunction, BatchFunction } from './calls/batch';
import './calls/functions_in_data'; // makes them known to the fields of structs
import './engines/engine'; // adds the engine to the raw bridge
export { JSCallback } from './calls/callback';
export type { AwaitedCallbackDefinition, CallbackDefinition } from './calls/callback';
export { cdef } from './libraries/cdef';
export { parseDeclarations } from './libraries/kept';
export type { CdefOptions, DeclaredLibrary } from './libraries/cdef';
export type { TooManyDeclarations, UnknownSymbols } from './libraries/inferred';
export { CString } from './pointers/c_string';
export type { Closable } from './base/disposable';
export type { Engine } from './engines/engine';
export type { FfiError } from './base/errors';
export type { ErrorCode } from './base/errors.generated';
export { AsyncCFunction, CFunction } from './calls/function';
export type {
  AsyncCFunctionConstructor,
  AsyncFunction,
  AsyncPointerCall,
  AsyncPointerFunction,
  AsyncVariadicCall,
  AsyncVariadicFunction,
  CFunctionConstructor,
  CFunctionDefinition,
  ForeignFunction,
  LooseAsyncFunction,
  LooseFunction,
  PointerCall,
  PointerFunction,
  VariadicCall,
  VariadicFunction,
} from './calls/function';
export { Global } from './libraries/globals';
export type { GlobalDefinition } from './libraries/globals';
export { suffix } from './host/host';
export { LinkedFunctions, linkSymbols } from './libraries/link';
export type { LinkedDefinition, LinkedSymbols } from './libraries/link';
export type { FileUrl, LibraryPath } from './libraries/path';
export { dlopen, findLibrary, Library } from './libraries/library';
export type {
  ExportedSymbol,
  FunctionDefinition,
  LibraryOptions,
  SymbolDefinition,
  SymbolDefinitions,
  SymbolOf,
  Symbols,
} from './libraries/library';
export type {
  AbortSignalLike,
  AsyncCallOptions,
  AsyncErrnoOptions,
  CallOptions,
  CancelOptions,
  ErrnoOptions,
  PairOf,
  SetErrno,
  WithErrno,
} from './signatures/answers';
export { callbackType } from './signatures/callback_type';
export type { CallbackType } from './signatures/callback_type';
export { inout, Out, out } from './signatures/out';
export type { WithOut } from './signatures/answers';
export { Owned, owned } from './signatures/owned';
export type { OwnedType, StringType, StringTypeName } from './signatures/owned';
export type { ForeignSignature, ParameterType, ResultType } from './signatures/parameters';
export type { AddressLike } from './base/pointer';
export type { Abi, Signature } from './signatures/signature';
export { ArrayView } from './memory/array';
export type { CharArray } from './memory/array';
export { complexDouble, complexFloat } from './memory/complex';
export type { Complex } from './memory/complex';
export { ConvertedType } from './memory/converted_type';
export { longDouble, longDoubleBytes } from './memory/long_double';
export { enumType } from './memory/enumeration';
export type { EnumOptions, EnumType, EnumValues } from './memory/enumeration';
export { text } from './memory/encoded_text';
export { int128, uint128 } from './memory/wide_integer';
export type { EncodedText, TextTypeOf } from './memory/encoded_text';
export { callBySigAsArrayBuffer } from './pointers/raw_call';
export { read, write } from './pointers/read_write';
export type { ReadFunction, WriteFunction } from './pointers/read_write';
export { readText } from './pointers/read_text';
export type { ReadTextOptions } from './pointers/read_text';
export { deref, Ref, ref } from './pointers/ref';
export { readStringArray, StringArray, stringArray, StringBuffer } from './pointers/strings';
export { anonymous, releasePtr, Struct, Union } from './struct/struct';
export { Pointee, PointerView } from './memory/pointee';
export { Handle, opaque, OpaqueType } from './struct/opaque';
export { pointerTo } from './struct/pointers';
export { Anonymous, StructSchema } from './struct/fields';
export type {
  BitField,
  FieldInput,
  FieldType,
  FieldValue,
  FieldView,
  MemberField,
  MemberOptions,
  FunctionType,
  PointedFunction,
  PointedValue,
  PointerInput,
  PointerType,
  Promoted,
  StructFields,
  StructInit,
  StructInput,
  StructObject,
  StructOptions,
  StructSchemaConstructor,
  StructValue,
  StructValueBase,
  UnionSchema,
} from './struct/fields';
export { NativeCallback } from './strict/native_callback';
export { NativeLibrary } from './strict/native_library';
export { NativeField, NativeStruct } from './strict/native_struct';
export type { NativeFieldType } from './strict/native_struct';
export { NativeSignature } from './strict/native_type';
export type { NativeType } from './strict/native_type';
export { FFIType } from './types/types';
export type {
  ArgumentType,
  CallbackArgumentType,
  AwaitedCallbackFunction,
  CallbackFunction,
  FromC,
  FunctionSignature,
  ToC,
} from './signatures/mapping';
export type { CallbackLike, HasPointer, PointerLike } from './base/pointer';
export type { CodeOf, TypeName, ValueTypeName } from './types/types';
export { Typed, typed } from './signatures/typed';
export type { VariadicArgument } from './signatures/typed';
export type { NamedTypes, TypeCode } from './types/types.generated';

/** The raw bridge: the native module's functions, which take handles, addresses and letters. */
export const ffi: RawBridge = native;

/** Calls a function of a library on a worker thread. `ffi.defineFunction` must have been given exactly these types. */
export const callAsync: RawBridge['callAsync'] = native.callAsync;

/** Calls the C function at an address on a worker thread. */
export const callPtrAsync: RawBridge['callPtrAsync'] = native.callPtrAsync;

/**
 * The address of a buffer's first byte, or of any other object that has one. The caller keeps the object alive for as
 * long as C uses the address.
 */
export const ptr: RawBridge['ptr'] = native.ptr;

export default ffi;

endOfCode(new Error()); // the last line of arkffi's code
