// float and double: values are rounded as C rounds them, for every kind of number.
import { test } from 'node:test';
import { everyRoute, got } from './support.mjs';

const FLOAT_MAX = 3.4028234663852886e38;
const FLOAT_MIN_DENORMAL = 2 ** -149;

const echoes = {
  f: everyRoute('echo_f32', '(f)f', [1.5]),
  d: everyRoute('echo_f64', '(d)d', [1.5]),
};

const numbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  0.1,
  -0.1,
  1 / 3,
  Math.PI,
  1e10,
  16777216,
  16777217, // the first integer that a float rounds
  2 ** 53,
  2 ** 53 + 2,
  Number.MAX_SAFE_INTEGER,
  1e-40,
  1e-45,
  7e-46, // just over half of the smallest float, to which it rounds up
  1e-46, // rounds to 0
  -1e-46, // rounds to -0
  FLOAT_MAX,
  -FLOAT_MAX,
  3.4028235677973362e38, // the greatest double that still rounds down to FLOAT_MAX
  FLOAT_MIN_DENORMAL,
  2 ** -126,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  Number.EPSILON,
  NaN,
  Infinity,
  -Infinity,
];

test('a double comes back bit for bit on every route', async () => {
  for (const value of numbers) await echoes.d.gives([value], value);
});

test('a float comes back as Math.fround of the number on every route', async () => {
  for (const value of numbers) await echoes.f.gives([value], Math.fround(value));
});

test('a number too large for a float becomes Infinity on every route', async () => {
  for (const value of [3.4028235677973366e38, 3.5e38, 1e39, Number.MAX_VALUE]) {
    await echoes.f.gives([value], Infinity);
    await echoes.f.gives([-value], -Infinity);
  }
});

test('denormal floats and doubles are not flushed to zero on every route', async () => {
  await echoes.f.gives([FLOAT_MIN_DENORMAL], FLOAT_MIN_DENORMAL);
  await echoes.f.gives([-FLOAT_MIN_DENORMAL], -FLOAT_MIN_DENORMAL);
  await echoes.d.gives([Number.MIN_VALUE], Number.MIN_VALUE);
});

for (const [code, echo] of Object.entries(echoes)) {
  test(`'${code}' refuses everything but numbers on every route`, async () => {
    const wrong = {
      undefined: [undefined],
      null: [null],
      boolean: [true, false],
      string: ['1.5', '', 'NaN'],
      bigint: [1n, 0n],
      symbol: [Symbol.iterator],
      object: [{}, [1.5], new Number(1.5), { valueOf: () => 1.5 }, new Date(0)],
      function: [() => 1.5],
    };
    for (const values of Object.values(wrong)) {
      for (const value of values) {
        await echo.refuses([value], {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: new RegExp(`: argument 1: expected number, ${got(value)}`),
        });
      }
    }
  });
}

test('each of twelve floats arrives, in registers and on the stack, on every route', async () => {
  const values = Array.from({ length: 12 }, (_, i) => i + 0.1);
  const pick = everyRoute('pick_f32', '(iffffffffffff)f', [0, ...values]);
  for (let i = 0; i < 12; i++) await pick.gives([i, ...values], Math.fround(i + 0.1));
});

test('each of twelve doubles arrives, in registers and on the stack, on every route', async () => {
  const values = Array.from({ length: 12 }, (_, i) => i + 0.1);
  const pick = everyRoute('pick_f64', '(idddddddddddd)d', [0, ...values]);
  for (let i = 0; i < 12; i++) await pick.gives([i, ...values], i + 0.1);
});

test('-0, NaN and Infinity arrive on the stack too, on every route', async () => {
  const zeros = Array(11).fill(0);
  for (const special of [-0, NaN, Infinity, -Infinity, FLOAT_MIN_DENORMAL]) {
    await everyRoute('pick_f32', '(iffffffffffff)f', [0, ...zeros, 1]).gives([11, ...zeros, special], special);
    await everyRoute('pick_f64', '(idddddddddddd)d', [0, ...zeros, 1]).gives([11, ...zeros, special], special);
  }
});

test('a float result is only the lower half of the register, whatever is in the upper, on every route', async () => {
  const dirty = everyRoute('dirty_f32', '(f)f', [1.5]);
  for (const value of [0, -0, 1.5, -2.25, 1e-40, FLOAT_MAX, Infinity, NaN]) {
    await dirty.gives([value], Math.fround(value));
  }
});
