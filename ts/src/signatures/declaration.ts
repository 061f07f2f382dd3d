/**
 * Declarations: the types that a program writes for a C function or callback. They are read once, and then handed on.
 */

import { describe, ffiError } from '../base/errors';
import { append, optionIn } from '../base/own';
import { ConvertedType } from '../memory/converted_type';
import { keyHint, noSignature } from '../types/hints';
import { codeOf, valueCodeOf } from '../types/types';
import { isFunctionType } from '../struct/function_type';
import { Schema } from '../struct/schema';
import { TypedPointer } from '../struct/typed_pointer';
import { KnownTypes } from './known';
import { Out } from './out';
import { Owned, ownedPointer } from './owned';
import { Signature } from './signature';
import type { Abi } from './signature';

/**
 * The type of an argument: a name or letter, `'...'`, a type that JavaScript converts, a struct by value, a typed pointer,
 * an out-parameter, or the types of a callback.
 */
export type DeclaredArgument = string | ConvertedType | Schema<any> | TypedPointer | Out | Declaration;

/** The type of a result; undefined if the definition has none, which means `void`. */
type DeclaredResult = string | ConvertedType | Schema<any> | TypedPointer | Owned<any> | undefined;

const NO_NAMES: readonly (string | null)[] = Object.freeze([]);

/**
 * The types of a C function or callback. The definition that they were read from is not read again, so all that is made
 * from it has the same types, even if it has getters or is changed.
 */
export class Declaration {
  /** Whether the result, an argument, or a callback's result or argument is a struct, or passed as the bytes of one. */
  readonly hasStructs: boolean;
  /** The same for typed pointers. */
  readonly hasPointers: boolean;
  /** The same for types that JavaScript converts. */
  readonly hasConverted: boolean;
  /** Whether all types have names, so that a definition of the same types means the same. */
  readonly isPlain: boolean;

  constructor(
    readonly args: readonly DeclaredArgument[],
    readonly returns: DeclaredResult,
    /** The same types as letters, for the native module. */
    readonly signature: Signature,
    /** The names of the parameters of a C function, where they are known. */
    readonly names: readonly (string | null)[] = NO_NAMES,
  ) {
    const has = (type: unknown): boolean =>
      type instanceof Schema ||
      (type instanceof ConvertedType && type.hasBytes) ||
      (type instanceof Declaration && type.hasStructs);
    this.hasStructs = has(returns) || args.some(has);
    const leads = (type: unknown): boolean =>
      type instanceof TypedPointer ||
      ownedPointer(type) !== undefined ||
      (type instanceof Declaration && type.hasPointers);
    this.hasPointers = leads(returns) || args.some(leads);
    const isConverted = (type: unknown): boolean =>
      convertedIn(type) !== undefined || (type instanceof Declaration && type.hasConverted);
    this.hasConverted = isConverted(returns) || args.some(isConverted);
    const isNamed = (type: unknown): boolean => typeof type === 'string';
    this.isPlain = names === NO_NAMES && (returns === undefined || isNamed(returns)) && args.every(isNamed);
  }

  /** Whether a value has to be converted before the native module gets it, or after it has given it. */
  get converts(): boolean {
    return this.hasStructs || this.hasPointers || this.hasConverted;
  }
}

/** The type that JavaScript converts, if that is what a type is, owned or not. */
export function convertedIn(type: unknown): ConvertedType | undefined {
  const own: unknown = type instanceof Owned ? type.type : type;
  return own instanceof ConvertedType ? own : undefined;
}

/** How messages name an argument of a C function: `'write: argument 2 (data)'`. */
export function argumentPlace(fn: string, index: number, names: readonly (string | null)[]): string {
  const name = names[index] ?? '';
  return `${fn}: argument ${index + 1}${name === '' ? '' : ` (${name})`}`;
}

/**
 * The deepest nesting of callbacks that the native module accepts. It also ends the reading of a definition that
 * contains itself.
 */
const MAX_NESTING = 12;

/**
 * Reads `args`, `returns` and `abi` of a C function, each of them once. `place` begins messages; `names` are those of
 * the parameters.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`.
 */
export function readDeclaration(definition: unknown, place: string, names?: readonly (string | null)[]): Declaration {
  return readTypes(definition, place, 0, names);
}

/** A definition that says nothing but types. */
export interface OnlyTypes {
  readonly args: unknown;
  readonly returns: unknown;
}

/**
 * Whether a definition of a symbol is one of a function that has `args` and `returns` and nothing else, as most have. It
 * runs no getter. These need not be asked for anything else.
 */
export function hasOnlyTypes(definition: object): definition is OnlyTypes {
  const keys = Object.keys(definition);
  return (
    keys.length === 2 &&
    keys[0] === 'args' &&
    keys[1] === 'returns' &&
    !('type' in definition) &&
    !('abi' in definition) &&
    !('name' in definition) &&
    !('fast' in definition) &&
    !('callbacks' in definition) &&
    !('optional' in definition) &&
    !Array.isArray(definition)
  );
}

/** The same as `readDeclaration`, of such a definition. */
export function readOnlyTypes(definition: OnlyTypes, place: string, names?: readonly (string | null)[]): Declaration {
  const { args, returns } = definition;
  return declarationOf(args, returns, undefined, place, 0, names);
}

