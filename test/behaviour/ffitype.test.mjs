// FFIType: every common name of each type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cdef, dlopen, FFIType, Struct } from 'arkffi';
import { check, fixture, throws } from './support.mjs';

const names = {
  v: ['void'],
  b: ['bool', '_Bool'],
  c: ['char', 'int8_t', 'int8', 'i8', 'signed char'],
  C: ['uchar', 'uint8_t', 'uint8', 'u8', 'byte', 'unsigned char'],
  h: ['short', 'int16_t', 'int16', 'i16', 'short int', 'signed short'],
  H: ['ushort', 'uint16_t', 'uint16', 'u16', 'unsigned short', 'unsigned short int', 'char16', 'char16_t'],
  i: ['int', 'int32_t', 'int32', 'i32', 'signed', 'signed int'],
  I: ['uint', 'uint32_t', 'uint32', 'u32', 'unsigned', 'unsigned int', 'char32', 'char32_t'],
  l: [
    ...['int64_t', 'int64', 'i64', 'i64_fast', 'ssize', 'ssize_t', 'isize', 'intptr_t', 'ptrdiff_t', 'intmax_t'],
    ...['intptr', 'longlong', 'long long', 'long long int', 'signed long long'],
  ],
  L: [
    ...['uint64_t', 'uint64', 'u64', 'u64_fast', 'usize', 'size_t', 'uintptr_t', 'uintmax_t', 'uintptr', 'ulonglong'],
    ...['unsigned long long', 'unsigned long long int'],
  ],
  q: ['bigint64'],
  Q: ['biguint64'],
  f: ['float', 'f32', 'float32'],
  d: ['double', 'f64', 'float64'],
  s: ['CString', 'cstring', 'str', 'string', 'const char *', 'const char*'],
  S: ['CString16', 'str16', 'string16', 'const char16_t *', 'const char16_t*'],
  w: ['WString', 'wstring', 'const wchar_t *', 'const wchar_t*'],
  t: ['latin1'],
  p: [
    ...['ptr', 'pointer', 'function', 'buffer', 'arraybuffer'],
    ...['char *', 'char*', 'void *', 'void*', 'const void *', 'const void*'],
  ],
  k: ['callback', 'fn'],
};
const platform = {
  ...{ long: 'long', 'long int': 'long', 'signed long': 'long', ulong: 'ulong', 'unsigned long': 'ulong' },
  ...{ 'unsigned long int': 'ulong', wchar: 'wchar', wchar_t: 'wchar', time_t: 'time_t' },
};

for (const [code, ofCode] of Object.entries(names)) {
  test(`FFIType has every name of '${code}': ${ofCode.join(', ')}`, () =>
    check(() => {
      for (const name of ofCode) assert.equal(FFIType[name], code);
    }));
}

test('FFIType has no other names', () => {
  const known = [...Object.values(names).flat(), ...Object.keys(platform)].sort();
  return check(() => assert.deepEqual(Object.keys(FFIType).sort(), known), 100);
});

test('long, ulong and wchar have the letters of the platform', () =>
  check(() => {
    const isWindows = process.platform === 'win32';
    const is64 = !isWindows && !['arm', 'ia32', 'mips', 'mipsel'].includes(process.arch);
    assert.equal(FFIType.long, is64 ? 'l' : 'i');
    assert.equal(FFIType.ulong, is64 ? 'L' : 'I');
    const unsigned = process.platform === 'linux' && ['arm', 'arm64'].includes(process.arch);
    assert.equal(FFIType.wchar, isWindows ? 'H' : unsigned ? 'I' : 'i');
    for (const [name, same] of Object.entries(platform)) assert.equal(FFIType[name], FFIType[same], name);
    assert.equal(FFIType.time_t, 'l');
  }));

test('FFIType cannot be changed', () =>
  check(() => {
    assert.ok(Object.isFrozen(FFIType));
    assert.throws(() => {
      FFIType.int = 'd';
    }, TypeError);
    assert.equal(FFIType.int, 'i');
  }));

