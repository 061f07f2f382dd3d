// The types that TypeScript infers from definitions. This file is only compiled; the lines marked @ts-expect-error must
// fail. It is checked with the oldest supported compiler and with the current one.

import { cdef, dlopen, FFIType, linkSymbols, suffix } from '../../ts/src';
import type { FileUrl, Library, PointerLike, SymbolDefinitions } from '../../ts/src';
import type { Equal, Expect } from './equal';

const lib = dlopen('library', {
  add: { args: ['d', 'd'], returns: 'd' },
  named: { args: [FFIType.double, 'f64', 'uint8_t'], returns: FFIType.int64 },
  text: { args: ['s'], returns: 'cstring' },
  nothing: {},
  flag: { args: ['b'], returns: 'bool' },
  wide: { args: ['l', 'q'], returns: 'q' },
  platform: { args: [FFIType.long, 'ulong'], returns: 'wchar' },
  memory: { args: ['p'], returns: 'pointer' },
  qsort: { args: ['p', 'L', 'L', { args: ['p', 'p'], returns: 'i' }] },
  each: { args: [{ args: ['s'] }, 'k'] },
  maybe: { args: ['i'], returns: 'i', optional: true },
  surely: { returns: 'i', optional: false },
  microsoft: { args: ['d', { args: ['i'], returns: 'd', abi: 'ms' }], returns: 'd', abi: 'ms' },
});
const { symbols } = lib;

// One exact type for each kind of value.
type Call<F extends (...args: never[]) => unknown> = [Parameters<F>, ReturnType<F>];
export type Inferred = [
  Expect<Equal<Call<typeof symbols.add>, [[number, number], number]>>,
  Expect<Equal<Call<typeof symbols.add.async>, [[number, number], Promise<number>]>>,
  Expect<Equal<Call<typeof symbols.named>, [[number, number, number], number | bigint]>>,
  Expect<Equal<Call<typeof symbols.text>, [[string | PointerLike], string | null]>>,
  Expect<Equal<Call<typeof symbols.nothing>, [[], void]>>,
  Expect<Equal<Call<typeof symbols.flag>, [[boolean | 0 | 1], boolean]>>,
  Expect<Equal<Call<typeof symbols.wide>, [[number | bigint, number | bigint], bigint]>>,
  Expect<Equal<Call<typeof symbols.platform>, [[number | bigint, number | bigint], number]>>,
  Expect<Equal<ReturnType<typeof symbols.memory>, number>>,
  Expect<Equal<ReturnType<typeof symbols.surely>, number>>,
  Expect<Equal<ReturnType<typeof symbols.microsoft>, number>>,
  Expect<Equal<typeof symbols.add.ptr, number>>,
  Expect<Equal<typeof lib.handle, bigint>>,
];

// A symbol is assignable to the plain function type with the same parameters and result.
export const plain: (a: number, b: number) => number = symbols.add;
export const later: (a: number, b: number) => Promise<number> = symbols.add.async;
export const text: string = symbols.add.signature.toString();

symbols.microsoft(1, (n: number) => n / 2);
export const abi: 'ms' | 'sysv' | undefined = symbols.microsoft.signature.abi;
// @ts-expect-error no such calling convention
dlopen('library', { wrong: { args: ['d'], abi: 'win64' } });
// @ts-expect-error no such calling convention
dlopen('library', { wrong: { args: [{ args: ['d'], abi: 'win64' }] } });

// @ts-expect-error a string is not a number
symbols.add('2', 3);
// @ts-expect-error too few arguments
symbols.add(2);
// @ts-expect-error too many arguments
symbols.add(2, 3, 4);
// @ts-expect-error too few arguments of an async call
void symbols.add.async(2);
// @ts-expect-error undefined is never a value
symbols.text(undefined);
// @ts-expect-error a boolean is neither text nor memory
symbols.text(true);
// @ts-expect-error 2 is not a boolean
symbols.flag(2);
// @ts-expect-error a bigint is not accepted as a small integer
symbols.named(1, 2, BigInt(3));
// @ts-expect-error the symbol is not defined
symbols.subtract(2, 3);
// @ts-expect-error symbols cannot be replaced
symbols.add = symbols.add;
// @ts-expect-error properties of symbols cannot be replaced
symbols.add.ptr = 0;

// Pointers accept addresses, null, buffers, and objects with a ptr.
symbols.memory(0);
symbols.memory(BigInt(0));
symbols.memory(null);
symbols.memory(new Uint8Array(8));
symbols.memory(new DataView(new ArrayBuffer(8)));
symbols.memory(new ArrayBuffer(8));
symbols.memory(new SharedArrayBuffer(8));
symbols.memory(symbols.add);
symbols.memory({ ptr: 4096 });
// @ts-expect-error a string is not a pointer
symbols.memory('text');
// @ts-expect-error an array is not a pointer
symbols.memory([1, 2]);
// @ts-expect-error a function is not a pointer
symbols.memory(() => 1);

