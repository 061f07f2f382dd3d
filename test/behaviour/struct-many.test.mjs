// The values of many kinds of structs in one program, whose fields must be what those of a single one are.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Struct } from 'arkffi';
import { check, throws } from './support.mjs';

const KINDS = 12;
/** For each type of number: values that it has, and one that it has not. */
const numbers = {
  b: [[true, false], 'true'],
  c: [[-128, 127], 128],
  C: [[0, 255], -1],
  h: [[-32768, 32767], 32768],
  H: [[0, 65535], 65536],
  i: [[-(2 ** 31), 2 ** 31 - 1], 2 ** 31],
  I: [[0, 2 ** 32 - 1], -1],
  l: [[-Number.MAX_SAFE_INTEGER, 2 ** 40, -(2n ** 63n)], 0.5],
  L: [[0, 2 ** 40, 2n ** 64n - 1n], -1],
  q: [[-(2n ** 63n), 5n], 0.5],
  Q: [[0n, 2n ** 64n - 1n], -1n],
  f: [[0.5, -Infinity], '1'],
  d: [[0.1, NaN, -0], '1'],
};
const letters = Object.keys(numbers);

/** Structs that have each type of number, at other offsets in each of them. */
const structs = Array.from({ length: KINDS }, (_, i) => {
  const inTurn = letters.map((_, at) => letters[(at + i) % letters.length]);
  return Struct(Object.fromEntries(inTurn.map((letter) => [`of_${letter}`, letter])), { name: `Kind${i}` });
});

const ended = (value) => structuredClone(value.buffer, { transfer: [value.buffer] });

describe('values of many kinds of structs', () => {
  test('each field of a number reads what was written', () =>
    check(() => {
      for (const struct of structs) {
        const value = struct.create();
        for (const letter of letters) {
          for (const number of numbers[letter][0]) {
            value[`of_${letter}`] = number;
            assert.ok(Object.is(value[`of_${letter}`], number), `${struct.name}: ${letter}: ${number}`);
          }
        }
        const expected = Object.fromEntries(letters.map((letter) => [`of_${letter}`, numbers[letter][0].at(-1)]));
        assert.deepEqual(value.toObject(), expected);
        assert.deepEqual(struct.create(expected).toObject(), expected);
      }
    }, 20));

  test('a value that does not fit is refused, in the name of the field, and changes nothing', () =>
    check(() => {
      for (const struct of structs) {
        const value = struct.create({ of_i: 3 });
        for (const letter of letters) {
          const before = value[`of_${letter}`];
          const [, wrong] = numbers[letter];
          const code = typeof wrong === 'string' ? 'ERR_FFI_INVALID_ARG_TYPE' : 'ERR_FFI_OUT_OF_RANGE';
          const message = new RegExp(`^${struct.name}\\.of_${letter}: `);
          throws(() => (value[`of_${letter}`] = wrong), { code, message });
          assert.ok(Object.is(value[`of_${letter}`], before));
        }
      }
    }, 200));

  test('the fields of detached memory say so', () =>
    check(() => {
      for (const struct of structs) {
        const value = struct.create();
        ended(value);
        for (const letter of letters) {
          const [[number]] = numbers[letter];
          const message = `${struct.name}.of_${letter}: the buffer is detached`;
          throws(() => value[`of_${letter}`], { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
          throws(() => (value[`of_${letter}`] = number), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
        }
      }
    }, 200));

  test('fields are the same in C’s memory, behind the value, and after it has moved', () =>
    check(() => {
      for (const struct of structs) {
        const value = struct.create({ of_d: 0.25, of_h: -2 });
        const seen = struct.at(value.ptr); // asking for the address moves the value to memory of its own
        seen.of_h = 7;
        assert.deepEqual([value.of_d, value.of_h, seen.of_d], [0.25, 7, 0.25]);
      }
    }, 20));

  test('errors begin at the line of the program', () => {
    for (const struct of structs) {
      const value = struct.create();
      let stack;
      try {
        value.of_C = 256;
      } catch (error) {
        ({ stack } = error);
      }
      const [line] = stack.split('\n').filter((text) => /struct-many|arkffi/.test(text));
      assert.match(line, /struct-many\.test\.mjs/);
      assert.ok(!stack.includes('arkffi:'), stack);
    }
  });

  test('values are of classes that are called like their structs, and inherit from one', () => {
    const [first, ...others] = structs.map((struct) => Object.getPrototypeOf(Object.getPrototypeOf(struct.create())));
    assert.ok(others.every((base) => base === first));
    assert.deepEqual(
      structs.map((struct) => struct.create().constructor.name),
      structs.map(({ name }) => name),
    );
  });
});
