/** The types by their names, and which letter each is to the native module. */

import { describe, ffiError, suggestion } from '../base/errors';
import { native } from '../base/native';
import { namedTypes, typeFacts } from './types.generated';
import type { NamedTypes, TypeCode } from './types.generated';

/** A type as users write it: its letter or any of its names. */
export type TypeName = TypeCode | keyof NamedTypes;

/** A type that has values. */
export type ValueTypeName = Exclude<TypeName, 'v' | 'void'>;

/** The letter of a type. */
export type CodeOf<T extends TypeName> = T extends TypeCode ? T : T extends keyof NamedTypes ? NamedTypes[T] : never;

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
