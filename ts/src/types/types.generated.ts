// Made by tools/generate.mjs from core/def/types.def: change that file, then run `npm run generate`.

import type { CallbackLike, PointerLike } from '../base/pointer';

/** The type code of a type: a single letter, as signatures use it. */
export type TypeCode =
  'v' | 'b' | 'c' | 'C' | 'h' | 'H' | 'i' | 'I' | 'l' | 'L' | 'q' | 'Q' | 'f' | 'd' | 's' | 'S' | 'w' | 'p' | 'k';

/** Every name of a type, with the type code that it stands for. */
export interface NamedTypes {
  /** C `void` */
  readonly void: 'v';
  /** C `bool` */
  readonly bool: 'b';
  /** C `int8_t` */
  readonly char: 'c';
  /** C `int8_t` */
  readonly int8_t: 'c';
  /** C `int8_t` */
  readonly int8: 'c';
  /** C `int8_t` */
  readonly i8: 'c';
  /** C `uint8_t` */
  readonly uchar: 'C';
  /** C `uint8_t` */
  readonly uint8_t: 'C';
  /** C `uint8_t` */
  readonly uint8: 'C';
  /** C `uint8_t` */
  readonly u8: 'C';
  /** C `int16_t` */
  readonly short: 'h';
  /** C `int16_t` */
  readonly int16_t: 'h';
  /** C `int16_t` */
  readonly int16: 'h';
  /** C `int16_t` */
  readonly i16: 'h';
  /** C `uint16_t` */
  readonly ushort: 'H';
  /** C `uint16_t` */
  readonly uint16_t: 'H';
  /** C `uint16_t` */
  readonly uint16: 'H';
  /** C `uint16_t` */
  readonly u16: 'H';
  /** C `int32_t` */
  readonly int: 'i';
  /** C `int32_t` */
  readonly int32_t: 'i';
  /** C `int32_t` */
  readonly int32: 'i';
  /** C `int32_t` */
  readonly i32: 'i';
  /** C `uint32_t` */
  readonly uint: 'I';
  /** C `uint32_t` */
  readonly uint32_t: 'I';
  /** C `uint32_t` */
  readonly uint32: 'I';
  /** C `uint32_t` */
  readonly u32: 'I';
  /** C `int64_t` */
  readonly int64_t: 'l';
  /** C `int64_t` */
  readonly int64: 'l';
  /** C `int64_t` */
  readonly i64: 'l';
  /** C `int64_t` */
  readonly i64_fast: 'l';
  /** C `int64_t` */
  readonly ssize: 'l';
  /** C `int64_t` */
  readonly ssize_t: 'l';
  /** C `int64_t` */
  readonly isize: 'l';
  /** C `int64_t` */
  readonly intptr_t: 'l';
  /** C `int64_t` */
  readonly ptrdiff_t: 'l';
  /** C `int64_t` */
  readonly intmax_t: 'l';
  /** C `uint64_t` */
  readonly uint64_t: 'L';
  /** C `uint64_t` */
  readonly uint64: 'L';
  /** C `uint64_t` */
  readonly u64: 'L';
  /** C `uint64_t` */
  readonly u64_fast: 'L';
  /** C `uint64_t` */
  readonly usize: 'L';
  /** C `uint64_t` */
  readonly size_t: 'L';
  /** C `uint64_t` */
  readonly uintptr_t: 'L';
  /** C `uint64_t` */
  readonly uintmax_t: 'L';
  /** C `int64_t` */
  readonly bigint64: 'q';
  /** C `uint64_t` */
  readonly biguint64: 'Q';
  /** C `float` */
  readonly float: 'f';
  /** C `float` */
  readonly f32: 'f';
  /** C `double` */
  readonly double: 'd';
  /** C `double` */
  readonly f64: 'd';
  /** C `const char *` */
  readonly CString: 's';
  /** C `const char *` */
  readonly cstring: 's';
  /** C `const uint16_t *` */
  readonly CString16: 'S';
  /** C `const wchar_t *` */
  readonly WString: 'w';
  /** C `const wchar_t *` */
  readonly wstring: 'w';
  /** C `void *` */
  readonly ptr: 'p';
  /** C `void *` */
  readonly pointer: 'p';
  /** C `void *` */
  readonly function: 'p';
  /** C `void *` */
  readonly buffer: 'p';
  /** C `void *` */
  readonly callback: 'k';
  /** C `long`, of the platform's width */
  readonly long: 'l';
  /** C `unsigned long`, of the platform's width */
  readonly ulong: 'L';
  /** C `wchar_t`, of the platform's width */
  readonly wchar: 'i';
  /** C `wchar_t`, of the platform's width */
  readonly wchar_t: 'i';
}

