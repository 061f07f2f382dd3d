// Reading, writing and allocating; arenas; arrays of strings.

import {
  alloc,
  Arena,
  ffi,
  free,
  read,
  readStringArray,
  stringArray,
  StringBuffer,
  Struct,
  toArrayBuffer,
  write,
} from '../../ts/src';
import type { Equal, Expect } from './equal';

const Point = Struct({ x: 'i', y: 'd' });
const p: number = alloc(16);
const arena = new Arena();
const point = arena.struct(Point, { x: 1 });

export type Inferred = [
  Expect<Equal<ReturnType<typeof read.i32>, number>>,
  Expect<Equal<ReturnType<typeof read.l>, number | bigint>>,
  Expect<Equal<ReturnType<typeof read.biguint64>, bigint>>,
  Expect<Equal<ReturnType<typeof read.cstring>, string | null>>,
  Expect<Equal<ReturnType<typeof read.bool>, boolean>>,
  Expect<Equal<typeof point.y, number>>,
  Expect<Equal<typeof ffi.checked, boolean>>,
];
export const all: string[] = readStringArray(p);
export const some: (string | null)[] = readStringArray(p, 2);
export const text: string = new StringBuffer(8).toString();
export const bytes: ArrayBuffer = toArrayBuffer(p, 16, free);

write.i32(p, 7);
write.f64(p, 8, 0.5);
write.cstring(p, arena.string('text'));
write.ptr(p, stringArray(['a', null]));
alloc(8, { owner: point });
// @ts-expect-error a string is not a number
write.i32(p, '7');
// @ts-expect-error a string is not a number with an offset either
write.i32(p, 8, '7');
// @ts-expect-error a string would have no owner
write.cstring(p, 'text');
// @ts-expect-error void has no values
read.void(p);
// @ts-expect-error unknown type
read.itn(p);
// @ts-expect-error unknown field
arena.struct(Point, { z: 1 });
// @ts-expect-error an owner is an object
alloc(8, { owner: 1 });
// @ts-expect-error an element must be a string or null
stringArray(['a', 1]);
arena.close();
