// Batches: the columns that a function takes, and its results. This file is only compiled, as dlopen.ts is.

import { CFunction, cdef, dlopen, opaque, out, pointerTo, Struct } from '../../ts/src';
import type { AbortSignalLike, BatchFunction } from '../../ts/src';
import type { Equal, Expect } from './equal';

const lib = dlopen('library', {
  add: { args: ['d', 'f64'], returns: 'double' },
  mixed: { args: ['bool', 'u8', 'i64', 'ptr', 'int'], returns: 'uchar' },
  nothing: { args: ['i'] },
  none: { returns: 'L' },
  named: { args: ['s'], returns: 'i' },
  naming: { args: ['i'], returns: 's' },
  called: { args: [{ args: ['i'] }] },
  filled: { args: [out('i')] },
  printed: { args: ['i', '...'] },
});
const { add, mixed, nothing, none, named, naming, called, filled, printed } = lib.symbols;
const addAt = CFunction({ args: ['d', 'd'], returns: 'd', ptr: add });

declare const f64: Float64Array;
declare const i32: Int32Array;
declare const u8: Uint8Array;
declare const clamped: Uint8ClampedArray;
declare const i64: BigInt64Array;
declare const u64: BigUint64Array;

const results = {
  fresh: add.batch([f64, f64]),
  repeated: add.batch([f64, 1], f64),
  bytes: mixed.batch([u8, clamped, i64, u64, i32]),
  scalars: mixed.batch([true, 1, 5, null, i32], clamped),
  nothing: nothing.batch([i32]),
  none: none.batch([], u64),
  fromAddress: addAt.batch([1, f64]),
};
type Results = typeof results;
export type Inferred = [
  Expect<Equal<Results['fresh'], Float64Array>>,
  Expect<Equal<Results['repeated'], Float64Array>>,
  Expect<Equal<Results['bytes'], Uint8Array>>,
  Expect<Equal<Results['scalars'], Uint8ClampedArray>>,
  Expect<Equal<Results['nothing'], undefined>>,
  Expect<Equal<Results['none'], BigUint64Array>>,
  Expect<Equal<Results['fromAddress'], Float64Array>>,
  Expect<Equal<typeof named.batch, never>>,
  Expect<Equal<typeof naming.batch, never>>,
  Expect<Equal<typeof called.batch, never>>,
  Expect<Equal<typeof filled.batch, never>>,
  Expect<Equal<typeof printed.batch, never>>,
];

const declared = cdef('library', 'double add(double, double);').symbols.add.batch;
export type Declared = Expect<
  Equal<typeof declared, BatchFunction<readonly [Float64Array | number, Float64Array | number], Float64Array>>
>;

declare const signal: AbortSignalLike;
const promised = {
  fresh: add.batch.async([f64, 1]),
  stoppable: add.batch.async([f64, f64], undefined, { signal, timeout: 5 }),
  repeated: add.batch.async([f64, 1], f64, { timeout: 5 }),
  scalars: mixed.batch.async([true, 1, 5, null, i32], clamped),
  nothing: nothing.batch.async([i32]),
};
type Promised = typeof promised;
export type Awaited = [
  Expect<Equal<Promised['fresh'], Promise<Float64Array>>>,
  Expect<Equal<Promised['stoppable'], Promise<Float64Array>>>,
  Expect<Equal<Promised['repeated'], Promise<Float64Array>>>,
  Expect<Equal<Promised['scalars'], Promise<Uint8ClampedArray>>>,
  Expect<Equal<Promised['nothing'], Promise<undefined>>>,
];

// @ts-expect-error a batch has no errno
void add.batch.async([f64, 1], f64, { errno: true });
// @ts-expect-error too few columns
void add.batch.async([f64]);
// @ts-expect-error another kind of results
void add.batch.async([f64, 1], i32);
// @ts-expect-error another kind of array
add.batch([f64, i32]);
// @ts-expect-error too few columns
add.batch([f64]);
// @ts-expect-error another kind of results
add.batch([f64, 1], i32);
// @ts-expect-error nothing is returned
nothing.batch([i32], i32);
// @ts-expect-error a buffer is not a column of addresses
mixed.batch([true, 1, 5, u8, i32]);

// Typed pointers: columns of addresses, or one value for all rows.
const Pair = Struct({ x: 'i', y: 'i' });
const pointed = dlopen(null, {
  find: { args: [pointerTo(Pair), opaque('index'), 'i'], returns: pointerTo(Pair) },
}).symbols.find;
const addresses: BigUint64Array = pointed.batch([{ x: 1, y: 2 }, null, i32]);
export const handles: BigUint64Array = pointed.batch([addresses, addresses, i32], addresses);
// @ts-expect-error an address is no handle
pointed.batch([addresses, 5, i32]);
// @ts-expect-error nothing would hold a buffer
pointed.batch([u8, null, i32]);
