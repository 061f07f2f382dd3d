// Made by tools/generate.mjs from core/def/words.def: change that file, then run `npm run generate`.

/** Words for types in C and in other libraries, in lower case, and the names of these types. */
export const words: ReadonlyMap<string, string> = new Map([
  ['number', 'double'],
  ['boolean', 'bool'],
  ['sbyte', 'int8'],
  ['word', 'uint16'],
  ['dword', 'uint32'],
  ['qword', 'uint64'],
  ['bigint', 'bigint64'],
  ['size', 'size_t'],
  ['off_t', 'int64'],
  ['pid_t', 'int'],
  ['uid_t', 'uint'],
  ['gid_t', 'uint'],
  ['socklen_t', 'uint'],
  ['enum', 'int'],
  ['cstr', 'cstring'],
  ['utf8', 'cstring'],
  ['utf16', 'CString16'],
  ['func', 'callback'],
  ['uint8array', 'buffer'],
]);
