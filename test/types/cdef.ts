// The types that TypeScript infers from C declarations in a literal string.

import { cdef, out, owned } from '../../ts/src';
import type { CallbackLike, ForeignFunction, PointerLike } from '../../ts/src';
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

const { symbols: logging } = cdef(
  'x',
  `
  typedef void (*logger)(void *user, const char *format, ...);
  typedef int (*vlogger)(int level, const char *format, __builtin_va_list);
  int vprint(const char *format, va_list args);
  void log(logger log, void *user);
  void set(vlogger);
`,
);
logging.log((user, format) => void (user + (format?.length ?? 0)), null);
logging.set((level, format, args) => level + args + (format?.length ?? 0));
export type WithList = Expect<Equal<Args<typeof logging.vprint>, [string | PointerLike, PointerLike]>>;

type Args<F> = F extends ForeignFunction<infer A, any> ? A : never;
type Result<F> = F extends ForeignFunction<any, infer R> ? R : never;
type Text = Args<typeof symbols.name>[0];

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

// Nothing is inferred from text that is not a literal.
const text: string = 'int f(int);';
export const anything: number = cdef(null, text).symbols.f(1, 2, 3);
export const constantOf: string = cdef(null, text).constants.A;
export const late: number = cdef(null, 'int f(int);', { lazy: true }).symbols.f(1);
// @ts-expect-error one argument is expected
cdef(null, 'int f(int);', { lazy: true }).symbols.f(1, 2);
// @ts-expect-error unknown option
cdef(null, 'int f(int);', { lasy: true });
// @ts-expect-error unknown value of strings
cdef(null, 'int f(int);', { strings: 'some' });

// Comments, directives, typedefs, enums, structs, variables, and several declarations in one.
const mixed = cdef(
  null,
  `
  // a point; and more
  #pragma pack(4)
  typedef struct point { double x, y; char name[16]; } point_t, *point_ptr;
  /* struct hidden { int x; }; */
  struct inner { point_t at; unsigned int list[3]; const char *label; };
  typedef union { int i; float f; } either;
  struct incomplete;
  typedef struct sqlite3 sqlite3;
  enum mode { READ, WRITE = 4, BOTH = (1 << 2), };
  typedef enum { RED, GREEN } color;
  typedef unsigned long size, *size_ptr;
  typedef const char *text;
  typedef char letter;
  typedef int (*compare)(const void *, const void *);
  typedef void on_data(const char *data, int length);
  #define LIMIT 3

  double length(point_t p);
  struct point move(point_ptr p, const point_t *q, struct point by);
  int open(const char *path, sqlite3 **db), close(sqlite3 *db);
  color mix(color a, enum mode b);
  size count(text t, const letter *u, letter *v);
  void sort(void *base, size n, compare by);
  void listen(on_data *callback);
  either pick(int);
`,
);
const others = cdef(
  null,
  `
  #define take2 take
  #define apply(a, b) take(a, b)
  extern int counter, limits[4];
  static int hidden(int);
  static inline int twice(int x) { if (x) { return 2 * x; } return 0; }
  int take(int a, double b);
  unsigned   long
     spaced ( unsigned   char c ) ;
`,
);
const m = mixed.symbols;
const o = others.symbols;
type Point = Args<typeof m.length>[0];
type Order = Args<typeof m.sort>[2];

export type Mixed = [
  Expect<Equal<Args<typeof m.open>, [Text, PointerLike]>>,
  Expect<Equal<Args<typeof m.close>, [PointerLike]>>,
  Expect<Equal<Result<typeof m.close>, number>>,
  Expect<Equal<Args<typeof m.mix>, [number, number]>>,
  Expect<Equal<Result<typeof m.mix>, number>>,
  Expect<Equal<Args<typeof m.count>, [Text, Text, PointerLike]>>,
  Expect<Equal<Result<typeof m.count>, number | bigint>>,
  Expect<Equal<Args<typeof m.move>[0], PointerLike>>,
  Expect<Equal<Args<typeof m.move>[1], PointerLike>>,
  Expect<Equal<Result<typeof m.move>['x'], number>>,
  Expect<Equal<Args<typeof m.listen>[0], CallbackLike | ((data: number, length: number) => void)>>,
  Expect<Equal<Order, CallbackLike | ((a: number, b: number) => number)>>,
  Expect<Equal<Args<typeof o.take2>, [number, number]>>,
  Expect<Equal<Args<typeof o.apply>, [number, number]>>,
  Expect<Equal<Args<typeof o.spaced>, [number]>>,
  Expect<Equal<Result<typeof o.spaced>, number | bigint>>,
  Expect<Equal<typeof mixed.constants.BOTH, number>>,
  Expect<Equal<typeof mixed.constants.GREEN, number>>,
  Expect<Equal<typeof mixed.constants.LIMIT, any>>,
];
export const point: Point = { x: 1, y: 2, name: 'a' };
export const x: number = mixed.structs.point_t.create({ x: 1 }).x + mixed.structs.point.create().y;
export const inner: number = mixed.structs.inner.create().at.x + mixed.structs.inner.create().list[0];
export const counter: number = o.counter.value;
m.sort(null, 3, (a, b) => a - b);
// @ts-expect-error the struct has no such field
m.length({ x: 1, y: 2, z: 3, name: '' });
// @ts-expect-error it is static
o.hidden;
// @ts-expect-error it is static
o.twice;
// @ts-expect-error it is in a comment
mixed.symbols.comment;

