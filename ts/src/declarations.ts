/** What the native module reads out of C declarations, and what becomes of it in this library's own terms. */

import { ffiError } from './errors';
import { anonymous, Struct, Union } from './struct';
import type { FieldType, MemberOptions, StructFields, StructSchema } from './struct';

/**
 * A type as the native module describes it: a letter, `'char *'` for a pointer to characters that C may write, `[type,
 * count]`, the number of a struct, union or function type among `types`, or why there is none.
 */
export type DescribedType = string | number | readonly [DescribedType, number] | { readonly unusable: string };

/** A function or variable. */
export interface DescribedSymbol {
  readonly args?: readonly DescribedType[];
  readonly returns?: DescribedType;
  /** Of a variable. */
  readonly type?: DescribedType;
  /** What the library calls it, where that is not its name. */
  readonly symbol?: string;
  /** Why it cannot be used. */
  readonly unusable?: string;
}

/** A struct or union. */
export interface DescribedRecord {
  readonly kind: 'struct' | 'union';
  readonly name: string;
  readonly tag?: string;
  readonly unusable?: string;
  /** In bytes, as this and all that follows it absent for one that is only declared. */
  readonly size?: number;
  readonly align?: number;
  /** As `Struct` takes it. */
  readonly packed?: true | 1 | 2 | 4 | 8 | 16;
  /** The alignment that it asks for itself. */
  readonly least?: number;
  /** A name of null is that of an anonymous member, or of a bit-field that has none. */
  readonly fields?: readonly DescribedField[];
}

export type DescribedField = readonly [
  name: string | null,
  type: DescribedType,
  how?: MemberOptions & { readonly bits?: number },
];

/** Everything that a text declares. `cdef/README.md` says the same in words. */
export interface Description {
  /** Whether the text has line markers, as the preprocessor writes them. */
  readonly header: boolean;
  readonly symbols: { readonly [name: string]: DescribedSymbol };
  readonly constants: { readonly [name: string]: number | string };
  /** Constants that no JavaScript number holds, in decimal. */
  readonly large: { readonly [name: string]: string };
  readonly typedefs: { readonly [name: string]: DescribedType };
  readonly types: readonly (DescribedRecord | DescribedSymbol)[];
}

/** Which pointers to `char` are strings. */
export type StringRule = 'const' | 'all' | 'none';

/** The types of a description, each made when it is first asked for. */
export class DeclaredTypes {
  private readonly made = new Map<number, StructSchema<any>>();

  constructor(
    private readonly described: Description['types'],
    private readonly strings: StringRule,
  ) {}

  /** The definition of a function or variable, as `dlopen` takes it. Throws where it cannot be used. */
  definitionOf(symbol: DescribedSymbol, name: string): object {
    if (symbol.unusable !== undefined) throw unusable(name, symbol.unusable);
    if (symbol.type !== undefined) return { type: this.typeOf(symbol.type, name) };
    const args = (symbol.args ?? []).map((type) => this.typeOf(type, name));
    return { args, returns: this.typeOf(symbol.returns ?? 'v', name) };
  }

  /** A type as it stands among `args`, in `returns`, and in the fields of a struct. */
  typeOf(type: DescribedType, name: string): unknown {
    if (type === 'char *') return this.strings === 'all' ? 's' : 'p';
    if (type === 's') return this.strings === 'none' ? 'p' : 's';
    if (typeof type === 'string') return type;
    if (typeof type === 'number') return this.numbered(type, name);
    if ('unusable' in type) throw unusable(name, `${type.unusable} has no type here`);
    return [this.typeOf(type[0], name), type[1]];
  }

  /** The struct or union of that number. */
  recordOf(index: number, name: string): StructSchema<any> {
    let schema = this.made.get(index);
    if (schema === undefined) {
      schema = this.makeRecord(this.described[index] as DescribedRecord, name);
      this.made.set(index, schema);
    }
    return schema;
  }

  private numbered(index: number, name: string): unknown {
    const described = this.described[index];
    if ('kind' in described) return this.recordOf(index, name);
    // What cannot be called through a plain function is still a pointer to whatever C has there.
    const isPlain = described.unusable === undefined && !described.args?.includes('...');
    return isPlain ? this.definitionOf(described, name) : 'k';
  }

  private makeRecord(record: DescribedRecord, name: string): StructSchema<any> {
    if (record.fields === undefined) throw unusable(name, `${record.name} is never defined`);
    if (record.unusable !== undefined) throw unusable(name, `${record.name}: ${record.unusable}`);
    const make = record.kind === 'union' ? Union : Struct;
    const schema = make(this.fieldsOf(record.fields, record), {
      name: record.name,
      packed: record.packed,
      // An array of no length has an alignment.
      align: isFlexible(record) ? record.align : record.least,
    });
    if (schema.size === record.size && schema.align === record.align) return schema;
    throw unusable(name, `${record.name}: a struct of this layout cannot be made`);
  }

  /** What `Struct` takes. What has no name in C gets one with a space in it, which no name of C's has. */
  private fieldsOf(fields: readonly DescribedField[], record: DescribedRecord): StructFields {
    const made: { [name: string]: any } = Object.create(null);
    let nameless = 0;
    for (const [name, type, how] of fields) {
      if (isUnsized(type) && !isTail(type, record)) {
        this.checkUnsized(type[0], name, record);
        continue;
      }
      const resolved = this.typeOf(type, record.name) as any;
      if (name !== null) made[name] = how ? { type: resolved, ...how } : resolved;
      else if (how?.bits === undefined) made[`anonymous ${nameless++}`] = anonymous(resolved, how);
      else made[`padding ${nameless++}`] = { type: resolved, padding: true, ...how };
    }
    return made;
  }

  /** What has no bytes may be left out, unless it could move what follows. */
  private checkUnsized(element: DescribedType, name: string | null, record: DescribedRecord): void {
    const isFirst = record.fields?.[0][0] === name;
    if (record.kind === 'union' || isFirst || Struct.alignof(this.typeOf(element, record.name) as FieldType) === 1)
      return;
    throw unusable(record.name, `${name}: an array of no length is understood at the end of a struct`);
  }
}

/** Whether it is what `Struct` takes for a flexible array: GNU C has arrays of no length elsewhere too. */
function isTail(type: DescribedType, { kind, fields = [] }: DescribedRecord): boolean {
  return kind === 'struct' && fields.length > 1 && fields[fields.length - 1][1] === type;
}

/** An array whose length is not said. */
function isUnsized(type: DescribedType): type is readonly [DescribedType, number] {
  return Array.isArray(type) && type[1] === 0;
}

function isFlexible({ fields = [] }: DescribedRecord): boolean {
  return fields.some(([, type]) => isUnsized(type));
}

function unusable(name: string, reason: string): Error {
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: ${reason}`);
}
