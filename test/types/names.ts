// The names that C and other libraries have for types: they infer what the names of arkffi infer.

import { dlopen, FFIType, JSCallback, out, read, Struct } from '../../ts/src';
import type { ArgumentType, CodeOf, FieldType, FromC, PointerLike, ToC, TypeName } from '../../ts/src';
import type { Equal, Expect } from './equal';

type Same<Name extends TypeName, As extends TypeName> = Equal<
  [CodeOf<Name>, ToC<Name>, FromC<Name>],
  [CodeOf<As>, ToC<As>, FromC<As>]
>;
export type Names = [
  Expect<Same<'unsigned int', 'uint'>>,
  Expect<Same<'unsigned', 'u32'>>,
  Expect<Same<'long long', 'int64'>>,
  Expect<Same<'unsigned long', 'ulong'>>,
  Expect<Same<'signed char', 'i8'>>,
  Expect<Same<'float64', 'double'>>,
  Expect<Same<'float32', 'float'>>,
  Expect<Same<'const char *', 'cstring'>>,
  Expect<Same<'const char*', 's'>>,
  Expect<Same<'string', 'cstring'>>,
  Expect<Same<'char *', 'pointer'>>,
  Expect<Same<'void*', 'p'>>,
  Expect<Same<'fn', 'callback'>>,
  Expect<Same<'time_t', 'int64'>>,
  Expect<Same<'_Bool', 'bool'>>,
];

const { symbols } = dlopen('library', {
  f: { args: ['unsigned int', 'const char *', 'void *', 'long long'], returns: 'float64' },
  g: { args: [out('unsigned long long'), { args: ['char *'], returns: '_Bool' }] },
  v: { type: ['const char *', 2] },
});
const P = Struct({ few: { type: 'unsigned int', bits: 3 }, list: ['float32', 2], p: 'char *' });
type F = typeof symbols.f;
export type Inferred = [
  Expect<Equal<Parameters<F>, [number, string | PointerLike, PointerLike, number | bigint]>>,
  Expect<Equal<ReturnType<F>, number>>,
];
export const field: number = P.create().list[0] + P.create().few + P.create().p;
export const element: string | null = symbols.v.value[0];
export const many: number | bigint = symbols.g((text) => text > 0).out[0];
export const callback = new JSCallback((n, text) => n + (text ?? '').length, {
  args: ['unsigned int', 'string'],
  returns: 'long int',
});
export const word: number = read['unsigned short'](65_536);
export const letter: 'I' = FFIType['unsigned int'];
export const types: [ArgumentType, FieldType] = ['void *', 'const wchar_t *'];

// @ts-expect-error no name of a type
export const wrong: ArgumentType = 'unsigned  int';
// @ts-expect-error a pointer to anything else has no name
export const other: FieldType = 'int *';
