/** The description that the native module makes of C declarations, and its conversion to the types of arkffi. */

import { ffiError } from '../base/errors';
import { defineOwn } from '../base/own';
import { complexDouble, complexFloat } from '../memory/complex';
import type { ConvertedType } from '../memory/converted_type';
import { enumType } from '../memory/enumeration';
import type { EnumType } from '../memory/enumeration';
import { longDouble } from '../memory/long_double';
import { int128, uint128 } from '../memory/wide_integer';
import type { FieldType, MemberOptions, StructFields, StructSchema } from '../struct/fields';
import { withMemoryAlign } from '../struct/schema';
import { opaque } from '../struct/opaque';
import { pointerTo } from '../struct/pointers';
import { anonymous, Struct, Union } from '../struct/struct';
import type { TypedPointer } from '../struct/typed_pointer';
import type { Abi } from '../signatures/signature';
import type { ValueTypeName } from '../types/types';

/**
 * A type in the description: a letter; the letters of a type that JavaScript converts; `'char *'` for a pointer to characters that C may write; `[type, count]`, in
 * which the type `'char'` with the count 0 stands for text; the index of a struct, union or function type in `types`; or the reason why it cannot be used.
 */
export type DescribedType = string | number | readonly [DescribedType, number] | { readonly unusable: string };

/** A function or variable. */
export interface DescribedSymbol {
  readonly args?: readonly DescribedType[];
  readonly returns?: DescribedType;
  /** The calling convention that an attribute names. */
  readonly abi?: Abi;
  /** The type of a variable. */
  readonly type?: DescribedType;
  /** The name of the symbol in the library, if it differs from the declared name. */
  readonly symbol?: string;
  /** The reason why it cannot be used. */
  readonly unusable?: string;
  /**
   * Which struct a pointer leads to: that of a variable, or, for a function type in `types`, those of its parameters by
   * their index, and of its result.
   */
  readonly to?: DescribedType | PointedTypes;
}

/** What the pointers of a function lead to, as far as the text says it. */
interface PointedTypes {
  /** What a parameter points to, by its index. */
  readonly [index: number]: DescribedType;
  /** What the result points to. */
  readonly returns?: DescribedType;
}

/** A struct or union. */
export interface DescribedRecord {
  readonly kind: 'struct' | 'union';
  readonly name: string;
  readonly tag?: string;
  readonly unusable?: string;
  /** The size in bytes. This and all properties after it are absent if the text only declares the struct. */
  readonly size?: number;
  readonly align?: number;
  /** The option `packed` of `Struct`. */
  readonly packed?: true | 1 | 2 | 4 | 8 | 16;
  /** The option `bitFields` of `Struct`. */
  readonly bitFields?: 'ms' | 'gcc';
  /** The option `endian` of `Struct`. */
  readonly endian?: 'big';
  /** The alignment that the declaration asks for, in bytes. */
  readonly least?: number;
  /** The greatest alignment that a typedef gives it, if that is greater than `align`. */
  readonly memory?: number;
  /** The fields. An anonymous member, or a bit-field without a name, has the name null. */
  readonly fields?: readonly DescribedField[];
}

type DescribedField = readonly [
  name: string | null,
  type: DescribedType,
  how?: MemberOptions & { readonly bits?: number; readonly to?: DescribedType },
];

/** The names of a function's parameters, and what its pointers point to, where the text says it. */
interface DescribedParameters extends PointedTypes {
  /** The name of each parameter, or null. Absent if none has a name. */
  readonly names?: readonly (string | null)[];
}

/** The enums of a text, and what has them as types. */
export interface DescribedEnums {
  /** The constants of each enum, by name; the constants of the whole text have the values. */
  readonly types: readonly { readonly name: string; readonly constants: readonly string[] }[];
  /** Which enum a function's parameter, by its index, or its result `returns` has; or a variable, `type`. */
  readonly symbols: { readonly [name: string]: EnumUses };
  /** Which enum a field has, by the number of its struct and its name. */
  readonly fields: { readonly [record: string]: EnumUses };
  /** Which enum a typedef names. */
  readonly typedefs: EnumUses;
}

