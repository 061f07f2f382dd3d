// Types whose values JavaScript converts.

import {
  complexDouble,
  complexFloat,
  dlopen,
  enumType,
  int128,
  JSCallback,
  longDouble,
  longDoubleBytes,
  out,
  pointerTo,
  Struct,
  uint128,
} from '../../ts/src';
import type { ArgumentType, BufferLike, Complex, FieldType } from '../../ts/src';
import type { Equal, Expect } from './equal';

const Color = enumType({ RED: 0, GREEN: 1 });
const Named = enumType({ RED: 0, GREEN: 1 }, { names: true, name: 'Color' });
const Large = enumType({ HUGE: BigInt(1) }, { type: 'uint64' });
const { symbols } = dlopen('library', {
  paint: { args: [Color, Large], returns: Named },
  multiply: { args: [complexDouble, complexFloat], returns: complexDouble },
  add: { args: [int128, uint128], returns: int128 },
  real: { args: [longDouble, longDoubleBytes], returns: longDouble },
  bytes: { returns: longDoubleBytes },
  outs: { args: [out(int128), out(complexDouble), out(Named), out(longDouble)] },
  call: { args: [{ args: [int128, Named], returns: complexDouble }] },
  total: { type: int128 },
});
const Wide = Struct({ i: int128, z: complexDouble, c: Named, list: [uint128, 2], at: pointerTo(int128) });
const bits = Struct({ c: { type: Named, bits: 2 }, d: { type: Color, bits: 2 } }).create({ c: 'RED', d: 'GREEN' });
const wide = Wide.create({ i: 5, z: { re: 1, im: 2 }, c: 'RED' });

type Name = 'RED' | 'GREEN';
export type Inferred = [
  Expect<Equal<Parameters<typeof symbols.paint>, [Name | number | bigint, 'HUGE' | number | bigint]>>,
  Expect<Equal<ReturnType<typeof symbols.paint>, Name | number>>,
  Expect<Equal<Parameters<typeof symbols.multiply>, [Complex, Complex]>>,
  Expect<Equal<ReturnType<typeof symbols.multiply>, Complex>>,
  Expect<Equal<Parameters<typeof symbols.add>, [number | bigint, number | bigint]>>,
  Expect<Equal<ReturnType<typeof symbols.add>, bigint>>,
  Expect<Equal<ReturnType<(typeof symbols.add)['async']>, Promise<bigint>>>,
  Expect<Equal<Parameters<typeof symbols.real>, [number, BufferLike]>>,
  Expect<Equal<ReturnType<typeof symbols.real>, number>>,
  Expect<Equal<ReturnType<typeof symbols.bytes>, Uint8Array>>,
  Expect<Equal<typeof wide.i, bigint>>,
  Expect<Equal<typeof wide.z, Complex>>,
  Expect<Equal<typeof wide.c, Name | number>>,
  Expect<Equal<typeof bits.c, Name | number>>,
  Expect<Equal<typeof bits.d, number>>,
];
export const outs: { readonly out: [bigint, Complex, Name | number, number] } = symbols.outs();
export const total: bigint = symbols.total.value;
symbols.total.value = BigInt(7);
symbols.call((i, name) => ({ re: Number(i), im: name === 'RED' ? 1 : 0 }));
export const callback = new JSCallback((i) => i + BigInt(1), { args: [int128], returns: int128 });
export const types: [ArgumentType, FieldType] = [int128, Color];

// @ts-expect-error no such name
symbols.paint('BLUE', 1);
// @ts-expect-error a complex number has two parts
symbols.multiply({ re: 1 }, { re: 1, im: 2 });
// @ts-expect-error a string is no integer
symbols.add('1', 2);
// @ts-expect-error a callback returns a complex number
symbols.call((i) => i);
// @ts-expect-error no such option
enumType({ RED: 0 }, { nams: true });
