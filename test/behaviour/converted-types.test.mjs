// Types whose values JavaScript converts: enums, complex numbers, integers of 128 bits, long double.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  callbackType,
  cdef,
  CFunction,
  complexDouble,
  complexFloat,
  dlopen,
  enumType,
  inout,
  int128,
  JSCallback,
  longDouble,
  longDoubleBytes,
  NativeField,
  NativeStruct,
  out,
  pointerTo,
  Struct,
  typed,
  uint128,
  Union,
} from 'arkffi';
import { knowsMs } from './generated.mjs';
import { isWindows } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const TYPE = 'ERR_FFI_INVALID_ARG_TYPE';
const RANGE = 'ERR_FFI_OUT_OF_RANGE';
const SIGNATURE = 'ERR_FFI_BAD_SIGNATURE';
const constants = { RED: 0, GREEN: 5, BLUE: 6 };
const Color = enumType(constants, { name: 'Color' });
const Named = enumType(constants, { name: 'Color', names: true });
const lib = dlopen(fixture, {
  wide_next: { args: [Color], returns: Color },
  named: { name: 'wide_next', args: [Named], returns: Named },
  wide_call_color: { args: [{ args: [Named], returns: Named }, Color], returns: Color },
  wide_multiply: { args: [complexDouble, complexDouble], returns: complexDouble },
  wide_weigh: {
    args: [complexFloat, 'd', complexFloat, complexDouble, complexDouble, complexDouble, complexFloat],
    returns: complexFloat,
  },
  wide_call_complex: {
    args: [{ args: [complexDouble, complexFloat], returns: complexDouble }, complexDouble, complexFloat],
    returns: complexDouble,
  },
  wide_add: { args: [int128, int128], returns: int128 },
  unsigned: { name: 'wide_add', args: [uint128, uint128], returns: uint128 },
  wide_weigh_integers: { args: ['i', uint128, 'c', int128, 'l', uint128, 'i'], returns: uint128 },
  wide_call_integers: { args: [callbackType(['i', int128, int128, int128], int128), int128], returns: int128 },
  wide_write: { args: [out(int128), out(complexDouble), out(longDouble), out(Named)] },
  raw_write: { name: 'wide_write', args: ['p', 'p', 'p', 'p'] },
  wide_round: { args: [inout(longDouble)], returns: 'd' },
  wide_widen: { args: ['d', out(longDouble)] },
  widen_bytes: { name: 'wide_widen', args: ['d', out(longDoubleBytes)] },
  wide_compose: { args: ['d', 'd', out(longDouble)] },
  compose_bytes: { name: 'wide_compose', args: ['d', 'd', out(longDoubleBytes)] },
  round_bytes: { name: 'wide_round', args: [inout(longDoubleBytes)], returns: 'd' },
  wide_passes_reals: { returns: 'i' },
  wide_integer: { type: int128 },
  wide_real: { type: longDouble },
  wide_complex: { type: complexFloat },
  wide_paint: { type: Named },
});
const { symbols } = lib;

