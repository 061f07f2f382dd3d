// Structs that point to each other, with the option `pointers: 'typed'`.

import { cdef } from '../../ts/src';
import type { ForeignFunction, Handle } from '../../ts/src';
import type { Equal, Expect } from './equal';

type Result<F> = F extends ForeignFunction<any, infer R> ? R : never;

const { symbols: s, structs } = cdef(
  null,
  `
  struct point { double x, y; };
  typedef struct sqlite3 sqlite3;
  typedef struct node node;
  struct node { int value; node *next; struct node *others[2]; sqlite3 *owner; struct point *at; };
  typedef struct list { node *first; int count; } list, *list_ptr;
  typedef int (*visit)(const node *each, void *user);

  sqlite3 *handle(list *from);
  node *find(list_ptr in, visit by);
`,
  { lazy: true, pointers: 'typed' },
);
export type Handles = [Expect<Equal<Result<typeof s.handle>, Handle<'sqlite3'> | null>>];
const found = s.find(null, (each, user) => each?.value ?? user);
export const value: number | undefined = found?.next?.next?.value;
export const owner: Handle<'sqlite3'> | null | undefined = found?.next?.others[0]?.owner;
export const x: number | undefined = found?.at?.x;
const node = structs.node.create({ value: 1, next: { value: 2, next: null } });
export const second: number | undefined = node.next?.value;
// @ts-expect-error a text is no number
node.next!.value = 'text';
// @ts-expect-error the struct has no such field
s.find({ last: null }, null);