interface EnumUses {
  readonly [part: string]: number;
}

/** Everything that a text declares. `cdef/README.md` describes it as well. */
export interface Description {
  /** The version of this format. */
  readonly arkffi: number;
  /** What the types depend on: byte order, sizes and signs. */
  readonly platform: string;
  /** Whether the text has line markers, as the preprocessor writes them. */
  readonly header: boolean;
  readonly symbols: { readonly [name: string]: DescribedSymbol };
  readonly parameters: { readonly [name: string]: DescribedParameters };
  readonly constants: { readonly [name: string]: number | string };
  /** Constants that a JavaScript number cannot hold, in decimal. */
  readonly large: { readonly [name: string]: string };
  /** Constants that JSON has no number for: `'Infinity'`, `'-Infinity'`, `'NaN'`, and `'-0'`, which it would make 0. */
  readonly special: { readonly [name: string]: string };
  /** Why each other macro is no constant. */
  readonly reasons: { readonly [name: string]: string };
  /** Functions that only the text has, and no library: static and inline ones. */
  readonly inline: readonly string[];
  readonly typedefs: { readonly [name: string]: DescribedType };
  /** Which struct each typedef points to that is a pointer to one. */
  readonly pointers: { readonly [name: string]: DescribedType };
  readonly enums: DescribedEnums;
  readonly types: readonly (DescribedRecord | DescribedSymbol)[];
}

/** The types that JavaScript converts, by their letters in descriptions. */
export const convertedTypes: { readonly [letters: string]: ConvertedType | undefined } = Object.assign(
  Object.create(null),
  { x: int128, X: uint128, D: longDouble, '{dd}': complexDouble, '{ff}': complexFloat },
);

/** Which pointers to `char` are strings. */
export type StringRule = 'const' | 'results' | 'all' | 'none';

/** What pointers to structs are: addresses, or typed pointers and handles. */
export type PointerRule = 'addresses' | 'typed';

/** What values of enums are that C gives: numbers, or the names of constants. */
export type EnumRule = 'numbers' | 'names';

/** The options of `cdef` that say which types pointers and enums have. */
export interface Rules {
  readonly strings: StringRule;
  readonly pointers: PointerRule;
  readonly enums: EnumRule;
}

/** Who makes the values of a type: those of a `'given'` one come from C, those of a `'taken'` one go to C. */
type Use = 'given' | 'taken';

/** The types of a description, each of which is made when it is first needed. */
export class DeclaredTypes {
  private readonly made = new Map<number, StructSchema<any>>();
  private readonly pointers = new Map<number, TypedPointer | 'p'>();
  private readonly enums = new Map<string, EnumType>();
  private corrected: ReadonlyMap<number, ReadonlyMap<string, unknown>> = new Map();
  private readonly described: Description['types'];

  constructor(
    private readonly description: Description,
    private readonly rules: Rules,
  ) {
    this.described = description.types;
  }

  private describedAt(index: number): DescribedRecord | DescribedSymbol {
    return bare(this.described[index]);
  }

  private recordAt(index: number): DescribedRecord {
    return this.describedAt(index) as DescribedRecord;
  }

  /** Sets the types of corrected fields, by the number of their struct and their name, before any struct is made. */
  correct(fields: ReadonlyMap<number, ReadonlyMap<string, unknown>>): void {
    this.corrected = fields;
    this.made.clear();
  }

