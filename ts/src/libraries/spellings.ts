/** The types of C itself, of `<stdint.h>` and `<stddef.h>`, as TypeScript types. This file has no code. */

/** The spellings of types, each with a letter or a key of `Plain`. */
export interface Spellings {
  void: 'v';
  bool: 'b';
  _Bool: 'b';
  char: 'char';
  'signed char': 'c';
  'unsigned char': 'C';
  short: 'h';
  'short int': 'h';
  'unsigned short': 'H';
  'unsigned short int': 'H';
  int: 'i';
  signed: 'i';
  'signed int': 'i';
  unsigned: 'I';
  'unsigned int': 'I';
  long: 'l';
  'long int': 'l';
  'unsigned long': 'L';
  'unsigned long int': 'L';
  'long long': 'l';
  'long long int': 'l';
  'unsigned long long': 'L';
  'unsigned long long int': 'L';
  float: 'f';
  double: 'd';
  int8_t: 'c';
  uint8_t: 'C';
  int16_t: 'h';
  uint16_t: 'H';
  int32_t: 'i';
  uint32_t: 'I';
  int64_t: 'l';
  uint64_t: 'L';
  intptr_t: 'l';
  uintptr_t: 'L';
  ptrdiff_t: 'l';
  size_t: 'L';
  ssize_t: 'l';
  char16_t: 'char16';
  char32_t: 'I';
  wchar_t: 'wchar';
}

/** Types that are kept apart while a text is read, because of what a pointer to them is, with their letters. */
export interface Plain {
  char: 'c';
  'const char': 'c';
  char16: 'H';
  'const char16': 'H';
  'const char16 *': 'S';
  wchar: 'i';
  'const wchar': 'i';
  'const wchar *': 'w';
  enum: 'I';
}
