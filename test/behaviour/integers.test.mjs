// Integers of every width: values in range are passed and returned unchanged, others are refused, on every route.
import { test } from 'node:test';
import { everyRoute, got } from './support.mjs';

const safe = Number.MAX_SAFE_INTEGER;

/** The JavaScript value of a 64-bit integer of type 'l' or 'L': a number where that is exact, otherwise a bigint. */
const exact = (value) => (value >= -safe && value <= safe ? Number(value) : BigInt(value));

const narrow = [
  { code: 'c', suffix: 'i8', cName: 'int8_t', least: -128, greatest: 127 },
  { code: 'C', suffix: 'u8', cName: 'uint8_t', least: 0, greatest: 255 },
  { code: 'h', suffix: 'i16', cName: 'int16_t', least: -32768, greatest: 32767 },
  { code: 'H', suffix: 'u16', cName: 'uint16_t', least: 0, greatest: 65535 },
  { code: 'i', suffix: 'i32', cName: 'int32_t', least: -2147483648, greatest: 2147483647 },
  { code: 'I', suffix: 'u32', cName: 'uint32_t', least: 0, greatest: 4294967295 },
];

const wide = [
  { code: 'l', suffix: 'i64', cName: 'int64_t', least: -(2n ** 63n), greatest: 2n ** 63n - 1n, toJs: exact },
  { code: 'L', suffix: 'u64', cName: 'uint64_t', least: 0n, greatest: 2n ** 64n - 1n, toJs: exact },
  { code: 'q', suffix: 'bigi64', cName: 'int64_t', least: -(2n ** 63n), greatest: 2n ** 63n - 1n, toJs: BigInt },
  { code: 'Q', suffix: 'bigu64', cName: 'uint64_t', least: 0n, greatest: 2n ** 64n - 1n, toJs: BigInt },
];

const outOfRange = ({ cName, least, greatest }, value) => ({
  code: 'ERR_FFI_OUT_OF_RANGE',
  message: `argument 1: ${value} is out of range for ${cName} (${least} to ${greatest})`,
});

const notAnInteger = ({ cName }, value) => ({
  code: 'ERR_FFI_OUT_OF_RANGE',
  message: new RegExp(`: argument 1: ${String(value).replace('.', '\\.')}\\b.*\\b${cName}`),
});

const wrongType = (value) => ({
  code: 'ERR_FFI_INVALID_ARG_TYPE',
  message: new RegExp(`: argument 1: expected .*number.*, ${got(value)}`),
});

const notNumbers = [
  undefined,
  null,
  true,
  '1',
  '',
  Symbol('1'),
  {},
  [1],
  new Number(1),
  { valueOf: () => 1 },
  { [Symbol.toPrimitive]: () => 1 },
  () => 1,
];

for (const type of narrow) {
  const { code, suffix, cName, least, greatest } = type;
  const echo = everyRoute(`echo_${suffix}`, `(${code})${code}`, [1]);

  test(`${code} (${cName}) passes and returns both ends of its range on every route`, async () => {
    for (const value of [least, least + 1, -1, 0, 1, greatest - 1, greatest]) {
      if (value >= least) await echo.gives([value], value);
    }
  });

  test(`${code} (${cName}) returns C's limits on every route`, async () => {
    await everyRoute(`min_${suffix}`, `()${code}`, []).gives([], least);
    await everyRoute(`max_${suffix}`, `()${code}`, []).gives([], greatest);
  });

  test(`${code} (${cName}) refuses one past each limit, and everything beyond, on every route`, async () => {
    const beyond = [least - 1, greatest + 1, 2 ** 32, -(2 ** 31) - 1, 2 ** 53, 2 ** 64, Infinity, -Infinity];
    for (const value of beyond) await echo.refuses([value], outOfRange(type, value));
    await echo.refuses([1e300], { code: 'ERR_FFI_OUT_OF_RANGE', message: /argument 1: 1e\+300 is out of range/ });
  });

  test(`${code} (${cName}) refuses fractions and NaN on every route`, async () => {
    const fractions = [1.5, -0.5, 0.1, Number.MIN_VALUE, greatest - 0.5, greatest + 0.5, least + 0.5, NaN];
    for (const value of fractions) {
      await echo.refuses([value], notAnInteger(type, value));
    }
  });

  test(`${code} (${cName}) accepts -0 as 0 on every route`, () => echo.gives([-0], 0));

  test(`${code} (${cName}) refuses bigints and other types than number on every route`, async () => {
    for (const value of notNumbers) await echo.refuses([value], wrongType(value));
    await echo.refuses([1n], wrongType(1n));
  });
}

