/** What C declares, in words, and whether a type that a program gives instead is of the same width and class. */

import { describe } from '../base/errors';
import { ConvertedType } from '../memory/converted_type';
import { EncodedText } from '../memory/encoded_text';
import { Declaration, readCallbackDeclaration } from '../signatures/declaration';
import { Out } from '../signatures/out';
import { Owned } from '../signatures/owned';
import type { PointerType } from '../struct/fields';
import { isFunctionType } from '../struct/function_type';
import { OpaqueType } from '../struct/opaque';
import { Schema } from '../struct/schema';
import { TypedPointer } from '../struct/typed_pointer';
import { codeOf } from '../types/types';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import { convertedTypes } from './description';
import type { DeclaredTypes, DescribedRecord, DescribedSymbol, DescribedType, Description } from './description';

/** The types of a description, compared with those of arkffi. */
export class DeclaredKinds {
  constructor(
    private readonly described: Description['types'],
    private readonly types: DeclaredTypes,
  ) {}

  /** A type in C's words. `target` is what a pointer points to, if the description says it. */
  nameOf(type: DescribedType, target?: DescribedType): string {
    if (type === '...') return '...';
    if (type === 'char *') return 'char *';
    if (type === 'k') return 'a pointer to a function';
    if (type === 'p') return target === undefined ? 'a pointer' : `${this.nameOf(target)} *`;
    if (typeof type === 'string') return convertedTypes[type]?.cName ?? typeFacts[type as TypeCode].cName;
    if (typeof type === 'number') {
      const { name } = this.described[type] as Partial<DescribedRecord>;
      return name ?? 'a pointer to a function';
    }
    if ('unusable' in type) return `a type that cannot be used: ${type.unusable}`;
    return `${this.nameOf(type[0])}[${type[1] === 0 ? '' : type[1]}]`;
  }

  /** Whether an argument or result that is declared so may be given as `type`. */
  accepts(declared: DescribedType, type: unknown, to?: DescribedType): boolean {
    const target = this.isOpaque(to) ? undefined : to;
    if (type === '...' || declared === '...') return type === declared;
    if (type instanceof Owned) return this.accepts(declared, type.type, target);
    if (type instanceof Out) return this.acceptsOut(declared, type, target);
    if (type instanceof TypedPointer) return this.acceptsPointer(declared, type, target);
    if (type instanceof Declaration) return this.acceptsCallback(declared, type);
    if (type instanceof ConvertedType) return this.acceptsConverted(declared, type, target);
    if (type instanceof Schema) return typeof declared === 'number' && this.isSameStruct(declared, type);
    const code = codeOf(type, '');
    return typeof declared === 'object' ? false : this.acceptsCode(declared, code, target);
  }

  /**
   * Whether a field or variable that is declared so may be given as `type`.
   * @throws TypeError `ERR_FFI_BAD_SIGNATURE` if it is no type; the message begins with `place`.
   */
  acceptsField(declared: DescribedType, type: unknown, place: string): boolean {
    if (type instanceof Schema) return typeof declared === 'number' && this.isSameStruct(declared, type);
    if (type instanceof TypedPointer) return this.acceptsPointer(declared, type, undefined);
    if (type instanceof ConvertedType) return this.acceptsConverted(declared, type, undefined);
    if (isFunctionType(type)) return this.acceptsCallback(declared, readCallbackDeclaration(type, place));
    if (!Array.isArray(type)) return !isObject(declared) && this.acceptsCode(declared, codeOf(type, place), undefined);
    if (!Array.isArray(declared) || type.length !== 2) return false;
    // The program may know the length of an array that C declares without one.
    const isLength = declared[1] === 0 || declared[1] === type[1];
    return isLength && this.acceptsField(declared[0], type[0], `${place}[0]`);
  }

  /** Whether it is a struct that the text does not define, which may be anything. */
  private isOpaque(type: DescribedType | undefined): boolean {
    return typeof type === 'number' && (this.described[type] as DescribedRecord).fields === undefined;
  }

  /** An enum may stand for an integer of its width, and text for text; other types have their bytes in common. */
  private acceptsConverted(declared: DescribedType, type: ConvertedType, target: DescribedType | undefined): boolean {
    if (isObject(declared)) return false;
    const { letters } = type.codec;
    const own = convertedTypes[declared];
    return own === undefined
      ? !type.hasBytes && this.acceptsCode(declared, letters as TypeCode, target)
      : own.codec.letters === letters;
  }