// An argument with a callback signature accepts a plain function, whose parameters need no types.
symbols.qsort(new Float64Array(3), 3, 8, (a, b) => a - b);
symbols.qsort(null, 3, BigInt(8), symbols.add);
symbols.qsort(null, 3, 8, null);
symbols.each((name) => void name?.length, null);
// @ts-expect-error the callback must return an int
symbols.qsort(null, 3, 8, (a, b) => `${a}${b}`);
// @ts-expect-error the callback must return a value
symbols.qsort(null, 3, 8, () => {});
// @ts-expect-error the callback's parameters are numbers
symbols.qsort(null, 3, 8, (a: string, b: string) => a.length - b.length);
// @ts-expect-error the callback gets two arguments
symbols.qsort(null, 3, 8, (a, b, c: number) => a - b - c);
const plainFunction = (): void => {};
// @ts-expect-error a bare 'k' accepts no plain function, because its signature is unknown
symbols.each(null, plainFunction);

// An optional symbol may be null.
// @ts-expect-error the symbol may be null
symbols.maybe(1);
export const perhaps: number | undefined = symbols.maybe?.(1);

// Definitions declared elsewhere with `as const` are inferred in the same way.
const definitions = { add: { args: ['d', 'd'], returns: 'd' } } as const;
export type Constant = Expect<Equal<ReturnType<typeof constant.symbols.add>, number>>;
const constant = dlopen(null, definitions);
constant.symbols.add(1, 2);
// @ts-expect-error too few arguments
constant.symbols.add(1);

// @ts-expect-error unknown type
dlopen('library', { f: { args: ['dobule'] } });
// @ts-expect-error unknown type
dlopen('library', { f: { returns: 'x' } });
// @ts-expect-error void has no values
dlopen('library', { f: { args: ['v'] } });
// @ts-expect-error void has no values
dlopen('library', { f: { args: [FFIType.void] } });
// @ts-expect-error a callback cannot be returned as a function
dlopen('library', { f: { returns: { args: [] } } });
// @ts-expect-error args is a list
dlopen('library', { f: { args: 'dd' } });
dlopen('library', {}, { now: true, global: true, nodelete: false, deep: true });
// @ts-expect-error now is a boolean
dlopen('library', {}, { now: 1 });
// @ts-expect-error unknown option
dlopen('library', {}, { lazy: true });
// @ts-expect-error threads is a number
dlopen('library', {}, { threads: '4' });
dlopen('library', {}, { threads: 4 });
// @ts-expect-error a path is a string
dlopen(1, {});

lib.close();

// Libraries without definitions, names of symbols, and functions at addresses.
const bare = dlopen('library');
const bound = bare.define({ add: { args: ['i', 'i'], returns: 'i' }, count: { type: 'd', name: 'counter' } });
// @ts-expect-error only the result of define has what it makes
bare.symbols.add(1, 2);
export const laterSum: number = bound.add(1, 2) + bound.count.value + bare.address('add');
const named = dlopen('library', { wide: { name: 'add', args: ['q'], returns: 'q' } }, { threads: 1 });
export const wideSum: bigint = named.symbols.wide(5);
const { symbols: linked, close: closeLinked } = linkSymbols({
  add: { args: ['d', 'd'], returns: 'd', ptr: bare.address('add') },
  nothing: { ptr: 65536, name: 'f' },
});
export const linkedSum: number = linked.add(1, 2);
export const linkedNothing: void = linked.nothing();
export const ending: 'so' | 'dylib' | 'dll' = suffix;
linked.add.close();
closeLinked();
// @ts-expect-error it has no symbols yet
bare.symbols.add;
// @ts-expect-error an argument is missing
linked.add(1);
// @ts-expect-error the address is missing
linkSymbols({ add: { args: ['d'] } });
// @ts-expect-error a name is a string
dlopen('library', { add: { name: 5, args: [] } });

// URL objects, the text of file URLs, and methods without their object.
declare const url: FileUrl;
const byUrl = dlopen(url, { add: { args: ['d', 'd'], returns: 'd' } });
export const urlSum: number = byUrl.symbols.add(1, 2) + cdef(url, 'int add(int, int);').symbols.add(1, 2);
const { define, address, list, close } = dlopen(`file:///library.${suffix}`);
export const detachedSum: number = define({ add: { args: ['i'], returns: 'i' } }).add(1) + address('add');
export const exported: string[] = list().map(({ name }) => name);
close();
// @ts-expect-error an object that is no URL
dlopen({ path: 'library' }, {});

// Without definitions, and with those whose types are not known.
const undefinedYet = dlopen(null);
const withOptions = dlopen(null, undefined, { now: true });
export type NoDefinitions = Expect<Equal<[typeof undefinedYet, typeof withOptions], [Library<{}>, Library<{}>]>>;
declare const unknownDefinitions: any;
dlopen(null, unknownDefinitions).symbols.anything(1);
dlopen(null, unknownDefinitions, { now: true }).symbols.anything(1);
declare const anyDefinitions: SymbolDefinitions;
const ofAny = dlopen(null, anyDefinitions);
export type AnyDefinitions = Expect<Equal<typeof ofAny, Library<SymbolDefinitions>>>;