for (const type of wide) {
  const { code, suffix, cName, least, greatest, toJs } = type;
  const isSigned = least < 0n;
  const echo = everyRoute(`echo_${suffix}`, `(${code})${code}`, [1]);

  test(`${code} (${cName}) passes and returns bigints over its whole range on every route`, async () => {
    const values = [least, least + 1n, 0n, 1n, 2n ** 31n, 2n ** 32n, greatest - 1n, greatest];
    if (isSigned) values.push(-1n, -(2n ** 31n) - 1n, -(2n ** 32n));
    for (const value of values) await echo.gives([value], toJs(value));
  });

  test(`${code} (${cName}) accepts numbers on every route`, async () => {
    const values = [0, 1, 2 ** 31, 2 ** 32, safe - 1, safe];
    if (isSigned) values.push(-1, -(2 ** 31) - 1, -safe);
    for (const value of values) await echo.gives([value], toJs(value));
  });

  test(`${code} (${cName}) is exact around 2^53, for bigints and numbers, on every route`, async () => {
    for (const value of [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 53n + 2n]) {
      await echo.gives([value], toJs(value));
      if (isSigned) await echo.gives([-value], toJs(-value));
    }
    for (const value of [2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2]) {
      await echo.gives([value], toJs(BigInt(value)));
      if (isSigned) await echo.gives([-value], toJs(BigInt(-value)));
    }
  });

  test(`${code} (${cName}) accepts the greatest and least number in its range on every route`, async () => {
    const largest = isSigned ? 2 ** 63 - 1024 : 2 ** 64 - 2048;
    await echo.gives([largest], BigInt(largest));
    if (isSigned) await echo.gives([-(2 ** 63)], -(2n ** 63n));
  });

  test(`${code} (${cName}) returns C's limits on every route`, async () => {
    await everyRoute(`min_${suffix}`, `()${code}`, []).gives([], toJs(least));
    await everyRoute(`max_${suffix}`, `()${code}`, []).gives([], greatest);
  });

  test(`${code} (${cName}) refuses one past each limit, as bigint and as number, on every route`, async () => {
    for (const value of [least - 1n, greatest + 1n, 2n ** 64n, -(2n ** 64n), 2n ** 65n + 1n, 2n ** 128n]) {
      await echo.refuses([value], outOfRange(type, value));
    }
    const limit = isSigned ? 2 ** 63 : 2 ** 64;
    for (const value of [limit, isSigned ? -limit - 2048 : -1, 2 ** 70, Infinity, -Infinity]) {
      await echo.refuses([value], outOfRange(type, value));
    }
  });

  test(`${code} (${cName}) shortens a bigint of a thousand digits in the message, on every route`, () =>
    echo.refuses([10n ** 1000n], {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: /: argument 1: 1000.{0,80} is out of range for u?int64_t \(-?\d+ to \d+\)$/,
    }));

  test(`${code} (${cName}) refuses fractions and NaN on every route`, async () => {
    for (const value of [1.5, -0.5, Number.MIN_VALUE, 2 ** 51 + 0.5, NaN]) {
      await echo.refuses([value], notAnInteger(type, value));
    }
  });

  test(`${code} (${cName}) accepts -0 as 0 on every route`, () => echo.gives([-0], toJs(0n)));

  test(`${code} (${cName}) refuses all types but number and bigint on every route`, async () => {
    for (const value of notNumbers) await echo.refuses([value], wrongType(value));
    await echo.refuses([Object(1n)], wrongType(Object(1n)));
  });
}

test('an 8-byte result is a number up to 2^53 - 1 and a bigint beyond, on every route', async () => {
  const echo = everyRoute('echo_i64', '(l)l', [1]);
  await echo.gives([BigInt(safe)], safe);
  await echo.gives([BigInt(safe) + 1n], BigInt(safe) + 1n);
  await echo.gives([-BigInt(safe)], -safe);
  await echo.gives([-BigInt(safe) - 1n], -BigInt(safe) - 1n);
});

test("'q' and 'Q' return bigints for small values too, on every route", async () => {
  await everyRoute('echo_bigi64', '(q)q', [1]).gives([-5], -5n);
  await everyRoute('echo_bigu64', '(Q)Q', [1]).gives([0], 0n);
});

test('the message of a number out of range names function, position, value, type and range', () =>
  everyRoute('echo_u8', '(C)C', [1]).refuses([300], {
    code: 'ERR_FFI_OUT_OF_RANGE',
    message: 'argument 1: 300 is out of range for uint8_t (0 to 255)',
  }));
