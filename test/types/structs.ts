// The types that TypeScript infers for structs: fields as properties, and structs by value.
import { anonymous, CFunction, dlopen, JSCallback, Struct, Union } from '../../ts/src';
import type { ArrayView, PointerLike, StructValue } from '../../ts/src';
import type { Equal, Expect } from './equal';

const Complex = Struct({ re: 'd', im: 'double' });
const Shape = Struct(
  { where: Complex, heights: ['h', 3], name: 's', flag: { type: 'b', bits: 1 }, ptr: 'p' },
  { packed: true, align: 8, name: 'Shape' },
);
const Either = Union({ i: 'i', big: 'q' });

const shape = Shape.create({ where: { re: 1 } });
shape.where.re = 2;
shape.heights[1] = 3;
shape.flag = true;
const readings = {
  re: shape.where.re,
  height: shape.heights[0],
  heights: shape.heights,
  name: shape.name,
  flag: shape.flag,
  ptr: shape.ptr,
  field: Shape.get(shape, 'ptr'),
  big: Either.at(4096).big,
  points: Complex.arrayOf(3)[1].im,
  plain: shape.toObject().heights,
};
export type Readings = Expect<
  Equal<
    typeof readings,
    {
      re: number;
      height: number;
      heights: ArrayView<number, number>;
      name: string | null;
      flag: boolean;
      ptr: number;
      field: number;
      big: bigint;
      points: number;
      plain: number[];
    }
  >
>;
// @ts-expect-error unknown field
shape.height;
// @ts-expect-error a string is not a number
shape.where.re = '1';
// @ts-expect-error a bit-field needs a type
Struct({ x: { bits: 3 } });
// @ts-expect-error not a valid packing
Struct({ x: 'i' }, { packed: 3 });
// @ts-expect-error an alignment is a number of bytes
Struct({ x: { type: 'i', align: '8' } });
// @ts-expect-error the layout of a member is given only once
Struct({ x: { type: { type: 'i', align: 8 }, packed: true } });

const Adjusted = Struct(
  {
    wide: { type: 'q', align: 16 },
    list: { type: ['h', 3], packed: true },
    inner: { type: Complex, align: 32, packed: true },
    few: { type: 'b', bits: 1, align: 4 },
    _: anonymous(Struct({ last: { type: 's', packed: true } }), { align: 8 }),
  },
  { packed: 4 },
);
const adjusted = Adjusted.create({ wide: 1, list: [1, 2, 3], inner: { re: 1 }, few: true, last: 'text' });
adjusted.list[1] = 2;
const adjustedFields = {
  wide: adjusted.wide,
  list: adjusted.list,
  copy: Adjusted.get(adjusted, 'list'),
  re: adjusted.inner.re,
  few: adjusted.few,
  last: adjusted.last,
  plain: adjusted.toObject(),
};
export type AdjustedFields = Expect<
  Equal<
    typeof adjustedFields,
    {
      wide: bigint;
      list: ArrayView<number, number>;
      copy: number[];
      re: number;
      few: boolean;
      last: string | null;
      plain: {
        wide: bigint;
        list: number[];
        inner: { re: number; im: number };
        few: boolean;
        last: string | null;
      };
    }
  >
>;
// @ts-expect-error a number is expected
adjusted.wide = 'x';
// @ts-expect-error unknown option
Union({ x: 'i' }, { pack: true });

const { symbols } = dlopen('lib', {
  multiply: { args: [Complex, Complex], returns: Complex },
  apply: { args: [{ args: [Complex], returns: Complex }, Complex], returns: 'd' },
  choose: { args: [Either] },
});
const product = symbols.multiply({ re: 1, im: 2 }, Complex.create());
const later = symbols.multiply.async(new Float64Array(2), product);
export type ByValue = [
  Expect<Equal<typeof product, StructValue<{ re: 'd'; im: 'double' }>>>,
  Expect<Equal<typeof later, Promise<StructValue<{ re: 'd'; im: 'double' }>>>>,
];
symbols.apply((c) => ({ re: c.im, im: c.re }), product);
symbols.choose({ big: 1 });
// @ts-expect-error unknown member
symbols.choose({ large: 1 });
// @ts-expect-error a field is missing
symbols.multiply({ re: 1 }, product);
// @ts-expect-error an unknown field
symbols.multiply({ re: 1, im: 2, abs: 3 }, product);
// @ts-expect-error a value of another struct
symbols.multiply(shape, product);
// @ts-expect-error the callback's result lacks a field
symbols.apply((c) => ({ re: c.im }), product);

const Named = Struct({ name: ['char', 16], bytes: ['C', 2], wide: ['h', 2] });
export const name: string = Named.create({ name: 'text', bytes: 'x' }).name.text();
// @ts-expect-error only an array of char or bytes accepts a string
Named.create({ wide: 'text' });
const Variant = Struct({
  tag: 'i',
  choice: anonymous(Union({ whole: 'q', real: 'd', pair: anonymous(Struct({ low: 'H', texts: ['s', 2] })) })),
  rest: anonymous(Struct({ last: 'b' })),
});
const variant = Variant.create({ tag: 1, real: 0.5, last: true });
variant.low = 3;
variant.texts[0] = 'text';
const promoted = {
  whole: variant.whole,
  low: variant.low,
  texts: variant.texts,
  field: Variant.get(variant, 'last'),
  offset: Variant.offsets.low + Struct.offsetof(Variant, 'texts'),
  plain: variant.toObject(),
};
export type Promotions = Expect<
  Equal<
    typeof promoted,
    {
      whole: bigint;
      low: number;
      texts: ArrayView<string | null, string | PointerLike>;
      field: boolean;
      offset: number;
      plain: {
        tag: number;
        whole: bigint;
        real: number;
        low: number;
        texts: (string | null)[];
        last: boolean;
      };
    }
  >
>;
const { echo } = dlopen('lib', { echo: { args: [Variant], returns: Variant } }).symbols;
echo({ tag: 1, real: 2, last: false }).low;
echo(variant);
// @ts-expect-error a field of an anonymous struct is missing
echo({ tag: 1, real: 2 });
// @ts-expect-error the key of an anonymous member is not a property of the value
variant.choice;
// @ts-expect-error a number is expected
Variant.set(variant, 'low', 'x');
// @ts-expect-error only a struct or union can be anonymous
anonymous('i');
// @ts-expect-error only a struct has anonymous members
Struct({ list: [anonymous(Complex), 2] });

export const norm: number = CFunction({ args: [Complex], returns: 'd', ptr: 4096 })({ re: 3, im: 4 });
export const callback = new JSCallback((a) => ({ re: a.im, im: a.re }), { args: [Complex], returns: Complex });