describe('enums', () => {
  test('names and numbers go to C, and numbers come back', () =>
    check(async () => {
      assert.equal(symbols.wide_next('RED'), 5);
      assert.equal(symbols.wide_next(5), 6);
      assert.equal(symbols.wide_next(1234), 0);
      assert.equal(await symbols.wide_next.async('GREEN'), 6);
      assert.equal(symbols.wide_next.with({ errno: true })('RED').value, 5);
    }));

  test('names come back where they are asked for, and numbers that have none', () =>
    check(async () => {
      assert.equal(symbols.named('RED'), 'GREEN');
      assert.equal(await symbols.named.async(5), 'BLUE');
      assert.equal(
        symbols.wide_call_color((color) => (color === 'GREEN' ? 7 : 'RED'), 'RED'),
        7,
      );
    }));

  test('are types of fields, elements and variables', () =>
    check(() => {
      const Pixel = Struct({ color: Named, others: [Color, 2] });
      const pixel = Pixel.create({ color: 'BLUE', others: ['GREEN', 0] });
      assert.deepEqual(pixel.toObject(), { color: 'BLUE', others: [5, 0] });
      pixel.color = 77;
      pixel.others[1] = 'BLUE';
      assert.deepEqual(pixel.toObject(), { color: 77, others: [5, 6] });
      assert.equal(Pixel.size, 12);
      symbols.wide_paint.value = 'BLUE';
      assert.equal(symbols.wide_paint.value, 'BLUE');
      const twice = new JSCallback((value) => value, { args: [Named], returns: Color });
      assert.equal(CFunction({ args: [Color], returns: Named, ptr: twice })('GREEN'), 'GREEN');
      twice.close();
    }, 10));

  test('refuse other names and other values', () =>
    check(() => {
      throws(() => symbols.wide_next('GREN'), { code: TYPE, message: /Color has no 'GREN'; did you mean 'GREEN'\?$/ });
      throws(() => symbols.wide_next(null), { code: TYPE, message: /expected a name of Color or a number, got null$/ });
      throws(() => symbols.wide_next('toString'), { code: TYPE });
      throws(() => symbols.wide_next(-1), { code: RANGE });
      throws(() => symbols.wide_next(1.5), { code: RANGE });
    }));

  test('have constants that are integers of the type', () => {
    assert.equal(enumType({ A: -1 }).codec.letters, 'i');
    assert.equal(enumType({ A: 2n ** 40n }, { type: 'int64' }).codec.letters, 'l');
    for (const [constants, options] of [
      [{ A: 1.5 }],
      [{ A: 'x' }],
      [{ A: Symbol('one') }],
      [{ A: 1 }, null],
      [{ A: 1 }, 5],
      [{ A: 300 }, { type: 'uint8' }],
      [{ A: 1 }, { type: 'double' }],
      [{ A: 1 }, { nams: true }],
      [{ A: 1 }, { names: 1 }],
      [{ A: 1 }, { name: 1 }],
      [null],
      [[1]],
    ]) {
      throws(() => enumType(constants, options), { code: SIGNATURE, message: /^enumType: / });
    }
  });

  test('are bit-fields', () =>
    check(() => {
      const Level = enumType({ LOW: -2, NONE: 0, HIGH: 1 }, { name: 'Level', names: true });
      const Flags = Struct({
        color: { type: Named, bits: 3 },
        more: { type: 'uint', bits: 2 },
        level: { type: Level, bits: 2 },
      });
      const plain = {
        color: { type: 'uint', bits: 3 },
        more: { type: 'uint', bits: 2 },
        level: { type: 'int', bits: 2 },
      };
      const Plain = Struct(plain);
      assert.deepEqual([Flags.size, Flags.offsets], [Plain.size, Plain.offsets]);
      const value = Flags.create({ color: 'BLUE', more: 3, level: 'LOW' });
      assert.deepEqual(value.toObject(), { color: 'BLUE', more: 3, level: 'LOW' });
      assert.deepEqual(Plain.at(value.ptr).toObject(), { color: constants.BLUE, more: 3, level: -2 });
      value.color = 'GREEN';
      value.level = 1;
      assert.deepEqual([value.color, value.more, value.level], ['GREEN', 3, 'HIGH']);
      value.color = 3;
      assert.equal(value.color, 3);
      throws(() => (value.color = 'GREN'), {
        code: TYPE,
        message: /^Struct\.color: Color has no 'GREN'; did you mean/,
      });
      throws(() => (value.color = 8), { code: RANGE, message: /^Struct\.color: 8 is out of range for uint32_t:3/ });
      throws(() => (value.level = 2), { code: RANGE });
      throws(() => Struct({ a: { type: Named, bits: 33 } }), {
        code: SIGNATURE,
        message: /expected 0 to 32 bits, got 33$/,
      });
      const Tiny = enumType({ A: 0, B: 200 }, { type: 'u8' });
      assert.equal(Struct({ a: { type: Tiny, bits: 8 } }).create({ a: 'B' }).a, 200);
      const { fields } = new NativeStruct([NativeField.bits('color', Named, 3)]).schema;
      assert.equal(Struct(fields).create({ color: 'RED' }).color, 'RED');
    }));

  test('are bit-fields of a header', () => {
    const text = 'enum color { RED, GREEN, BLUE }; struct pixel { enum color color : 3; unsigned int rest : 5; };';
    const { pixel } = cdef(null, text, { fields: { pixel: { color: Named } } }).structs;
    const value = pixel.create({ color: 'GREEN', rest: 31 });
    assert.deepEqual([pixel.size, value.color, value.rest], [4, 'GREEN', 31]);
  });

  test("TypeScript's enums have names under their numbers, which are no constants", () => {
    const Type = enumType({ 0: 'RED', RED: 0 }, { names: true });
    assert.equal(CFunction({ args: [Type], returns: Type, ptr: symbols.wide_next })('RED'), 5);
  });
});

