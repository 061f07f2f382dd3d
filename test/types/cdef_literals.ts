// Literals as long as small headers, and what stands in them: unions, bit-fields, structs inside. The oldest compiler
// reads them, too.

import { cdef } from '../../ts/src';
import type { CallbackLike, ForeignFunction, PointerLike, StructSchema } from '../../ts/src';
import type { Equal, Expect } from './equal';

type Args<F> = F extends ForeignFunction<infer A, any> ? A : never;
type Result<F> = F extends ForeignFunction<any, infer R> ? R : never;

const store = cdef(
  null,
  `
  // A store of records: sixty declarations.
  typedef struct store store;
  typedef struct cursor cursor;
  typedef unsigned int flags_t; /* bits */
  typedef unsigned char byte;
  typedef int (*compare_fn)(const void *a, const void *b);
  typedef void (*log_fn)(void *user, const char *message);
  enum status { STATUS_OK, STATUS_ERROR = 4, STATUS_BUSY = (1 << 3), STATUS_MORE };
  typedef enum { MODE_READ = 1, MODE_WRITE = 2 } mode_t;
  typedef struct point { double x, y; } point;
  typedef struct { point from, to; } segment;
  struct record { int id; unsigned long size; double weight; char name[16]; };
  typedef struct record record_t;
  struct limits { unsigned int low, high; const char *unit; };
  union value { int i; double d; };
  #define store_begin store_start
  extern int store_version;
  extern const char *store_name;
  int store_open(const char *path, int flags, store **result);
  int store_close(store *s);
  // keys
  int store_put(store *s, const char *key, const void *data, size_t size);
  int store_get(store *s, const char *key, void *data, size_t *size);
  int store_remove(store *s, const char *key);
  _Bool store_has(store *s, const char *key);
  unsigned long long store_count(const store *s);
  /* transactions */
  enum status store_start(store *s, mode_t mode);
  enum status store_commit(store *s);
  enum status store_rollback(store *s);
  cursor *cursor_open(store *s, const char *prefix);
  int cursor_next(cursor *c);
  const char *cursor_key(cursor *c);
  const void *cursor_data(cursor *c, size_t *size);
  void cursor_close(cursor *c);
  point point_make(double x, double y);
  double point_distance(point a, point b);
  segment segment_make(point a, point b);
  double segment_length(const segment *s);
  point segment_middle(segment s);
  record_t record_make(int id, const char *name);
  double record_weight(record_t r);
  struct limits limits_of(store *s);
  void limits_set(store *s, struct limits l);
  void store_sort(store *s, compare_fn compare);
  void store_log(store *s, log_fn log, void *user);
  flags_t store_flags(store *s);
  void store_set_flags(store *s, flags_t flags);
  byte store_first(const byte *data, size_t size);
  int store_printf(store *s, const char *format, ...);
  int store_path(store *s, char *buffer, size_t size);
  float store_load(store *s);
  signed char store_sign(int value);
  short store_short(short a, unsigned short b);
  long store_long(long a, unsigned long b);
  uint8_t store_u8(uint8_t a);
  int16_t store_i16(int16_t a);
  uint32_t store_u32(uint32_t a);
  int64_t store_i64(int64_t a);
  void store_flush(store *s), store_sync(store *s);
  const char *store_error(int status);
  int store_backup(store *from, store *to, int pages);
  void *store_alloc(size_t size);
  void store_free(void *memory);
  int store_last(void);
`,
);
const s = store.symbols;
type Text = string | PointerLike;

export type Sixty = [
  Expect<Equal<Args<typeof s.store_last>, []>>,
  Expect<Equal<Args<typeof s.store_put>, [PointerLike, Text, PointerLike, number | bigint]>>,
  Expect<Equal<Result<typeof s.store_error>, string | null>>,
  Expect<Equal<Result<typeof s.point_make>['x'], number>>,
  Expect<Equal<Result<typeof s.segment_make>['to']['y'], number>>,
  Expect<Equal<Args<typeof s.store_begin>, [PointerLike, number]>>,
  Expect<Equal<Args<typeof s.store_sort>[1], CallbackLike | ((a: number, b: number) => number)>>,
  Expect<Equal<Args<typeof s.store_log>[1], CallbackLike | ((user: number, message: string | null) => void)>>,
  Expect<Equal<typeof s.store_version.value, number>>,
  Expect<Equal<typeof s.store_name.value, string | null>>,
  Expect<Equal<typeof store.constants.STATUS_MORE, number>>,
];
s.limits_set(null, { low: 1, high: 2, unit: 'm' });
s.record_weight({ id: 1, size: 2, weight: 3, name: 'four' });
export const middle: number = s.segment_middle(store.structs.segment.create({ from: { x: 1 } })).x;
// @ts-expect-error it is not declared
s.store_nothing;
// @ts-expect-error a field is missing
s.limits_set(null, { low: 1, high: 2 });

