// Struct: the layout must be that of the C compiler, which the fixture library reports for its own structs.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { anonymous, CString, dlopen, FFIType, JSCallback, Struct, Union } from 'arkffi';
import ffi from 'liblibrary.so';
import { isWindows } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const require = createRequire(import.meta.url);

/** A second copy of arkffi, as a program has it of which two packages need different versions. */
function anotherCopy() {
  const { cache } = require;
  Object.keys(cache).forEach((key) => void delete cache[key]);
  const other = require('arkffi');
  assert.notEqual(other.Struct, Struct);
  return other;
}

const lib = dlopen(fixture, {
  layout_size: { args: ['s'], returns: 'I' },
  layout_align: { args: ['s'], returns: 'I' },
  layout_offset: { args: ['s', 'I'], returns: 'I' },
  point_swap: { args: ['p'] },
  scalars_fill: { args: ['p'] },
  scalars_sum: { args: ['p'], returns: 'd' },
  nested_weigh: { args: ['p'], returns: 'l' },
  pointers_follow: { args: ['p'], returns: 'i' },
  pointers_fill: { args: ['p'] },
  buffer_address: { args: ['p'], returns: 'L' },
}).symbols;

const Point = Struct({ x: 'i', y: 'i' }, { name: 'Point' });
const Holes = Struct({ a: 'c', b: 'h', c: 'C', d: 'i', e: 'b', f: 'd', g: 'f', h: 'l', i: 'C' });
const Bytes = Struct({ a: 'C', b: ['c', 5], c: 'b' });
const Nested = Struct(
  { tag: 'C', where: Point, heights: ['h', 3], inner: Holes, corners: [Point, 2], last: 'C' },
  { name: 'Nested' },
);
const Pointers = Struct(
  { tag: 'b', text: 's', between: 'C', wide: 'S', data: 'p', callback: 'k' },
  { name: 'Pointers' },
);
const scalars = {
  b: 'b',
  i8: 'c',
  u8: 'C',
  i16: 'h',
  u16: 'H',
  i32: 'i',
  u32: 'I',
  i64: 'l',
  u64: 'L',
  f32: 'f',
  f64: 'd',
};
const Scalars = Struct(scalars, { name: 'Scalars' });
const all = { point: Point, holes: Holes, bytes: Bytes, nested: Nested, pointers: Pointers, scalars: Scalars };