describe('complex numbers', () => {
  test('are { re, im }', () =>
    check(async () => {
      const a = { re: 1, im: 2 };
      const b = { re: 3, im: -4 };
      assert.deepEqual(symbols.wide_multiply(a, b), { re: 11, im: 2 });
      assert.deepEqual(await symbols.wide_multiply.async(a, b), { re: 11, im: 2 });
      const one = { re: 1, im: 2 };
      assert.deepEqual(symbols.wide_weigh(one, 1, one, one, one, one, one), { re: 1111111, im: 2222202 });
      assert.deepEqual(
        symbols.wide_call_complex((z, w) => ({ re: z.re + w.re, im: z.im - w.im }), a, b),
        { re: 4, im: 6 },
      );
      symbols.wide_complex.value = { re: 0.5, im: -1 };
      assert.deepEqual(symbols.wide_complex.value, { re: 0.5, im: -1 });
    }, 4));

  test('refuse other values', () =>
    check(() => {
      const good = { re: 1, im: 2 };
      throws(() => symbols.wide_multiply(5, good), {
        code: TYPE,
        message: /argument 1: expected an object \{ re, im \}/,
      });
      throws(() => symbols.wide_multiply(good, { re: 1 }), {
        code: TYPE,
        message: /argument 2: \.im: expected number/,
      });
      throws(() => symbols.wide_multiply(good, { ...good, i: 1 }), { code: TYPE, message: /has no 'i'/ });
      throws(() => symbols.wide_multiply(good), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => symbols.wide_multiply.batch([good, good]), { code: SIGNATURE });
    }));
});

