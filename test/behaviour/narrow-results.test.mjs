// Narrow integers in a register whose upper bits are garbage: JavaScript gets the value without the garbage.
import { test } from 'node:test';
import { everyRoute } from './support.mjs';

const types = [
  { suffix: 'i8', code: 'c', values: [-128, -1, 0, 1, 127] },
  { suffix: 'u8', code: 'C', values: [0, 1, 127, 128, 255] },
  { suffix: 'i16', code: 'h', values: [-32768, -1, 0, 1, 32767] },
  { suffix: 'u16', code: 'H', values: [0, 1, 32767, 32768, 65535] },
  { suffix: 'i32', code: 'i', values: [-2147483648, -1, 0, 1, 2147483647] },
  { suffix: 'u32', code: 'I', values: [0, 1, 2147483647, 2147483648, 4294967295] },
  { suffix: 'bool', code: 'b', values: [true, false] },
];

for (const { suffix, code, values } of types) {
  test(`a result of type '${code}' ignores the upper bits of its register, on every route`, async () => {
    const dirty = everyRoute(`dirty_${suffix}`, `(${code})${code}`, [values[0]]);
    for (const value of values) await dirty.gives([value], value);
  });

  test(`a result of type '${code}' ignores the upper bits of its register, with arguments on the stack, on every route`, async () => {
    const rest = Array(8).fill(2n ** 64n - 1n);
    const dirty = everyRoute(`dirty_far_${suffix}`, `(${code}LLLLLLLL)${code}`, [values[0], ...rest]);
    for (const value of values) await dirty.gives([value, ...rest], value);
  });

  test(`an argument of type '${code}' is extended to 32 bits, on every route`, async () => {
    const wide = everyRoute('argument_as_u32', `(${code})I`, [values[0]]);
    for (const value of values) await wide.gives([value], Number(value) >>> 0);
  });
}
