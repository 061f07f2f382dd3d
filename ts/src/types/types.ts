/** The types by name, and the letter by which the native module knows each. */

import { ffiError } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import { noType, unknownType } from './hints';
import { namedTypes, platformWords, typeFacts } from './types.generated';
import type { NamedTypes, TypeCode } from './types.generated';

/** A type as programs write it: its letter or one of its names. */
export type TypeName = TypeCode | keyof NamedTypes;

/** A type other than `void`. */
export type ValueTypeName = Exclude<TypeName, 'v' | 'void'>;

/** The letter of a type. */
export type CodeOf<T extends TypeName> = T extends TypeCode ? T : T extends keyof NamedTypes ? NamedTypes[T] : never;

/**
 * The letter of each type, by each of its usual names. `long`, `ulong` and `wchar` are the integer types that the
 * platform's C compiler uses for them.
 */
export const FFIType: NamedTypes = Object.freeze(
  withoutMeaning(withPlatformTypes({ ...namedTypes, ...native.platformTypes })),
) as NamedTypes;

function withPlatformTypes(types: { [name: string]: string }): object {
  Object.keys(platformWords).forEach((word) => void (types[word] = types[platformWords[word]]));
  return types;
}

/**
 * Types of Node-API that other libraries pass to C. They are no types here, but have names, which are not listed, so
 * that a definition with one is refused in words.
 */
function withoutMeaning(types: object): object {
  ['napi_env', 'napi_value'].forEach((name) => void defineOwn(types, name, { value: name }));
  return types;
}

/** The letter of each name and letter. The object has no prototype, so that 'constructor' is not a type. */
const codes: { readonly [name: string]: TypeCode } = Object.assign(Object.create(null), FFIType);
Object.keys(typeFacts).forEach((code) => void ((codes as { [name: string]: string })[code] = code));

/**
 * The letter of a type that a program has written. `place` begins messages.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`.
 */
export function codeOf(type: unknown, place: string): TypeCode {
  if (typeof type !== 'string') throw noType(type, place);
  const code = codes[type];
  if (code === undefined) throw unknownType(type, place, codes, Object.keys(FFIType));
  return code;
}

/**
 * The letter of a type that must not be `void`, because it is that of an argument or field.
 * @throws as `codeOf` does.
 */
export function valueCodeOf(type: unknown, place: string): Exclude<TypeCode, 'v'> {
  const code = codeOf(type, place);
  if (code === 'v') throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: void has no values, so it can only be returned`);
  return code;
}
