// The types of exports where a program writes them down, as `isolatedDeclarations` asks for.
import { cdef, dlopen, enumType, JSCallback, opaque, pointerTo, Struct, Union } from 'arkffi';
import type {
  DeclaredLibrary,
  EnumType,
  ForeignFunction,
  Library,
  OpaqueType,
  PointerFunction,
  PointerLike,
  PointerType,
  StructSchema,
  StructValue,
  UnionSchema,
} from 'arkffi';

export type Fields = { x: 'int'; y: 'double' };
export const Point: StructSchema<Fields> = Struct({ x: 'int', y: 'double' });
export const point: StructValue<Fields> = Point.create();
export const Value: UnionSchema<{ whole: 'long'; real: 'double' }> = Union({ whole: 'long', real: 'double' });
export const Color: EnumType<'RED' | number | bigint, number> = enumType({ RED: 0 });
export const sqlite3: OpaqueType<'sqlite3'> = opaque('sqlite3');
export const toPoint: PointerType<StructSchema<Fields>> = pointerTo(Point);
export const lib: Library<{ abs: { args: ['int']; returns: 'int' } }> = dlopen(null, {
  abs: { args: ['int'], returns: 'int' },
});
export const abs: ForeignFunction<[number], number> = lib.symbols.abs;
export const declared: DeclaredLibrary<{ readonly abs: ForeignFunction<[number], number> }> = cdef(
  null,
  'int abs(int);',
);
export const free: PointerFunction<[PointerLike], void, any, ['pointer']> = dlopen(null, {
  free: { args: ['pointer'] },
}).symbols.free;
export const callback: JSCallback<['int'], 'int'> = new JSCallback((n: number): number => n, {
  args: ['int'],
  returns: 'int',
});
