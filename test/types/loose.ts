// Types for programs whose definitions are no literals, and for ArkTS, which has no inferred types. This file is only
// compiled; the lines marked @ts-expect-error must fail.

import ffi, {
  callbackType,
  dlopen,
  FFIType,
  NativeCallback,
  NativeField,
  NativeLibrary,
  NativeSignature,
  NativeStruct,
  Struct,
  StructSchema,
} from '../../ts/src';
import type {
  AsyncErrnoOptions,
  ErrnoOptions,
  FunctionDefinition,
  Library,
  LibraryHandle,
  LooseFunction,
  ParameterType,
  SymbolDefinitions,
  WithErrno,
} from '../../ts/src';
import type { Equal, Expect } from './equal';

// A definition of a wide type makes a function of which nothing is known.
declare const definition: FunctionDefinition;
const loose = dlopen('library', { add: definition, nothing: {}, exact: { args: ['d'], returns: 'd' } }).symbols;
export type Loose = [
  Expect<Equal<typeof loose.add, LooseFunction>>,
  Expect<Equal<Parameters<typeof loose.nothing>, []>>,
  Expect<Equal<Parameters<typeof loose.exact>, [number]>>,
];
export const five: number = loose.add(2, 3);
export const later: Promise<string> = loose.add.async('text');
export const pair: WithErrno<number> = loose.add.with({ errno: true })(2, 3);
// @ts-expect-error too many arguments
loose.nothing(1);

declare const record: Record<string, FunctionDefinition>;
export const six: number = dlopen('library', record).symbols.anything(2, 3);
declare const all: SymbolDefinitions;
export const seven: number = dlopen('library', all).symbols.anything.value;

declare const types: ParameterType[];
const partly = dlopen('library', { f: { args: types, returns: 'd' } }).symbols;
partly.f(1, 'text', null);

// A library with any definitions is a Library.
class Holder {
  readonly library: Library = dlopen('library', {
    add: { args: ['d', 'd'], returns: 'd' },
    count: { type: 'i' },
    maybe: { optional: true },
    print: { args: ['s', '...'], returns: 'i' },
  });
  add(): number {
    return this.library.symbols.add(1, 2);
  }
}
export const holder = new Holder();

// Options have names.
const withErrno: ErrnoOptions = { errno: true };
const asyncWithErrno: AsyncErrnoOptions = { errno: true, timeout: 1 };
export type Options = [
  Expect<Equal<ReturnType<ReturnType<typeof exactWithErrno>>, WithErrno<number>>>,
  Expect<Equal<ReturnType<ReturnType<typeof exactAsyncWithErrno>>, Promise<WithErrno<number>>>>,
];
const exactWithErrno = () => loose.exact.with(withErrno);
const exactAsyncWithErrno = () => loose.exact.async.with(asyncWithErrno);

// The types of a callback by a function infer those of the JavaScript function.
const { qsort } = dlopen(null, { qsort: { args: ['p', 'L', 'L', callbackType(['p', 'p'], 'i')] } }).symbols;
qsort(new Float64Array(2), 2, 8, (a, b) => a - b);
// @ts-expect-error the result is a number
qsort(new Float64Array(2), 2, 8, () => 'text');

// The raw bridge gives numbers, unless the program says what it expects.
declare const handle: LibraryHandle;
const raw = ffi.callMixed(handle, 'add', 'dd', 'd', [1, 2], []);
const rawLater = ffi.callAsync(handle, 'add', 'dd', 'd', [1, 2], []);
const rawText = ffi.callPtr<string | null>(4096, '', 's', [], []);
export const rawBytes: ArrayBuffer = ffi.callBySig(handle, 'div', [17, 5], []);
const rawInvoked = ffi.invokeCallback(1, 2);
export type Raw = [
  Expect<Equal<typeof raw, number>>,
  Expect<Equal<typeof rawLater, Promise<number>>>,
  Expect<Equal<typeof rawText, string | null>>,
  Expect<Equal<typeof rawInvoked, number>>,
];

// A schema is a type without an argument, and a value.
export const schema: StructSchema = Struct({ x: 'd' });
export const made = new StructSchema({ x: 'd' }).create({ x: 1 }).x;
export type Made = Expect<Equal<typeof made, number>>;
export const names: string[] = schema.fieldNames;
export const x: number = schema.get(new ArrayBuffer(8), 'x');

// The strict layer.
interface Complex {
  real: number;
  imag: number;
}
type ComplexOp = (a: Complex, b: Complex) => Complex;
const ComplexType = new NativeStruct<Complex>([
  new NativeField('real', FFIType.double),
  new NativeField('imag', 'double'),
  new NativeField('rest', 'char', 0),
  NativeField.bits('flag', 'int', 1),
]);
const library = NativeLibrary.open('library', { threads: 1 });
const op = library.func<ComplexOp>('op', [ComplexType, ComplexType], ComplexType);
export const sum: Complex = op({ real: 1, imag: 2 }, ComplexType.create({ real: 1 }));
export const address: number = ComplexType.addressOf(sum);
const callback = new NativeCallback((n: number): number => n, new NativeSignature(['int'], 'int'), 'post');
callback.close();
// @ts-expect-error no type has this name
library.func<ComplexOp>('op', ['complex']);
// @ts-expect-error a function type is wanted
library.func<Complex>('op', []);
// @ts-expect-error no field has this name
ComplexType.create({ real: 1, imaginary: 2 });
// @ts-expect-error void has no values
new NativeField('nothing', 'void');
