// Structs in memory that a program made itself: by an address and an offset, and in buffers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anonymous, ffi, ptr, releasePtr, Struct, StructSchema, Union } from 'arkffi';
import { check, kept, throws } from './support.mjs';

const Complex = Struct({ real: 'd', imag: 'd' }, { name: 'Complex' });
const numbers = () => kept(new Float64Array([1, 2, 3, 4]));

describe('a struct at an address and an offset', () => {
  test('fromPtr copies it, and at is a view of it', () =>
    check(() => {
      const memory = numbers();
      const copy = Complex.fromPtr(ptr(memory), 16);
      const view = Complex.at(ptr(memory), 16);
      assert.deepEqual([copy.real, copy.imag, view.real, view.imag], [3, 4, 3, 4]);
      memory[2] = 5;
      view.imag = 6;
      assert.deepEqual([copy.real, view.real, memory[3]], [3, 5, 6]);
      assert.equal(Complex.fromPtr(ptr(memory), 0).real, 1);
      assert.equal(Complex.at(ptr(memory) + 24, -24).real, 1);
      assert.equal(Complex.fromPtr(BigInt(ptr(memory)), 8).real, 2);
    }));

  test('the offset is inside the memory of a value', () =>
    check(() => {
      const pair = Struct({ first: Complex, second: Complex }).create({ second: { real: 7 } });
      assert.equal(Complex.at(pair, 16).real, 7);
      assert.equal(Complex.fromPtr(pair, 16).real, 7);
      const value = Complex.create();
      for (const method of ['at', 'fromPtr']) {
        throws(() => Complex[method](value, 8), {
          code: 'ERR_FFI_OUT_OF_RANGE',
          message: `Complex.${method}: argument 1: expected 16 bytes at offset 8 of the value, which has 16`,
        });
        throws(() => Complex[method](value, -8), { code: 'ERR_FFI_OUT_OF_RANGE', message: /at offset -8/ });
      }
    }));

  test('NULL is NULL with an offset, too, and the offset is an integer', () =>
    check(() => {
      for (const method of ['at', 'fromPtr']) {
        for (const address of [null, 0, 0n, 65_535]) {
          throws(() => Complex[method](address, 2 ** 20), {
            code: 'ERR_FFI_NULL_POINTER',
            message: /^Complex\.(fromPtr|at): /,
          });
        }
        for (const offset of ['16', null, 1n, {}]) {
          throws(() => Complex[method](ptr(numbers()), offset), {
            code: 'ERR_FFI_INVALID_ARG_TYPE',
            message: new RegExp(`^Complex\\.${method}: argument 2: expected a number`),
          });
        }
        for (const offset of [0.5, NaN, Infinity]) {
          throws(() => Complex[method](ptr(numbers()), offset), {
            code: 'ERR_FFI_OUT_OF_RANGE',
            message: /argument 2/,
          });
        }
      }
    }));

  test('of a struct with a flexible array the second argument is the number of its elements', () =>
    check(() => {
      const Packet = Struct({ length: 'i', data: ['i', 0] });
      const memory = kept(new Int32Array([2, 7, 8]));
      assert.deepEqual(Packet.fromPtr(ptr(memory), 2).data.toObject(), [7, 8]);
      throws(() => Packet.fromPtr(ptr(memory), -1), { code: 'ERR_FFI_OUT_OF_RANGE' });
    }));
});

