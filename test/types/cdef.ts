// The types that TypeScript infers from C declarations in a literal string.

import { cdef } from '../../ts/src';
import type { ForeignFunction, PointerLike } from '../../ts/src';
import type { Equal, Expect } from './equal';

const { symbols } = cdef(
  'libm.so.6',
  `
  double add(double a, double b);
  const char *name(const char *key, unsigned flags);
  void *memchr(const void *from, int c, size_t n) ;
  void nothing(void); int none();
  extern unsigned long long wide(uint8_t);
  int printf(const char *format, ...);
  size_t many(char const *list[], char *out, int, long);
  cplx unknown(cplx a);
  void sort(void *base, int (*compare)(const void *, const void *));
`,
);

type Args<F> = F extends ForeignFunction<infer A, any> ? A : never;
type Result<F> = F extends ForeignFunction<any, infer R> ? R : never;

export type Inferred = [
  Expect<Equal<Args<typeof symbols.add>, [number, number]>>,
  Expect<Equal<Result<typeof symbols.add>, number>>,
  Expect<Equal<Args<typeof symbols.name>, [string | PointerLike, number]>>,
  Expect<Equal<Result<typeof symbols.name>, string | null>>,
  Expect<Equal<Args<typeof symbols.memchr>, [PointerLike, number, number | bigint]>>,
  Expect<Equal<Result<typeof symbols.memchr>, number>>,
  Expect<Equal<Args<typeof symbols.nothing>, []>>,
  Expect<Equal<Result<typeof symbols.nothing>, void>>,
  Expect<Equal<Args<typeof symbols.none>, []>>,
  Expect<Equal<Result<typeof symbols.wide>, number | bigint>>,
  Expect<Equal<Args<typeof symbols.many>, [PointerLike, PointerLike, number, number | bigint]>>,
  Expect<Equal<Args<typeof symbols.unknown>, any[]>>,
  Expect<Equal<Result<typeof symbols.sort>, any>>,
];

symbols.printf('%d', ['i', 7]);
export const later: Promise<number> = symbols.add.async(1, 2);
// @ts-expect-error a number is expected
symbols.add('1', 2);
// @ts-expect-error two arguments are expected
symbols.add(1);
// @ts-expect-error the function is not declared
symbols.subtract;
// @ts-expect-error a boolean is neither text nor memory
symbols.printf(true);

// Nothing is inferred from text that is not a literal, that has more than prototypes, or for which an option changes
// the types.
const text: string = 'int f(int);';
export const anything: number = cdef(null, text).symbols.f(1, 2, 3);
const mixed = cdef(null, 'typedef struct { int x; } s; enum { A }; int f(s);');
export const whatever: string = mixed.symbols.f({ x: 1 });
export const constant: number = mixed.constants.A;
export const size: number = mixed.structs.s.size;
export const strings: number = cdef(null, 'char *f(char *);', { strings: 'all' }).symbols.f(1);
export const late: number = cdef(null, 'int f(int);', { lazy: true }).symbols.f(1);
// @ts-expect-error one argument is expected
cdef(null, 'int f(int);', { lazy: true }).symbols.f(1, 2);
// @ts-expect-error unknown option
cdef(null, 'int f(int);', { lasy: true });
// @ts-expect-error unknown value of strings
cdef(null, 'int f(int);', { strings: 'some' });