  /**
   * The definition of a function or variable, as `dlopen` takes it. `targets` is what the pointers of a function lead to.
   * @throws TypeError `ERR_FFI_BAD_SIGNATURE` if it cannot be used.
   */
  definitionOf(described: DescribedSymbol, name: string, targets?: PointedTypes): object {
    const symbol = bare(described);
    if (symbol.unusable !== undefined) throw unusable(name, symbol.unusable);
    const uses = own(this.description.enums.symbols, name);
    if (symbol.type !== undefined) {
      const type = this.typeOf(symbol.type, name, 'given', symbol.to as DescribedType | undefined);
      return { type: this.withEnum(type, uses, 'type') };
    }
    const types = this.functionOf(symbol, name, 'taken', 'given', targets);
    if (uses === undefined) return types;
    const args = types.args.map((type, index) => this.withEnum(type, uses, index));
    return { ...types, args, returns: this.withEnum(types.returns, uses, 'returns') };
  }

  /** The type that a typedef names. */
  typeNamed(name: string): unknown {
    const { typedefs, pointers, enums } = this.description;
    return this.withEnum(this.typeOf(typedefs[name], name, 'taken', own(pointers, name)), enums.typedefs, name);
  }

  /** The type, or that of the enum that is used there, also as the elements of arrays. */
  private withEnum(type: unknown, uses: EnumUses | undefined, part: string | number): unknown {
    const index = uses === undefined || this.rules.enums !== 'names' ? undefined : own(uses, `${part}`);
    if (index === undefined) return type;
    if (Array.isArray(type)) return [this.withEnum(type[0], uses, part), type[1]];
    return typeof type === 'string' ? this.enumOf(index, type) : type;
  }

  private enumOf(index: number, letter: string): EnumType {
    const key = `${index} ${letter}`;
    const known = this.enums.get(key);
    if (known !== undefined) return known;
    const { enums, constants, large } = this.description;
    const { name, constants: names } = enums.types[index];
    const values: { [name: string]: number | bigint } = {};
    names.forEach((constant) => {
      // A macro of the same name, which hides the constant, may be no number.
      const value = own(constants, constant) ?? BigInt(own(large, constant) ?? 0);
      if (typeof value !== 'string') defineOwn(values, constant, { value, enumerable: true });
    });
    const made = enumType(values, { names: true, type: letter as ValueTypeName, name });
    this.enums.set(key, made);
    return made;
  }

  private functionOf(
    { args = [], returns = 'v', abi }: DescribedSymbol,
    name: string,
    taken: Use,
    given: Use,
    targeted: PointedTypes = {},
  ): { readonly args: readonly unknown[]; readonly returns: unknown; readonly abi?: Abi } {
    const targets = bare(targeted);
    const types = {
      args: args.map((type, index) => this.typeOf(type, name, taken, targets[index])),
      returns: this.typeOf(returns, name, given, targets.returns),
    };
    return abi === undefined ? types : { ...types, abi };
  }

  /** A type as `args`, `returns` and the fields of a struct take it. `target` is what a pointer leads to, if known. */
  typeOf(type: DescribedType, name: string, use: Use, target?: DescribedType): unknown {
    const { strings } = this.rules;
    if (type === 'char *') return strings === 'all' || (strings === 'results' && use === 'given') ? 's' : 'p';
    if (type === 's') return strings === 'none' ? 'p' : 's';
    if (type === 'p' && typeof target === 'number' && this.rules.pointers === 'typed') return this.pointerOf(target);
    if (typeof type === 'string') return convertedTypes[type] ?? type;
    if (typeof type === 'number') return this.numbered(type, name);
    if (isArray(type)) return [this.typeOf(type[0], name, use, target), type[1]];
    throw unusable(name, type.unusable);
  }

  /** The type of pointers to the struct or union with that index: to one that is not defined, handles by its tag. */
  private pointerOf(index: number): TypedPointer | 'p' {
    const known = this.pointers.get(index);
    if (known !== undefined) return known;
    const { name, fields } = this.recordAt(index);
    const tag = name.replace(/^(struct|union) /, '');
    const struct = defineOwn(() => this.recordOf(index, name), 'name', { value: tag }); // console.log shows it
    const toStruct = () => (this.isUsable(index) ? (pointerTo(struct) as unknown as TypedPointer) : 'p');
    const made = fields === undefined ? opaque(tag) : toStruct();
    this.pointers.set(index, made);
    return made;
  }