describe('a struct in a buffer', () => {
  test('get, set and toObject take an ArrayBuffer, a SharedArrayBuffer and views', () =>
    check(() => {
      const memory = numbers();
      assert.equal(Complex.get(memory.buffer, 'imag'), 2);
      assert.equal(Complex.get(memory.subarray(2), 'imag'), 4);
      assert.equal(Complex.get(new DataView(memory.buffer, 8), 'real'), 2);
      Complex.set(memory.buffer, 'imag', 9);
      Complex.set(memory.subarray(1), 'imag', 10);
      assert.deepEqual([...memory], [1, 9, 10, 4]);
      assert.deepEqual(Complex.toObject(memory.subarray(2)), { real: 10, imag: 4 });
      const shared = new SharedArrayBuffer(16);
      Complex.set(shared, 'real', 3);
      assert.equal(new Float64Array(shared)[0], 3);
    }));

  test('a struct inside is a view of the buffer', () =>
    check(() => {
      const Pair = Struct({ first: Complex, second: Complex });
      const memory = numbers();
      Pair.get(memory, 'second').imag = 5;
      assert.equal(memory[3], 5);
    }));

  test('a flexible array has as many elements as the buffer has room for', () =>
    check(() => {
      const Packet = Struct({ length: 'i', data: ['h', 0] });
      const memory = new Int16Array([1, 0, 7, 8]);
      assert.deepEqual(Packet.get(memory, 'data'), [7, 8]);
      assert.deepEqual(Packet.toObject(new Uint8Array(memory.buffer, 0, 7)), { length: 1, data: [7] });
      assert.deepEqual(Packet.get(memory.subarray(0, 2), 'data'), []);
    }));

  test('a string that is set lives as long as the buffer', () =>
    check(() => {
      const Named = Struct({ name: 's' });
      const memory = new ArrayBuffer(8);
      Named.set(memory, 'name', 'text');
      assert.equal(Named.get(memory, 'name'), 'text');
    }));

  test('a buffer that is too small or detached is refused', () =>
    check(() => {
      throws(() => Complex.get(new ArrayBuffer(15), 'real'), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: 'Complex.get: argument 1: expected a Complex value, or a buffer of at least 16 bytes, got one of 15',
      });
      throws(() => Complex.set(new Uint8Array(16).subarray(1), 'real', 1), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      for (const make of [(buffer) => buffer, (buffer) => new Float64Array(buffer)]) {
        const buffer = new ArrayBuffer(16);
        const value = make(buffer);
        structuredClone(buffer, { transfer: [buffer] });
        throws(() => Complex.get(value, 'real'), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /^Complex\.get: argument 1/,
        });
      }
    }, 20));

  test('the message of a wrong value names the field', () =>
    check(() => {
      throws(() => Complex.set(numbers(), 'real', 'x'), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^Complex\.real: /,
      });
      throws(() => Complex.get(numbers(), 'reel'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /no field 'reel'/ });
    }));
});

describe('what a schema says of its fields', () => {
  test('names, types and offsets in the order of declaration, and the alignment', () =>
    check(() => {
      const Outer = Struct({ tag: 'char', where: Complex, list: ['h', 3] });
      assert.deepEqual(Outer.fieldNames, ['tag', 'where', 'list']);
      assert.deepEqual(Outer.fieldTypes, ['char', Complex, ['h', 3]]);
      assert.deepEqual(Outer.fieldOffsets, [0, 8, 24]);
      assert.equal(Outer.alignment, 8);
      assert.ok(!Object.keys(Outer).includes('fieldNames'), 'they are not listed');
    }));

  test('fields of anonymous members are among them, and padding is not', () =>
    check(() => {
      const Value = Struct({
        tag: 'i',
        gap: { type: 'i', bits: 3, padding: true },
        flag: { type: 'i', bits: 1 },
        _: anonymous(Union({ whole: 'q', real: 'd' })),
      });
      assert.deepEqual(Value.fieldNames, ['tag', 'flag', 'whole', 'real']);
      assert.deepEqual(Value.fieldOffsets, [0, 4, 8, 8]);
      assert.deepEqual(Value.fieldTypes, ['i', { type: 'i', bits: 1 }, 'q', 'd']);
    }));
});

describe('StructSchema', () => {
  test('makes structs with new or without, and all schemas are instances of it', () =>
    check(() => {
      const made = new StructSchema({ x: 'i', y: 'i' }, { name: 'Point' });
      assert.deepEqual([made.size, made.name, made.create({ y: 2 }).y], [8, 'Point', 2]);
      assert.equal(StructSchema({ x: 'd' }).size, 8);
      for (const schema of [made, Complex, Union({ x: 'd' })]) assert.ok(schema instanceof StructSchema);
      assert.ok(!(Complex.create() instanceof StructSchema));
      throws(() => new StructSchema({}), { code: 'ERR_FFI_BAD_SIGNATURE' });
    }));

  test('releasePtr does nothing', () =>
    check(() => {
      const value = Complex.create({ real: 1 });
      assert.equal(releasePtr(value), undefined);
      assert.equal(value.real, 1);
    }));

  test('ptr gives the address of a value', () =>
    check(() => {
      const value = kept(Complex.create({ imag: 4 }));
      assert.equal(ffi.ptr(value), value.ptr);
      assert.equal(Complex.fromPtr(ptr(value)).imag, 4);
    }));
});
