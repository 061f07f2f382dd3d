// Anonymous members: structs and unions without a name inside another one, whose fields are fields of the outer one.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anonymous, cdef, dlopen, JSCallback, out, Struct, Union } from 'arkffi';
import { check, fixture, rejects, throws } from './support.mjs';

const Value = Struct(
  {
    tag: 'C',
    choice: anonymous(
      Union({
        whole: 'l',
        real: 'd',
        pair: anonymous(Struct({ low: 'H', high: { type: 'H', bits: 5 } })),
        bytes: ['C', 8],
      }),
    ),
    rest: anonymous(Struct({ last: 'h', list: ['C', 2] }, { packed: true })),
  },
  { name: 'Value' },
);
const declared = `struct value {
  unsigned char tag;
  union { long long whole; double real; struct { unsigned short low, high : 5; }; unsigned char bytes[8]; };
  struct __attribute__((packed)) { short last; unsigned char list[2]; };
};`;

/** A struct with the same layout as C's Complex. */
const Complex = Struct({
  first: anonymous(Struct({ re: 'd' })),
  second: anonymous(Union({ im: 'd', imaginary: 'd' })),
});
const { symbols } = dlopen(fixture, {
  complex_multiply: { args: [Complex, Complex], returns: Complex },
  complex_apply: { args: ['k', Complex], returns: Complex },
});

describe('the fields of an anonymous member', () => {
  test('anonymous fields have the offsets of C', () => {
    const { structs } = cdef(null, declared);
    assert.deepEqual([Value.size, Value.align], [24, 8]);
    assert.deepEqual(
      { ...Value.offsets },
      { tag: 0, whole: 8, real: 8, low: 8, high: 10, bytes: 8, last: 16, list: 18 },
    );
    assert.deepEqual({ ...structs.value.offsets }, { ...Value.offsets });
    assert.equal(Struct.offsetof(Value, 'list'), 18);
    assert.equal(Struct.offsetof(Value, 'high'), 10);
  });

  for (const [how, make] of [
    ['with anonymous()', () => Value],
    ['with cdef()', () => cdef(null, declared).structs.value],
  ]) {
    const Schema = make();
    test(`anonymous fields declared ${how} are fields of the outer struct`, () =>
      check(() => {
        const value = Schema.create({ tag: 1, real: 0.5, last: -2, list: [3, 4] });
        assert.deepEqual([value.tag, value.real, value.last, ...value.list], [1, 0.5, -2, 3, 4]);
        assert.equal(value.whole, 0x3fe0000000000000n);
        value.low = 0xabcd;
        value.high = 31;
        value.list[1] = 9;
        Schema.set(value, 'last', 7);
        assert.deepEqual([Schema.get(value, 'low'), value.high, value.bytes[0]], [0xabcd, 31, 0xcd]);
        const object = value.toObject();
        assert.deepEqual(Object.keys(object), ['tag', 'whole', 'real', 'low', 'high', 'bytes', 'last', 'list']);
        assert.deepEqual([object.last, object.list, object.high], [7, [3, 9], 31]);
        assert.deepEqual(Object.keys(Schema.fields).length, 3);
      }, 10));

    test(`anonymous fields declared ${how} work in array elements, C's memory and inner structs`, () =>
      check(() => {
        const values = Schema.arrayOf(2);
        values[1] = { whole: 5, last: 6 };
        assert.equal(Schema.at(values[1].ptr).whole, 5);
        Schema.at(values[1].ptr).high = 3;
        assert.deepEqual([values[1].last, values[1].high, values[0].last], [6, 3, 0]);
        const outer = Struct({ inner: Schema }).create({ inner: { last: 8 } });
        outer.inner.low = 4;
        assert.deepEqual([outer.inner.last, outer.inner.whole], [8, 4]);
      }, 10));
  }

  test('errors name an anonymous field by its own name, and leave the value unchanged', () =>
    check(() => {
      const value = Value.create({ low: 1, last: 2 });
      const bad = (run, code, message) => throws(run, { code, message });
      bad(() => (value.low = 65536), 'ERR_FFI_OUT_OF_RANGE', /^Value\.low: 65536 is out of range/);
      bad(() => (value.high = 32), 'ERR_FFI_OUT_OF_RANGE', /^Value\.high: 32 is out of range/);
      bad(() => Value.set(value, 'list', [1]), 'ERR_FFI_INVALID_ARG_TYPE', /^Value\.list: expected an array of 2/);
      bad(() => Value.create({ hihg: 1 }), 'ERR_FFI_INVALID_ARG_TYPE', "Value: no field 'hihg'; did you mean 'high'?");
      bad(() => Value.create({ choice: {} }), 'ERR_FFI_INVALID_ARG_TYPE', "Value: no field 'choice'");
      assert.deepEqual([value.low, value.high, value.last], [1, 0, 2]);
    }));

  test('structs with anonymous members are passed by value, also as plain objects, sync, async and in callbacks', () =>
    check(async () => {
      const product = symbols.complex_multiply({ re: 1, im: 2 }, { re: 3, imaginary: 4 });
      assert.deepEqual([product.re, product.im, product.imaginary], [-5, 10, 10]);
      const later = await symbols.complex_multiply.async(Complex.create({ re: 1, im: 2 }), { re: 3, im: 4 });
      assert.deepEqual([later.re, later.im], [-5, 10]);
    }));

  test('a plain object must have exactly one field of an anonymous union', () =>
    check(async () => {
      const args = [{ re: 1, im: 1 }];
      const bad = async (value, message) => {
        const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: `complex_multiply: argument 2: ${message}` };
        throws(() => symbols.complex_multiply(...args, value), wanted);
        await rejects(() => symbols.complex_multiply.async(...args, value), wanted);
      };
      await bad({ re: 1 }, "expected one of 'im', 'imaginary', got 0");
      await bad({ re: 1, im: 2, imaginary: 2 }, "expected one of 'im', 'imaginary', got 2");
      await bad({ im: 2 }, '.re is missing');
      await bad({ re: 1, im: '2' }, '.im: expected number, got string');
      await bad({ re: 1, im: 2, abs: 3 }, "no field 'abs'");
    }, 10));

  test('a plain object may choose all fields of an anonymous struct in a union together', () =>
    check(() => {
      const callback = new JSCallback(({ low, high }) => low + high, { args: [Value], returns: 'i' });
      const whole = { tag: 1, last: 1, list: [1, 1] };
      assert.equal(callback.call({ ...whole, whole: -1 }), 0xffff + 31);
      assert.equal(callback.call({ ...whole, low: 3, high: 4 }), 7); // without bytes of the previous call
      const wanted = (message) => ({ code: 'ERR_FFI_INVALID_ARG_TYPE', message: new RegExp(message) });
      throws(() => callback.call({ ...whole, low: 3 }), wanted('\\.high is missing'));
      throws(() => callback.call({ ...whole, low: 3, whole: 1 }), wanted("expected one of 'whole', .*'bytes', got 2"));
      callback.close();
    }, 10));
});

