// A program that exports one of each thing whose type it leaves to the compiler. It compiles with `declaration: true` only if
// the package exports every type that these are made of. use.ts uses what the compiler has written.
import * as arkffi from 'arkffi';
import {
  alloc,
  anonymous,
  Arena,
  AsyncCFunction,
  callbackType,
  cdef,
  CFunction,
  complexDouble,
  CString,
  deref,
  dlopen,
  enumType,
  FFIType,
  findLibrary,
  inout,
  int128,
  JSCallback,
  linkSymbols,
  longDouble,
  longDoubleBytes,
  NativeCallback,
  NativeField,
  NativeLibrary,
  NativeSignature,
  NativeStruct,
  opaque,
  out,
  owned,
  parseDeclarations,
  pointerTo,
  read,
  readStringArray,
  readText,
  ref,
  StringArray,
  stringArray,
  StringBuffer,
  Struct,
  StructSchema,
  text,
  toArrayBuffer,
  typed,
  Union,
  write,
  suffix,
  ffi,
  callAsync,
  ptr,
  Typed,
  Out,
  Owned,
  ConvertedType,
  ArrayView,
  Pointee,
  PointerView,
  Handle,
  OpaqueType,
  Anonymous,
  Library,
  Global,
  LinkedFunctions,
} from 'arkffi';

// Structs.
export const Point = Struct({ x: 'int', y: 'double' });
export const Made = new StructSchema({ x: 'int' });
export const Called = StructSchema({ x: 'int' });
export const Value = Union({ whole: 'long', real: 'double' });
export const Part = anonymous(Value);
export const Color = enumType({ RED: 0, GREEN: 1 }, { names: true });
export const Plain = enumType({ RED: 0, GREEN: 1 });
export const sqlite3 = opaque('sqlite3');
export const toPoint = pointerTo(Point);
export const toInts = pointerTo(['int', 0]);
export const toThree = pointerTo(['int', 3]);
export const Node = Struct({ value: 'int', next: pointerTo((): StructSchema => Node) });
export const gbk = text('gbk');
export const Deep = Struct(
  {
    point: Point,
    list: ['int', 3],
    points: [Point, 2],
    name: ['char', 8],
    flag: { type: 'uint', bits: 3 },
    color: Color,
    to: toPoint,
    ints: toInts,
    handle: sqlite3,
    _: anonymous(Value),
    f: { args: ['int', 'pointer'], returns: 'int' },
    g: { args: ['...'], returns: 'int' },
    c: complexDouble,
    ld: longDouble,
    b: longDoubleBytes,
    i: int128,
    t: gbk,
    s: 'cstring',
    kind: { type: 'int', align: 16 },
    v: { args: [Point] },
    big: ['int64', 2],
  },
  { name: 'Deep' },
);
export const point = Point.create({ x: 1 });
export const deep = Deep.create();
export const points = Point.arrayOf(3);
export const pointsAt = Point.arrayAt(1, 3);
export const value = Value.create();
export const list = deep.list;
export const nested = deep.points;
export const name = deep.name;
export const to = deep.to;
export const ints = deep.ints;
export const handle = deep.handle;
export const pointed = deep.f;
export const variadicField = deep.g;
export const complexField = deep.c;
export const plainDeep = deep.toObject();
export const plainPoint = Point.toObject(point);
export const gotName = Deep.get(deep, 'name');
export const gotAnything = Deep.get(deep, 'points');
export const atPoint = toPoint.at(1);
export const atInts = toInts.at(1);
export const atThree = toThree.at(1);
export const toInt = pointerTo('int');
export const atInt = toInt.at(1);
export const toPointer = pointerTo(pointerTo('int'));
export const offsets = Deep.offsets;
export const fields = Deep.fields;
export const sizeOf = Struct.sizeof;
export const offsetOf = Struct.offsetof;
export const offsetOfX = () => Struct.offsetof(Point, 'x');
export { Struct as MyStruct };
export const MakeStruct = Struct;
export const MakeUnion = Union;
export const Constructor = StructSchema;

