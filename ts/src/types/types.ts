/** The types by name, and the letter by which the native module knows each. */

import { describe, ffiError, nearestOf } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import { namedTypes, platformWords, typeFacts } from './types.generated';
import type { NamedTypes, TypeCode } from './types.generated';
import { words } from './words.generated';

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
  if (typeof type !== 'string') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected a type, got ${describe(type)}`);
  }
  const code = codes[type];
  if (code !== undefined) return code;
  if (type === '...') throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: '...' stands for arguments alone`);
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown type ${describe(type)}${hintFor(type)}`);
}

/** Types of C that have no name here, because JavaScript converts them, in lower case, and what arkffi exports for each. */
const exportedTypes: { readonly [type: string]: string | undefined } = Object.assign(Object.create(null), {
  'long double': 'longDouble',
  __int128: 'int128',
  'signed __int128': 'int128',
  int128: 'int128',
  i128: 'int128',
  'unsigned __int128': 'uint128',
  uint128: 'uint128',
  u128: 'uint128',
  'double _complex': 'complexDouble',
  'double complex': 'complexDouble',
  'float _complex': 'complexFloat',
  'float complex': 'complexFloat',
});

/** What to write instead of something that names no type here. It never leads to another width, sign or kind. */
function hintFor(type: string): string {
  const word = type.trim().replace(/\s+/g, ' ');
  const lower = word.toLowerCase();
  const known = word in codes ? word : lower.length > 1 && lower in codes ? lower : words.get(lower);
  if (/^napi_(env|value)$/.test(word)) return '; arkffi calls C functions, and a function that takes it is of Node-API';
  if (known !== undefined) return `; did you mean '${known}'?`;
  const exported = exportedTypes[lower];
  if (exported !== undefined) return `; it is ${exported}, which arkffi exports`;
  if (/^char const ?\*$/.test(word)) return "; did you mean 'const char *'?";
  if (word.includes('*')) return "; a pointer is 'pointer' or 'buffer', and text is 'cstring'";
  if (word.includes('[')) return "; an array is 'buffer' as an argument, and [type, length] in a struct";
  if (/^(struct|union) /.test(word)) return '; a struct is what Struct or Union has returned';
  const near = nearestOf(
    type,
    Object.keys(FFIType).filter((name) => isSimilar(name, word)),
  );
  const isClear = near.every((name) => codes[name] === codes[near[0]] && (hasU(word) || !isUnsigned(name)));
  return near.length > 0 && isClear ? `; did you mean '${near[0]}'?` : '';
}

/**
 * Whether a word may be meant to be a name: numbers are widths, with or without an `f` before them, and a `u` anywhere
 * in the word may be the sign, so that the name needs one. The rule is that of `core/include/arkffi/suggest.h`.
 */
function isSimilar(name: string, word: string): boolean {
  const width = (text: string): string => `${/f\d/i.test(text)}${text.replace(/\D/g, '')}`;
  return width(name) === width(word) && (hasU(name) || !hasU(word));
}

function hasU(name: string): boolean {
  return /u/i.test(name);
}

/** Whether a word of the name begins with `u`, which is the sign. */
function isUnsigned(name: string): boolean {
  return /(^|[^a-z])u/i.test(name);
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
