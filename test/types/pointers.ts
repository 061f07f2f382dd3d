// The types that TypeScript infers for functions made from addresses, callbacks, strings and structs.

import ffi, { AsyncCFunction, callAsync, CFunction, CString, FFIType, JSCallback, ptr, Struct } from '../../ts/src';
import type { CharArray, FfiError, PointerLike, RawBridge } from '../../ts/src';
import type { Equal, Expect } from './equal';

// Functions made from addresses, with and without `new`.
const add = CFunction({ args: ['d', FFIType.double], returns: 'd', ptr: 4096 });
const made = new CFunction({ args: ['s', { args: ['i'], returns: 'i' }], returns: 'b', ptr: add });
const nothing = CFunction({ ptr: BigInt(4096), name: 'nothing' });
const slow = AsyncCFunction({ args: ['i'], returns: 'l', ptr: 4096 });
const slower = new AsyncCFunction({ args: [], returns: FFIType.void, ptr: { ptr: 4096 } });
export type Functions = [
  Expect<Equal<Parameters<typeof add>, [number, number]>>,
  Expect<Equal<ReturnType<typeof add>, number>>,
  Expect<Equal<ReturnType<typeof add.async>, Promise<number>>>,
  Expect<Equal<ReturnType<typeof made>, boolean>>,
  Expect<Equal<Parameters<typeof nothing>, []>>,
  Expect<Equal<ReturnType<typeof nothing>, void>>,
  Expect<Equal<Parameters<typeof slow>, [number]>>,
  Expect<Equal<ReturnType<typeof slow>, Promise<number | bigint>>>,
  Expect<Equal<ReturnType<typeof slow.async>, Promise<number | bigint>>>,
  Expect<Equal<ReturnType<typeof slower>, Promise<void>>>,
];
made('text', (n) => n + 1);
// @ts-expect-error too few arguments
add(1);
// @ts-expect-error a string is not a number
void slow('1');
// @ts-expect-error the address is missing
CFunction({ args: [], returns: 'v' });
// @ts-expect-error unknown type
CFunction({ args: ['dd'], ptr: 4096 });
add.close();
slow.close();

// Callbacks: the definition determines the types of the function.
const compare = new JSCallback((a, b) => a - b, { args: ['p', 'p'], returns: 'i' });
const log = new JSCallback((text) => void text?.length, { args: ['s'], threadsafe: true });
new JSCallback(() => {}, {}).ref().unref().close();
new JSCallback(async (n) => n + 1, { args: ['i'], returns: 'i', threadsafe: true });
new JSCallback((text, n) => void [text?.length, n + 1], { args: ['s', 'i'], threadsafe: 'post' });
export type Callbacks = [
  Expect<Equal<typeof compare.ptr, number>>,
  Expect<Equal<ReturnType<typeof compare.call>, number>>,
  Expect<Equal<Parameters<typeof log.call>, [string | PointerLike]>>,
  Expect<Equal<typeof compare.threadsafe, boolean>>,
];
add.async(1, 2).then((sum: number) => sum);
// @ts-expect-error the callback must return an int
new JSCallback(() => 'text', { args: ['p'], returns: 'i' });
// @ts-expect-error C could not wait for the Promise
new JSCallback(async () => 1, { returns: 'i' });
// @ts-expect-error the only string is 'post'
new JSCallback(() => {}, { threadsafe: 'posted' });
// @ts-expect-error the callback's parameter is a number
new JSCallback((a: string) => a.length, { args: ['i'], returns: 'i' });
// @ts-expect-error the callback has no third argument
compare.call(1, 2, 3);

// Strings.
const text = new CString(4096, 2, 8);
export const length: number = text.length;
export const upper: string = text.toString().toUpperCase();
new CString(null);
new CString({ ptr: 4096 });
new CString('text');
// @ts-expect-error a boolean is not an address
new CString(true);

// Structs.
const Point = Struct({ x: 'i', y: FFIType.double });
const Shape = Struct(
  {
    name: 's',
    at: Point,
    heights: ['h', 3],
    corners: [Point, 4],
    grid: [['C', 2], 2],
    next: 'p',
    big: 'q',
    on: 'bool',
  },
  { name: 'Shape' },
);
const shape = Shape.create({ at: { x: 1 }, heights: [1, 2, 3], corners: [{}, {}, { y: 2 }, Point.create()], on: true });
const point = Shape.get(shape, 'at');
const readings = {
  x: Point.get(point, 'x'),
  name: Shape.get(shape, 'name'),
  heights: Shape.get(shape, 'heights'),
  corner: Point.get(Shape.get(shape, 'corners')[0], 'y'),
  grid: Shape.get(shape, 'grid'),
  big: Shape.get(shape, 'big'),
  on: Shape.get(shape, 'on'),
};
export type Structs = [
  Expect<
    Equal<
      typeof readings,
      {
        x: number;
        name: string | null;
        heights: number[];
        corner: number;
        grid: CharArray[];
        big: bigint;
        on: boolean;
      }
    >
  >,
  Expect<Equal<typeof Shape.offsets.at, number>>,
  Expect<Equal<typeof shape.ptr, number>>,
];
Shape.set(shape, 'next', shape);
Shape.set(shape, 'name', new Uint8Array(4));
Shape.set(shape, 'at', point);
Shape.set(shape, 'heights', new Int16Array(3));
CFunction({ args: ['p'], ptr: 4096 })(shape);
// @ts-expect-error unknown field
Shape.get(shape, 'z');
// @ts-expect-error a string is not a number
Point.set(point, 'x', '1');
Shape.set(shape, 'name', 'text');
shape.name = 'text';
// @ts-expect-error a struct field accepts no string
Shape.set(shape, 'at', 'text');
// @ts-expect-error a value of another struct
Point.get(shape, 'x');
// @ts-expect-error unknown field
Point.create({ z: 1 });
// @ts-expect-error void has no values
Struct({ x: 'v' });
// @ts-expect-error unknown option
Struct({ x: 'i' }, { pack: true });

// The raw bridge.
export const bridge: RawBridge = ffi;
export const address: number = ptr(new Uint8Array(1));
export const promise: Promise<number> = callAsync(ffi.load(null), 'getpid', '', 'i', [], []);

// Errors.
export function codeOf(error: FfiError): string {
  // @ts-expect-error unknown code
  if (error.code === 'ERR_FFI_UNKNOWN') return '';
  return error.code === 'ERR_FFI_OUT_OF_RANGE' ? 'range' : error.code;
}
