/** Errors about what is no type, and what messages advise: what the type is called here, and what to write instead. */

import { brandOf, OWNED } from '../base/brand';
import { describe, ffiError, nearestOf, suggestion } from '../base/errors';
import type { FfiError } from '../base/errors';
import { has } from '../base/own';
import { words } from './words.generated';

/** The letter of each name and letter of a type. */
interface Codes {
  readonly [name: string]: string;
}

/** The error for a name that is not among `codes`; `names` are those that may be suggested. */
export function unknownType(type: string, place: string, codes: Codes, names: readonly string[]): FfiError {
  if (type === '...') return ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: '...' stands for arguments alone`);
  const hint = hintFor(type, codes, names);
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown type ${describe(type)}${hint}`);
}

/** The error for a value that is no type and no name of one. */
export function noType(value: unknown, place: string): FfiError {
  const got = typeof value === 'object' && value !== null && !Array.isArray(value) ? objectAsType(value) : undefined;
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected a type, got ${got ?? describe(value)}`);
}

/** The error for an object that is neither a type nor the types of a function. */
export function noSignature(value: object, place: string): FfiError {
  const keys = Object.keys(value);
  const hint = brandOf(value) === undefined ? keyHint(keys[0], ['args', 'returns', 'abi']) : '';
  if (hint === '') return noType(value, place);
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown key '${keys[0]}'${hint}`);
}

function objectAsType(value: object): string {
  const brand = brandOf(value);
  if (brand?.isForeign) return `${brand.what} of another copy of arkffi, which is loaded twice`;
  if (brand !== undefined)
    return `${brand.what}${brand.what === OWNED ? '; it is for returns, out(…) and inout(…)' : ''}`;
  if (has(value, 'args') || has(value, 'returns')) {
    return "an object; a function that C gives is a 'pointer', which CFunction makes callable";
  }
  return 'an object; a struct is declared by Struct({ … })';
}

/** Keys that other libraries have in definitions, and what arkffi has instead of them. */
const OTHERS: { readonly [key: string]: string | undefined } = Object.assign(Object.create(null), {
  parameters: "'args'",
  params: "'args'",
  arguments: "'args'",
  argTypes: "'args'",
  result: "'returns'",
  return: "'returns'",
  returnType: "'returns'",
  ret: "'returns'",
  convention: "'abi'",
  callingConvention: "'abi'",
  nonblocking: 'f.async(…), which every function has',
  async: 'f.async(…), which every function has',
  pack: "'packed'",
  ptr: 'CFunction({ …, ptr }), which calls what is at an address',
  threadsafe: "the 'threadsafe' of a JSCallback, which is passed to C",
});

/** What to write instead of an unknown key of a definition. */
export function keyHint(key: string, known: readonly string[]): string {
  const other = OTHERS[key];
  return other === undefined ? suggestion(key, known) : `; did you mean ${other}?`;
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
function hintFor(type: string, codes: Codes, names: readonly string[]): string {
  const word = type.trim().replace(/\s+/g, ' ');
  const lower = word.toLowerCase();
  const known = nameOf(word, codes) ?? nameOf(withoutLibrary(word), codes) ?? nameOf(inOrder(lower), codes);
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
    names.filter((name) => isSimilar(name, word)),
  );
  const isClear = near.every((name) => codes[name] === codes[near[0]] && (hasU(word) || !isUnsigned(name)));
  return near.length > 0 && isClear ? `; did you mean '${near[0]}'?` : '';
}

/** The name of the type that a word means for certain. */
function nameOf(word: string, codes: Codes): string | undefined {
  const lower = word.toLowerCase();
  return word in codes ? word : lower.length > 1 && lower in codes ? lower : words[lower];
}

/** A name as other libraries export it, without what they have before it: `FFIType.i32`, `c_int`. */
function withoutLibrary(word: string): string {
  return word.replace(/^[A-Za-z]\w*\.(?=\w+$)/, '').replace(/^c_/, '');
}

/** The words of an integer type of C in the order of its name. C takes them in any. */
function inOrder(type: string): string {
  const given = type.split(' ');
  const isInteger = given.every((word) => /^(un)?signed$|^short$|^long$|^int$|^char$/.test(word));
  const longs = given.filter((word) => word === 'long');
  if (!isInteger || given.length < 2 || longs.length > 2) return type;
  const isChar = given.includes('char');
  const sign = given.includes('unsigned') ? ['unsigned'] : isChar && given.includes('signed') ? ['signed'] : [];
  const size = isChar ? ['char'] : given.includes('short') ? ['short'] : longs.length > 0 ? longs : ['int'];
  return sign.concat(size).join(' ');
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
