// Variables in the definitions of dlopen, and the list of a library.

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
  version: { type: ['char', 0] },
  table: { type: ['i', 0] },
});
const { symbols } = lib;

export type Inferred = [
  Expect<Equal<typeof symbols.counter.value, number>>,
  Expect<Equal<typeof symbols.wide.value, bigint>>,
  Expect<Equal<typeof symbols.origin.value.x, number>>,
  Expect<Equal<typeof symbols.counter.ptr, number>>,
  Expect<Equal<typeof symbols.version.value, string>>,
  Expect<Equal<typeof symbols.table.value, never>>,
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
// @ts-expect-error a string is not a number
symbols.counter.value = '1';
// @ts-expect-error the address is read-only
symbols.counter.ptr = 0;
// @ts-expect-error an optional variable may be null
symbols.maybe.value = 1;
// @ts-expect-error a variable is not a function
symbols.counter();
// @ts-expect-error unknown type
dlopen('library', { v: { type: 'itn' } });
// @ts-expect-error void has no values
dlopen('library', { v: { type: 'v' } });
