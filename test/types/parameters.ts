// Out-parameters, variable arguments and owned strings: the types inferred from their declarations.

import { AsyncCFunction, CFunction, dlopen, FFIType, inout, JSCallback, out, owned, Struct, typed } from '../../ts/src';
import type { CharArray, PointerLike, WithOut } from '../../ts/src';
import type { Equal, Expect } from './equal';

const Point = Struct({ x: 'i', y: 'd' });
const { symbols } = dlopen('library', {
  divide: { args: ['i', out('i32'), 'd', out('q')], returns: 'b' },
  swap: { args: [inout('i'), inout('d')] },
  place: { args: [out(Point)], returns: 'i' },
  text: { args: [out('s')] },
  printf: { args: [FFIType.CString, '...'], returns: FFIType.int },
  greeting: { args: ['s'], returns: owned('s', 'greeting_free') },
  maybe: { args: [out('i')], optional: true },
});

type Call<F extends (...args: never[]) => unknown> = [Parameters<F>, ReturnType<F>];
type Divided = WithOut<boolean, [number, bigint]>;
type Pair<Values> = {
  readonly value: number;
  readonly errno: number;
  readonly lastError?: number;
  readonly out: Values;
};
export type Inferred = [
  Expect<Equal<Call<typeof symbols.divide>, [[number, number], Divided]>>,
  Expect<Equal<Call<typeof symbols.divide.async>, [[number, number], Promise<Divided>]>>,
  Expect<Equal<Call<typeof symbols.swap>, [[number, number], WithOut<void, [number, number]>]>>,
  Expect<Equal<Call<typeof symbols.greeting>, [[string | PointerLike], string | null]>>,
  Expect<Equal<ReturnType<typeof symbols.printf>, number>>,
  Expect<Equal<ReturnType<typeof symbols.printf.async>, Promise<number>>>,
];

const [quotient, rest] = symbols.divide(20, 3).out;
export const sum: bigint = BigInt(quotient) + rest;
export const pair: { readonly value: boolean; readonly errno: number; readonly out: [number, bigint] } =
  symbols.divide.with({ errno: true })(1, 2);
export const x: number = Point.get(symbols.place().out[0], 'x');
export const text: string | null = symbols.text().out[0];
symbols.printf('%p', [Point, { x: 1, y: 2 }], [Point, Point.create()], typed(Point, { x: 1, y: 2 }));
// @ts-expect-error a number is not a struct
symbols.printf('%p', [Point, 7]);
// @ts-expect-error all fields are required
typed(Point, { x: 1 });
export const swapped: Promise<WithOut<void, [number, number]>> = symbols.swap.async(1, 2);

// @ts-expect-error an out-parameter is not passed
symbols.divide(20, 3, 4);
// @ts-expect-error an inout-parameter needs a value
symbols.swap(1);
// @ts-expect-error an inout-parameter needs a value of its type
symbols.swap(1, '2');
// @ts-expect-error an optional symbol may be null
symbols.maybe();
// @ts-expect-error void has no values
out('v');
// @ts-expect-error unknown type
inout('itn');

const { sscanf, write } = dlopen(null, {
  sscanf: { args: ['s', 's', '...'], returns: 'i' },
  write: { args: [out('i'), 's', '...'], returns: 'd' },
}).symbols;
const scanned = sscanf('12 abc', '%d %s', out('i32'), ['p', new Uint8Array(4)], out(['C', 4]), [inout('q'), BigInt(5)]);
const later = sscanf.async('12', '%d', out('i32'));
const written = write('%d', ['i', 7], out('q'));
const errno = sscanf.with({ errno: true })('12', '%d', out('i'));
const errnoLater = sscanf.async.with({ errno: true, timeout: 5 })('12', '%d', out('i'));
const plain = sscanf('12', '%d', ['p', null]);
const bare = write('text');
const pointed = CFunction({ args: ['s', '...'], returns: 'i', ptr: 65536 })('%d', out('s'));
const asyncPointed = AsyncCFunction({ args: ['s', '...'], returns: 'i', ptr: 65536 });
const afterwards = asyncPointed('%d', out('s'));
void asyncPointed.async('%d', ['i', 7]);
asyncPointed.close();
export const itsPlainErrno: number = sscanf.with({ errno: true })('text', 'text').errno;
export type Scanned = [
  Expect<Equal<typeof scanned, WithOut<number, [number, CharArray, bigint]>>>,
  Expect<Equal<typeof later, Promise<WithOut<number, [number]>>>>,
  Expect<Equal<typeof errno, Pair<[number]>>>,
  Expect<Equal<typeof errnoLater, Promise<typeof errno>>>,
  Expect<Equal<typeof written, WithOut<number, [number, bigint]>>>,
  Expect<Equal<typeof plain, number>>,
  Expect<Equal<typeof bare, WithOut<number, [number]>>>,
  Expect<Equal<typeof pointed, WithOut<number, [string | null]>>>,
  Expect<Equal<typeof afterwards, Promise<WithOut<number, [string | null]>>>>,
];
// @ts-expect-error an inout takes a value
sscanf('12', '%d', inout('i'));