describe('a Struct', () => {
  for (const [name, struct] of Object.entries(all)) {
    test(`a Struct has the size, alignment and offsets of the compiler: ${name}`, () =>
      check(() => {
        assert.equal(struct.size, lib.layout_size(name));
        assert.equal(struct.align, lib.layout_align(name));
        Object.keys(struct.fields).forEach((field, index) => {
          assert.equal(struct.offsets[field], lib.layout_offset(name, index), field);
        });
      }));
  }

  test('a Struct accepts every name of a type', () =>
    check(() => {
      const named = Struct({ a: FFIType.i8, b: 'int16_t', c: 'uchar', d: 'int', e: 'bool', f: 'double' });
      assert.deepEqual({ ...named.offsets }, { a: 0, b: 2, c: 4, d: 8, e: 12, f: 16 });
      assert.equal(Struct({ a: 'long' }).size, Struct({ a: FFIType.long }).size);
    }));

  test('a Struct may have arrays of arrays, and structs nested to any depth', () => {
    const Matrix = Struct({ rows: [['h', 3], 2] });
    assert.deepEqual([Matrix.size, Matrix.align], [12, 2]);
    const value = Matrix.create({ rows: [[1, 2, 3], new Int16Array([4, 5, 6])] });
    assert.deepEqual(Matrix.get(value, 'rows'), [
      [1, 2, 3],
      [4, 5, 6],
    ]);
    let deep = Point;
    for (let i = 0; i < 10; i++) deep = Struct({ tag: 'C', deep });
    assert.deepEqual([deep.size, deep.align], [48, 4]);
  });

  test('members may be packed or aligned individually', () =>
    check(() => {
      const Loose = Struct({ a: 'C', b: { type: 'h', align: 8 }, c: { type: ['i', 2], packed: true }, d: 'C' });
      assert.deepEqual([Loose.size, Loose.align, { ...Loose.offsets }], [24, 8, { a: 0, b: 8, c: 10, d: 18 }]);
      const value = Loose.create({ a: 1, b: 2, c: [3, 4], d: 5 });
      value.c[1] = -1;
      assert.deepEqual(value.toObject(), { a: 1, b: 2, c: [3, -1], d: 5 });
      const Even = Struct({ a: 'C', b: { type: 'd', packed: true, align: 2 }, c: { type: 'I', bits: 3, align: 4 } });
      assert.deepEqual([Even.size, Even.align, { ...Even.offsets }], [16, 4, { a: 0, b: 2, c: 12 }]);
      assert.deepEqual(Even.create({ a: 1, b: 0.5, c: 7 }).toObject(), { a: 1, b: 0.5, c: 7 });
      assert.equal(Struct({ a: { type: 'i', align: undefined, packed: false } }).align, 4);
    }));

  test('bit-fields may be placed by the rules of another platform', () =>
    check(() => {
      const fields = { a: 'c', b: { type: 'i', bits: 3 }, c: { type: 'i', bits: 30 }, d: { type: 'c', bits: 1 } };
      const layoutOf = ({ size, align, offsets }) => [size, align, Object.values(offsets)];
      assert.deepEqual(layoutOf(Struct(fields, { bitFields: 'ms' })), [16, 4, [0, 4, 8, 12]]);
      assert.deepEqual(layoutOf(Struct(fields, { bitFields: 'gcc' })), [8, 4, [0, 1, 4, 7]]);
      assert.deepEqual(layoutOf(Struct(fields, { bitFields: undefined })), layoutOf(Struct(fields)));
      const value = Struct(fields, { bitFields: 'ms' }).create({ a: -1, b: 3, c: -5, d: -1 });
      assert.deepEqual(value.toObject(), { a: -1, b: 3, c: -5, d: -1 });
      for (const bitFields of [1, null, true, {}]) {
        throws(() => Struct(fields, { bitFields }), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /^Struct: options\.bitFields: /,
        });
      }
      throws(() => Union(fields, { bitFields: 'MS' }), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: "Union: options.bitFields: 'MS' is not 'ms' or 'gcc'",
      });
    }));

  test('anonymous members and a flexible array may be aligned', () =>
    check(() => {
      const Tail = Struct({
        a: 'C',
        _: anonymous(Struct({ b: 'C' }), { align: 4 }),
        list: { type: ['C', 0], align: 8 },
      });
      assert.deepEqual([Tail.size, Tail.align, { ...Tail.offsets }], [8, 8, { a: 0, b: 4, list: 8 }]);
      const value = Tail.create({ a: 1, b: 2, list: [3, 4] });
      assert.deepEqual(value.toObject(), { a: 1, b: 2, list: [3, 4] });
      assert.deepEqual([...new Uint8Array(value.buffer)], [1, 0, 0, 0, 2, 0, 0, 0, 3, 4]);
      const Low = Struct({ a: 'C', list: { type: ['d', 0], packed: true } });
      assert.deepEqual([Low.size, Low.align, Low.offsets.list], [1, 1, 1]);
    }));

  test('a Struct may be packed to a number of bytes, as with #pragma pack', () =>
    check(() => {
      const layouts = [true, 1, 2, 4, 8, 16].map((packed) => {
        const { size, align, offsets } = Struct({ a: 'C', b: 'd', c: 'h' }, { packed });
        return [size, align, offsets.b];
      });
      assert.deepEqual(layouts, [
        [11, 1, 1],
        [11, 1, 1],
        [12, 2, 2],
        [16, 4, 4],
        [24, 8, 8],
        [24, 8, 8],
      ]);
      assert.equal(Union({ a: ['C', 3], b: 'd' }, { packed: 2 }).size, 8);
    }));

  test('field names may be those of inherited properties', () => {
    const odd = Struct({ constructor: 'i', toString: 'C', ['__proto__']: 'd', ptr: 'p', buffer: 'i' });
    const value = odd.create({ constructor: 5, toString: 6, ['__proto__']: 0.5, ptr: 70_000, buffer: 1 });
    assert.deepEqual(
      ['constructor', 'toString', '__proto__', 'ptr', 'buffer'].map((name) => odd.get(value, name)),
      [5, 6, 0.5, 70_000, 1],
    );
    assert.equal(odd.offsets.toString, 4);
  });

  test('a Struct cannot be changed', () => {
    'use strict';
    assert.ok(Object.isFrozen(Point) && Object.isFrozen(Point.fields) && Object.isFrozen(Point.offsets));
    const fields = { x: 'i' };
    const struct = Struct(fields);
    fields.x = 'd';
    assert.equal(struct.size, 4);
  });
});