// Libraries.
export const lib = dlopen(null, {
  strlen: { args: ['cstring'], returns: 'size_t' },
  qsort: { args: ['pointer', 'size_t', 'size_t', { args: ['pointer', 'pointer'], returns: 'int' }] },
  printf: { args: ['cstring', '...'], returns: 'int' },
  pow: { args: ['double', 'double'], returns: 'double' },
  area: { args: [Point], returns: 'double' },
  make: { args: [], returns: Point },
  give: { returns: toPoint },
  out: { args: [out('int'), inout('double')], returns: 'int' },
  strdup: { args: ['cstring'], returns: owned('cstring', 'free') },
  point: { args: [toPoint, sqlite3], returns: sqlite3 },
  paint: { args: [Color], returns: Color },
  maybe: { args: [], returns: 'int', optional: true },
  variable: { type: 'int' },
  array: { type: ['int', 3] },
  unsized: { type: ['int', 0] },
  pointVariable: { type: Point },
  maybeVariable: { type: 'int', optional: true },
  pumped: { args: ['int'], callbacks: 'pump' },
  cb: { args: [callbackType(['pointer'], 'int')] },
});
export const empty = dlopen(null);
export const { symbols } = lib;
export const {
  strlen,
  qsort,
  printf,
  pow,
  area,
  make,
  give,
  out: outs,
  strdup,
  point: pointed2,
  paint,
  maybe,
  variable,
  array,
  unsized,
  pointVariable,
  maybeVariable,
  cb,
} = lib.symbols;
export const strlenAsync = strlen.async;
export const strlenWith = strlen.with({ errno: true });
export const strlenWithNone = strlen.with({});
export const strlenAsyncWith = strlen.async.with({ errno: true, timeout: 5 });
export const strlenAsyncWithNone = strlen.async.with({ timeout: 5 });
export const powWith = pow.with({ errno: true });
export const powAsync = pow.async;
export const powAsyncWith = pow.async.with({ errno: true });
export const powBatch = pow.batch;
export const powBatchAsync = pow.batch.async;
export const qsortWith = qsort.with({ errno: true });
export const printfWith = printf.with({ errno: true });
export const printfAsync = printf.async;
export const printfAsyncWith = printf.async.with({ errno: true });
export const strlenBatch = strlen.batch;
export const areaBatch = area.batch;
export const areaWith = area.with({ errno: true });
export const giveWith = give.with({ errno: true });
export const outsWith = outs.with({ errno: true });
export const answer = () => outs(1);
export const answerErrno = () => outs.with({ errno: true })(1);
export const answerPrintf = () => printf('%d', ['int', 1]);
export const answerPrintfOut = () => printf('%d', out('int'));
export const answerPointer = () => qsort(out('int'), 1, 1, null);
export const answerPair = () => powWith(1, 2);
export const answerAsync = () => outs.async(1);
export const answerPoint = () => make();
export const variableValue = variable.value;
export const arrayValue = array.value;
export const pointValue = pointVariable.value;
export const signature = strlen.signature;
export const more = lib.define({ abs: { args: ['int'], returns: 'int' } });
export const exported = lib.list();
export const definitions = { abs: { args: ['int'], returns: 'int' } } as const;
export const fromDefinitions = dlopen(null, definitions);
export function open(path: string) {
  return dlopen(path, { abs: { args: ['int'], returns: 'int' } });
}
export class Wrapper {
  lib = dlopen(null, { abs: { args: ['int'], returns: 'int' } });
  P = Struct({ x: 'int' });
  make() {
    return this.P.create();
  }
  c = cdef(null, 'int abs(int);');
}
export const openIt = dlopen;
export const declareIt = cdef;
export const linked = linkSymbols({ a: { args: ['int'], returns: 'int', ptr: 1 }, b: { args: ['cstring'], ptr: 1 } });
export const linkedA = linked.symbols.a;
export const linkIt = linkSymbols;

// cdef.
export const declared = cdef(null, 'int abs(int);');
export const declaredMore = cdef(
  null,
  `
  struct point { int x, y; const char *name; struct point *next; int list[3]; unsigned flag : 3; union { int a; double b; }; };
  typedef struct point point_t; typedef struct hidden hidden;
  enum color { RED, GREEN = 5 };
  int length(const char *text); double area(struct point p); point_t *next(point_t *p); hidden *find(hidden *h, enum color c);
  int printf(const char *format, ...); void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *));
  extern int errors; extern struct point origin; extern int many[]; void unreadable(struct nowhere by_value);
`,
);
export const declaredTyped = cdef(
  null,
  `
  struct point { int x, y; const char *name; struct point *next; int list[3]; };
  typedef struct point point_t; typedef struct hidden hidden;
  enum color { RED, GREEN = 5 };
  point_t *next(point_t *p); hidden *find(hidden *h, enum color c); enum color paint(enum color);
  extern struct point origin;
`,
  {
    pointers: 'typed',
    enums: 'names',
    strings: 'all',
    symbols: { next: { optional: true } },
    fields: { point: { name: 'cstring' } },
  },
);
export const declaredUnknown = cdef(null, 'int abs(int);' as string);
export const declaredKept = cdef(null, parseDeclarations('int abs(int);'));
export const declaredCorrected = cdef(null, 'int abs(int);' as string, {
  symbols: { abs: { args: ['int'], returns: 'int' } },
});
export const declaredSymbols = declaredMore.symbols;
export const declaredStructs = declaredMore.structs;
export const declaredConstants = declaredMore.constants;
export const declaredTypes = declaredMore.types;
export const declaredArea = declaredMore.symbols.area;
export const declaredNext = declaredTyped.symbols.next;
export const declaredFind = declaredTyped.symbols.find;
export const declaredOrigin = declaredTyped.symbols.origin;
export const DeclaredPoint = declaredMore.structs.point;
export const DeclaredTypedPoint = declaredTyped.structs.point_t;
export const declaredPoint = DeclaredTypedPoint.create();
export const declaredByFunction = () => cdef('libm.so', 'double pow(double, double);');

