// Struct values as views: fields as properties, arrays, unions, bit-fields, and structs in C's memory.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { dlopen, Struct, Union } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture, kept, throws } from './support.mjs';

const Point = Struct({ x: 'i', y: 'i' }, { name: 'Point' });
const Shape = Struct(
  { tag: 'C', where: Point, heights: ['h', 3], grid: [['C', 2], 2], corners: [Point, 2] },
  { name: 'Shape' },
);
const filled = {
  tag: 1,
  where: { x: 2, y: 3 },
  heights: [4, 5, 6],
  grid: [
    [7, 8],
    [9, 10],
  ],
  corners: [
    { x: 11, y: 12 },
    { x: 13, y: 14 },
  ],
};

describe('a value of a struct', () => {
  test("fields are properties that read and write the struct's memory", () =>
    check(() => {
      const shape = Shape.create(filled);
      assert.deepEqual(
        [shape.tag, shape.where.y, shape.heights[2], shape.grid[1][0], shape.corners[1].x],
        [1, 3, 6, 9, 13],
      );
      shape.tag = 255;
      shape.where.x = -1;
      shape.heights[0] = -300;
      shape.grid[0][1] = 77;
      shape.corners[1].y = 5;
      shape.corners[0] = { x: 1 };
      shape.where = Point.create({ x: 8, y: 9 });
      assert.deepEqual(shape.toObject(), {
        tag: 255,
        where: { x: 8, y: 9 },
        heights: [-300, 5, 6],
        grid: [
          [7, 77],
          [9, 10],
        ],
        corners: [
          { x: 1, y: 12 },
          { x: 13, y: 5 },
        ],
      });
      assert.equal(new DataView(shape.buffer).getInt16(Shape.offsets.heights, true), -300);
    }));

  test('an invalid value for a property throws, and the struct is unchanged', () =>
    check(() => {
      const shape = Shape.create(filled);
      const range = 'ERR_FFI_OUT_OF_RANGE';
      throws(() => (shape.tag = 256), { code: range, message: /^Shape\.tag: 256 is out of range for uint8_t/ });
      throws(() => (shape.where.x = 0.5), { code: range, message: /^Point\.x: / });
      throws(() => (shape.heights = [4, 5, 'x']), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^Shape\.heights\[2\]: /,
      });
      throws(() => (shape.heights[1] = 2 ** 15), { code: range, message: /^array\[1\]: / });
      throws(() => shape.heights.set(3, 1), { code: range, message: 'Shape.heights: 3 is no index of 3 elements' });
      assert.deepEqual([shape.tag, shape.where.x, shape.heights[1]], [1, 2, 5]);
    }));

  test('an index that the array does not have is refused when it is set', () =>
    check(() => {
      const { heights } = Shape.create(filled);
      for (const index of [3, 7, 65536, 4294967296, -1, 0.5, NaN, Infinity, 1e21]) {
        throws(() => (heights[index] = 1), {
          code: 'ERR_FFI_OUT_OF_RANGE',
          message: `Shape.heights: ${index} is no index of 3 elements`,
        });
        assert.equal(heights[index], undefined);
      }
      assert.deepEqual(Object.keys(heights), ['length']);
      assert.deepEqual([...heights], filled.heights);
    }));

  test("a struct is unchanged if only a part of the assigned value is wrong, also in C's memory", () =>
    check(() => {
      const own = Shape.create(filled);
      const inMemory = kept(Shape.create(filled));
      for (const shape of [own, Shape.at(inMemory.ptr)]) {
        const wrong = (set, message) => {
          throws(set, { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
          assert.deepEqual(shape.toObject(), filled);
        };
        wrong(() => (shape.heights = [40, 50, 'x']), 'Shape.heights[2]: expected number, got string');
        wrong(() => Shape.set(shape, 'heights', [40, null, 60]), 'Shape.heights[1]: expected number, got null');
        wrong(() => (shape.where = { x: 20, y: 'x' }), 'Shape.where.y: expected number, got string');
        wrong(() => (shape.where = { x: 20, z: 1 }), /^Shape\.where: no field 'z'/);
        wrong(() => (shape.grid[1] = [90, 'x']), 'array[1][1]: expected number, got string');
        wrong(
          () =>
            (shape.corners = [
              { x: 1, y: 1 },
              { x: 1, y: 1n },
            ]),
          /^Shape\.corners\[1\]\.y: /,
        );
        wrong(() => (shape.corners[0] = { x: 1, y: '' }), /^array\[0\]\.y: /);
        wrong(() => shape.corners.set(1, { x: 1, y: '' }), /^array\[1\]\.y: /);
      }
      assert.deepEqual(inMemory.toObject(), filled); // also keeps the memory of the view alive until here
    }));

  test('a failed assignment does not release what the field kept alive', () => {
    const Slots = Struct({ slots: ['p', 2] }, { name: 'Slots' });
    const value = Slots.create({ slots: [new Uint8Array([7]), 0] });
    const address = value.slots[0];
    throws(() => (value.slots = [new Uint8Array([8]), 'x']), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    assert.equal(value.slots[0], address);
    assert.equal(new Uint8Array(ffi.readMemory(address, 1))[0], 7);
  });

  test('a struct value can be shown as a plain object', () =>
    check(() => {
      const shape = Shape.create(filled);
      assert.deepEqual(JSON.parse(JSON.stringify(shape)), filled);
      assert.deepEqual(Shape.toObject(shape), filled);
      assert.equal(inspect(Point.create({ x: 1 })), '{ x: 1, y: 0 }');
      assert.deepEqual(shape.heights.toObject(), [4, 5, 6]);
    }));

  test("a value's own property names take precedence over fields of the same name", () =>
    check(() => {
      const Odd = Struct({
        ptr: 'L',
        buffer: 'i',
        schema: 'i',
        toObject: 'i',
        constructor: 'i',
        ['__proto__']: 'i',
        then: 'i',
      });
      const odd = Odd.create({ ptr: 7, buffer: 1, schema: 2, toObject: 3, constructor: 4, ['__proto__']: 5, then: 6 });
      assert.equal(odd.ptr, ffi.ptr(odd.buffer));
      assert.deepEqual([Odd.get(odd, 'ptr'), Odd.get(odd, 'buffer'), Odd.get(odd, 'schema')], [7, 1, 2]);
      assert.deepEqual([odd.constructor, odd['__proto__'], odd.then], [4, 5, 6]);
      assert.equal(odd.schema, Odd);
      assert.deepEqual(Object.keys(odd.toObject()), Object.keys(Odd.fields));
    }));

  test('fromPtr copies a value, also out of another value; releasePtr accepts anything', () =>
    check(() => {
      const point = Point.create({ x: 1, y: 2 });
      const copy = Point.fromPtr(point);
      copy.x = 9;
      assert.deepEqual([point.x, copy.x, copy.y], [1, 9, 2]);
      for (const anything of [undefined, null, 0, point, 'text', Symbol('s')]) {
        assert.equal(Point.releasePtr(anything), undefined);
        assert.equal(Struct.releasePtr(anything), undefined);
      }
    }));

  test('sizeof, alignof and offsetof report the layout', () => {
    assert.deepEqual([Struct.sizeof(Shape), Struct.alignof(Shape), Struct.offsetof(Shape, 'corners')], [40, 4, 24]);
    assert.deepEqual(
      [Struct.sizeof('h'), Struct.alignof('double'), Struct.sizeof(['i', 5]), Struct.alignof(['h', 3])],
      [2, 8, 20, 2],
    );
    throws(() => Struct.offsetof(Shape, 'corner'), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^Struct\.offsetof: Shape: no field 'corner'; did you mean/,
    });
    throws(() => Struct.offsetof({}, 'x'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  });
});

describe('an array in a struct', () => {
  test('an array in a struct has a length, indexes and an iterator', () =>
    check(() => {
      const { heights } = Shape.create(filled);
      assert.equal(heights.length, 3);
      assert.deepEqual([...heights], [4, 5, 6]);
      assert.deepEqual(
        [heights.get(1), heights.get(3), heights.get(-1), heights.get(0.5)],
        [5, undefined, undefined, undefined],
      );
      assert.equal(heights[3], undefined);
      assert.equal(heights.buffer.byteLength, Shape.size);
      assert.equal(heights.byteOffset, Shape.offsets.heights);
    }));

  test('an array of structs can be filled by C', () =>
    check(() => {
      const points = Point.arrayOf(4);
      points[2] = { x: 5, y: 6 };
      points[3].x = 7;
      assert.deepEqual(points.toObject()[2], { x: 5, y: 6 });
      assert.deepEqual(new Int32Array(points.buffer), new Int32Array([0, 0, 0, 0, 5, 6, 7, 0]));
      assert.equal(points[1].ptr, points.ptr + 8);
      for (const count of [0, -1, 0.5, NaN]) throws(() => Point.arrayOf(count), { code: 'ERR_FFI_OUT_OF_RANGE' });
      throws(() => Point.arrayOf('3'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }));

  test('every index of a long array reads and sets its element', () =>
    check(() => {
      const { list } = Struct({ list: ['u8', 70000] }).create();
      for (const index of [0, 65535, 65536, 69999]) {
        list[index] = (index % 200) + 1;
        assert.equal(list[index], (index % 200) + 1);
        assert.equal(list.get(index), (index % 200) + 1);
      }
      throws(() => (list[65536] = 256), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^array\[65536\]: 256/ });
      throws(() => (list[70000] = 1), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: 'Struct.list: 70000 is no index of 70000 elements',
      });
      assert.equal(list[70000], undefined);
    }));
});

describe('a struct in C’s memory', () => {
  const Complex = Struct({ re: 'd', im: 'd' }, { name: 'Complex' });
  const { complex_kept, complex_kept_real, complex_multiply } = dlopen(fixture, {
    complex_kept: { returns: 'p' },
    complex_kept_real: { returns: 'd' },
    complex_multiply: { args: [Complex, Complex], returns: Complex },
  }).symbols;

  test("a struct in C's memory is read and written at its address", () =>
    check(() => {
      const kept = Complex.at(complex_kept());
      kept.re = 1;
      kept.im = 2;
      assert.equal(complex_kept_real(), 1);
      kept.re = 40;
      assert.equal(complex_kept_real(), 40);
      assert.deepEqual(Complex.fromPtr(kept).toObject(), { re: 40, im: 2 });
      assert.deepEqual(kept.toObject(), { re: 40, im: 2 });
      assert.equal(kept.ptr, complex_kept());
      assert.deepEqual(complex_multiply(kept, { re: 1, im: 0 }).toObject(), { re: 40, im: 2 });
      throws(() => kept.buffer, { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /C’s own/ });
    }));

  test("a struct in C's memory may have fields of every type, arrays and structs", () =>
    check(() => {
      const own = Shape.create(filled);
      const there = Shape.at(own);
      assert.deepEqual(there.toObject(), filled);
      there.heights[1] = 50;
      there.corners[1] = { x: 1, y: 2 };
      assert.deepEqual([own.heights[1], own.corners[1].y], [50, 2]);
      const All = Struct({
        b: 'b',
        c: 'c',
        H: 'H',
        I: 'I',
        l: 'l',
        Q: 'Q',
        f: 'f',
        d: 'd',
        p: 'p',
        bits: { type: 'H', bits: 5 },
      });
      const values = {
        b: true,
        c: -1,
        H: 65535,
        I: 2 ** 32 - 1,
        l: -5,
        Q: 2n ** 64n - 1n,
        f: 0.5,
        d: 0.1,
        p: 70_000,
        bits: 21,
      };
      const all = All.create();
      const view = All.at(all);
      for (const [name, value] of Object.entries(values)) view[name] = value;
      assert.deepEqual(all.toObject(), values);
    }));

  test('a struct at an impossible address is refused', () =>
    check(() => {
      for (const address of [0, null, 1, 65_535]) throws(() => Point.at(address), { code: 'ERR_FFI_NULL_POINTER' });
      throws(() => Point.at('70000'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^Point\.at: argument 1/ });
    }));
});

describe('a union', () => {
  test('the fields of a union share the same memory', () =>
    check(() => {
      const Bits = Union({ f: 'f', i: 'I', bytes: ['C', 4] });
      const value = Bits.create({ f: 1 });
      assert.deepEqual([value.i, [...value.bytes], Bits.size, Bits.isUnion], [0x3f800000, [0, 0, 128, 63], 4, true]);
      value.i = 0;
      assert.equal(value.f, 0);
      assert.deepEqual({ ...Bits.offsets }, { f: 0, i: 0, bytes: 0 });
    }));
});

describe('a struct with a custom layout', () => {
  test('bit-fields, signed and unsigned, do not change their neighbours', () =>
    check(() => {
      const Flags = Struct({
        a: { type: 'I', bits: 3 },
        b: { type: 'i', bits: 4 },
        on: { type: 'b', bits: 1 },
        unused: { type: 'I', bits: 2, padding: true },
        c: { type: 'Q', bits: 40 },
        end: { type: 'I', bits: 0 },
        d: { type: 'C', bits: 5 },
      });
      const flags = Flags.create({ a: 7, b: -8, on: true, c: 2n ** 40n - 1n, d: 17 });
      assert.deepEqual(flags.toObject(), { a: 7, b: -8, on: true, c: 2n ** 40n - 1n, d: 17 });
      flags.b = 7;
      flags.c = 0n;
      assert.deepEqual(flags.toObject(), { a: 7, b: 7, on: true, c: 0n, d: 17 });
      throws(() => (flags.a = 8), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: 'Struct.a: 8 is out of range for uint32_t:3 (0 to 7)',
      });
      throws(() => (flags.b = -9), { code: 'ERR_FFI_OUT_OF_RANGE', message: /-8 to 7/ });
      throws(() => Flags.get(flags, 'unused'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /no field 'unused'/ });
    }));

  test('values that are created one after the other share no memory that a program can see', () =>
    check(() => {
      const made = [1, 2, 3].map((x) => Point.create({ x, y: -x }));
      const [first, second, third] = made;
      assert.equal(new Set(made.map(({ buffer }) => buffer)).size, 3);
      assert.deepEqual([second.buffer.byteLength, second.byteOffset], [Point.size, 0]);
      new Int32Array(second.buffer).fill(7);
      Point.at(third.ptr).y = 8;
      second.y = 2 ** 31 - 1;
      assert.deepEqual(
        made.map(({ x, y }) => [x, y]),
        [
          [1, -1],
          [7, 2 ** 31 - 1],
          [3, 8],
        ],
      );
      throws(() => Point.create({ x: 1.5 }), { code: 'ERR_FFI_OUT_OF_RANGE' });
      assert.deepEqual(Point.create().toObject(), { x: 0, y: 0 });
      first.x = -0;
      assert.ok(Object.is(first.x, 0));
    }));

  test('every type of number takes its limits, and refuses what is beyond them', () => {
    const limits = {
      i8: [-128, 127],
      u8: [0, 255],
      i16: [-32768, 32767],
      u16: [0, 65535],
      i32: [-(2 ** 31), 2 ** 31 - 1],
      u32: [0, 2 ** 32 - 1],
    };
    for (const [type, [least, greatest]] of Object.entries(limits)) {
      const One = Struct({ before: 'u8', x: type }, { name: 'One' });
      const values = [One.create(), One.create()];
      assert.ok(values[1].buffer.byteLength > 0); // gives it memory of its own
      for (const at of values) {
        for (const right of [greatest, least]) {
          at.x = right;
          assert.equal(at.x, right);
        }
        for (const wrong of [least - 1, greatest + 1, 0.5, NaN, Infinity]) {
          throws(() => (at.x = wrong), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^One\.x: / });
        }
        throws(() => (at.x = String(least)), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: 'One.x: expected number, got string',
        });
        assert.equal(at.x, least);
      }
    }
  });

  test('a struct may be packed, or have a greater alignment', () => {
    const Packed = Struct({ a: 'c', b: 'd', c: 'h' }, { packed: true });
    assert.deepEqual([Packed.size, Packed.align, { ...Packed.offsets }], [11, 1, { a: 0, b: 1, c: 9 }]);
    const packed = Packed.create({ a: 1, b: 0.1, c: 3 });
    assert.deepEqual(packed.toObject(), { a: 1, b: 0.1, c: 3 });
    const Wide = Struct({ a: 'c', b: 'i' }, { align: 64 });
    assert.deepEqual([Wide.size, Wide.align], [64, 64]);
  });
});