// The option `strings`.
export const all: string | null = cdef(null, 'char *f(char *);', { strings: 'all' }).symbols.f('a');
const results = cdef(null, 'char *f(char *); typedef struct { char *s; } t; void g(void (*)(char *));', {
  strings: 'results',
}).symbols;
export type Results = [
  Expect<Equal<Args<typeof results.f>, [PointerLike]>>,
  Expect<Equal<Result<typeof results.f>, string | null>>,
];
const none = cdef(null, 'const char *f(const char *);', { strings: 'none' }).symbols;
export type None = [Expect<Equal<Args<typeof none.f>, [PointerLike]>>, Expect<Equal<Result<typeof none.f>, number>>];

// Corrections.
const corrected = cdef(
  null,
  `
  typedef struct sqlite3 sqlite3;
  int sqlite3_open(const char *, sqlite3 **);
  char *curl_version(void);
  char *curl_easy_escape(void *curl, const char *text, int length);
  int slow(int);
  int maybe(int);
  int foreign(long double);
  extern char *motto;
`,
  {
    symbols: {
      sqlite3_open: { args: ['s', out('p')] },
      curl_version: { returns: 's' },
      curl_easy_escape: { returns: owned('s', 'curl_free') },
      slow: { callbacks: 'pump' },
      maybe: { optional: true },
      motto: { type: 's' },
    },
    fields: {},
    lazy: true,
  },
).symbols;
const opened = corrected.sqlite3_open('x');
export type CorrectedTypes = [
  Expect<Equal<Args<typeof corrected.sqlite3_open>, [Text]>>,
  Expect<Equal<typeof opened.out, [number]>>,
  Expect<Equal<Result<typeof corrected.curl_version>, string | null>>,
  Expect<Equal<Result<typeof corrected.curl_easy_escape>, string | null>>,
  Expect<Equal<Args<typeof corrected.curl_easy_escape>, [PointerLike, Text, number]>>,
  Expect<Equal<Args<typeof corrected.slow>, [number]>>,
  Expect<Equal<Args<NonNullable<typeof corrected.maybe>>, [number]>>,
  Expect<Equal<null extends typeof corrected.maybe ? true : false, true>>,
  Expect<Equal<Args<typeof corrected.foreign>, any[]>>,
  Expect<Equal<typeof corrected.motto.value, string | null>>,
];
const header = cdef(null, text, { symbols: { f: { args: ['i'], returns: 'i' }, g: { returns: 's' } } }).symbols;
export type CorrectedHeader = [
  Expect<Equal<Args<typeof header.f>, [number]>>,
  Expect<Equal<Args<typeof header.g>, any[]>>,
  Expect<Equal<typeof header.h, any>>,
];
// @ts-expect-error unknown type
cdef(null, text, { symbols: { f: { returns: 'nothing' } } });

// Text in units of wchar_t.
const wide = cdef(null, 'const wchar_t *wide(const wchar_t *text, wchar_t unit);', { lazy: true });
export const wideText: string | null = wide.symbols.wide('text', 65);
// @ts-expect-error a number is no text
wide.symbols.wide('text', 'x');

// A field that a correction makes a function.
const { structs: readers } = cdef(
  'x',
  'typedef int (*on_line)(const char *, int); struct reader { on_line line; int n; }; struct other { int n; };',
  { fields: { reader: { line: { args: ['s', 'int'], returns: 'int' } } } },
);
readers.reader.create({ line: (text, n) => (text === null ? n : text.length) }).line?.('text', 1);
readers.other.create({ n: 1 }).n.toFixed();
// Corrections of fields, by tag and by typedef, wherever the struct occurs.
const fields = cdef(
  null,
  `
  typedef struct person { char *name; int id; void *data; } person_t;
  struct team { person_t lead; char *motto; };
  struct team make(person_t p);
`,
  {
    fields: { person_t: { name: 's' }, person: { data: ['u8', 0] as never }, team: { motto: 's' } },
    symbols: { make: { callbacks: 'pump' } },
  },
);
const team = fields.symbols.make({ name: 'a', id: 1, data: null as never });
export type CorrectedFields = [
  Expect<Equal<typeof team.motto, string | null>>,
  Expect<Equal<typeof team.lead.name, string | null>>,
  Expect<Equal<typeof team.lead.id, number>>,
  Expect<Equal<typeof fields.structs.person.fields.name, 's'>>,
];
// @ts-expect-error a text is expected
fields.structs.person.create({ name: true });
// The struct has the name by a later typedef.
const named = cdef(null, 'struct tag { char *name; }; typedef struct tag later; later f(void);', {
  fields: { later: { name: 's' } },
});
export const laterName: string | null = named.symbols.f().name;
const wideFields: { readonly [name: string]: { readonly [field: string]: 's' } } = {};
export const anyField: symbol = cdef(null, 'struct s { char *name; }; struct s f(void);', {
  fields: wideFields,
}).symbols.f().name;

// Text with a length is a pointer, and a correction or a definition by hand makes it text.
const lengths = `
  typedef void (*on_data)(void *user, const char *data, int size, const char *label);
  void each(on_data f, void *user);
  int parse(const char *data, int size);
`;
const withLength = cdef(null, lengths);
withLength.symbols.each((user, data, size, label) => {
  const given: Expect<
    Equal<[typeof user, typeof data, typeof size, typeof label], [number, number, number, string | null]>
  > = true;
  return void given;
}, null);
withLength.symbols.parse('text', 4);
// @ts-expect-error the characters are an address
withLength.symbols.each((user: number, data: string | null) => void [user, data], null);
const asText = cdef(null, lengths, {
  symbols: { each: { args: [{ args: ['p', 's', 'i', 's'] }, 'p'] }, parse: { args: ['p', 'i'] } },
}).symbols;
asText.each((user, data: string | null) => void [user, data], null);
// @ts-expect-error the correction says that it is an address
asText.parse('text', 4);