// Addresses.
export const fn = CFunction({ args: ['double', 'double'], returns: 'double', ptr: 1 });
export const fnText = new CFunction({ args: ['cstring'], returns: 'double', ptr: 1 });
export const fnVariadic = CFunction({ args: ['cstring', '...'], returns: 'int', ptr: 1 });
export const fnBare = CFunction({ ptr: 1 });
export const afn = AsyncCFunction({ args: ['double', 'double'], returns: 'double', ptr: 1 });
export const afnText = new AsyncCFunction({ args: ['cstring'], returns: 'double', ptr: 1 });
export const afnVariadic = AsyncCFunction({ args: ['cstring', '...'], returns: 'int', ptr: 1 });
export const afnAsync = afnText.async;
export const afnWith = afnText.with({ errno: true });
export const callback = new JSCallback((a: number, b: number) => a - b, { args: ['int', 'int'], returns: 'int' });
export const callbackBare = new JSCallback(() => {}, {});
export const callbackAwaited = new JSCallback(async (a: number) => a, {
  args: ['int'],
  returns: 'int',
  threadsafe: true,
});
export const callbackPoint = new JSCallback((p) => p.x, { args: [Point], returns: 'int' });
export const compare = callbackType(['pointer', 'pointer'], 'int');
export const comparePoint = callbackType([Point, '...'], 'void');
export const outInt = out('int');
export const outPoint = out(Point);
export const outOwned = out(owned('cstring', 'free'));
export const inoutInt = inout('int');
export const outHandle = out(sqlite3);
export const ownedText = owned('cstring', 'free');
export const ownedGbk = owned(gbk, 1);
export const ownedPoint = owned(toPoint, 'free');
export const typedInt = typed('int', 1);
export const typedPoint = typed(Point, { x: 1, y: 2 });
export const typedGbk = typed(gbk, 'a');
export const reference = ref({ a: 1 });
export const back = deref<{ a: number }>(1);
export const memory = alloc(5);
export const buffer = toArrayBuffer(1, 5);
export const strings = stringArray(['a']);
export const moreStrings = new StringArray(['a']);
export const stringBuffer = new StringBuffer(5);
export const readStrings = readStringArray(1);
export const cString = new CString(1);
export const aText = readText(1);
export const arena = new Arena();
export const arenaParts = { a: arena.buffer };
export const readI32 = read.i32;
export const writeI32 = write.i32;
export const reads = read;
export const writes = write;
export const types = FFIType;
export const found = findLibrary('m');
export const engine = ffi.engine;
export const raw = ffi;
export const { callBySig } = ffi;
export { suffix, callAsync, ptr };
export const again = {
  ptr,
  callAsync,
  out,
  inout,
  owned,
  opaque,
  pointerTo,
  callbackType,
  enumType,
  text,
  typed,
  ref,
  deref,
  complexDouble,
  int128,
  longDouble,
  anonymous,
};
export const makeFunction = CFunction;
export const makeAsyncFunction = AsyncCFunction;
export const everything = { ...arkffi };
export const classes = {
  Typed,
  Out,
  Owned,
  ConvertedType,
  ArrayView,
  Pointee,
  PointerView,
  Handle,
  OpaqueType,
  Anonymous,
  Library,
  Global,
  LinkedFunctions,
  JSCallback,
  Arena,
};

// Strict.
export const nativeSignature = new NativeSignature([FFIType.int32], FFIType.int32);
export const nativeCallback = new NativeCallback((n: number): number => n, nativeSignature);
export const nativeLibrary = NativeLibrary.open(null);
export const nativeAbs = nativeLibrary.func<(n: number) => number>('abs', ['int'], 'int');
export const nativeStruct = new NativeStruct<{ x: number }>([new NativeField('x', 'int')]);
export const nativeField = NativeField.bits('x', 'int', 3);
export const nativeValue = nativeStruct.create();