/** Refuses `'...'` where C has none. */
function checkDots(args: readonly unknown[], place: string): void {
  const dots = args.indexOf('...');
  if (dots < 0) return;
  const wrong =
    dots === 0 ? 'a variadic function has an argument before it' : dots < args.length - 1 && 'it must be the last';
  if (wrong) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: args[${dots}]: '...': ${wrong}`);
}

/**
 * Reads `args`, `returns` and `abi` of a callback, each of them once. `place` begins messages; `depth` counts the
 * definitions around this one. A callback with `'...'` gets the arguments before it.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`, also for types that only C functions can have.
 */
export function readCallbackDeclaration(definition: unknown, place: string, depth = 0): Declaration {
  const declaration = readTypes(definition, place, depth);
  const { args, returns } = declaration;
  const special = args.findIndex((type) => type instanceof Out);
  if (special >= 0) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: args[${special}]: a callback cannot have an out-parameter`);
  }
  if (!(returns instanceof Owned)) return declaration;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: returns: what a callback returns is never C's to free`);
}

/** The type of an argument, and its letters for the native module. */
interface ReadArgument {
  readonly type: DeclaredArgument;
  readonly letters: string;
}

/** The declarations whose types all have names. */
const knownTypes = new KnownTypes<Declaration>();

const NO_TYPES: readonly unknown[] = [];

/** What `cdef` gives for a function pointer that no callback can be made for. */
const NO_SIGNATURE = ', a function pointer without a signature: its types are not all known to arkffi';

function readTypes(definition: unknown, place: string, depth: number, names?: readonly (string | null)[]): Declaration {
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) {
    const hint = definition === 'k' ? NO_SIGNATURE : '';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected { args, returns }, got ${describe(definition)}${hint}`);
  }
  if (depth > MAX_NESTING) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: callbacks nest deeper than ${MAX_NESTING} levels`);
  }
  const args = optionIn(definition, 'args');
  const returns = optionIn(definition, 'returns');
  return declarationOf(args, returns, optionIn(definition, 'abi'), place, depth, names);
}

/** Reads the types that a definition gives, each element of `given` once. */
function declarationOf(
  given: unknown,
  returns: unknown,
  abi: unknown,
  place: string,
  depth: number,
  names?: readonly (string | null)[],
): Declaration {
  const types: unknown = given === undefined ? [] : given;
  if (!Array.isArray(types)) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: args: expected an array of types, got ${describe(types)}`);
  }
  let known = names === undefined ? knownTypes.with(returns, abi) : undefined;
  let read = NO_TYPES;
  let args: ReadArgument[] | undefined;
  for (let i = 0; i < types.length; i++) {
    const type: unknown = types[i];
    known = known?.with(type);
    if (known !== undefined) {
      read = known.types;
    } else {
      read = read.concat([type]);
      readRest((args ??= []), read, place, depth);
    }
  }
  if (known?.made !== undefined) return known.made;
  readRest((args ??= []), read, place, depth);
  const result = readResult(returns, `${place}: returns`);
  const letters = args.map((argument) => argument.letters);
  const declaration = new Declaration(
    args.map((argument) => argument.type),
    result.type,
    new Signature(letters, result.letters, readAbi(abi, place)),
    names,
  );
  checkDots(declaration.args, place);
  if (declaration.isPlain) knownTypes.keep(declaration, read, returns, abi);
  return declaration;
}

/** Reads the types of the arguments that have not been read yet. */
function readRest(args: ReadArgument[], types: readonly unknown[], place: string, depth: number): void {
  for (let i = args.length; i < types.length; i++) append(args, readArgument(types[i], `${place}: args[${i}]`, depth));
}

function readAbi(abi: unknown, place: string): Abi | undefined {
  if (abi === undefined || abi === 'ms' || abi === 'sysv') return abi;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: abi: expected 'ms' or 'sysv', got ${describe(abi)}`);
}

/**
 * Reads the type of one argument. `letters` are those of the type for the native module.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`; the message begins with `place`.
 */
export function readArgument(type: unknown, place: string, depth = 0): ReadArgument {
  if (type === '...') return { type, letters: '.' };
  if (type instanceof Schema || type instanceof TypedPointer || type instanceof ConvertedType) {
    return { type, letters: type.codec.letters };
  }
  if (type instanceof Out) return { type, letters: 'p' };
  if (typeof type === 'object' && type !== null && !Array.isArray(type)) {
    if (!isFunctionType(type) && !isEmpty(type)) throw noSignature(type, place);
    checkKeys(type, ['args', 'returns', 'abi'], place);
    const declaration = readCallbackDeclaration(type, place, depth + 1);
    return { type: declaration, letters: `k${declaration.signature}` };
  }
  const letters = valueCodeOf(type, place);
  return { type: type as string, letters };
}

/** Whether an object says nothing but, at most, a calling convention: the types of a function without arguments. */
function isEmpty(type: object): boolean {
  return Object.keys(type).every((key) => key === 'abi' || (type as { [key: string]: unknown })[key] === undefined);
}

function readResult(type: unknown, place: string): { type: DeclaredResult; letters: string } {
  if (type === undefined) return { type, letters: 'v' };
  const own: unknown = type instanceof Owned ? type.type : type;
  const hasCodec = own instanceof Schema || own instanceof TypedPointer || own instanceof ConvertedType;
  return { type: type as DeclaredResult, letters: hasCodec ? own.codec.letters : codeOf(own, place) };
}

/**
 * Refuses unknown keys of a definition, which may be typos, or need a later version of arkffi.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`; the message begins with `place`.
 */
export function checkKeys(definition: object, known: readonly string[], place: string): void {
  const keys = Object.keys(definition);
  if (keys.length === 2 && keys[0] === 'args' && keys[1] === 'returns') return; // as most have
  keys.forEach((key) => {
    if (known.includes(key) || (definition as { [key: string]: unknown })[key] === undefined) return;
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown key '${key}'${keyHint(key, known)}`);
  });
}
