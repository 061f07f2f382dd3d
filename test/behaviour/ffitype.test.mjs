// FFIType: every common name of each type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FFIType } from 'arkffi';
import { check } from './support.mjs';

const names = {
  v: ['void'],
  b: ['bool'],
  c: ['char', 'int8_t', 'int8', 'i8'],
  C: ['uchar', 'uint8_t', 'uint8', 'u8'],
  h: ['short', 'int16_t', 'int16', 'i16'],
  H: ['ushort', 'uint16_t', 'uint16', 'u16'],
  i: ['int', 'int32_t', 'int32', 'i32'],
  I: ['uint', 'uint32_t', 'uint32', 'u32'],
  l: ['int64_t', 'int64', 'i64', 'i64_fast', 'ssize'],
  L: ['uint64_t', 'uint64', 'u64', 'u64_fast', 'usize', 'size_t'],
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
const platform = ['long', 'ulong', 'wchar'];

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
