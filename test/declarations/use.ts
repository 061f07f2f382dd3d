// What a program sees of exports.ts through the declaration file that the compiler has written.
import type { ArrayView, FieldInput, PointerLike, StructSchema, StructValue } from 'arkffi';
import { dlopen, Struct } from 'arkffi';
import {
  answer,
  answerErrno,
  arrayValue,
  callback,
  Color,
  declared,
  declaredMore,
  DeclaredPoint,
  declaredTyped,
  deep,
  empty,
  fn,
  lib,
  linked,
  maybe,
  offsets,
  open,
  Point,
  point,
  powBatch,
  printf,
  sizeOf,
  sqlite3,
  strlen,
  toPoint,
  Value,
  Wrapper,
} from './exports.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

export type Checks = [
  Expect<Equal<typeof Point, StructSchema<{ x: 'int'; y: 'double' }>>>,
  Expect<Equal<typeof point, StructValue<{ x: 'int'; y: 'double' }>>>,
  Expect<Equal<typeof point.x, number>>,
  Expect<Equal<typeof deep.points, ArrayView<typeof point, FieldInput<typeof Point>>>>,
  Expect<Equal<typeof deep.color, number | 'RED' | 'GREEN'>>,
  Expect<Equal<typeof offsets.whole, number>>,
  Expect<Equal<typeof arrayValue, ArrayView<number, number>>>,
  Expect<Equal<Parameters<typeof declared.symbols.abs>, [number]>>,
  Expect<Equal<ReturnType<typeof declared.symbols.abs>, number>>,
  Expect<Equal<typeof declaredMore.symbols.errors.value, number>>,
  Expect<Equal<typeof declaredMore.constants.GREEN, number>>,
  Expect<Equal<ReturnType<typeof answer>['out'], [number, number]>>,
  Expect<Equal<ReturnType<typeof answerErrno>['errno'], number>>,
  Expect<Equal<ReturnType<typeof sizeOf>, number>>,
];

// All that they take.
strlen('text');
strlen.with({ errno: true })('text').errno;
strlen.async
  .with({ timeout: 5 })('text')
  .then((length: number | bigint) => length);
printf('%d', ['int', 1]);
powBatch([new Float64Array(2), 2]).length;
maybe?.().toFixed();
lib.symbols.area({ x: 1, y: 2 });
lib.symbols.area(point);
lib.symbols.point([{ x: 1 }], null);
lib.symbols.paint('RED');
lib.symbols.qsort(new Int32Array(2), 2, 4, (a: PointerLike, b: PointerLike) => (a === b ? 0 : 1));
lib.symbols.pointVariable.value.x = 3;
lib.define({ abs: { args: ['int'], returns: 'int' } }).abs(-1);
empty.close();
linked.symbols.b('text');
linked.symbols.b.close();
open('libc.so.6').symbols.abs(1);
new Wrapper().make().x;
new Wrapper().c.symbols.abs(1);
declaredMore.symbols.length('text');
declaredMore.symbols.area({ x: 1, y: 2, name: null, next: null, list: [1, 2, 3], flag: 1, b: 2 });
DeclaredPoint.create({ x: 1, b: 2 }).list[0];
declaredMore.structs['hidden']?.size;
declaredTyped.symbols.next?.({ x: 1 })?.x;
declaredTyped.symbols.paint('RED');
declaredTyped.structs.point.create().next;
fn(1, 2).toFixed();
callback.ptr;
Value.create({ real: 1 }).whole;
toPoint.at(4096)?.x;
dlopen(null, { open: { args: [sqlite3, toPoint, Point, Color], returns: toPoint } }).symbols.open(
  null,
  point,
  point,
  'RED',
)?.x;
Struct({ point: Point, to: toPoint, color: Color, handle: sqlite3 }).create({ point: { x: 1 }, color: 'RED' });

// @ts-expect-error a text is no number
fn('1', 2);
// @ts-expect-error an enum has no such constant
lib.symbols.paint('BLUE');
// @ts-expect-error the struct has no such field
DeclaredPoint.create({ z: 1 });
// @ts-expect-error the text declares no such function
declared.symbols.labs(1);