  /** Whether a struct can be made of a record: pointers to others are addresses. */
  private isUsable(index: number): boolean {
    const record = this.recordAt(index);
    if (record.fields === undefined || record.unusable !== undefined || record.size === 0) return false;
    return record.fields.every(({ 1: type }) => {
      let element = type;
      while (Array.isArray(element)) element = element[0] as DescribedType;
      if (typeof element === 'object') return false;
      const isRecord = typeof element === 'number' && 'kind' in this.describedAt(element);
      return !isRecord || this.isUnsized(element) || this.isUsable(element as number);
    });
  }

  /** The struct or union with that index. */
  recordOf(index: number, name: string): StructSchema<any> {
    let schema = this.made.get(index);
    if (schema === undefined) {
      schema = this.makeRecord(index, name, this.corrected.get(index));
      this.made.set(index, schema);
    }
    return schema;
  }

  private numbered(index: number, name: string): unknown {
    const described = this.describedAt(index);
    if ('kind' in described) return this.recordOf(index, name);
    // A function type that a plain function cannot stand for is still a pointer that C can have.
    if (described.unusable !== undefined) return 'k';
    // It is called by C, which gives the arguments.
    return this.functionOf(described, name, 'given', 'taken', described.to as PointedTypes | undefined);
  }

  private makeRecord(index: number, name: string, corrected?: ReadonlyMap<string, unknown>): StructSchema<any> {
    const record = this.recordAt(index);
    const enums = own(this.description.enums.fields, `${index}`);
    if (record.fields === undefined) throw unusable(name, `${record.name} is never defined`);
    if (record.unusable !== undefined) throw unusable(name, `${record.name}: ${record.unusable}`);
    if (record.size === 0) throw unusable(name, `${record.name} has no bytes`);
    const make = record.kind === 'union' ? Union : Struct;
    const fields = this.flattened(record.fields);
    const schema = make(this.fieldsOf(fields, record, enums, corrected), {
      name: record.name,
      packed: record.packed,
      bitFields: record.bitFields,
      endian: record.endian,
      // A member without bytes may still raise the alignment.
      align: fields.some((field) => this.isUnsized(field[1])) ? record.align : record.least,
    });
    if (schema.size === record.size && schema.align === record.align) return this.withMemory(schema, record, name);
    throw unusable(name, `${record.name}: a struct of this layout cannot be made`);
  }

  /** The struct, with the alignment that a typedef gives to values that a program makes of it. */
  private withMemory(schema: StructSchema<any>, { memory }: DescribedRecord, name: string): StructSchema<any> {
    if (memory === undefined) return schema;
    if (memory > 4096) throw unusable(name, `a typedef aligns ${schema.name} to more than 4096 bytes`);
    return withMemoryAlign(schema, memory);
  }

  /**
   * The fields, with those of anonymous members that have no bytes: Linux headers put flexible arrays into such
   * members.
   */
  private flattened(fields: readonly DescribedField[]): readonly DescribedField[] {
    return fields.flatMap((field) => {
      const { 0: name, 1: type } = field;
      const isOpened = name === null && typeof type === 'number' && this.isUnsized(type);
      return isOpened ? this.flattened(this.recordAt(type).fields ?? []) : [field];
    });
  }

  /** Whether a type has no bytes: an array of unknown length, or an empty struct. */
  private isUnsized(type: DescribedType): boolean {
    if (typeof type === 'number') return this.recordAt(type).size === 0;
    return Array.isArray(type) && (type[1] === 0 || this.isUnsized(type[0]));
  }

