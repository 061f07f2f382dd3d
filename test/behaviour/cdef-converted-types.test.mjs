// Types of C that JavaScript converts, declared in C: complex numbers, integers of 128 bits, long double; and constexpr.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, complexDouble, int128, longDouble, longDoubleBytes, out, parseDeclarations, uint128 } from 'arkffi';
import { isWindows } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const text = `
  typedef __int128 wide_t;
  typedef struct wide { signed char c; wide_t i; double _Complex z; float _Complex f; } wide;
  wide wide_double(wide it);
  double _Complex wide_multiply(double _Complex a, _Complex double b);
  wide_t wide_add(__int128_t a, wide_t b);
  void wide_write(wide_t *i, double _Complex *z, long double *real, int *color);
  void wide_widen(double number, long double *out);
  extern wide_t wide_integer;
  extern float _Complex wide_complex;
  extern long double wide_real;
  wide_t wide_call_integers(wide_t (*f)(int, wide_t, wide_t, wide_t), wide_t a);
  typedef unsigned __int128 u128;
  typedef int mode_t __attribute__((mode(TI)));
`;

describe('types that JavaScript converts, in C', () => {
  for (const [how, declarations] of [
    ['as text', text],
    ['as kept declarations', parseDeclarations(text)],
  ]) {
    test(`functions, structs and variables have them, ${how}`, () => {
      const { symbols, structs, types } = cdef(fixture, declarations);
      return check(() => {
        const value = { c: 1, i: -(2n ** 80n), z: { re: 1, im: 2 }, f: { re: 3, im: 4 } };
        const twice = { c: 2, i: -(2n ** 81n), z: { re: 2, im: 4 }, f: { re: 6, im: 8 } };
        assert.deepEqual(symbols.wide_double(value).toObject(), twice);
        assert.deepEqual([structs.wide.size, structs.wide.offsets.i], [64, 16]);
        assert.deepEqual(symbols.wide_multiply({ re: 0, im: 1 }, { re: 0, im: 1 }), { re: -1, im: 0 });
        assert.equal(symbols.wide_add(2n ** 90n, -1), 2n ** 90n - 1n);
        symbols.wide_integer.value = -5;
        assert.equal(symbols.wide_integer.value, -5n);
        if (isWindows) {
          throws(() => symbols.wide_real, { code: 'ERR_FFI_BAD_SIGNATURE', message: /disagree about long double/ });
        } else {
          symbols.wide_real.value = 0.5;
          assert.equal(symbols.wide_real.value, 0.5);
        }
        assert.equal(
          symbols.wide_call_integers((k, a, b, c) => BigInt(k) + a + b + c, 1n),
          6n,
        );
        assert.deepEqual([types.wide_t, types.u128, types.mode_t], [int128, uint128, int128]);
      }, 20);
    });
  }

  test('corrections know them', () => {
    const correct = (symbols) => cdef(fixture, text, { symbols }).symbols;
    const { wide_write } = correct({
      wide_write: { args: [out(int128), out(complexDouble), out(longDouble), out('i')] },
    });
    assert.deepEqual(wide_write().out, [2n ** 100n, { re: 3, im: 0 }, 1 / 3, 6]);
    const { wide_widen } = correct({ wide_widen: { args: ['d', out(longDoubleBytes)] } });
    assert.equal(wide_widen(1).out.length, 1);
    throws(() => correct({ wide_write: { args: [out(uint128), 'p', 'p', 'p'] } }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: 'wide_write: args[0]: the text declares __int128 *, got out(unsigned __int128)',
    });
    throws(() => correct({ wide_add: { args: ['l', int128] } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
    throws(() => correct({ wide_add: { args: [int128, complexDouble] } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
  });

  test('integers of any number of bits are refused by name', () => {
    const { symbols, structs } = cdef(
      fixture,
      `
      unsigned _BitInt(12) echo_u16(int);
      struct bits { int a; _BitInt(100) b; };
      int32_t echo_i32(int32_t);
    `,
    );
    const code = 'ERR_FFI_BAD_SIGNATURE';
    throws(() => symbols.echo_u16, { code, message: 'echo_u16: result: unsigned _BitInt(12) has no type here' });
    throws(() => structs.bits, { code, message: /^bits: struct bits: member 'b': _BitInt\(100\) has no type here/ });
    assert.equal(symbols.echo_i32(5), 5);
  });

  test('a variable with auto has the type of its value', () => {
    const lib = cdef(fixture, 'auto counter = 5; constexpr auto SIX = 2 * 3; auto odd = call();', {
      lazy: true,
    });
    assert.equal(typeof lib.symbols.counter.value, 'number');
    assert.equal(lib.constants.SIX, 6);
    throws(() => lib.symbols.odd, {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: 'odd: the type of an expression has no type here',
    });
    throws(() => cdef(fixture, 'auto odd;'), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: 'cdef: line 1, column 6: a variable with auto needs a value, which gives it its type',
    });
  });

  test('constants of type constexpr are constants', () => {
    const lib = cdef(null, 'constexpr int ANSWER = 6 * 7, NEXT = ANSWER + 1; constexpr double REAL = 1.5;');
    assert.deepEqual([lib.constants.ANSWER, lib.constants.NEXT], [42, 43]);
    throws(() => lib.constants.REAL, { code: 'ERR_FFI_NOT_DEFINED' });
  });
});
