// Uses the module that `arkffi bind` made of bindable.h. Each name has its own type: none is `any` or `unknown`.
import { Handle } from 'arkffi';
import { handles, open } from './module.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;
/** The names whose types are `any`, or `unknown`. */
type Loose<T> = { [Name in keyof T]: unknown extends T[Name] ? Name : never }[keyof T];

const lib = open('./libshim.so');
const { symbols: s, constants, structs, types } = lib;
export type Tight = [
  Expect<Equal<Loose<typeof s>, never>>,
  Expect<Equal<Loose<typeof constants>, never>>,
  Expect<Equal<Loose<typeof structs>, never>>,
  Expect<Equal<Loose<typeof types>, never>>,
  Expect<Equal<typeof s.bound_print, never>>,
  Expect<Equal<typeof constants.BOUND_GREEN, 5>>,
  Expect<Equal<typeof constants.BOUND_NAME, "it's a \\ name">>,
  Expect<Equal<typeof constants.BOUND_BIG, bigint>>,
  Expect<Equal<typeof types.bound_number, 'i'>>,
  Expect<Equal<ReturnType<typeof s.bound_text>, string | null>>,
  Expect<Equal<ReturnType<typeof s.bound_self>, Handle<'bound_db'> | null>>,
  Expect<Equal<Parameters<typeof s.bound_half>, [x: number]>>,
];

const {
  value,
  out: [db],
} = s.bound_open('abc');
console.log(value, db instanceof Handle, db !== null && s.bound_self(db)?.ptr === db.ptr, s.bound_close(db));
console.log(handles.bound_db.at(70000)?.type);
console.log(s.BOUND_SQUARE(5), s.bound_half(9), s.bound_nothing(), s.bound_same('text'), s.bound_norm({ x: 3, y: 4 }));
const points = structs.bound_point.arrayOf(2);
points[1].x = 8;
console.log(s.bound_first(points, 1, () => 0).x, s.bound_next(4), s.bound_text(), s.bound_counter?.value);
console.log(s.bound_sum({ x: 1, y: 2 }, { i: 3 }), s.bound_printf('%d', ['i', 12345]));
s.bound_sort(new Int32Array(2), 2, 4, (a, b) => a - b);
const bits = structs.bound_bits.create({ a: 7, name: 'abc', inside: 4, d: 0.5, label: 'label' });
const label: string | null = bits.label;
console.log(bits.a, bits.name.text(), bits.inside, bits.d, bits.nested[1].deep, label);
console.log(
  constants.BOUND_RED,
  constants.BOUND_GREEN,
  constants.BOUND_LIMIT,
  constants.BOUND_BIG,
  constants.BOUND_NAME,
);
// @ts-expect-error a handle is expected
const wrong = () => s.bound_close(5);
// @ts-expect-error the header has no such function
const missing = () => s.bound_closed;
// @ts-expect-error it is no constant of this header
const foreign = () => constants.EOF;
console.log(typeof wrong, typeof missing, typeof foreign);
