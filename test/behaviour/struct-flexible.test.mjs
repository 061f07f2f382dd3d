// Structs that end with a flexible array, `char data[]`, whose length depends on the memory allocated for the struct.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alloc, Arena, cdef, dlopen, free, Struct, Union, write } from 'arkffi';
import { check, fixture, throws } from './support.mjs';

const Packet = Struct({ length: 'I', kind: 'C', data: ['C', 0] }, { name: 'Packet' });
const Point = Struct({ x: 'i', y: 'i' }, { name: 'Point' });
const Path = Struct({ count: 'C', points: [Point, 0] }, { name: 'Path' });
const Names = Struct({ count: 'i', names: ['s', 0] }, { name: 'Names' });

const { buffer_sum, pointer_strings_length } = dlopen(fixture, {
  buffer_sum: { args: ['p', 'L'], returns: 'L' },
  pointer_strings_length: { args: ['p'], returns: 'l' },
}).symbols;

describe('a flexible array', () => {
  test('a flexible array adds its alignment and padding to a struct, but no size', () => {
    const layout = ({ size, align, offsets }, field) => [size, align, offsets[field]];
    assert.deepEqual(layout(Packet, 'data'), [8, 4, 5]);
    assert.deepEqual(layout(Path, 'points'), [4, 4, 4]);
    assert.deepEqual(layout(Names, 'names'), [8, 8, 8]);
    assert.deepEqual(layout(Struct({ n: 'i', c: 'c', d: ['d', 0] }), 'd'), [8, 8, 8]);
    assert.deepEqual(layout(Struct({ c: 'c', d: ['d', 0] }, { packed: true }), 'd'), [1, 1, 1]);
    assert.deepEqual(layout(Struct({ c: 'c', d: ['h', 0] }, { align: 16 }), 'd'), [16, 16, 2]);
    assert.equal(Struct.offsetof(Packet, 'data'), 5);
  });

  test('cdef gives flexible arrays the same layout', () => {
    const { structs } = cdef(
      null,
      `struct packet { unsigned length; unsigned char kind, data[]; };
       struct old { int n; char c; double d[0]; };
       struct odd { char c; _Alignas(8) char d[]; };
       struct middle { int none[0]; char c; };
       union both { int n; char bytes[0]; };`,
    );
    assert.deepEqual([structs.packet.size, structs.packet.offsets.data], [8, 5]);
    assert.deepEqual([...structs.packet.create({ data: [1, 2] }).data], [1, 2]);
    assert.deepEqual([structs.old.size, structs.old.align, structs.old.offsets.d], [8, 8, 8]);
    assert.deepEqual([structs.odd.size, structs.odd.align, structs.odd.offsets.d], [8, 8, 8]);
    assert.deepEqual([structs.middle.size, structs.middle.align], [4, 4]);
    assert.deepEqual([structs.both.size, 'bytes' in structs.both.offsets], [4, false]);
  });

  test('a flexible array has as many elements as its initial value or the given count', () =>
    check(() => {
      const packet = Packet.create({ length: 3, kind: 7, data: [1, 2, 3] });
      assert.deepEqual(packet.toObject(), { length: 3, kind: 7, data: [1, 2, 3] });
      assert.equal(buffer_sum(packet, 8), 3 + 7 + 1 + 2 + 3);
      packet.data[2] = 9;
      assert.deepEqual([packet.data.length, packet.data[2], packet.data[3]], [3, 9, undefined]);
      assert.deepEqual(Packet.get(packet, 'data'), [1, 2, 9]);
      const path = Path.create({ count: 2 }, 2);
      path.points[1].y = 5;
      path.points[0] = { x: 3, y: 4 };
      assert.deepEqual([...new Int32Array(path.buffer)], [2, 3, 4, 0, 5]);
      assert.deepEqual([Packet.create().data.length, Packet.create({ length: 1 }).buffer.byteLength], [0, 8]);
      assert.deepEqual(Packet.create({ data: new Uint8Array(300) }).data.length, 300);
    }));

  test('copies of a struct include its flexible array, as a whole or in part, and what its elements point to', () =>
    check(() => {
      const names = Names.create({ count: 2, names: ['one', 'zwölf', null] });
      const copies = [Names.create(names), Names.fromPtr(names), Names.fromPtr(names.ptr, 3)];
      for (const copy of copies) assert.deepEqual(copy.toObject(), { count: 2, names: ['one', 'zwölf', null] });
      assert.equal(pointer_strings_length(copies[0].names), 9);
      assert.deepEqual([...Names.create(names, 1).names], ['one']);
      assert.deepEqual([...Names.create(names, 4).names], ['one', 'zwölf', null, null]);
    }));

  test("a flexible array in C's memory has the given number of elements", () =>
    check(() => {
      const at = alloc(7); // less than the size of the struct, as C programs allocate it
      write.u32(at, 2);
      write.u8(at, 5, 10);
      write.u8(at, 6, 20);
      const copy = Packet.fromPtr(at, 2);
      const view = Packet.at(at, 2);
      view.data[1] = 30;
      assert.deepEqual([...copy.data, ...view.data], [10, 20, 10, 30]);
      assert.deepEqual(view.toObject(), { length: 2, kind: 0, data: [10, 30] });
      assert.deepEqual([Packet.at(at).data.length, Packet.fromPtr(at).data.length], [0, 0]);
      free(at);
    }));

  test('a struct with a flexible array may be in an arena, which ends it', () =>
    check(() => {
      const arena = new Arena();
      const packet = arena.struct(Packet, { length: 2 }, 2);
      packet.data[1] = 5;
      const { data } = packet;
      assert.equal(buffer_sum(packet, 7), 7);
      arena.close();
      throws(() => data[1], { code: 'ERR_FFI_ARENA_CLOSED', message: 'array[1]: the arena has been closed' });
    }, 10));

  test('a flexible array keeps its length, and its value if a new one is wrong', () =>
    check(() => {
      const packet = Packet.create({ data: [1, 2] });
      const bad = (run, message, code = 'ERR_FFI_INVALID_ARG_TYPE') => throws(run, { code, message });
      bad(() => (packet.data = [1]), 'Packet.data: expected an array of 2 values, got 1');
      bad(() => (packet.data = [8, 256]), /^Packet\.data\[1\]: 256 is out of range/, 'ERR_FFI_OUT_OF_RANGE');
      bad(() => Packet.create({ data: [1, 2, 3] }, 2), 'Packet.data: expected an array of 2 values, got 3');
      bad(() => Packet.create({ data: 3 }), /^Packet\.data: expected an array/);
      bad(() => Packet.create({}, -1), /^Packet\.create: argument 2: -1 is not/, 'ERR_FFI_OUT_OF_RANGE');
      bad(() => Packet.at(packet, '2'), /^Packet\.at: argument 2: expected a number/);
      bad(() => Point.create({}, 1), 'Point.create: argument 2: the struct does not end in a flexible array');
      assert.deepEqual([...packet.data], [1, 2]);
      packet.data = [3, 4];
      assert.deepEqual([...packet.data], [3, 4]);
    }));

  test('a flexible array is empty if its struct is a part of another type', () =>
    check(() => {
      const outer = Struct({ packet: Packet, after: 'i' });
      const value = outer.create({ packet: { length: 1, data: [] }, after: 2 });
      assert.deepEqual([outer.size, value.packet.data.length, value.after], [12, 0, 2]);
      assert.equal(Packet.arrayOf(2)[1].data.length, 0);
    }, 10));

  test('a struct is passed by value without its flexible array', () =>
    check(() => {
      const { symbols } = dlopen(fixture, { echo_u64: { args: [Packet], returns: 'L' } });
      const whole = 3 + 7 * 2 ** 32;
      assert.equal(symbols.echo_u64({ length: 3, kind: 7 }), whole);
      assert.equal(symbols.echo_u64({ length: 3, kind: 7, data: [] }), whole);
      const message = 'echo_u64: argument 1: .data: expected an array of 0 values, got 1';
      throws(() => symbols.echo_u64({ length: 3, kind: 7, data: [1] }), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
    }, 50));

  test('a flexible array is allowed only as the last of several fields of a struct', () => {
    const bad = (make, field) =>
      throws(make, {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: new RegExp(`${field}: an array of 0 elements is a flex`),
      });
    bad(() => Struct({ data: ['c', 0] }), 'Struct\\.data');
    bad(() => Struct({ data: ['c', 0], n: 'i' }), 'Struct\\.data');
    bad(() => Struct({ n: 'i', data: [['c', 0], 2] }), 'Struct\\.data\\[0\\]');
    bad(() => Union({ n: 'i', data: ['c', 0] }), 'Union\\.data');
    bad(() => Struct.sizeof(['c', 0]), 'Struct\\.sizeof');
  });
});
