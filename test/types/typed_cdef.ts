// The types that TypeScript infers from C declarations with the option `pointers: 'typed'`.

import { cdef, opaque, out } from '../../ts/src';
import type { Address, ForeignFunction, Handle, PointerLike } from '../../ts/src';
import type { Equal, Expect } from './equal';

type Args<F> = F extends ForeignFunction<infer A, any> ? A : never;
type Result<F> = F extends ForeignFunction<any, infer R> ? R : never;

// In small texts, which the oldest compiler infers, too.
const { symbols: s } = cdef(
  null,
  `
  typedef struct sqlite3 sqlite3;
  int close(sqlite3 *db), open(const char *path, sqlite3 **db);
  void early(struct late *value);
  struct late { int field; };
`,
  { lazy: true, pointers: 'typed', symbols: { open: { args: ['s', out(opaque('sqlite3'))] } } },
);
const { symbols: geometry } = cdef(
  null,
  `
  struct point { double x, y; };
  const struct point *nearest(const struct point *from, double *distance);
  typedef union { int i; } either;
  void change(either *value);
  extern struct point *origin;
`,
  { lazy: true, pointers: 'typed' },
);
type Point = NonNullable<Result<typeof geometry.nearest>>;

export type Typed = [
  Expect<Equal<Args<typeof s.close>, [Handle<'sqlite3'> | null]>>,
  Expect<Equal<Point['x'], number>>,
  Expect<Equal<null extends Result<typeof geometry.nearest> ? true : false, true>>,
  Expect<Equal<Args<typeof geometry.nearest>[1], PointerLike>>,
];
const db: Handle<'sqlite3'> | null = s.open(':memory:').out[0];
s.close(db);
geometry.nearest({ x: 1, y: 2 }, null);
geometry.change({ i: 1 });
s.early({ field: 1 });
export const origin: number | undefined = geometry.origin.value?.x;

// @ts-expect-error an address is no handle
s.close(5);
// @ts-expect-error a handle of another name
s.close(opaque('FILE').at(1 as Address));
// @ts-expect-error the struct has no such field
geometry.nearest({ z: 1 }, null);
// @ts-expect-error the union has no such member
geometry.change({ other: 1 });
// @ts-expect-error the struct has no such field
s.early({ other: 1 });
// @ts-expect-error unknown value of the option
cdef(null, 'int f(int);', { pointers: 'types' });

// Without the option pointers are addresses.
const plain = cdef(null, 'struct point { int x; }; struct point *f(struct point *, struct other *);').symbols;
export type Plain = [
  Expect<Equal<Args<typeof plain.f>, [PointerLike, PointerLike]>>,
  Expect<Equal<Result<typeof plain.f>, number>>,
];
