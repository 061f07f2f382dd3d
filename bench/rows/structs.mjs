// Values of structs: their fields, beside the elements of typed arrays, and making them. What arkffi alone does, on each host.
import { LEAD } from '../contenders.mjs';
import { perCall } from '../sampling.mjs';
import { atMost } from '../targets.mjs';

const HOSTS = ['node20', 'node22', 'node24', 'node26', 'bun', 'deno'].map((host) => `arkffi@${host}`);

export const title = 'Values of structs';
export const lead = LEAD;
export const contenders = HOSTS;

const FIELDS = { re: 'f64', im: 'f64' };
const TYPES = 10;

/**
 * A row that compares two loops, each of which counts `each` times what is measured. `make(api)` returns the loops, as
 * `perCall` takes them.
 */
function compared(name, description, unitOf, most, make, each = 1) {
  return {
    name,
    columns: [
      { title: description, unit: 'ns' },
      { title: `${description}, ${unitOf}`, unit: '×', targets: [atMost(most, HOSTS)] },
    ],
    measure({ api }) {
      const [own, other] = make(api).map((loop) => perCall(loop));
      const usual = Math.min(...other);
      return own.map((time) => [time / each, time / usual]);
    },
  };
}

/** Reads `first` of four objects in turn. */
const readLoop = (of, first) => ({
  loop: new Function(
    'of',
    `return (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += of[i & 3]${first}; return sum; }`,
  )(of),
  expected: (count) => (count / 4) * 10,
});

/** Writes `first` of four objects in turn. */
const writeLoop = (of, first) => ({
  loop: new Function(
    'of',
    `return (count) => { for (let i = 0; i < count; i++) of[i & 3]${first} = i; return of[3]${first}; }`,
  )(of),
  expected: (count) => count - 1,
});

/** `turn` of each of ten objects, one after the other. */
const inTurn = (of, turn, sum) => ({
  loop: new Function(
    ...of.map((_, i) => `v${i}`),
    `return (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += ${of.map((_, i) => turn(`v${i}`)).join(' + ')}; return sum; }`,
  )(...of),
  expected: (count) => count * sum,
});

/** Ten structs of different types, and ten times the same one. */
function typesIn({ Struct }) {
  const One = Struct(FIELDS);
  return [Array.from({ length: TYPES }, () => Struct(FIELDS)), Array(TYPES).fill(One)];
}

const ARRAYS = [1, 2, 3, 4].map((first) => Float64Array.of(first, 0));

function valuesOf({ Struct }) {
  const Complex = Struct(FIELDS);
  return [1, 2, 3, 4].map((re) => Complex.create({ re }));
}

const ELEMENT = "times a typed array's element";
const ONE_TYPE = 'times one type';

export const rows = [
  compared('field-read', 'reading a double', ELEMENT, 1.5, (api) => [
    readLoop(valuesOf(api), '.re'),
    readLoop(ARRAYS, '[0]'),
  ]),
  compared('field-write', 'writing a double', ELEMENT, 1.5, (api) => [
    writeLoop(valuesOf(api), '.re'),
    writeLoop(ARRAYS, '[0]'),
  ]),
  {
    name: 'create',
    columns: [{ title: 'create({ re, im })', unit: 'ns', targets: [atMost(150, HOSTS)] }],
    measure({ api: { Struct } }) {
      const Complex = Struct(FIELDS);
      return perCall({
        loop(count) {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += Complex.create({ re: i, im: 1 }).im;
          return sum;
        },
        expected: (count) => count,
      }).map((ns) => [ns]);
    },
  },
  compared(
    'fields-in-turn',
    'reading fields of ten types',
    ONE_TYPE,
    1.5,
    (api) =>
      typesIn(api).map((types) =>
        inTurn(
          types.map((type, re) => type.create({ re })),
          (value) => `${value}.re`,
          45,
        ),
      ),
    TYPES,
  ),
  compared(
    'create-in-turn',
    'create of ten types',
    ONE_TYPE,
    1.5,
    (api) => typesIn(api).map((types) => inTurn(types, (type) => `${type}.create({ re: i, im: 1 }).im`, TYPES)),
    TYPES,
  ),
];