symbols.printf('none');
symbols.printf('%d %s %f', ['i', 7], ['cstring', 'text'], typed('double', 0.5));
symbols.printf('%p %p', ['p', new Uint8Array(1)], ['pointer', null]);
void symbols.printf.async('%d', typed('i', 7));
symbols.printf('%p', [{ args: ['i'], returns: 'i' }, (n: number) => n + 1]);
// @ts-expect-error a bare value has no declared type
symbols.printf('%d', 7);
// @ts-expect-error unknown type
symbols.printf('%d', ['itn', 7]);
// @ts-expect-error a string is not an int
symbols.printf('%d', ['i', '7']);
// @ts-expect-error a string is not an int in typed() either
typed('i', '7');
// @ts-expect-error the declared argument is missing
symbols.printf();

// @ts-expect-error a pointer is not a string
owned('p', 'free');

const frexp = CFunction({ args: ['d', out('i')], returns: 'd', ptr: 65536 });
export type Pointed = Expect<Equal<Call<typeof frexp>, [[number], WithOut<number, [number]>]>>;

// Out-parameters that a call passes.
const passed = dlopen(null, {
  open: { args: ['s', 'p', { args: ['p'], returns: 'i' }], returns: 'i' },
  mixed: { args: ['i', out('i'), 'buffer'], returns: 'd' },
  format: { args: ['p', 'L', '...'], returns: 'i' },
  size: { args: ['i'], returns: 'i' },
  message: { args: [out(owned('s', 'free'))] },
}).symbols;
const opened = passed.open('name', out('p'), (user) => user + 1);
const openedWith = passed.open.with({ errno: true })('name', out(owned('S', 'free')), null);
const openedLater = passed.open.async('name', [inout(Point), { x: 1 }], null);
const openedLaterWith = passed.open.async.with({ errno: true, timeout: 5 })('name', out('q'), null);
const both = passed.mixed(1, [inout('q'), 5]);
const one = passed.mixed(1, null);
const formatted = passed.format(out(['char', 32]), 32, ['i', 7], out('q'));
const opaque = passed.open('name', JSON.parse('1'), null);
const ofAddress = CFunction({ args: ['p'], returns: 'i', ptr: 65536 });
const ofAddressLater = AsyncCFunction({ args: ['p'], returns: 'i', ptr: 65536 });
const addressed = ofAddress(out('d'));
const addressedLater = ofAddressLater.async(out('d'));
export type Passed = [
  Expect<Equal<typeof opened, WithOut<number, [number]>>>,
  Expect<Equal<ReturnType<typeof passed.open>, number>>,
  Expect<Equal<Parameters<typeof passed.mixed>, [number, PointerLike]>>,
  Expect<Equal<typeof openedWith, Pair<[string | null]>>>,
  Expect<Equal<(typeof openedLaterWith extends Promise<infer R> ? R : never)['out'], [bigint]>>,
  Expect<Equal<typeof both, WithOut<number, [number, bigint]>>>,
  Expect<Equal<typeof one, WithOut<number, [number]>>>,
  Expect<Equal<typeof formatted, WithOut<number, [CharArray, bigint]>>>,
  Expect<Equal<typeof opaque, number>>,
  Expect<Equal<ReturnType<typeof passed.message>, WithOut<void, [string | null]>>>,
  Expect<Equal<typeof addressed, WithOut<number, [number]>>>,
  Expect<Equal<typeof addressedLater, Promise<WithOut<number, [number]>>>>,
];
export const openedX: Promise<number> = openedLater.then(({ out: [point] }) => point.x);
export const formattedText: string = formatted.out[0].text();
ofAddress.close();
ofAddressLater.close();
// @ts-expect-error an int is no pointer
passed.size(out('i'));
// @ts-expect-error an inout takes a value
passed.mixed(1, inout('i'));
// @ts-expect-error an owned string is C's from the beginning
inout(owned('s', 'free'));

// Callbacks with '...' get the arguments before it.
const log = { args: ['p', 's', '...'], returns: 'i' } as const;
const logged = dlopen('x', { log: { args: [log, 'p'] } }).symbols;
logged.log((user, text) => user + (text?.length ?? 0), null);
logged.log(new JSCallback((user, text) => user + (text?.length ?? 0), log), null);
logged.log(() => 1, 4096);
export type Logged = Expect<
  Equal<Parameters<JSCallback<readonly ['p', 's', '...'], 'i'>['call']>, [PointerLike, string | PointerLike]>
>;
// @ts-expect-error the function does not get what stands for the dots
logged.log((user: number, text: string | null, more: number) => more, null);
// @ts-expect-error the result is a number
new JSCallback(() => 'text', { args: ['s', '...'], returns: 'i' });

const weak = new JSCallback((n) => n, { args: ['i'], returns: 'i', weak: true });
export type Weak = Expect<Equal<typeof weak.weak, boolean>>;
// @ts-expect-error a boolean
new JSCallback(() => {}, { weak: 'yes' });
