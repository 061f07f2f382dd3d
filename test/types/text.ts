// Text in other encodings, as arguments, results, fields and callbacks.

import {
  Arena,
  callbackType,
  CFunction,
  CString,
  dlopen,
  inout,
  JSCallback,
  NativeLibrary,
  out,
  owned,
  pointerTo,
  ptr,
  readText,
  StringBuffer,
  Struct,
  text,
  typed,
} from '../../ts/src';
import type { ArgumentType, EncodedText, FieldType, PointerLike } from '../../ts/src';
import type { Equal, Expect } from './equal';

const gbk = text('gbk');
const any = text('gbk' as string);
const { symbols } = dlopen('library', {
  f: { args: [gbk, text('latin1'), any], returns: gbk },
  put: { args: [gbk, '...'], returns: text('UTF-16') },
  outs: { args: [out(gbk), inout(gbk), out([gbk, 2])], returns: owned(gbk, 'free') },
  call: { args: [{ args: [gbk], returns: gbk }] },
  name: { type: gbk },
});
const Person = Struct({ name: gbk, others: [gbk, 2], shifted: { type: gbk, align: 16 } });
const person = Person.create({ name: 'a', others: ['b', null], shifted: new Uint8Array(4) });

type Text = string | PointerLike;
type Read = string | null;
type F = typeof symbols.f;
export type Inferred = [
  Expect<Equal<typeof gbk, EncodedText>>,
  Expect<Equal<ReturnType<typeof text<'UTF-8'>>, 'cstring'>>,
  Expect<Equal<ReturnType<typeof text<'utf16'>>, 'CString16'>>,
  Expect<Equal<ReturnType<typeof text<'wchar_t'>>, 'WString'>>,
  Expect<Equal<ReturnType<typeof text<'ISO-8859-1'>>, 'latin1'>>,
  Expect<Equal<Parameters<F>, [Text, Text, Text]>>,
  Expect<Equal<ReturnType<F>, Read>>,
  Expect<Equal<ReturnType<F['async']>, Promise<Read>>>,
  Expect<Equal<typeof person.name, Read>>,
  Expect<Equal<ReturnType<typeof Person.toObject>, { name: Read; others: Read[]; shifted: Read }>>,
];
export const outs: { readonly value: Read; readonly out: [Read, Read, Read[]] } = symbols.outs('first');
export const pair: { readonly value: Read; readonly errno: number } = symbols.f.with({ errno: true })('a', 'b', null);
export const wide: Read = symbols.put('%s', [gbk, 'x'], typed(gbk, 'y'), [gbk, null]);
export const value: Read = symbols.name.value;
symbols.name.value = 'text';
symbols.call((given) => `${given ?? ''}!`);
export const callback = new JSCallback((given, n) => (n > 0 ? given : null), { args: [gbk, 'i'], returns: gbk });
export const pointed = CFunction({ args: [gbk], returns: gbk, ptr: callback })('a');
export const later: Promise<Read> = symbols.outs.async('first').then((all) => all.out[0]);
export const types: [ArgumentType, FieldType] = [gbk, gbk];
export const declared = callbackType([gbk], gbk);
export const strict = NativeLibrary.open(null).func<(name: string) => number>('strlen', [gbk], 'size_t');
export const read: Read = readText(person, { encoding: 'gbk', length: 2 });
export const bytes: Uint8Array = new Arena().string('text', 'gbk');

// @ts-expect-error text is no number
symbols.f(1, 2, {});
// @ts-expect-error a field of text is no object
person.name = {};
// @ts-expect-error an unknown option
readText(0, { encodin: 'gbk' });
// @ts-expect-error types of text are made by text()
dlopen(null, { f: { args: ['gbk'] } });
// @ts-expect-error functions with such text have no batch
symbols.f.batch([]);

const list = pointerTo(gbk);
const Holder = Struct({ list, join: { args: [gbk, list], returns: gbk } });
const holder = Holder.create({ list: ['a', null], join: (one, other) => one ?? other?.value ?? null });
export const element: Read | undefined = holder.list?.value;
export const joined: Read | undefined = holder.join?.('a', ['b']);
export const copy: { list: number; join: number } = holder.toObject();
export const all = dlopen('library', { f: { args: [list, pointerTo('latin1')], returns: pointerTo([gbk, 2]) } });
export const first: Read | undefined = all.symbols.f(['a'], ['b', null])?.[0];
// @ts-expect-error a list of text has no booleans
all.symbols.f([true], null);

// Memory with a text in it stands for a string, in every type of strings.
const { narrow } = dlopen('library', { narrow: { args: ['s', 'S', 'w', 't', gbk], returns: 'i' } }).symbols;
narrow('a', 'a', 'a', 'a', 'a');
narrow(null, null, null, null, null);
narrow(new Uint8Array(2), new Uint16Array(2), new Uint32Array(2), new ArrayBuffer(2), new DataView(new ArrayBuffer(2)));
narrow(new StringBuffer(8), new StringBuffer(8), 65536, BigInt(65536), new CString('text'));
narrow(new CString(65536), ptr(new Uint16Array(2)), person, new Arena().wstring('a'), new Arena().string('a', 'gbk'));
void narrow.async(new Uint8Array(2), 'a', null, 65536, new CString('text'));
narrow.with({ errno: true })(new CString('text'), 'a', null, 65536, new StringBuffer(8)).value.toFixed();
// @ts-expect-error a list is neither text nor memory
narrow(['a'], 'a', 'a', 'a', 'a');
// @ts-expect-error a plain object has no address
narrow('a', {}, 'a', 'a', 'a');
export const units: Read = readText(new Uint16Array(2), { encoding: 'utf16', length: 2 });
export const wideUnits: Read = readText(65536, { encoding: 'wchar_t' });
// @ts-expect-error a length is a number
readText(65536, { length: '2' });
// @ts-expect-error a text has no address
readText('text');