describe('integers of 128 bits', () => {
  const most = 2n ** 127n - 1n;

  test('are bigints, and numbers are taken too', () =>
    check(async () => {
      assert.equal(symbols.wide_add(2n ** 100n, -5), 2n ** 100n - 5n);
      assert.equal(symbols.wide_add(most, 0), most);
      assert.equal(symbols.wide_add(-most - 1n, 0n), -most - 1n);
      assert.equal(symbols.wide_add(1e30, 0), BigInt(1e30));
      assert.equal(symbols.unsigned(2n ** 128n - 1n, 0), 2n ** 128n - 1n);
      assert.equal(await symbols.wide_add.async(-1, -1), -2n);
      const sum = 1n + 3n * 2n ** 90n + 2n * 5n - 3n * 7n + 4n * 11n + 2n ** 70n * 13n + 6n * 17n;
      assert.equal(symbols.wide_weigh_integers(1, 2n ** 90n, 2, -3, 4, 2n ** 70n, 6), sum);
      assert.equal(
        symbols.wide_call_integers((k, a, b, c) => BigInt(k) + a * 2n + b * 3n + c * 4n, -(2n ** 80n)),
        1n - 2n ** 80n * 2n + (1n - 2n ** 80n) * 3n - 2n ** 80n * 8n,
      );
    }, 4));

  test('refuse what does not fit', () =>
    check(() => {
      throws(() => symbols.wide_add(most + 1n, 0), { code: RANGE, message: /out of range for __int128 \(-2\^127 to/ });
      throws(() => symbols.unsigned(-1, 0), { code: RANGE, message: /unsigned __int128 \(0 to 2\^128 - 1\)/ });
      for (const wrong of [NaN, 1.5, Infinity]) throws(() => symbols.wide_add(wrong, 0), { code: RANGE });
      for (const wrong of ['1', null, undefined, {}, true]) throws(() => symbols.wide_add(wrong, 0), { code: TYPE });
    }));

  test('are types of fields, elements, variables and pointers', () =>
    check(() => {
      const Wide = Struct({ c: 'c', i: int128, z: complexDouble, f: complexFloat });
      assert.deepEqual([Wide.size, Wide.offsets.i, Wide.align], [64, 16, 16]);
      const double = CFunction({ args: [Wide], returns: Wide, ptr: dlopenOf('wide_double') });
      const value = { c: 3, i: -(2n ** 90n), z: { re: 1, im: 2 }, f: { re: 3, im: 4 } };
      const twice = { c: 6, i: -(2n ** 91n), z: { re: 2, im: 4 }, f: { re: 6, im: 8 } };
      assert.deepEqual(double(value).toObject(), twice);
      assert.deepEqual(double(Wide.create(value)).toObject(), twice);
      symbols.wide_integer.value = 2n ** 99n;
      assert.equal(symbols.wide_integer.value, 2n ** 99n);
      const list = Struct({ all: [uint128, 2] }).create({ all: [1, 2n ** 127n] });
      assert.deepEqual([...list.all], [1n, 2n ** 127n]);
      assert.equal(Union({ i: int128, low: 'l' }).create({ i: 7 }).low, 7);
      assert.equal(pointerTo(int128).at(symbols.wide_integer.ptr).value, 2n ** 99n);
    }, 10));

  test("are passed by Microsoft's convention", { skip: !knowsMs && 'it is not known here' }, () =>
    check(() => {
      const ms = CFunction({
        args: ['i', int128, complexDouble, complexFloat, int128, complexFloat],
        returns: int128,
        abi: 'ms',
        ptr: dlopenOf('wide_ms'),
      });
      assert.equal(
        ms(1, 2n ** 70n, { re: 3, im: 0 }, { re: 0, im: 5 }, -(2n ** 80n), { re: 0, im: 7 }),
        1n + 3n * 2n ** 70n + 500n - 2n ** 80n * 1000n + 70000n,
      );
      const callback = new JSCallback((k, a) => BigInt(k) + a, { args: ['i', int128], returns: int128, abi: 'ms' });
      const call = CFunction({ args: ['k', int128], returns: int128, abi: 'ms', ptr: dlopenOf('wide_call_ms') });
      assert.equal(call(callback, -(2n ** 90n)), 2n - 2n ** 90n);
      callback.close();
      const complex = { args: [complexDouble, complexFloat], returns: complexFloat, abi: 'ms' };
      const callComplex = CFunction({
        args: [complex, ...complex.args],
        returns: complexFloat,
        abi: 'ms',
        ptr: dlopenOf('wide_call_ms_complex'),
      });
      const sum = callComplex((z, w) => ({ re: z.re + w.im, im: z.im - w.re }), { re: 1, im: 2 }, { re: 3, im: 4 });
      assert.deepEqual(sum, { re: 6, im: -1 });
    }, 20),
  );
});

const addresses = {};
/** The address of a function of the fixture. */
function dlopenOf(name) {
  addresses[name] ??= dlopen(fixture).address(name);
  return addresses[name];
}

test('C writes all of them through pointers', () =>
  check(() => {
    const values = [2n ** 100n, { re: 3, im: 0 }, 1 / 3, 'BLUE'];
    assert.deepEqual(symbols.wide_write().out, values);
    assert.deepEqual(symbols.raw_write(out(int128), out(complexDouble), out(longDouble), out(Named)).out, values);
  }));

describe('long double', () => {
  const numbers = [0, -0, 1, -1.5, 0.1, 1 / 3, 5e-324, -2.2250738585072014e-308, 2.225073858507201e-308].concat(
    [1.7976931348623157e308, Infinity, -Infinity, NaN, 2 ** -1060 * 1.75],
    Array.from({ length: 200 }, (_, i) => (Math.sin(i) + 1.5) * 2 ** (i * 10 - 1020)),
  );

  test('every number goes to C, and comes back', () =>
    check(() => {
      numbers.forEach((number) => {
        assert.ok(Object.is(symbols.wide_widen(number).out[0], number), `${number}`);
        assert.ok(Object.is(symbols.wide_round(number).value, number), `${number}`);
      });
    }, 200));

  test('what C gives is rounded as C rounds it', () =>
    check(() => {
      for (const number of numbers.slice(0, 12).concat(numbers.slice(14))) {
        for (const more of [2 ** -53, 2 ** -54, -(2 ** -53), 3 * 2 ** -55, 2 ** -60, -(2 ** -63), 1.5 * 2 ** -53]) {
          const { out: rounded } = symbols.wide_compose(number, number * more);
          const { out: bytes } = symbols.compose_bytes(number, number * more);
          assert.ok(Object.is(rounded[0], symbols.round_bytes(bytes[0]).value), `${number} ${more}`);
        }
      }
      // Half of what a double can be less: it is rounded to an even bit.
      for (const more of [2 ** -1074, 3 * 2 ** -1074]) {
        const { out: bytes } = symbols.compose_bytes(2 ** -1022, more);
        assert.equal(symbols.round_bytes(bytes[0]).value, 2 ** -1022 + more);
      }
    }, 500));

  test('bytes that are no number are NaN, as to the processor', () => {
    const Real = Struct({ real: longDouble });
    for (const top of [0, 1, 0x3fff, 0x7ffe, 0x7fff, 0x8000, 0xbfff, 0xffff]) {
      for (const significand of [0n, 1n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 63n + 1n]) {
        const bytes = new DataView(new ArrayBuffer(Real.size));
        if (Real.size < 16) continue;
        bytes.setBigUint64(0, significand, true);
        bytes.setBigUint64(8, BigInt(top), true);
        const inC = symbols.round_bytes(bytes).value;
        assert.ok(Object.is(Real.get(bytes, 'real'), inC), `${top} ${significand} ${inC}`);
      }
    }
  });

  test('its bytes lose nothing', () => {
    const { out: bytes } = symbols.compose_bytes(1, 2 ** -60);
    const { out: one } = symbols.widen_bytes(1);
    if (bytes[0].length > 8) assert.notDeepEqual(bytes[0], one[0]);
    assert.equal(symbols.round_bytes(one[0]).value, 1);
    throws(() => symbols.round_bytes(new Uint8Array(3)), { code: TYPE, message: /expected a buffer of \d+ bytes/ });
    throws(() => symbols.round_bytes(1), { code: TYPE, message: /expected a buffer with the \d+ bytes/ });
  });

  test('is the type of fields and variables', () => {
    const Real = Struct({ c: 'c', real: longDouble });
    assert.equal(Real.create({ real: 0.25 }).real, 0.25);
    symbols.wide_real.value = 3.5;
    assert.equal(symbols.wide_real.value, 3.5);
    throws(() => Real.create({ real: 1n }), { code: TYPE });
  });

  test('is passed by value', () => {
    const types = { args: [longDouble, longDouble], returns: longDouble, ptr: dlopenOf('wide_add_reals') };
    if (!symbols.wide_passes_reals()) {
      throws(() => CFunction(types), { code: 'ERR_FFI_NOT_SUPPORTED', message: /a long double of 128 bits/ });
      return undefined;
    }
    const add = CFunction(types);
    const weigh = CFunction({
      args: ['i', longDouble, 'd', int128, longDouble],
      returns: longDouble,
      ptr: dlopenOf('wide_weigh_reals'),
    });
    const call = CFunction({
      args: [{ args: ['i', longDouble, int128, longDouble], returns: longDouble }, longDouble],
      returns: longDouble,
      ptr: dlopenOf('wide_call_reals'),
    });
    const bytes = CFunction({ ...types, returns: longDoubleBytes });
    const One = Struct({ real: longDouble });
    const ones = CFunction({ args: [One, longDouble], returns: One, ptr: dlopenOf('wide_add_real') });
    return check(async () => {
      assert.equal(add(1.5, 2), 3.5);
      assert.equal(add(1e308, 1e308), Infinity);
      assert.ok(Object.is(add(-0, -0), -0));
      assert.ok(Number.isNaN(add(Infinity, -Infinity)));
      assert.equal(await add.async(0.5, 0.25), 0.75);
      assert.equal(add.with({ errno: true })(1, 2).value, 3);
      assert.equal(weigh(1, 2, 3, -4, 5), 1 + 20 + 300 - 4000 + 50000);
      assert.equal(
        call((k, a, i, b) => k + a * 10 + Number(i) * 100 + b * 1000, 3),
        1 + 30 + 200 + 6000 + 1,
      );
      assert.equal(symbols.round_bytes(bytes(1, 2)).value, 3);
      assert.deepEqual(ones({ real: 1 }, 2).toObject(), { real: 3 });
      throws(() => add('1', 2), { code: TYPE });
    }, 4);
  });
});

test('variable arguments have them', () => {
  if (!symbols.wide_passes_reals()) return;
  // On Windows, Microsoft's own: the one that the fixture has there is MinGW's, for a long double of 80 bits.
  const [library, name] = isWindows ? ['msvcrt.dll', '_snprintf'] : [null, 'snprintf'];
  const print = dlopen(library, { [name]: { args: ['buffer', 'size_t', 's', '...'], returns: 'int' } }).symbols[name];
  const text = new Uint8Array(100);
  print(text, 100, '%.3Lf %u', [longDouble, 1.25], typed(Color, 'GREEN'));
  assert.equal(new TextDecoder().decode(text).split('\0')[0], '1.250 5');
});