describe('a value of a Struct', () => {
  test('fields that are not set are zero', () =>
    check(() => {
      const value = Nested.create();
      assert.equal(Nested.get(value, 'tag'), 0);
      assert.deepEqual(Nested.get(value, 'heights'), [0, 0, 0]);
      assert.equal(Point.get(Nested.get(value, 'where'), 'x'), 0);
      assert.equal(value.buffer.byteLength, Nested.size);
      assert.deepEqual(new Uint8Array(value.buffer), new Uint8Array(Nested.size));
    }));

  test('a struct value is passed to C by its address', () =>
    check(() => {
      const point = Point.create({ x: 1, y: -2 });
      lib.point_swap(point);
      assert.deepEqual([Point.get(point, 'x'), Point.get(point, 'y')], [-2, 1]);
      lib.point_swap(point.ptr);
      lib.point_swap(point.buffer);
      assert.deepEqual([Point.get(point, 'x'), Point.get(point, 'y')], [-2, 1]);
      assert.equal(lib.buffer_address(point), point.ptr);
    }));

  test('C can fill a struct value', () =>
    check(() => {
      const value = Scalars.create();
      lib.scalars_fill(value);
      assert.deepEqual(
        Object.keys(scalars).map((name) => Scalars.get(value, name)),
        [true, -128, 255, -32768, 65535, -(2 ** 31), 2 ** 32 - 1, -(2n ** 63n), 2n ** 64n - 1n, 0.25, 0.125],
      );
    }));

  test('C can read a struct value', () =>
    check(() => {
      const value = Scalars.create({ b: true, i8: -1, u8: 1, i16: -300, u16: 300, i32: -70_000 });
      for (const [name, number] of Object.entries({
        u32: 70_000,
        i64: -(2 ** 40),
        u64: 2n ** 40n,
        f32: 0.5,
        f64: 0.25,
      })) {
        Scalars.set(value, name, number);
      }
      assert.equal(lib.scalars_sum(value), 1.75);
    }));

  test('nested structs and arrays can be set as a whole or in parts', () =>
    check(() => {
      const value = Nested.create({
        tag: 1,
        where: { y: 10 },
        heights: [0, 0, -100],
        inner: Holes.create({ h: 1000 }),
        corners: [{}, Point.create({ x: 10_000 })],
        last: 200,
      });
      assert.equal(lib.nested_weigh(value), 1 + 20 - 300 + 4000 + 50_000 + 1200);
      const where = Nested.get(value, 'where');
      Point.set(where, 'y', 20);
      assert.equal(Point.get(Nested.get(value, 'where'), 'y'), 20, 'the nested struct is a view of the same memory');
      assert.equal(where.ptr, value.ptr + Nested.offsets.where);
      assert.equal(where.buffer, value.buffer);
      assert.equal(where.byteOffset, Nested.offsets.where);
      Nested.set(value, 'where', { x: 5 });
      assert.deepEqual([Point.get(where, 'x'), Point.get(where, 'y')], [5, 20]);
      const copy = Nested.get(value, 'heights');
      copy[0] = 9;
      assert.deepEqual(Nested.get(value, 'heights'), [0, 0, -100], 'get returns a copy of an array');
      lib.point_swap(where);
      assert.deepEqual([Point.get(where, 'x'), Point.get(where, 'y')], [20, 5]);
    }));

  test("fromPtr copies a struct out of C's memory", () =>
    check(() => {
      const memory = new Int32Array([1, 2, 3, 4]);
      const second = Point.fromPtr(ffi.ptr(memory) + 8);
      memory.fill(0);
      assert.deepEqual([Point.get(second, 'x'), Point.get(second, 'y')], [3, 4]);
      const third = Point.fromPtr(BigInt(ffi.ptr(memory)));
      assert.deepEqual([Point.get(third, 'x'), memory[0]], [0, 0]);
      assert.equal(Point.get(Point.fromPtr(Point.create({ x: 6 })), 'x'), 6);
    }));

  test('a struct value keeps alive the strings, buffers and callbacks that it points to', () =>
    check(() => {
      const callback = new JSCallback((n) => n * 2, { args: ['i'], returns: 'i' });
      const data = new Int32Array(1);
      const value = Pointers.create({ tag: true, text: Buffer.from('four\0'), data, callback });
      assert.equal(lib.pointers_follow(value), 8);
      assert.equal(data[0], 8);
      assert.equal(Pointers.get(value, 'text'), 'four');
      assert.equal(Pointers.get(value, 'data'), ffi.ptr(data));
      assert.equal(Pointers.get(value, 'callback'), callback.ptr);
      Pointers.set(value, 'text', null);
      assert.equal(Pointers.get(value, 'text'), null);
      callback.close();
    }));

  test('a struct value shows the strings and pointers that C stored in it', () =>
    check(() => {
      const value = Pointers.create({ data: new Uint8Array(1) });
      lib.pointers_fill(value);
      assert.equal(Pointers.get(value, 'tag'), true);
      assert.equal(Pointers.get(value, 'text'), 'from C');
      assert.equal(Pointers.get(value, 'wide'), 'wide');
      assert.equal(Pointers.get(value, 'data'), 0);
      assert.equal(Pointers.get(value, 'between'), 7);
      const at = new DataView(value.buffer).getBigUint64(Pointers.offsets.text, true);
      assert.equal(new CString(at).toString(), 'from C');
    }));
});