  private acceptsCode(declared: string | number, code: TypeCode, target: DescribedType | undefined): boolean {
    const { kind, size } = typeFacts[code];
    if (typeof declared === 'number') return !('kind' in this.described[declared]) && (code === 'p' || code === 'k');
    if (declared === 'k') return code === 'p' || code === 'k';
    if (convertedTypes[declared] !== undefined) return false;
    const { kind: declaredKind, size: declaredSize } = typeFacts[(declared === 'char *' ? 's' : declared) as TypeCode];
    switch (declaredKind) {
      case 'string':
        return code === 'p' || (kind === 'string' && unitOf(declared) === unitOf(code));
      case 'pointer':
        return kind === 'pointer' || (kind === 'string' && this.mayBeText(target, unitOf(code)));
      case 'bool':
        return code === 'b'; // C relies on 0 and 1
      case 'signed':
      case 'unsigned':
        return (kind === 'signed' || kind === 'unsigned' || kind === 'bool') && size === declaredSize;
      default:
        return code === declared;
    }
  }

  /** Whether a pointer's target may be characters of `unit` bytes: it is an integer of that size, or not known. */
  private mayBeText(target: DescribedType | undefined, unit: number): boolean {
    if (target === undefined) return true;
    if (typeof target !== 'string') return false;
    if (convertedTypes[target] !== undefined) return false;
    const { kind, size } = typeFacts[target as TypeCode];
    return (kind === 'signed' || kind === 'unsigned') && size === unit;
  }

  /** A typed pointer leads to what the text says, as far as it says it. A handle may lead to anything. */
  private acceptsPointer(declared: DescribedType, type: TypedPointer, target: DescribedType | undefined): boolean {
    if (declared !== 'p' && declared !== 's' && declared !== 'char *') return false;
    const leads = declared === 'p' ? target : 'c';
    const { to } = type as unknown as Partial<PointerType<unknown>>;
    if (leads === undefined || to === undefined || typeof to === 'function') return true;
    const isList = Array.isArray(to) && this.acceptsField(leads, to[0], 'pointerTo');
    return isList || this.acceptsField(leads, to, 'pointerTo');
  }

  /** C writes through a pointer that is not to `const char`. */
  private acceptsOut(declared: DescribedType, out: Out, target: DescribedType | undefined): boolean {
    if (declared !== 'p' && declared !== 'char *') return false;
    const to = declared === 'char *' ? 'c' : target;
    if (to === undefined) return true;
    // C may write several elements.
    const type: unknown = out.type instanceof Owned ? out.type.type : out.type;
    const isList = Array.isArray(type) && this.acceptsField(to, type[0], '');
    return isList || this.acceptsField(to, type, '');
  }

  private acceptsCallback(declared: DescribedType, { args, returns = 'v' }: Declaration): boolean {
    if (typeof declared !== 'number') return declared === 'p' || declared === 'k';
    const shape = this.described[declared] as DescribedSymbol;
    if ('kind' in shape || shape.unusable !== undefined) return !('kind' in shape);
    const { args: types = [], returns: result = 'v' } = shape;
    return (
      types.length === args.length &&
      args.every((type, i) => this.accepts(types[i], type)) &&
      this.accepts(result, returns)
    );
  }

  /** Whether a struct of the program's has the layout of a declared one. */
  private isSameStruct(index: number, schema: Schema<any>): boolean {
    const record = this.described[index];
    if (!('kind' in record) || record.fields === undefined) return false;
    const own = this.types.recordOf(index, record.name) as Schema<any>;
    return own === schema || layoutOf(own) === layoutOf(schema);
  }
}

function isObject(type: DescribedType): type is Exclude<DescribedType, string | number> {
  return typeof type === 'object';
}

/** The bytes of a character of a type of strings. */
function unitOf(code: string): number {
  if (code === 's' || code === 't' || code === 'char *') return 1;
  return code === 'S' ? 2 : typeFacts[codeOf('wchar_t', '')].size;
}

/** The layout of a struct in letters, in which pointers of any kind are equal, and integers of either sign. */
function layoutOf(schema: Schema<any>): string {
  const letters = schema.codec.letters.replace(/[sSwtk]/g, 'p').replace(/[CHIqQL]/g, (letter) => SIGNED[letter]);
  return `${schema.size} ${schema.align} ${letters}`;
}

const SIGNED: { readonly [letter: string]: string } = { C: 'c', H: 'h', I: 'i', L: 'l', q: 'l', Q: 'l' };

/** A type that a program gives, in words. */
export function nameOfType(type: unknown): string {
  if (type instanceof EncodedText) return `text(${describe(type.encoding)})`;
  if (type instanceof ConvertedType) return type.cName;
  if (type instanceof Owned) return `owned(${nameOfType(type.type)})`;
  if (type instanceof OpaqueType) return `opaque(${describe(type.name)})`;
  if (type instanceof TypedPointer) return `pointerTo(${nameOfType((type as unknown as PointerType<unknown>).to)})`;
  if (type instanceof Out) return `${type.takes ? 'inout' : 'out'}(${nameOfType(type.type)})`;
  if (type instanceof Declaration) return 'a callback of other types';
  if (type instanceof Schema) return type.name;
  if (!Array.isArray(type)) return describe(type);
  return `[${nameOfType(type[0])}, ${describe(type[1])}]`;
}