test('a field name may occur only once, at any depth', () => {
  const bad = (make, name) =>
    throws(make, { code: 'ERR_FFI_BAD_SIGNATURE', message: `Struct: two fields are called '${name}'` });
  bad(() => Struct({ tag: 'i', _: anonymous(Union({ tag: 'd' })) }), 'tag');
  bad(() => Struct({ a: anonymous(Struct({ x: 'i' })), b: anonymous(Struct({ x: 'i' })) }), 'x');
  bad(() => Struct({ a: anonymous(Struct({ b: anonymous(Struct({ x: 'i' })) })), x: 'i' }), 'x');
  Struct({ x: anonymous(Struct({ x: 'i' })) }); // the key of an anonymous member is not a field name
});

test('only a struct or union can be anonymous, and only inside a struct or union', () => {
  for (const wrong of ['i', null, { x: 'i' }, ['i', 2]]) {
    throws(() => anonymous(wrong), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^anonymous: argument 1: expected a St/,
    });
  }
  const message = /only a struct has anonymous members$/;
  throws(() => Struct({ list: [anonymous(Value), 2] }), { code: 'ERR_FFI_BAD_SIGNATURE', message });
  throws(() => out(anonymous(Value)), { code: 'ERR_FFI_BAD_SIGNATURE', message });
  throws(() => dlopen(fixture, { text: { type: anonymous(Value) } }), { code: 'ERR_FFI_BAD_SIGNATURE', message });
});