/** The JavaScript types that may be passed as an argument of each C type. */
export interface ArgumentTypes {
  readonly v: undefined;
  readonly b: boolean | 0 | 1;
  readonly c: number;
  readonly C: number;
  readonly h: number;
  readonly H: number;
  readonly i: number;
  readonly I: number;
  readonly l: number | bigint;
  readonly L: number | bigint;
  readonly q: number | bigint;
  readonly Q: number | bigint;
  readonly f: number;
  readonly d: number;
  readonly s: string | PointerLike;
  readonly S: string | PointerLike;
  readonly w: string | PointerLike;
  readonly p: PointerLike;
  readonly k: CallbackLike;
}

/** The JavaScript types of results of each C type. */
export interface ResultTypes {
  readonly v: void;
  readonly b: boolean;
  readonly c: number;
  readonly C: number;
  readonly h: number;
  readonly H: number;
  readonly i: number;
  readonly I: number;
  readonly l: number | bigint;
  readonly L: number | bigint;
  readonly q: bigint;
  readonly Q: bigint;
  readonly f: number;
  readonly d: number;
  readonly s: string | null;
  readonly S: string | null;
  readonly w: string | null;
  readonly p: number;
  readonly k: number;
}

/** How values of a type are represented. */
export type TypeKind = 'void' | 'bool' | 'signed' | 'unsigned' | 'float' | 'string' | 'pointer';

/** Facts about a type that are the same on every platform. */
export interface TypeFacts {
  readonly kind: TypeKind;
  /** The name of the type in C. */
  readonly cName: string;
  /** The size in bytes; 0 for void. */
  readonly size: number;
}

/** The facts about each type, by its type code. */
export const typeFacts: { readonly [code in TypeCode]: TypeFacts } = {
  v: { kind: 'void', cName: 'void', size: 0 },
  b: { kind: 'bool', cName: 'bool', size: 1 },
  c: { kind: 'signed', cName: 'int8_t', size: 1 },
  C: { kind: 'unsigned', cName: 'uint8_t', size: 1 },
  h: { kind: 'signed', cName: 'int16_t', size: 2 },
  H: { kind: 'unsigned', cName: 'uint16_t', size: 2 },
  i: { kind: 'signed', cName: 'int32_t', size: 4 },
  I: { kind: 'unsigned', cName: 'uint32_t', size: 4 },
  l: { kind: 'signed', cName: 'int64_t', size: 8 },
  L: { kind: 'unsigned', cName: 'uint64_t', size: 8 },
  q: { kind: 'signed', cName: 'int64_t', size: 8 },
  Q: { kind: 'unsigned', cName: 'uint64_t', size: 8 },
  f: { kind: 'float', cName: 'float', size: 4 },
  d: { kind: 'float', cName: 'double', size: 8 },
  s: { kind: 'string', cName: 'const char *', size: 8 },
  S: { kind: 'string', cName: 'const uint16_t *', size: 8 },
  w: { kind: 'string', cName: 'const wchar_t *', size: 8 },
  p: { kind: 'pointer', cName: 'void *', size: 8 },
  k: { kind: 'pointer', cName: 'void *', size: 8 },
};

/** The type code of each name, except for the names that mean different types on different platforms. */
export const namedTypes: Omit<NamedTypes, 'long' | 'ulong' | 'wchar' | 'wchar_t'> = {
  void: 'v',
  bool: 'b',
  char: 'c',
  int8_t: 'c',
  int8: 'c',
  i8: 'c',
  uchar: 'C',
  uint8_t: 'C',
  uint8: 'C',
  u8: 'C',
  short: 'h',
  int16_t: 'h',
  int16: 'h',
  i16: 'h',
  ushort: 'H',
  uint16_t: 'H',
  uint16: 'H',
  u16: 'H',
  int: 'i',
  int32_t: 'i',
  int32: 'i',
  i32: 'i',
  uint: 'I',
  uint32_t: 'I',
  uint32: 'I',
  u32: 'I',
  int64_t: 'l',
  int64: 'l',
  i64: 'l',
  i64_fast: 'l',
  ssize: 'l',
  ssize_t: 'l',
  isize: 'l',
  intptr_t: 'l',
  ptrdiff_t: 'l',
  intmax_t: 'l',
  uint64_t: 'L',
  uint64: 'L',
  u64: 'L',
  u64_fast: 'L',
  usize: 'L',
  size_t: 'L',
  uintptr_t: 'L',
  uintmax_t: 'L',
  bigint64: 'q',
  biguint64: 'Q',
  float: 'f',
  f32: 'f',
  double: 'd',
  f64: 'd',
  CString: 's',
  cstring: 's',
  CString16: 'S',
  WString: 'w',
  wstring: 'w',
  ptr: 'p',
  pointer: 'p',
  function: 'p',
  buffer: 'p',
  callback: 'k',
};