  /**
   * The fields as `Struct` takes them. Fields without a name in C get a name with a space, which no C name contains.
   */
  private fieldsOf(
    fields: readonly DescribedField[],
    record: DescribedRecord,
    enums: EnumUses | undefined,
    corrected?: ReadonlyMap<string, unknown>,
  ): StructFields {
    const made: { [name: string]: any } = Object.create(null);
    let nameless = 0;
    fields.forEach(({ 0: name, 1: type, 2: said }, index) => {
      const { to, ...how } = bare(said ?? {});
      // The only field without bytes that `Struct` accepts is a flexible array. GNU C accepts any array of length 0 at
      // the end of a struct as one.
      const isTail = record.kind === 'struct' && index === fields.length - 1 && Array.isArray(type) && type[1] === 0;
      if (this.isUnsized(type) && !isTail) return this.checkLeftOut(fields, index, record);
      const declared = () => this.withEnum(this.typeOf(type, record.name, 'given', to), enums, name as string);
      const resolved = (corrected?.get(name as string) ?? declared()) as any;
      const isPlaced = Object.keys(how).length > 0;
      if (name !== null) made[name] = isPlaced ? { type: resolved, ...how } : resolved;
      else if (how.bits === undefined) made[`anonymous ${nameless++}`] = anonymous(resolved, how);
      else made[`padding ${nameless++}`] = { type: resolved, padding: true, ...how };
    });
    return made;
  }

  /** A field without bytes may be left out, unless it could change the offset of the next one. */
  private checkLeftOut(fields: readonly DescribedField[], index: number, record: DescribedRecord): void {
    const { 0: name, 1: type, 2: how } = fields[index];
    const next = fields[index + 1];
    if (record.kind === 'union' || index === 0 || next === undefined) return;
    const align = Math.max(how?.align ?? 1, this.alignOf(type, record.name));
    if (align === 1 && next[2]?.bits === undefined) return;
    const what = Array.isArray(type) ? 'an array of no length' : 'a member without bytes';
    throw unusable(record.name, `${name}: ${what} is understood at the end of a struct`);
  }

  private alignOf(type: DescribedType, name: string): number {
    if (Array.isArray(type)) return this.alignOf(type[0], name);
    const align = typeof type === 'number' ? this.recordAt(type).align : undefined;
    return align ?? Struct.alignof(this.typeOf(type, name, 'given') as FieldType);
  }
}

/**
 * The number of each struct and union that the text defines, by tag and by type name. If one struct has a name as its
 * tag and another as its type name, the name means the second, as in C.
 */
export function recordIndexes({ types, typedefs }: Description): Map<string, number> {
  const indexes = new Map<string, number>();
  types.forEach((type, index) => {
    const { tag, fields } = bare(type) as DescribedRecord;
    if (tag !== undefined && fields !== undefined) indexes.set(tag, index);
  });
  Object.keys(typedefs).forEach((name) => {
    const type = typedefs[name];
    const record = typeof type === 'number' ? bare(types[type] as DescribedRecord) : undefined;
    if (record?.fields !== undefined) indexes.set(name, type as number);
  });
  return indexes;
}

/** What the text says of a function's parameters beside their types; undefined if it says nothing. */
export function parametersOf({ parameters }: Description, name: string): DescribedParameters | undefined {
  return own(parameters, name);
}

/** What a part of a description has under a name, and not what every object has. */
export function own<T>(part: { readonly [name: string]: T }, name: string): T | undefined {
  return Reflect.getOwnPropertyDescriptor(part, name)?.value as T | undefined;
}

function isArray(type: DescribedType): type is readonly [DescribedType, number] {
  return Array.isArray(type);
}

/** A copy of a part of a description that has what the description says, and nothing that every object has. */
function bare<T extends object>(part: T): T {
  return Object.assign(Object.create(null), part) as T;
}

function unusable(name: string, reason: string): Error {
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: ${reason}`);
}
