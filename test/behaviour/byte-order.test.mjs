// Numbers in structs whose bytes have another order than the machine's: endian, and scalar_storage_order.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, CFunction, enumType, int128, JSCallback, longDouble, out, pointerTo, Struct, Union } from 'arkffi';
import { check, throws } from './support.mjs';

const SIGNATURE = 'ERR_FFI_BAD_SIGNATURE';
const hex = (value) => Buffer.from(value.buffer, value.byteOffset, value.schema.size).toString('hex');

describe('endian', () => {
  test('a field has its bytes in that order', () =>
    check(() => {
      const Header = Struct({
        kind: 'u16',
        length: { type: 'u32', endian: 'big' },
        time: { type: 'int64', endian: 'big' },
        real: { type: 'double', endian: 'big', packed: true },
        few: { type: ['h', 2], endian: 'big' },
        little: { type: 'i', endian: 'little' },
        wide: { type: int128, endian: 'big' },
        flag: { type: 'bool', endian: 'big' },
      });
      const fields = { kind: 1, length: 2, time: -3, real: 1.5, few: [258, -2], little: 4, wide: 5n, flag: true };
      const header = Header.create(fields);
      assert.deepEqual(header.toObject(), fields);
      assert.equal(
        hex(header),
        '0100' +
          '0000' +
          '00000002' +
          'fffffffffffffffd' +
          '3ff8000000000000' +
          '0102fffe' +
          '04000000' +
          '00000000000000000000000000000005' +
          '01' +
          '00'.repeat(15),
      );
      header.length = 0xdeadbeef;
      header.few[1] = 7;
      assert.deepEqual([header.length, [...header.few], Header.get(header, 'time')], [0xdeadbeef, [258, 7], -3]);
      assert.deepEqual(Header.create(header).toObject(), header.toObject());
    }, 10));

  test('all numbers of a struct have it, and pointers and structs inside have their own', () =>
    check(() => {
      const Inner = Struct({ x: 'i' });
      const Color = enumType({ RED: 1 }, { names: true });
      const Big = Struct(
        {
          x: 'i',
          c: Color,
          inner: Inner,
          p: 'p',
          own: { type: 'h', endian: 'little' },
          list: [['H', 2], 2],
          tail: ['f', 0],
        },
        { endian: 'big', name: 'Big' },
      );
      const value = Big.create({
        x: 1,
        c: 'RED',
        inner: { x: 1 },
        p: 0x10000,
        own: 1,
        list: [
          [1, 2],
          [3, 4],
        ],
        tail: [1],
      });
      assert.equal(value.c, 'RED');
      assert.equal(value.tail[0], 1);
      assert.equal(
        Buffer.from(value.buffer, value.byteOffset, 38).toString('hex'),
        '0000000100000001010000000000000000000100000000000100000100020003000400003f800000'.slice(0, 76),
      );
      const Both = Union({ number: 'u32', bytes: ['u8', 4] }, { endian: 'big' });
      assert.deepEqual([...Both.create({ number: 0x01020304 }).bytes], [1, 2, 3, 4]);
    }, 10));

  test('structs with it are passed by value and by pointer, and C writes them', () => {
    const Big = Struct({ x: 'i', y: { type: 'd', endian: 'big' } }, { endian: 'big' });
    const callback = new JSCallback((value, at) => ({ x: value.x + at.value.x, y: value.y * 2 }), {
      args: [Big, pointerTo(Big)],
      returns: Big,
    });
    const writer = new JSCallback((at) => void (at.value.x = 77), { args: [pointerTo(Struct({ value: Big }))] });
    const call = CFunction({
      args: [Big, pointerTo(Big)],
      returns: Big,
      ptr: new JSCallback((value, at) => ({ x: value.x + at.x, y: value.y * 2 }), {
        args: [Big, pointerTo(Big)],
        returns: Big,
      }),
    });
    assert.deepEqual(call({ x: 1, y: 1.5 }, { x: 2, y: 0 }).toObject(), { x: 3, y: 3 });
    const write = CFunction({ args: [out(Big)], ptr: writer });
    assert.equal(write().out[0].x, 77);
    callback.close();
    writer.close();
  });

  test('cdef has it of scalar_storage_order', () => {
    const { structs } = cdef(
      null,
      `struct __attribute__((scalar_storage_order("big-endian"))) big { int a; struct { int b; } inner; short c[2]; void *p; };
       #pragma scalar_storage_order big-endian
       union both { unsigned a; unsigned char b[4]; };
       #pragma scalar_storage_order default
       struct usual { int a; };`,
    );
    const big = structs.big.create({ a: 1, inner: { b: 1 }, c: [1, 2], p: 0x10000 });
    assert.equal(hex(big), '00000001' + '01000000' + '00010002' + '00000000' + '0000010000000000');
    assert.deepEqual([...structs.both.create({ a: 0x01020304 }).b], [1, 2, 3, 4]);
    assert.equal(hex(structs.usual.create({ a: 1 })), '01000000');
  });

  test('a struct of all kinds has the bytes that GCC gives it', () => {
    const { structs } = cdef(
      null,
      `struct __attribute__((scalar_storage_order("big-endian"))) all {
         int a; struct { int b; } inner; short c[2]; void *p; double d; enum { Q = 3 } e; _Bool f; __int128 x; unsigned char b[2];
       };`,
    );
    const fields = { a: 1, inner: { b: 1 }, c: [1, 2], p: 0x10000, d: 1.5, e: 3, f: true, x: 5, b: [1, 0] };
    const gcc =
      '00000001 01000000 00010002 00000000 0000010000000000 3ff8000000000000 00000003 01 000000 0000000000000000' +
      '00000000000000000000000000000005 0100 0000000000000000000000000000';
    assert.equal(hex(structs.all.create(fields)), gcc.replace(/ /g, ''));
  });

  test('what has no order of bytes is refused', () => {
    const refused = (fields, options, message) => throws(() => Struct(fields, options), { code: SIGNATURE, message });
    refused({ x: { type: 'i', endian: 'middle' } }, {}, /Struct\.x: endian: expected 'big' or 'little', got 'middle'/);
    refused({ x: 'i' }, { endian: 1 }, /Struct: options: endian: expected 'big' or 'little', got 1/);
    const isDouble = Struct({ x: longDouble }).size === 8; // then it has an order
    for (const type of ['p', 's', Struct({ x: 'i' }), pointerTo('i'), ['p', 2], ...(isDouble ? [] : [longDouble])]) {
      refused({ x: { type, endian: 'big' } }, {}, /^Struct\.x: endian: only numbers and arrays of numbers/);
    }
    refused({ x: { type: 'I', bits: 3 } }, { endian: 'big' }, /^Struct\.x: endian: a bit-field has the order/);
    assert.equal(Struct({ x: { type: 'I', bits: 3 } }, { endian: 'little' }).size, 4);
  });
});
