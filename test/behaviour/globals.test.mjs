// A library's variables: { type } in the definitions of dlopen.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cdef, dlopen, FFIType, Global, read, Struct } from 'arkffi';
import { ownFixture, repeat } from './lifetimes.mjs';
import { check, fixture, throws } from './support.mjs';

const Point = Struct({ x: 'i', y: 'i' });
const { symbols } = dlopen(fixture, {
  counter: { type: FFIType.int32 },
  counter_read: { returns: 'i' },
  counter_write: { args: ['i'] },
  text: { type: 'CString' },
  text_read: { returns: 's' },
  text16_pointer: { type: 'S' },
  small: { type: 'i8' },
  flag: { type: 'bool' },
  wide: { type: 'uint64_t' },
  ratio: { type: 'float' },
  numbers: { type: ['d', 4] },
  numbers_weigh: { returns: 'd' },
  grid: { type: [['h', 3], 2] },
  grid_weigh: { returns: 'i' },
  origin: { type: Point },
  origin_read: { returns: 'i' },
});

test('a variable of any type is read with the value that C has', () =>
  check(() => {
    assert.equal(symbols.text.value, 'a global text');
    assert.equal(symbols.text16_pointer.value, 'w€');
    assert.equal(symbols.small.value, -5);
    assert.equal(symbols.flag.value, true);
    assert.equal(symbols.wide.value, 2n ** 64n - 1n);
    assert.equal(symbols.ratio.value, 0.5);
    assert.deepEqual([...symbols.numbers.value], [0.5, 1.5, 2.5, 3.5]);
    assert.deepEqual(
      [...symbols.grid.value].map((row) => [...row]),
      [
        [1, 2, 3],
        [-4, -5, -6],
      ],
    );
    assert.ok(symbols.small instanceof Global);
  }));

test('C sees values that JavaScript writes, and JavaScript sees values that C writes', () =>
  check(() => {
    for (const value of [7, -(2 ** 31), 0, 2 ** 31 - 1]) {
      symbols.counter.value = value;
      assert.equal(symbols.counter_read(), value);
      symbols.counter_write(value ^ 1);
      assert.equal(symbols.counter.value, value ^ 1);
    }
    symbols.small.value = -5;
    symbols.flag.value = false;
    assert.equal(symbols.flag.value, false);
    symbols.flag.value = 1;
    assert.equal(symbols.flag.value, true);
    symbols.wide.value = 5;
    assert.equal(symbols.wide.value, 5);
    symbols.wide.value = 2n ** 64n - 1n;
  }));

test('an array is read and written as a whole', () =>
  check(() => {
    symbols.numbers.value = new Float64Array([1, 2, 3, 4]);
    assert.equal(symbols.numbers_weigh(), 30);
    symbols.numbers.value = [0.5, 1.5, 2.5, 3.5];
    symbols.grid.value = [[1, 1, 1], new Int16Array(3).fill(2)];
    assert.equal(symbols.grid_weigh(), 1 + 2 + 3 + 2 * (4 + 5 + 6));
    symbols.grid.value = [
      [1, 2, 3],
      [-4, -5, -6],
    ];
  }));

test('a struct is read and written by its fields', () =>
  check(() => {
    symbols.origin.value = { x: 12, y: 34 };
    assert.equal(symbols.origin_read(), 12034);
    const { value } = symbols.origin;
    assert.equal(Point.get(value, 'x'), 12);
    assert.equal(Point.get(value, 'y'), 34);
    symbols.origin.value = Point.create({ x: 3, y: 4 });
    assert.equal(symbols.origin_read(), 3004);
  }));

