// Variables among the definitions of dlopen, and what a library lists.

import { dlopen, FFIType, findLibrary, Struct } from '../../ts/src';
import type { ExportedSymbol } from '../../ts/src';
import type { Equal, Expect } from './equal';

const Point = Struct({ x: 'i', y: 'd' });
const lib = dlopen(findLibrary('m'), {
  counter: { type: FFIType.int32 },
  text: { type: 's' },
  wide: { type: 'q' },
  grid: { type: [['h', 3], 2] },
  origin: { type: Point },
  maybe: { type: 'i', optional: true },
});
const { symbols } = lib;

export type Inferred = [
  Expect<Equal<typeof symbols.counter.value, number>>,
  Expect<Equal<typeof symbols.wide.value, bigint>>,
  Expect<Equal<typeof symbols.origin.value.x, number>>,
  Expect<Equal<typeof symbols.counter.ptr, number>>,
  Expect<Equal<ReturnType<typeof lib.list>, ExportedSymbol[]>>,
];
export const text: string | null = symbols.text.value as string | null;
export const cell: number = symbols.grid.value[1][2];
symbols.grid.value[1][2] = 5;
symbols.grid.value = [
  [1, 2, 3],
  [4, 5, 6],
];
symbols.origin.value = { x: 1, y: 2 };
symbols.origin.value.x = 3;

symbols.counter.value = 1;
// @ts-expect-error a string is no number
symbols.counter.value = '1';
// @ts-expect-error its address is not to be set
symbols.counter.ptr = 0;
// @ts-expect-error an optional one may be null
symbols.maybe.value = 1;
// @ts-expect-error a variable is no function
symbols.counter();
// @ts-expect-error no such type
dlopen('library', { v: { type: 'itn' } });
// @ts-expect-error void has no values
dlopen('library', { v: { type: 'v' } });
