// The number of arguments, and where each is passed: in registers, on the stack, and in every mixture of the two.
import { test } from 'node:test';
import { everyRoute } from './support.mjs';

const counts = Array.from({ length: 21 }, (_, n) => n);

/** The first n letters of `letters`, repeated as often as needed. */
const repeated = (letters, n) => letters.repeat(Math.ceil(n / letters.length) || 1).slice(0, n);

/** The result of the fixture's weigh_… functions for these arguments. */
const weighed = (values) => values.reduce((sum, value, i) => sum + (i + 1) * Number(value), 0);

/** A value for each letter that its C type holds exactly; no two neighbours are equal. */
const valueFor = (letter, i) =>
  ({
    c: -100 - (i % 20),
    C: 200 + (i % 50),
    h: -30000 - i,
    H: 60000 + i,
    i: -2000000000 - i,
    I: 4000000000 + i,
    l: -(2 ** 40) - i,
    b: i % 20 < 10,
    f: i + 0.5,
    d: -i - 0.25,
  })[letter];

const families = {
  weigh_i32: { letters: 'i', returns: 'l' },
  weigh_i64: { letters: 'l', returns: 'l' },
  weigh_narrow: { letters: 'cChHb', returns: 'l' },
  weigh_f32: { letters: 'f', returns: 'd' },
  weigh_f64: { letters: 'd', returns: 'd' },
  weigh_mixed: { letters: 'cdHflChdIi', returns: 'd' },
};

for (const [family, { letters, returns }] of Object.entries(families)) {
  for (const n of [...counts, 127]) {
    test(`${family}: ${n} arguments each arrive in their place, on every route`, async () => {
      const types = repeated(letters, n);
      const values = [...types].map(valueFor);
      const weigh = everyRoute(`${family}_${n}`, `(${types})${returns}`, values);
      await weigh.gives(values, weighed(values));
      const others = values.map((value, i) => (typeof value === 'boolean' ? !value : i % 2 ? 0 : value));
      await weigh.gives(others, weighed(others));
    });
  }
}

test('alternating floats and integers run out of their registers independently, on every route', async () => {
  const types = repeated('idif', 20);
  const values = [...types].map((letter, i) => (letter === 'i' ? -i : i + 0.5));
  await everyRoute('weigh_alternating', `(${types})d`, values).gives(values, weighed(values));
});

test('each narrow integer on the stack keeps its own value, on every route', async () => {
  const narrow = [-128, 255, -32768, 65535, true, -2147483648, 4294967295];
  const wide = [1, 20, 300, 4000, 50000, 600000, 7000000];
  const pick = everyRoute('pick_narrow_on_stack', '(illlllllcChHbiI)l', [0, ...wide, ...narrow]);
  for (const [which, value] of narrow.entries()) await pick.gives([which, ...wide, ...narrow], Number(value));
  await pick.gives([7, ...wide, ...narrow], 7654321);
});

test('the error names the position of a wrong argument, in a register or on the stack, on every route', async () => {
  const values = [...repeated('cdHflChdIi', 20)].map(valueFor);
  const weigh = everyRoute('weigh_mixed_20', `(${repeated('cdHflChdIi', 20)})d`, values);
  for (let i = 0; i < 20; i++) {
    const wrong = [...values];
    wrong[i] = 'x';
    const message = new RegExp(`: argument ${i + 1}: expected number.*, got string$`);
    await weigh.refuses(wrong, { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
  }
});

test('of several wrong arguments the error names the first, on every route', async () => {
  const weigh = everyRoute('weigh_i32_3', '(iii)l', [1, 2, 3]);
  await weigh.refuses([1, 'x', 2 ** 40], { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /: argument 2: / });
  await weigh.refuses([1, 2 ** 40, 'x'], { code: 'ERR_FFI_OUT_OF_RANGE', message: /: argument 2: / });
});

test('the last of 127 arguments is checked as the first is, on every route', async () => {
  const values = Array(127).fill(1);
  const weigh = everyRoute('weigh_i32_127', `(${'i'.repeat(127)})l`, values);
  const wrong = [...values.slice(1), 2 ** 31];
  await weigh.refuses(wrong, {
    code: 'ERR_FFI_OUT_OF_RANGE',
    message: 'argument 127: 2147483648 is out of range for int32_t (-2147483648 to 2147483647)',
  });
});

for (const n of [0, 1, 2, 7, 8, 9, 20, 127]) {
  test(`a function with ${n} parameters refuses too few and too many arguments, on every route`, async () => {
    const values = Array(n).fill(1);
    const weigh = everyRoute(`weigh_i32_${n}`, `(${'i'.repeat(n)})l`, values);
    const wrong = [n + 1, n + 2, 200].concat(n ? [0, n - 1] : []);
    for (const count of wrong) {
      await weigh.refuses(Array(count).fill(1), {
        code: 'ERR_FFI_ARG_COUNT',
        message: new RegExp(`: expected ${n}\\b.*, got ${count}\\b`),
      });
    }
  });
}

test('an extra argument is refused even if it is undefined, on every route', async () => {
  await everyRoute('echo_i32', '(i)i', [1]).refuses([1, undefined], { code: 'ERR_FFI_ARG_COUNT' });
  await everyRoute('echo_void', '()v', []).refuses([undefined], { code: 'ERR_FFI_ARG_COUNT' });
});

test('a wrong count is refused before any value is checked, on every route', () =>
  everyRoute('echo_i32', '(i)i', [1]).refuses(['x', 'y', 'z'], { code: 'ERR_FFI_ARG_COUNT' }));

test('a void function returns undefined, whatever C left in the register, on every route', async () => {
  await everyRoute('echo_void', '()v', []).gives([], undefined);
  await everyRoute('dirty_void', '()v', []).gives([], undefined);
});