test('a struct and an array are views of the variable', () =>
  check(() => {
    const { value: origin } = symbols.origin;
    const { value: numbers } = symbols.numbers;
    const { value: grid } = symbols.grid;
    origin.x = 5;
    numbers[3] = 10;
    grid[1][2] = 7;
    assert.equal(symbols.origin_read(), 5004);
    assert.equal(symbols.numbers_weigh(), 0.5 + 3 + 7.5 + 40);
    assert.equal(symbols.grid.value[1][2], 7);
    symbols.origin.value = { x: 3, y: 4 };
    assert.equal(origin.x, 3);
    numbers[3] = 3.5;
    grid[1][2] = -6;
    throws(() => (origin.x = 'x'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    assert.equal(symbols.origin_read(), 3004);
  }, 10));

test('a string variable accepts the address of a string, or NULL', () => {
  const bytes = Buffer.from('of JavaScript\0');
  const { text } = symbols;
  const before = text.value;
  const old = new BigUint64Array(1);
  const { symbols: libc } = dlopen(null, { memcpy: { args: ['p', 'p', 'L'], returns: 'p' } });
  libc.memcpy(old, text, 8);
  return check(() => {
    text.value = bytes;
    assert.equal(symbols.text_read(), 'of JavaScript');
    assert.equal(text.value, 'of JavaScript');
    text.value = null;
    assert.equal(symbols.text_read(), null);
    assert.equal(text.value, null);
    text.value = old[0];
    assert.equal(text.value, before);
  });
});

test("ptr is the variable's address, and the variable can be passed to C as a pointer", () =>
  check(() => {
    const lib = dlopen(null, { memset: { args: ['p', 'i', 'L'], returns: 'p' } });
    lib.symbols.memset(symbols.counter, 0, 4);
    assert.equal(symbols.counter.value, 0);
    assert.equal(lib.symbols.memset(symbols.counter, 0, 0), symbols.counter.ptr);
    symbols.counter.value = 7;
    lib.close();
  }, 10));

test('a value that does not fit is refused and changes nothing', () =>
  check(() => {
    const wrong = (code, message) => ({ code, message });
    throws(() => (symbols.small.value = 128), wrong('ERR_FFI_OUT_OF_RANGE', /^small: 128 is out of range for int8_t/));
    throws(() => (symbols.small.value = 1.5), wrong('ERR_FFI_OUT_OF_RANGE', /^small: 1.5 is not an integer/));
    throws(() => (symbols.small.value = '1'), wrong('ERR_FFI_INVALID_ARG_TYPE', 'small: expected number, got string'));
    throws(() => (symbols.small.value = undefined), wrong('ERR_FFI_INVALID_ARG_TYPE', /^small: expected number/));
    throws(
      () => (symbols.numbers.value = [1, 2, 3]),
      wrong('ERR_FFI_INVALID_ARG_TYPE', /^numbers: expected an array of 4/),
    );
    throws(() => (symbols.numbers.value = [1, 2, 3, '4']), wrong('ERR_FFI_INVALID_ARG_TYPE', /^numbers\[3\]: /));
    throws(() => (symbols.origin.value = { x: 1, z: 2 }), wrong('ERR_FFI_INVALID_ARG_TYPE', /^origin: no field 'z'/));
    assert.equal(symbols.small.value, -5);
    assert.deepEqual([...symbols.numbers.value], [0.5, 1.5, 2.5, 3.5]);
    assert.equal(symbols.origin_read(), 3004);
  }));

describe('the definition of a variable', () => {
  test('a wrong definition of a variable is refused', () =>
    check(() => {
      const bad = (definition, message) =>
        throws(() => dlopen(fixture, { counter: definition }), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      bad({ type: 'itn' }, /^counter: type: unknown type 'itn'; did you mean 'int'\?/);
      bad({ type: 'v' }, /^counter: type: void has no values/);
      bad({ type: undefined }, /^counter: type: expected a type, got undefined/);
      bad({ type: ['i'] }, /^counter: type: expected \[type, count\]/);
      bad({ type: 'i', args: [] }, /^counter: unknown key 'args'/);
      bad({ type: 'i', optional: 1 }, /^counter: optional: expected a boolean, got 1/);
    }, 4));

  test('an optional variable is null if the library lacks it', () =>
    check(() => {
      const lib = dlopen(fixture, {
        no_such_variable: { type: 'i', optional: true },
        counter: { type: 'i', optional: true },
      });
      assert.equal(lib.symbols.no_such_variable, null);
      assert.equal(lib.symbols.counter.value, 7);
      lib.close();
      throws(() => dlopen(fixture, { no_such_variable: { type: 'i' } }), { code: 'ERR_FFI_SYMBOL_NOT_FOUND' });
    }, 4));
});

describe('a variable of a library that is closed', () => {
  const closed = { code: 'ERR_FFI_LIBRARY_CLOSED', message: 'counter: its library has been closed' };

  test('a variable of a closed library refuses access to value and ptr', () => {
    const path = ownFixture();
    return repeat(() => {
      const lib = dlopen(path, { counter: { type: 'i' } });
      const { counter } = lib.symbols;
      counter.value = 8;
      lib.close();
      throws(() => counter.value, closed);
      throws(() => (counter.value = 1), closed);
      throws(() => counter.ptr, closed);
    });
  });

  test("views of a closed library's variable refuse access as well", () => {
    const path = ownFixture();
    return repeat(() => {
      const lib = dlopen(path, { origin: { type: Point }, numbers: { type: ['d', 4] } });
      const origin = lib.symbols.origin.value;
      const numbers = lib.symbols.numbers.value;
      assert.equal(origin.y, 4);
      lib.close();
      const gone = { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^(origin|numbers): its library has been closed/ };
      throws(() => origin.x, gone);
      throws(() => (origin.x = 1), gone);
      throws(() => origin.ptr, gone);
      throws(() => numbers[0], gone);
      throws(() => (numbers[0] = 1), gone);
      throws(() => Point.toObject(origin), gone);
    }, 20);
  });

  test("a variable is not written if the value's getter closes the library", () => {
    const path = ownFixture();
    return repeat(() => {
      const lib = dlopen(path, { counter: { type: 'p' } });
      const value = {
        get ptr() {
          lib.close();
          return 0;
        },
      };
      throws(() => (lib.symbols.counter.value = value), closed);
    });
  });
});

describe('a variable of unknown length', () => {
  test('const char[] is the text, also by dlopen', () =>
    check(() => {
      const { text_array: declared } = cdef(fixture, 'extern const char text_array[];').symbols;
      const { text_array: defined } = dlopen(fixture, { text_array: { type: ['char', 0] } }).symbols;
      for (const text of [declared, defined]) {
        assert.ok(text instanceof Global);
        assert.equal(text.value, 'an array of char, €');
        assert.equal(read.u8(text), 97);
        throws(() => (text.value = 'other'), { code: 'ERR_FFI_BAD_SIGNATURE', message: /^text_array: value: / });
      }
      assert.equal(declared.ptr, defined.ptr);
    }));

  test('any other array has a ptr, and its value says why it has none', () =>
    check(() => {
      const {
        numbers,
        text_array: bytes,
        grid,
        origin,
      } = cdef(
        fixture,
        'extern double numbers[]; extern char text_array[]; extern short grid[][3]; struct p { int x, y; }; extern struct p origin[];',
      ).symbols;
      const message = /^\w+: value: the length of the array is not declared: use its ptr, or declare it with a length$/;
      for (const array of [numbers, bytes, grid, origin]) {
        throws(() => array.value, { code: 'ERR_FFI_BAD_SIGNATURE', message });
        throws(() => (array.value = [1]), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      }
      assert.equal(numbers.ptr, symbols.numbers.ptr);
      assert.equal(read.f64(numbers, 8), 1.5);
      assert.equal(read.i16(grid, 10), -6);
    }));

  test('a later declaration gives the length', () =>
    check(() => {
      const { numbers } = cdef(fixture, 'extern double numbers[]; double numbers[4];').symbols;
      assert.deepEqual([...numbers.value], [0.5, 1.5, 2.5, 3.5]);
    }));

  test('after the library was closed it throws', () =>
    check(() => {
      const lib = cdef(fixture, 'extern const char text_array[];');
      const { text_array: text } = lib.symbols;
      lib.close();
      throws(() => text.value, { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }));

  test('its element type must be a type', () =>
    check(() => {
      throws(() => dlopen(fixture, { numbers: { type: ['nothing', 0] } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
      throws(() => dlopen(fixture, { numbers: { type: [['d', 0], 2] } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
    }));
});
