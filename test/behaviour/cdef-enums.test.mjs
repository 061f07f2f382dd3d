// Enums of C declarations as types: the option `enums` of cdef.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, CFunction, JSCallback, parseDeclarations } from 'arkffi';
import { check, fixture, throws } from './support.mjs';

const text = `
  typedef enum { RED, GREEN = 4, BLUE, ALSO_GREEN = 4 } color_t;
  enum level { LOW = -1, HIGH = 1 };
  enum large { LITTLE, HUGE = 0x7fffffffffffffff };
  struct paint { color_t color; enum level levels[2]; unsigned shade : 4; enum level bits : 3; };
  color_t echo_u32(color_t value);
  enum level echo_i32(enum level value);
  enum large echo_i64(enum large value);
  extern enum level counter;
  #define echo_color echo_u32
  enum unknown { ONE = 1 };
`;
const names = { enums: 'names' };

describe('enums of C declarations', () => {
  test('are numbers without the option', () => {
    const { symbols, structs } = cdef(fixture, text);
    assert.equal(symbols.echo_u32(4), 4);
    assert.equal(structs.paint.create({ color: 5 }).color, 5);
    throws(() => symbols.echo_u32('GREEN'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  });

  test('are names in functions, with the option', async () => {
    const { symbols } = cdef(fixture, text, names);
    await check(() => {
      assert.equal(symbols.echo_u32('BLUE'), 'BLUE');
      assert.equal(symbols.echo_u32('ALSO_GREEN'), 'GREEN'); // the first that has the value
      assert.equal(symbols.echo_u32(4), 'GREEN');
      assert.equal(symbols.echo_u32(77), 77);
      assert.equal(symbols.echo_color(0), 'RED');
      assert.equal(symbols.echo_i32('LOW'), 'LOW');
      assert.equal(symbols.echo_i64('HUGE'), 'HUGE');
    });
    assert.equal(await symbols.echo_i32.async('HIGH'), 'HIGH');
    throws(() => symbols.echo_u32('GREN'), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: "echo_u32: argument 1 (value): color_t has no 'GREN'; did you mean 'GREEN'?",
    });
    throws(() => symbols.echo_i32('GREEN'), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^echo_i32: argument 1 \(value\): enum level has no 'GREEN'/,
    });
    throws(() => symbols.echo_u32(-1), { code: 'ERR_FFI_OUT_OF_RANGE' });
  });

  test('are names in variables and fields', () => {
    const { symbols, structs } = cdef(fixture, text, names);
    const before = symbols.counter.value;
    symbols.counter.value = 'LOW';
    assert.equal(symbols.counter.value, 'LOW');
    symbols.counter.value = before;
    const paint = structs.paint.create({ color: 'BLUE', levels: ['HIGH', 0], bits: 'LOW', shade: 3 });
    assert.deepEqual(paint.toObject(), { color: 'BLUE', levels: ['HIGH', 0], bits: 'LOW', shade: 3 });
    paint.color = 'RED';
    paint.levels[1] = 'LOW';
    assert.deepEqual([paint.color, paint.levels[1]], ['RED', 'LOW']);
    throws(() => (paint.color = 'LOW'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^struct paint\.color: color_t/ });
  });

  test('also of declarations that are kept as JSON, beside corrections', () => {
    const options = { ...names, symbols: { echo_i32: { returns: 'int' } } };
    const { symbols } = cdef(fixture, parseDeclarations(text), options);
    assert.equal(symbols.echo_u32('GREEN'), 'GREEN');
    assert.equal(symbols.echo_i32('LOW'), -1);
    const damaged = parseDeclarations(text).replace('"symbols":{"echo_u32":{"0":0', '"symbols":{"echo_u32":{"0":9');
    throws(() => cdef(fixture, damaged), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /damaged: enums\.symbols\.echo_u32\.0: there is no enum 9$/,
    });
  });

  test('are types by the names of typedefs', () => {
    const { types } = cdef(fixture, text, names);
    const seen = [];
    const callback = new JSCallback((color) => void seen.push(color), { args: [types.color_t] });
    CFunction({ args: [types.color_t], ptr: callback.ptr })('BLUE');
    callback.close();
    assert.deepEqual(seen, ['BLUE']);
    assert.equal(cdef(fixture, text).types.color_t, 'I');
  });

  test('another value of the option is refused', () =>
    throws(() => cdef(fixture, text, { enums: 'strings' }), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: "cdef: options.enums: expected 'numbers' or 'names', got 'strings'",
    }));
});
