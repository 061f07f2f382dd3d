// FFIType: every common name of each type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cdef, dlopen, FFIType, Struct } from 'arkffi';
import { check, fixture, throws } from './support.mjs';

const names = {
  v: ['void'],
  b: ['bool'],
  c: ['char', 'int8_t', 'int8', 'i8'],
  C: ['uchar', 'uint8_t', 'uint8', 'u8'],
  h: ['short', 'int16_t', 'int16', 'i16'],
  H: ['ushort', 'uint16_t', 'uint16', 'u16'],
  i: ['int', 'int32_t', 'int32', 'i32'],
  I: ['uint', 'uint32_t', 'uint32', 'u32'],
  l: ['int64_t', 'int64', 'i64', 'i64_fast', 'ssize', 'ssize_t', 'isize', 'intptr_t', 'ptrdiff_t', 'intmax_t'],
  L: ['uint64_t', 'uint64', 'u64', 'u64_fast', 'usize', 'size_t', 'uintptr_t', 'uintmax_t'],
  q: ['bigint64'],
  Q: ['biguint64'],
  f: ['float', 'f32'],
  d: ['double', 'f64'],
  s: ['CString', 'cstring'],
  S: ['CString16'],
  w: ['WString', 'wstring'],
  p: ['ptr', 'pointer', 'function', 'buffer'],
  k: ['callback'],
};
const platform = ['long', 'ulong', 'wchar', 'wchar_t'];

for (const [code, ofCode] of Object.entries(names)) {
  test(`FFIType has every name of '${code}': ${ofCode.join(', ')}`, () =>
    check(() => {
      for (const name of ofCode) assert.equal(FFIType[name], code);
    }));
}

test('FFIType has no other names', () => {
  const known = [...Object.values(names).flat(), ...platform].sort();
  return check(() => assert.deepEqual(Object.keys(FFIType).sort(), known), 100);
});

test('long, ulong and wchar have the letters of the platform', { skip: process.platform === 'win32' }, () =>
  check(() => {
    const is64 = !['arm', 'ia32', 'mips', 'mipsel'].includes(process.arch);
    assert.equal(FFIType.long, is64 ? 'l' : 'i');
    assert.equal(FFIType.ulong, is64 ? 'L' : 'I');
    const unsigned = process.platform === 'linux' && ['arm', 'arm64'].includes(process.arch);
    assert.equal(FFIType.wchar, unsigned ? 'I' : 'i');
    assert.equal(FFIType.wchar_t, FFIType.wchar);
  }),
);

test('FFIType cannot be changed', () =>
  check(() => {
    assert.ok(Object.isFrozen(FFIType));
    assert.throws(() => {
      FFIType.int = 'd';
    }, TypeError);
    assert.equal(FFIType.int, 'i');
  }));

/** What each word should be, in definitions and in C declarations. No other name of a type may be suggested. */
const hints = {
  float64: ['double', 'double'],
  float32: ['float', 'float'],
  size: ['size_t', 'size_t'],
  time_t: ['int64', 'int64_t'],
  str: ['cstring', 'const char *'],
  string: ['cstring', 'const char *'],
  fn: ['callback'],
  boolean: ['bool', 'bool'],
  number: ['double', 'double'],
  byte: ['uint8', 'uint8_t'],
  intt: ['int', 'int'],
  itn: ['int', 'int'],
  int128: [],
  uit: ['uint', undefined],
  lnog: ['long', 'long'],
  any: [],
  object: [],
  'unsigned int': ['uint'],
  'unsigned char': ['uchar'],
  'long long': ['int64'],
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
        inC,
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
    bad('char*', "^Struct.x: unknown type 'char\\*'; text is 'cstring', and other bytes are 'buffer' or 'pointer'$");
    bad('const char *', "; text is 'cstring'");
    for (const type of ['int*', 'void *', 'float*', 'int32_t*']) bad(type, "; a pointer is 'pointer' or 'buffer'");
    for (const type of ['char[]', 'int[3]']) bad(type, "; an array is 'buffer' as an argument");
    bad('struct point', '; a struct is what Struct');
    for (const type of ['napi_env', 'napi_value']) {
      bad(
        FFIType[type],
        `unknown type '${type}'; arkffi calls C functions, and a function that takes it is of Node-API`,
      );
      assert.ok(!Object.keys(FFIType).includes(type), 'it is not listed');
    }
  }, 20));