// Unions, bit-fields, structs inside structs, functions as members, arrays of arrays, and text beside an integer.
const { symbols: f, structs } = cdef(
  null,
  `
  struct flags { unsigned open : 1, : 3, mode : 4; _Bool ready : 1; unsigned : 0; int next; };
  typedef union either { int whole; double real; } either_t;
  struct value {
    int kind;
    union { int whole; float real; };
    struct { short rows[2][3]; struct { int deep; } more; } inner;
    int (*compare)(const void *, const void *);
    enum color { RED, GREEN } color;
  } first, *others[2];
  struct text { const char *data; int data_length; const char *name; int x; const char *last, *end; };
  struct unsure { const char *data; long x; };
  typedef struct later later;
  later after(int);
  struct later { int found; };
  enum color paint(struct flags f, struct value v, union either e);
  either_t choose(struct text t);
  struct unsure unsure(void);
  extern int grid[2][3], known[SIZE];
  extern const char motto[];
`,
);
const value = structs.value.create({ kind: 1, whole: 2 });
const text = structs.text.create({ data: null, name: 'a' });
export type Members = [
  Expect<Equal<typeof value.whole, number>>,
  Expect<Equal<typeof value.real, number>>,
  Expect<Equal<typeof value.inner.more.deep, number>>,
  Expect<Equal<(typeof value.inner.rows)[0][0], number>>,
  Expect<Equal<typeof value.compare, number>>,
  Expect<Equal<typeof value.color, number>>,
  Expect<Equal<typeof text.data, number>>,
  Expect<Equal<typeof text.name, string | null>>,
  Expect<Equal<typeof text.last, string | null>>,
  Expect<Equal<Result<typeof f.unsure>['data'], any>>,
  Expect<Equal<Result<typeof f.after>['found'], number>>,
  Expect<Equal<ReturnType<typeof f.choose>['real'], number>>,
  Expect<Equal<(typeof f.grid.value)[0][0], number>>,
  Expect<Equal<(typeof f.known.value)[0], number>>,
  Expect<Equal<typeof f.first.value.kind, number>>,
  Expect<Equal<typeof f.motto, any>>,
];
const flags = structs.flags.create({ open: 1 });
flags.mode = 3;
flags.ready = true;
export const next: number = flags.next + flags.open;
f.paint(flags, value, { real: 1.5 });
// @ts-expect-error a bit-field is a number
flags.mode = 'x';
// @ts-expect-error the union has no such member
structs.either_t.create({ other: 1 });
// @ts-expect-error a bit-field without a name is none
flags.unsigned;

// Enums by the names of their constants.
const painted = `
  typedef enum { RED, GREEN } color_t;
  enum level { LOW = -1, HIGH = 1 };
  struct paint { color_t color; enum level level, levels[2]; enum level bits : 2; };
  enum level mix(color_t a, enum level b, enum elsewhere c);
  extern color_t background;
`;
const named = cdef(null, painted, { enums: 'names', lazy: true });
const numbered = cdef(null, painted, { lazy: true }).symbols;
const paint = named.structs.paint.create({ color: 'RED', levels: ['LOW', 1] });
type Level = 'LOW' | 'HIGH' | number;
export type Enums = [
  Expect<
    Equal<Args<typeof named.symbols.mix>, ['RED' | 'GREEN' | number | bigint, Level | bigint, string | number | bigint]>
  >,
  Expect<Equal<Result<typeof named.symbols.mix>, Level>>,
  Expect<Equal<typeof paint.color, 'RED' | 'GREEN' | number>>,
  Expect<Equal<typeof paint.bits, Level>>,
  Expect<Equal<(typeof paint.levels)[0], Level>>,
  Expect<Equal<typeof named.symbols.background.value, 'RED' | 'GREEN' | number>>,
  Expect<Equal<Args<typeof numbered.mix>, [number, number, number]>>,
];
// @ts-expect-error the enum has no such constant
named.symbols.mix('BLUE', 1, 1);
// @ts-expect-error the enum has no such constant
paint.level = 'RED';
// @ts-expect-error an unknown value of the option
cdef(null, 'int f(int);', { enums: 'strings' });

// What has too many declarations, comments or directives is unknown, not anything.
type Eight<T extends string> = `${T}${T}${T}${T}${T}${T}${T}${T}`;
declare const declarations: `${Eight<Eight<'int f(int);'>>}${Eight<Eight<'int f(int);'>>}int g(void);`;
declare const comments: `${Eight<Eight<Eight<'/**/ '>>>}int g(void);`;
declare const directives: `${Eight<Eight<Eight<'#define A 1\n'>>>}int g(void);`;
const long = cdef(null, declarations, { symbols: { f: { args: ['i'], returns: 'i' } } });
export type Long = [
  Expect<Equal<typeof long.symbols.g, unknown>>,
  Expect<Equal<Args<typeof long.symbols.f>, [number]>>,
  Expect<Equal<ReturnType<typeof cdef<typeof comments>>['symbols']['g'], unknown>>,
  Expect<Equal<ReturnType<typeof cdef<typeof directives>>['symbols']['g'], unknown>>,
];
export const schema: StructSchema<any> = long.structs.anything;
