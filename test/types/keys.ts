// Unknown keys are refused in every object that declares something. This file is only compiled; the lines marked
// with ts-expect-error must fail. It is checked with the oldest supported compiler and with the current one.

import {
  anonymous,
  AsyncCFunction,
  callbackType,
  cdef,
  CFunction,
  dlopen,
  JSCallback,
  Struct,
  Union,
} from '../../ts/src';
import type { FunctionDefinition, Library, SymbolDefinitions } from '../../ts/src';

// @ts-expect-error args, not arg
dlopen(null, { f: { arg: ['d'], returns: 'd' } });
// @ts-expect-error returns, not return
dlopen(null, { f: { args: ['d'], return: 'd' } });
// @ts-expect-error there is no such option of a function
dlopen(null, { f: { args: ['d'], returns: 'd', async: true } });
// @ts-expect-error optional, not optionl
dlopen(null, { v: { type: 'i', optionl: true } });
// @ts-expect-error a variable has no args
dlopen(null, { v: { type: 'i', args: ['i'] } });
// @ts-expect-error returns, not return, in a callback
dlopen(null, { f: { args: ['i', { args: ['p'], return: 'i' }] } });
// @ts-expect-error args, not params, in a callback of a callback
dlopen(null, { f: { args: [{ args: [{ params: ['p'], returns: 'i' }], returns: 'i' }] } });

const right = { f: { args: [{ args: ['p'], returns: 'i' }, 'i'], returns: 'i', fast: false } } as const;
dlopen(null, right).symbols.f((at) => at, 1);
const wrong = { f: { args: ['d'], return: 'd' } } as const;
// @ts-expect-error returns, not return, in a variable
dlopen(null, wrong);

// Definitions of a wide type are not known to the compiler.
export const wide: SymbolDefinitions = {};
dlopen(null, wide).symbols.anything(1);
export const some: Record<string, FunctionDefinition> = {};
dlopen(null, some).symbols.anything(1);
export const loose: any = {};
dlopen(null, loose);
dlopen(null, { f: loose });

// A generic function that hands definitions on says what it returns.
export const generic = <D extends SymbolDefinitions>(definitions: D): Library<D> =>
  dlopen(null, definitions as SymbolDefinitions) as unknown as Library<D>;
generic({ f: { args: ['i'] } }).symbols.f(1);

// @ts-expect-error args, not arg
CFunction({ arg: ['d'], returns: 'd', ptr: 65536 });
// @ts-expect-error returns, not return
new CFunction({ args: ['d'], return: 'd', ptr: 65536 });
// @ts-expect-error returns, not return, in a callback
CFunction({ args: ['d', { args: ['p'], return: 'i' }], ptr: 65536 });
// @ts-expect-error returns, not return, in a callback
new AsyncCFunction({ args: [{ args: ['p'], return: 'i' }], ptr: 65536 });
CFunction({ args: ['d', { args: ['p'], returns: 'i' }], returns: 'd', ptr: 65536, name: 'f' })(1, () => 2);

// @ts-expect-error args, not arg
new JSCallback(() => 1, { arg: ['d'], returns: 'i' });
// @ts-expect-error returns, not return
new JSCallback((n) => n, { args: ['d'], return: 'd' });
// @ts-expect-error threadsafe, not threadSafe
new JSCallback((n) => n, { args: ['d'], returns: 'd', threadSafe: true });
// @ts-expect-error returns, not return, in a callback
new JSCallback(() => {}, { args: [{ args: ['p'], return: 'i' }] });
new JSCallback((n) => n, { args: ['d'], returns: 'd', threadsafe: true });
new JSCallback(async (n) => n, { args: ['d'], returns: 'd', threadsafe: true });

// @ts-expect-error returns, not return
callbackType(['p', { args: ['i'], return: 'i' }], 'i');
callbackType(['p', { args: ['i'], returns: 'i' }], 'i');

// @ts-expect-error bits, not bit
Struct({ a: { type: 'i', bit: 3 } });
// @ts-expect-error align, not alignment
Struct({ a: { type: 'i', alignment: 8 } });
// @ts-expect-error packed, not pack
Union({ a: { type: 'i', bits: 3, pack: true } });
// @ts-expect-error padding is for bit-fields
Struct({ a: { type: 'i', padding: true } });
// @ts-expect-error packed, not pack
Struct({ a: 'i' }, { pack: true });
const Inner = Struct({ a: { type: 'i', bits: 3 }, b: { type: ['h', 2], align: 8, packed: true }, c: 'd' });
Struct({
  inner: Inner,
  list: [Inner, 2],
  _: anonymous(Inner, { align: 16 }),
  pad: { type: 'I', bits: 2, padding: true },
});

// @ts-expect-error strings, not string
cdef(null, 'int abs(int);', { lazy: true, string: 'all' });
cdef(null, 'int abs(int);', { lazy: true, strings: 'all' });
