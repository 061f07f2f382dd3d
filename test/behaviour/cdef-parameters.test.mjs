// Messages about an argument have the name of the parameter, where the declaration in C has one.
import { describe, test } from 'node:test';
import { cdef, dlopen, inout, out, parseDeclarations } from 'arkffi';
import { check, fixture, rejects, throws } from './support.mjs';

const text = `
  typedef struct { double re, im; } complex_t;
  int8_t echo_i8(int8_t value);
  int32_t echo_i32(int32_t);
  double echo_f64(double äöü);
  const char *echo_string(const char *text);
  void *echo_pointer(void *pointer);
  complex_t complex_multiply(complex_t left, complex_t);
  int64_t variadic_weigh_i32(int32_t count, ...);
  bool pointer_out_divide(int numerator, int divisor, int *quotient, int *rest);
  int32_t call_i32(int32_t (*function)(int32_t), int32_t value);
`;
const { symbols } = cdef(fixture, text, { lazy: true });
const RANGE = 'ERR_FFI_OUT_OF_RANGE';
const TYPE = 'ERR_FFI_INVALID_ARG_TYPE';

describe('names of parameters in messages', () => {
  test('are there for values of every kind, in every way of calling', () =>
    check(async () => {
      const wrong = {
        code: RANGE,
        message: 'echo_i8: argument 1 (value): 300 is out of range for int8_t (-128 to 127)',
      };
      throws(() => symbols.echo_i8(300), wrong);
      throws(() => symbols.echo_i8.with({ errno: true })(300), wrong);
      await rejects(() => symbols.echo_i8.async(300), wrong);
      await rejects(() => symbols.echo_i8.async.with({ errno: true })(300), wrong);
      throws(() => symbols.echo_f64('x'), {
        code: TYPE,
        message: /^echo_f64: argument 1 \(äöü\): expected number, got /,
      });
      throws(() => symbols.echo_string('a\0b'), { code: TYPE, message: /^echo_string: argument 1 \(text\): / });
      throws(() => symbols.echo_pointer('x'), { code: TYPE, message: /^echo_pointer: argument 1 \(pointer\): / });
    }));

  test('are left out for a parameter without a name', () =>
    check(() => {
      throws(() => symbols.echo_i32('x'), { code: TYPE, message: /^echo_i32: argument 1: expected number, got / });
    }));

  test('are there for structs by value', () =>
    check(() => {
      const one = { re: 1, im: 0 };
      throws(() => symbols.complex_multiply({ re: 1, im: 'x' }, one), {
        code: TYPE,
        message: /^complex_multiply: argument 1 \(left\)\.im: /,
      });
      throws(() => symbols.complex_multiply(one, 5), { code: TYPE, message: /^complex_multiply: argument 2: / });
    }));

  test('are there for variadic functions, out-parameters, batches and callbacks', () =>
    check(() => {
      throws(() => symbols.variadic_weigh_i32('x'), {
        code: TYPE,
        message: /^variadic_weigh_i32: argument 1 \(count\): /,
      });
      throws(() => symbols.variadic_weigh_i32(1, ['i', 'x']), {
        code: TYPE,
        message: /^variadic_weigh_i32: argument 2: /,
      });
      throws(() => symbols.pointer_out_divide(1, 2, out('i'), 'x'), {
        code: TYPE,
        message: /^pointer_out_divide: argument 4 \(rest\): /,
      });
      throws(() => symbols.pointer_out_divide(1, 2, [inout('i'), 'x'], out('i')), {
        code: TYPE,
        message: /^pointer_out_divide: argument 3 \(quotient\): /,
      });
      throws(() => symbols.echo_i8.batch([[1]]), { code: TYPE, message: /^echo_i8: batch: argument 1 \(value\): / });
      throws(() => symbols.call_i32('x', 1), {
        code: TYPE,
        message: /^call_i32: argument 1 \(function\): /,
      });
    }));

  test('are there in corrections, and for what is kept as JSON', () =>
    check(() => {
      const options = { lazy: true, symbols: { pointer_out_divide: { args: ['i', 'i', out('i'), inout('i')] } } };
      const corrected = cdef(fixture, text, options).symbols;
      throws(() => corrected.pointer_out_divide(1, 2, 'x'), {
        code: TYPE,
        message: /^pointer_out_divide: argument 4 \(rest\): /,
      });
      const kept = cdef(fixture, parseDeclarations('int8_t echo_i8(int8_t value);')).symbols;
      throws(() => kept.echo_i8(300), { code: RANGE, message: /^echo_i8: argument 1 \(value\): / });
    }, 0.2));

  test('are as long as C allows, and not there for a definition without names', () => {
    const name = 'n'.repeat(500);
    const long = cdef(fixture, `int8_t echo_i8(int8_t ${name});`).symbols;
    throws(() => long.echo_i8(300), {
      code: RANGE,
      message: new RegExp(`^echo_i8: argument 1 \\(${name}\\): 300 is out`),
    });
    const plain = dlopen(fixture, { echo_i8: { args: ['i8'], returns: 'i8' } }).symbols;
    throws(() => plain.echo_i8(300), { code: RANGE, message: /^echo_i8: argument 1: 300 is out of range/ });
  });
});
