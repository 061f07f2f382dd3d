// The types that TypeScript infers for typed pointers and handles.
import { CFunction, deref, dlopen, inout, JSCallback, opaque, out, owned, pointerTo, ref, Struct } from '../../ts/src';
import type {
  ArrayView,
  FieldInput,
  FieldView,
  Handle,
  Pointee,
  PointerView,
  StructSchema,
  StructValue,
} from '../../ts/src';
import type { Equal, Expect } from './equal';

const Point = Struct({ x: 'i', y: 'd' });
type PointValue = StructValue<{ x: 'i'; y: 'd' }>;
const Mesh = Struct({
  count: 'i',
  points: pointerTo([Point, 0]),
  order: pointerTo(['i', 3]),
  names: pointerTo(['s', 0]),
  first: pointerTo(Point),
  weight: pointerTo('d'),
  owner: pointerTo(pointerTo(Point)),
});
// A struct with pointers to itself says what its function returns, because a compiler cannot infer a circle.
const Node = Struct({ value: 'i', next: pointerTo((): StructSchema => Node) });

const sqlite3 = opaque('sqlite3');
const statement = opaque('sqlite3_stmt');
const { symbols } = dlopen('x', {
  open: { args: ['s', out(sqlite3)], returns: 'i' },
  close: { args: [sqlite3], returns: 'i' },
  current: { returns: sqlite3 },
  nearest: { args: [pointerTo(Point), pointerTo('i')], returns: pointerTo(Point) },
  copy: { args: ['s'], returns: owned(pointerTo(Point), 'free') },
  fill: { args: [out(owned(pointerTo(Point), 'free')), inout(pointerTo('i'))] },
  visit: { args: [{ args: [pointerTo(Point), sqlite3], returns: pointerTo(Point) }] },
  list: { args: [pointerTo('s'), pointerTo(pointerTo(Point))] },
  mesh: { type: pointerTo(Mesh) },
});

const mesh = symbols.mesh.value!;
const readings = {
  points: mesh.points,
  point: mesh.points![3],
  order: mesh.order,
  name: mesh.names![0],
  x: mesh.first!.x,
  weight: mesh.weight,
  owner: mesh.owner!.value!.y,
  plain: mesh.toObject().first,
  at: Point.arrayAt(4096, 3)[0].x,
  node: Node.create().next!.value,
};
export type Fields = [
  Expect<Equal<(typeof readings)['points'], PointerView<PointValue, FieldInput<typeof Point>> | null>>,
  Expect<Equal<(typeof readings)['point'], PointValue>>,
  Expect<Equal<(typeof readings)['order'], ArrayView<number, number> | null>>,
  Expect<Equal<(typeof readings)['name'], string | null>>,
  Expect<Equal<(typeof readings)['x'], number>>,
  Expect<Equal<(typeof readings)['weight'], Pointee<number, number> | null>>,
  Expect<Equal<(typeof readings)['owner'], number>>,
  Expect<Equal<(typeof readings)['plain'], number>>,
  Expect<Equal<(typeof readings)['at'], number>>,
  Expect<Equal<FieldView<typeof sqlite3>, Handle<'sqlite3'> | null>>,
];

const db = symbols.open(':memory:').out[0];
export type Results = [
  Expect<Equal<typeof db, Handle<'sqlite3'> | null>>,
  Expect<Equal<ReturnType<typeof symbols.current>, Handle<'sqlite3'> | null>>,
  Expect<Equal<ReturnType<typeof symbols.current.async>, Promise<Handle<'sqlite3'> | null>>>,
  Expect<Equal<Parameters<typeof symbols.close>, [Handle<'sqlite3'> | null]>>,
  Expect<Equal<ReturnType<typeof symbols.nearest>, PointValue | null>>,
  Expect<Equal<ReturnType<typeof symbols.copy>, PointValue | null>>,
  Expect<
    Equal<
      ReturnType<typeof symbols.fill>,
      { readonly value: void; readonly out: [PointValue | null, Pointee<number, number> | null] }
    >
  >,
];
symbols.close(db);
symbols.close(null);
symbols.close(sqlite3.at(4096));
// @ts-expect-error a handle of another type
symbols.close(statement.at(4096));
// @ts-expect-error an address is no handle
symbols.close(4096);
// @ts-expect-error a function takes no undefined
symbols.close(undefined);

symbols.nearest(Point.create(), [1, 2]);
symbols.nearest({ x: 1 }, new Int32Array(1));
symbols.nearest([{ x: 1 }, Point.create()], 4096);
symbols.nearest(Point.arrayOf(3), null);
symbols.nearest(mesh.points, mesh.order);
symbols.nearest(symbols.nearest(null, null), null);
// @ts-expect-error a string is not a number
symbols.nearest({ x: '1' }, null);
// @ts-expect-error no such field
symbols.nearest({ z: 1 }, null);
// @ts-expect-error a list of numbers
symbols.nearest(null, ['1']);
// @ts-expect-error a text is no pointer
symbols.nearest('text', null);
symbols.list(['one', null], [Point.create(), { x: 1 }, null]);
// @ts-expect-error numbers are no strings
symbols.list([true], null);

symbols.visit((point, handle) => {
  const types: Expect<Equal<[typeof point, typeof handle], [PointValue | null, Handle<'sqlite3'> | null]>> = true;
  return types ? point : { x: 1 };
});
// @ts-expect-error the result is a point
symbols.visit(() => 'text');
new JSCallback((point) => point, { args: [pointerTo(Point)], returns: pointerTo(Point) }).close();
CFunction({ args: [sqlite3], returns: sqlite3, ptr: 4096 })(db)?.ptr.toFixed();

mesh.first = Point.create();
Mesh.set(mesh, 'first', { x: 1 });
Mesh.set(mesh, 'points', [{ x: 1 }]);
Mesh.create({ order: [1, 2, 3], names: ['one', null], first: { x: 1, y: 2 } });
mesh.weight!.value = 5;
// @ts-expect-error a string is not a number
mesh.weight!.value = '5';
// @ts-expect-error a text is no address
Mesh.set(mesh, 'first', 'text');
// @ts-expect-error unknown type
pointerTo('nope');
// @ts-expect-error a pointer to anything is 'pointer'
pointerTo('void');
// @ts-expect-error a handle is freed by the program
owned(sqlite3, 'free');

const state = ref({ rows: 0 });
export type References = [
  Expect<Equal<typeof state.value.rows, number>>,
  Expect<Equal<typeof state.ptr, number>>,
  Expect<Equal<ReturnType<typeof deref<Date>>, Date | null>>,
];
state.close();
