// What programs that were written for arkffi 1.0.0 of ohpm use, and addresses of whatever has one.

import ffi, {
  callBySigAsArrayBuffer,
  CString,
  FFIType,
  ptr,
  read,
  ref,
  releasePtr,
  StringBuffer,
  stringArray,
  Struct,
  StructSchema,
  toArrayBuffer,
  write,
} from '../../ts/src';
import type { LibraryHandle, StructValue } from '../../ts/src';
import type { Equal, Expect } from './equal';

const Point = Struct({ x: 'int', y: 'double' });
type Value = StructValue<{ x: 'int'; y: 'double' }>;
const point = Point.create({ x: 1 });
const made = new StructSchema({ x: 'int' });
declare const handle: LibraryHandle;
declare const something: unknown;

export type Inferred = [
  Expect<Equal<ReturnType<typeof Point.fromPtr>, Value>>,
  Expect<Equal<ReturnType<typeof releasePtr>, void>>,
  Expect<Equal<ReturnType<typeof callBySigAsArrayBuffer>, ArrayBuffer>>,
  Expect<Equal<typeof Point.alignment, number>>,
  Expect<Equal<typeof Point.fieldOffsets, number[]>>,
];
releasePtr(ffi.ptr(point));
Point.releasePtr(point);
export const isSchema: boolean = something instanceof StructSchema;
export const fields: string = Point.fieldNames.join() + String(Point.fieldTypes[0]);
export const x: number = made.create({ x: 1 }).x + Point.fromPtr(ptr(point), 16).x + Point.at(point, -16).x;
export const xOfBuffer: number =
  Point.get(new ArrayBuffer(16), 'x') + Point.get(new DataView(new ArrayBuffer(16)), 'y');
Point.set(new Uint8Array(16), 'x', 3);
export const bytes: ArrayBuffer = callBySigAsArrayBuffer(handle, 'f', [1], ['text']);
export const nothing: ArrayBuffer = toArrayBuffer(ptr(point), 0);

const addresses = [point, new StringBuffer(8), stringArray(['a']), new CString('text'), Point.arrayOf(2), ref({})];
export const all: number[] = addresses.map((each) => ptr(each) + ptr(each, 8) + ffi.ptr(each));
write.f64(point, 8, read.f64(point, 8));

// @ts-expect-error unknown field
Point.get(new ArrayBuffer(16), 'z');
// @ts-expect-error a string is not a number
Point.set(new ArrayBuffer(16), 'x', '3');
// @ts-expect-error an offset is a number
ptr(point, '8');
// @ts-expect-error a text has no address
ptr('text');
// @ts-expect-error a plain object has no address
ptr({ x: 1 });
// @ts-expect-error an offset is a number of bytes
Point.fromPtr(65536, '16');
// @ts-expect-error a type of Node-API, which no C function takes
export const env: string = FFIType.napi_env;
// @ts-expect-error a type of Node-API, which no C function takes
Struct({ value: 'napi_value' });