describe('errors of Struct', () => {
  const bad = (code, message) => ({ code, message });

  test('an unknown type is refused with the name of its field', () =>
    check(() => {
      const refused = (fields, message) => throws(() => Struct(fields), bad('ERR_FFI_BAD_SIGNATURE', message));
      refused({ a: 'v' }, /^Struct\.a: /);
      refused({ a: 'i', b: 'doubel' }, /^Struct\.b: unknown type 'doubel'; did you mean 'double'\?/);
      for (const type of [undefined, null, 1, {}, [], ['i'], ['i', 0], ['i', -1], ['i', 1.5], ['i', '3'], ['v', 3]]) {
        refused({ a: type }, /^Struct\.a/);
      }
      refused({ a: ['i', 2, 3] }, /array of 3/);
      refused({ a: { type: 'd', bits: 3 } }, /^Struct\.a: a bit-field has an integer type, not 'd'/);
      refused({ a: { type: 'v', bits: 3 } }, /^Struct\.a: type: void/);
      refused({ a: { bits: 3 } }, /^Struct\.a: type: /);
      for (const bits of [-1, 33, 0.5, '3', undefined])
        refused({ a: { type: 'i', bits } }, /^Struct\.a: .* 0 to 32 bits/);
      refused({ a: { type: 'b', bits: 2 } }, /^Struct\.a: .* 0 to 1 bits/);
      refused({ a: { type: 'i', bits: 3, bit: 1 } }, /^Struct\.a: unknown key 'bit'/);
      refused({ a: { type: 'i', bits: 3, padding: 1 } }, /^Struct\.a: padding: /);
      refused({ a: [{ type: 'i', bits: 3 }, 2] }, /^Struct\.a\[0\]: only a struct has bit-fields/);
      refused({ a: { type: 'i', bits: 0 } }, /no members/);
      refused({ 0: 'i' }, /'0'/);
      for (const fields of [undefined, null, 'i', [], {}, 1]) refused(fields, /^Struct: /);
      for (const option of [{ packed: '1' }, { packed: null }, { align: '8' }, { pack: true }]) {
        throws(
          () => Struct({ x: 'i' }, option),
          bad('ERR_FFI_INVALID_ARG_TYPE', /^Struct: options\.(packed|align|pack): /),
        );
      }
      for (const align of [0, 3, 8192, 0.5, NaN])
        throws(() => Struct({ x: 'i' }, { align }), bad('ERR_FFI_OUT_OF_RANGE'));
      for (const packed of [0, 3, 32, NaN])
        throws(() => Struct({ x: 'i' }, { packed }), bad('ERR_FFI_OUT_OF_RANGE', /^Struct: options\.packed: /));
      throws(() => Struct({ x: 'i' }, 5), bad('ERR_FFI_INVALID_ARG_TYPE'));
      throws(() => Struct({ x: 'i' }, { name: 5 }), bad('ERR_FFI_INVALID_ARG_TYPE'));
    }));

  test('a wrong layout of a member is refused with the name of its field', () =>
    check(() => {
      const refused = (field, message) => throws(() => Struct({ a: field }), bad('ERR_FFI_BAD_SIGNATURE', message));
      for (const align of [0, 3, 8192, 0.5, NaN, '8', null, 8n])
        refused({ type: 'i', align }, /^Struct\.a: align: expected a power of two from 1 to 4096, got /);
      for (const packed of [1, 'yes', null])
        refused({ type: 'i', packed }, /^Struct\.a: packed: expected a boolean, got /);
      refused({ type: 'i', bits: 3, align: 3 }, /^Struct\.a: align: /);
      refused({ type: 'i', alin: 8 }, /^Struct\.a: unknown key 'alin'/);
      refused({ type: 'i', padding: true }, /^Struct\.a: unknown key 'padding'/);
      refused({ type: 'doubel', align: 8 }, /^Struct\.a: unknown type 'doubel'/);
      refused({ type: { type: 'i', align: 8 }, packed: true }, /^Struct\.a: only a field of a struct is /);
      refused([{ type: 'i', packed: true }, 2], /^Struct\.a\[0\]: only a field of a struct is /);
      refused({ align: 8 }, /^Struct\.a: only a field of a struct is /);
      throws(() => anonymous(Point, { align: 3 }), bad('ERR_FFI_BAD_SIGNATURE', /^anonymous: options: align: /));
      throws(() => anonymous(Point, { alin: 4 }), bad('ERR_FFI_BAD_SIGNATURE', /^anonymous: options: unknown key/));
      throws(() => anonymous(Point, 4), bad('ERR_FFI_INVALID_ARG_TYPE', /^anonymous: options: /));
    }));

  test('a struct larger than memory is refused', () => {
    throws(() => Struct({ a: [['d', 2 ** 30], 2 ** 30] }), bad('ERR_FFI_OUT_OF_RANGE', /larger than memory/));
    // Wine promises all memory that can have an address, and fills it with zeros.
    const large = Struct({ a: ['C', isWindows ? 2 ** 48 : 2 ** 45] });
    throws(() => large.create(), bad('ERR_FFI_NO_MEMORY'));
  });

  test('a value that does not fit its field is refused, and the field is unchanged', () =>
    check(() => {
      const value = Scalars.create({ u8: 7 });
      const range = 'ERR_FFI_OUT_OF_RANGE';
      const type = 'ERR_FFI_INVALID_ARG_TYPE';
      throws(() => Scalars.set(value, 'u8', 256), bad(range, 'Scalars.u8: 256 is out of range for uint8_t (0 to 255)'));
      throws(() => Scalars.set(value, 'u8', 0.5), bad(range, /^Scalars\.u8: /));
      throws(() => Scalars.set(value, 'u8', '1'), bad(type, 'Scalars.u8: expected number, got string'));
      for (const wrong of [undefined, null, true, 1n, {}, Symbol('s')]) {
        throws(() => Scalars.set(value, 'u8', wrong), bad(type, /^Scalars\.u8: /));
      }
      for (const wrong of [2n ** 63n, -(2n ** 63n) - 1n, 2 ** 63, NaN]) {
        throws(() => Scalars.set(value, 'i64', wrong), bad(range, /^Scalars\.i64: /));
      }
      throws(() => Scalars.set(value, 'b', 2), bad(range));
      throws(() => Scalars.set(value, 'f64', '0.5'), bad(type));
      assert.equal(Scalars.get(value, 'u8'), 7);
      throws(() => Scalars.create({ i32: 2 ** 31 }), bad(range, /^Scalars\.i32: /));
      throws(() => Nested.create({ corners: [{}, { x: 'no' }] }), bad(type, /^Nested\.corners\[1\]\.x: /));
      throws(
        () => Nested.create({ heights: [1, 2] }),
        bad(type, /^Nested\.heights: expected an array of 3 values, got 2/),
      );
      throws(() => Nested.create({ where: Scalars.create() }), bad(type, /^Nested\.where: expected a Point value/));
      throws(() => Nested.create({ where: 5 }), bad(type, /^Nested\.where: /));
      throws(() => Pointers.create({ data: 'a text' }), bad(type, /^Pointers\.data: /));
    }));

  test('an object that has no fields itself is no empty one', () =>
    check(() => {
      class Getters {
        get x() {
          return 5;
        }
      }
      for (const wrong of [
        new Getters(),
        new Date(0),
        new Map([['x', 1]]),
        [],
        Object.create({ x: 1 }),
        new (class {})(),
      ]) {
        throws(
          () => Point.create(wrong),
          bad('ERR_FFI_INVALID_ARG_TYPE', /^Point: expected an object with fields, got /),
        );
        throws(
          () => Nested.create({ where: wrong }),
          bad('ERR_FFI_INVALID_ARG_TYPE', /^Nested\.where: expected an object with fields, got /),
        );
      }
      const none = [{}, Object.create(null), new Proxy({}, {}), runInNewContext('({})')];
      for (const empty of none) assert.deepEqual(Point.create(empty).toObject(), { x: 0, y: 0 });
      class Fields {
        x = 5;
      }
      assert.deepEqual(Point.create(new Fields()).toObject(), { x: 5, y: 0 });
    }));

  test("a value of another copy's struct is no empty object", () => {
    const other = anotherCopy();
    const point = other.Struct({ x: 'i', y: 'i' }, { name: 'Point' }).create({ x: 1, y: 2 });
    const message =
      /: expected an object with fields, got a Point; toObject\(\) gives the fields of a value that another copy of arkffi has made$/;
    throws(() => Point.create(point), bad('ERR_FFI_INVALID_ARG_TYPE', message));
    throws(() => (Nested.create().where = point), bad('ERR_FFI_INVALID_ARG_TYPE', message));
    throws(() => Nested.create({ corners: [point, point] }), bad('ERR_FFI_INVALID_ARG_TYPE', message));
    throws(() => Union({ x: 'i', y: 'i' }).create(point), bad('ERR_FFI_INVALID_ARG_TYPE', message));
    assert.deepEqual(Point.create(point.toObject()).toObject(), { x: 1, y: 2 });
    assert.deepEqual(Point.at(point).toObject(), { x: 1, y: 2 });
  });

  test('an unknown field is refused with a similar name', () =>
    check(() => {
      const value = Nested.create();
      const wanted = (message) => bad('ERR_FFI_INVALID_ARG_TYPE', message);
      throws(() => Nested.get(value, 'hights'), wanted("Nested: no field 'hights'; did you mean 'heights'?"));
      throws(() => Nested.set(value, 'nothing', 1), wanted("Nested: no field 'nothing'"));
      throws(() => Nested.create({ constructor: 1 }), wanted(/no field 'constructor'/));
      throws(() => Nested.get(value, Symbol('tag')), wanted(/no field/));
      throws(() => Nested.get(value), wanted(/no field/));
    }));

  test("an object that '...' made of a value is refused, because it has none of the fields", () =>
    check(() => {
      const value = Point.create({ x: 1, y: 2 });
      const wanted = bad(
        'ERR_FFI_INVALID_ARG_TYPE',
        /^[\w.]+: expected an object with fields, got a copy that '\.\.\.' made .*\.toObject\(\) \}$/,
      );
      throws(() => Point.create({ ...value }), wanted);
      throws(() => Point.create({ ...value, x: 3 }), wanted);
      const Line = Struct({ from: Point, to: Point }, { name: 'Line' });
      throws(() => Line.create({ from: { ...value } }), wanted);
      const line = Line.create();
      throws(() => (line.to = { ...value }), wanted);
      assert.equal(Point.create({ ...value.toObject(), x: 3 }).y, 2);
    }));

  test('get and set refuse values that are not of the struct', () =>
    check(() => {
      for (const value of [
        undefined,
        null,
        {},
        Point.create().buffer.slice(1),
        Scalars.create(),
        70_000,
        Object.create(Point.create()),
      ]) {
        throws(
          () => Point.get(value, 'x'),
          bad('ERR_FFI_INVALID_ARG_TYPE', /^Point\.get: argument 1: expected a Point/),
        );
        throws(() => Point.set(value, 'x', 1), bad('ERR_FFI_INVALID_ARG_TYPE', /^Point\.set: argument 1/));
      }
    }));

  test('fromPtr refuses addresses at which nothing can be mapped', () =>
    check(() => {
      for (const address of [0, null, 1, 65_535, 65_535n]) {
        throws(() => Point.fromPtr(address), bad('ERR_FFI_NULL_POINTER'));
      }
      for (const address of [-1, 0.5, NaN, 2n ** 64n])
        throws(() => Point.fromPtr(address), bad('ERR_FFI_OUT_OF_RANGE'));
      for (const address of [undefined, '70000', {}, true]) {
        throws(() => Point.fromPtr(address), bad('ERR_FFI_INVALID_ARG_TYPE', /^Point\.fromPtr: argument 1/));
      }
    }));
});