/** No hint in C declarations. */
const none = 'none';

/** What each word should be, in definitions and in C declarations. No other name of a type may be suggested. */
const hints = {
  Float64: ['float64'],
  FLOAT32: ['float32'],
  size: ['size_t', 'size_t'],
  off_t: ['int64', 'int64_t'],
  String: ['string'],
  func: ['callback'],
  cstr: ['cstring', 'const char *'],
  boolean: ['bool', 'bool'],
  number: ['double', 'double'],
  sbyte: ['int8', 'int8_t'],
  intt: ['int', 'int'],
  itn: ['int', 'int'],
  int128: [],
  uit: ['uint', undefined],
  lnog: ['long', 'long'],
  any: [],
  object: [],
  ' unsigned  int ': ['unsigned int'],
  'Unsigned Char': ['unsigned char'],
  'long  long': ['long long'],
  'char  *': ['char *'],
  'char const *': ['const char *'],
  'unsigned int *': [],
  uintt: ['uint', undefined],
  uint65: [],
  'nusigned int': ['unsigned int'],
  iunt32_t: ['uint32_t', 'uint32_t'],
  inut32_t: ['uint32_t', 'uint32_t'],
  unt32_t: ['uint32_t', 'uint32_t'],
  iunt8: ['uint8'],
  inut8: [],
  nusigned: ['unsigned', 'unsigned'],
  insigned: [undefined, none],
  nsigned: [undefined, none],
  int23_t: [undefined, none],
  vuid: [undefined, none],
  f16: [],
  f8: [],
  f64_fast: [],
  uf32: [],
  Uint8Array: ['buffer'],
};

test('a hint for an unknown type never names a type of another width, sign or kind', () =>
  check(() => {
    const hintOf = (fn) => {
      try {
        fn();
      } catch ({ message }) {
        return /did you mean '(.*)'/.exec(message)?.[1];
      }
      return assert.fail('it does not throw');
    };
    for (const [word, [ours, inC]] of Object.entries(hints)) {
      assert.equal(
        hintOf(() => dlopen(fixture, { add: { args: [word] } })),
        ours,
        word,
      );
      if (word.includes(' ') || !inC) continue;
      assert.equal(
        hintOf(() => cdef(null, `int f(${word});`)),
        inC === none ? undefined : inC,
        word,
      );
    }
    for (const [word, type] of [
      ['uint', 'unsigned int'],
      ['u8', 'uint8_t'],
      ['ulong', 'unsigned long'],
    ]) {
      assert.equal(
        hintOf(() => cdef(null, `int f(${word});`)),
        type,
        word,
      );
    }
  }, 20));

test('types of C that have no name here are explained', () =>
  check(() => {
    const bad = (type, message) =>
      throws(() => Struct({ x: type }), { code: 'ERR_FFI_BAD_SIGNATURE', message: new RegExp(message) });
    for (const type of ['int*', 'unsigned char *', 'float*', 'int32_t*', 'char **']) {
      bad(type, "; a pointer is 'pointer' or 'buffer', and text is 'cstring'$");
    }
    for (const type of ['char[]', 'int[3]']) bad(type, "; an array is 'buffer' as an argument");
    bad('struct point', '; a struct is what Struct');
    for (const [type, name] of Object.entries({
      'long double': 'longDouble',
      __int128: 'int128',
      i128: 'int128',
      'unsigned __int128': 'uint128',
      u128: 'uint128',
      'double _Complex': 'complexDouble',
      'float  complex': 'complexFloat',
    })) {
      bad(type, `: unknown type '${type}'; it is ${name}, which arkffi exports$`);
    }
    for (const type of ['napi_env', 'napi_value']) {
      bad(
        FFIType[type],
        `unknown type '${type}'; arkffi calls C functions, and a function that takes it is of Node-API`,
      );
      assert.ok(!Object.keys(FFIType).includes(type), 'it is not listed');
    }
  }, 20));
