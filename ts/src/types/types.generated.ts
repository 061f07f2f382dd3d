// Made by tools/generate.mjs from core/def/types.def: change that file, then run `npm run generate`.

import type { CallbackLike, PointerLike } from '../base/pointer';

/** The type code of a type: a single letter, as signatures use it. */
export type TypeCode =
  'v' | 'b' | 'c' | 'C' | 'h' | 'H' | 'i' | 'I' | 'l' | 'L' | 'q' | 'Q' | 'f' | 'd' | 's' | 'S' | 'w' | 't' | 'p' | 'k';

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
  /** C `const char *` */
  readonly latin1: 't';
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
  /** C `time_t`, of the platform's width */
  readonly time_t: 'l';
  /** The same as `float` */
  readonly float32: 'f';
  /** The same as `double` */
  readonly float64: 'd';
  /** The same as `uint8` */
  readonly byte: 'C';
  /** The same as `int64` */
  readonly longlong: 'l';
  /** The same as `uint64` */
  readonly ulonglong: 'L';
  /** The same as `int8` */
  readonly 'signed char': 'c';
  /** The same as `uchar` */
  readonly 'unsigned char': 'C';
  /** The same as `short` */
  readonly 'short int': 'h';
  /** The same as `short` */
  readonly 'signed short': 'h';
  /** The same as `ushort` */
  readonly 'unsigned short': 'H';
  /** The same as `ushort` */
  readonly 'unsigned short int': 'H';
  /** The same as `int` */
  readonly signed: 'i';
  /** The same as `int` */
  readonly 'signed int': 'i';
  /** The same as `uint` */
  readonly unsigned: 'I';
  /** The same as `uint` */
  readonly 'unsigned int': 'I';
  /** The same as `long` */
  readonly 'long int': 'l';
  /** The same as `long` */
  readonly 'signed long': 'l';
  /** The same as `ulong` */
  readonly 'unsigned long': 'L';
  /** The same as `ulong` */
  readonly 'unsigned long int': 'L';
  /** The same as `int64` */
  readonly 'long long': 'l';
  /** The same as `int64` */
  readonly 'long long int': 'l';
  /** The same as `int64` */
  readonly 'signed long long': 'l';
  /** The same as `uint64` */
  readonly 'unsigned long long': 'L';
  /** The same as `uint64` */
  readonly 'unsigned long long int': 'L';
  /** The same as `bool` */
  readonly _Bool: 'b';
  /** The same as `intptr_t` */
  readonly intptr: 'l';
  /** The same as `uintptr_t` */
  readonly uintptr: 'L';
  /** The same as `uint16` */
  readonly char16: 'H';
  /** The same as `uint16` */
  readonly char16_t: 'H';
  /** The same as `uint32` */
  readonly char32: 'I';
  /** The same as `uint32` */
  readonly char32_t: 'I';
  /** The same as `cstring` */
  readonly str: 's';
  /** The same as `cstring` */
  readonly string: 's';
  /** The same as `CString16` */
  readonly str16: 'S';
  /** The same as `CString16` */
  readonly string16: 'S';
  /** The same as `cstring` */
  readonly 'const char *': 's';
  /** The same as `cstring` */
  readonly 'const char*': 's';
  /** The same as `CString16` */
  readonly 'const char16_t *': 'S';
  /** The same as `CString16` */
  readonly 'const char16_t*': 'S';
  /** The same as `WString` */
  readonly 'const wchar_t *': 'w';
  /** The same as `WString` */
  readonly 'const wchar_t*': 'w';
  /** The same as `pointer` */
  readonly 'char *': 'p';
  /** The same as `pointer` */
  readonly 'char*': 'p';
  /** The same as `pointer` */
  readonly 'void *': 'p';
  /** The same as `pointer` */
  readonly 'void*': 'p';
  /** The same as `pointer` */
  readonly 'const void *': 'p';
  /** The same as `pointer` */
  readonly 'const void*': 'p';
  /** The same as `callback` */
  readonly fn: 'k';
  /** The same as `buffer` */
  readonly arraybuffer: 'p';
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
  readonly t: string | PointerLike;
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
  readonly t: string | null;
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
  t: { kind: 'string', cName: 'const char *', size: 8 },
  p: { kind: 'pointer', cName: 'void *', size: 8 },
  k: { kind: 'pointer', cName: 'void *', size: 8 },
};

/** The names that mean different types on different platforms. */
export type PlatformName =
  | 'long'
  | 'ulong'
  | 'wchar'
  | 'wchar_t'
  | 'time_t'
  | 'long int'
  | 'signed long'
  | 'unsigned long'
  | 'unsigned long int';

/** The type code of each name, except for those names. */
export const namedTypes: Omit<NamedTypes, PlatformName> = {
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
  latin1: 't',
  ptr: 'p',
  pointer: 'p',
  function: 'p',
  buffer: 'p',
  callback: 'k',
  float32: 'f',
  float64: 'd',
  byte: 'C',
  longlong: 'l',
  ulonglong: 'L',
  'signed char': 'c',
  'unsigned char': 'C',
  'short int': 'h',
  'signed short': 'h',
  'unsigned short': 'H',
  'unsigned short int': 'H',
  signed: 'i',
  'signed int': 'i',
  unsigned: 'I',
  'unsigned int': 'I',
  'long long': 'l',
  'long long int': 'l',
  'signed long long': 'l',
  'unsigned long long': 'L',
  'unsigned long long int': 'L',
  _Bool: 'b',
  intptr: 'l',
  uintptr: 'L',
  char16: 'H',
  char16_t: 'H',
  char32: 'I',
  char32_t: 'I',
  str: 's',
  string: 's',
  str16: 'S',
  string16: 'S',
  'const char *': 's',
  'const char*': 's',
  'const char16_t *': 'S',
  'const char16_t*': 'S',
  'const wchar_t *': 'w',
  'const wchar_t*': 'w',
  'char *': 'p',
  'char*': 'p',
  'void *': 'p',
  'void*': 'p',
  'const void *': 'p',
  'const void*': 'p',
  fn: 'k',
  arraybuffer: 'p',
};

/** Other names for some of those names. */
export const platformWords: { readonly [name: string]: PlatformName } = {
  'long int': 'long',
  'signed long': 'long',
  'unsigned long': 'ulong',
  'unsigned long int': 'ulong',
};
