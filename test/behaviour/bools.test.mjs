// C's bool: it accepts a boolean, 0 or 1, and results are booleans, or 0 and 1 from the raw bridge.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dlopen } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, everyRoute, fixture } from './support.mjs';

const echo = everyRoute('echo_bool', '(b)b', [true]);

test('true and false go to C and back on every route', async () => {
  await echo.gives([true], true);
  await echo.gives([false], false);
});

test('1, 0 and -0 are accepted as true and false on every route', async () => {
  await echo.gives([1], true);
  await echo.gives([0], false);
  await echo.gives([-0], false);
});

test('the raw bridge returns a number, the library a boolean', () => {
  const handle = ffi.load(fixture);
  const lib = dlopen(fixture, { echo_bool: { args: ['b'], returns: 'b' } });
  return check(() => {
    assert.equal(ffi.callMixed(handle, 'echo_bool', 'b', 'b', [true], []), 1);
    assert.equal(ffi.callMixed(handle, 'echo_bool', 'b', 'b', [false], []), 0);
    assert.equal(lib.symbols.echo_bool(1), true);
    assert.equal(lib.symbols.echo_bool(0), false);
  });
});

test('numbers other than 0 and 1 are refused as out of range on every route', async () => {
  for (const value of [2, -1, 255, 256, 0.5, 1.5, NaN, Infinity, -Infinity, 2 ** 32, 2 ** 32 + 1, Number.MIN_VALUE]) {
    await echo.refuses([value], { code: 'ERR_FFI_OUT_OF_RANGE', message: /: argument 1: .* is .*bool/ });
  }
});

test('values that are merely truthy or falsy are refused on every route', async () => {
  const values = [undefined, null, '', 'true', '1', 0n, 1n, {}, [], new Boolean(true), () => true, Symbol('true')];
  for (const value of values) {
    await echo.refuses([value], {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /: argument 1: expected boolean.*, got /,
    });
  }
});

test('C receives a bool as exactly 0 or 1, whichever value was passed, on every route', async () => {
  // weigh_narrow_5 is (cChHb)l and weighs its fifth argument, the bool, by 5.
  const weigh = everyRoute('weigh_narrow_5', '(cChHb)l', [0, 0, 0, 0, true]);
  await weigh.gives([0, 0, 0, 0, true], 5);
  await weigh.gives([0, 0, 0, 0, 1], 5);
  await weigh.gives([0, 0, 0, 0, false], 0);
});

test('a bool on the stack arrives on every route', async () => {
  const zeros = Array(7).fill(0);
  const pick = everyRoute('pick_narrow_on_stack', '(illlllllcChHbiI)l', [4, ...zeros, 0, 0, 0, 0, true, 0, 0]);
  await pick.gives([4, ...zeros, -1, 255, -1, 65535, false, -1, 4294967295], 0);
  await pick.gives([4, ...zeros, 0, 0, 0, 0, true, 0, 0], 1);
});
