/** What the native module reads out of C declarations, and what becomes of it in this library's own terms. */

import { ffiError } from '../base/errors';
import type { FieldType, MemberOptions, StructFields, StructSchema } from '../struct/fields';
import { anonymous, Struct, Union } from '../struct/struct';

/**
 * A type as the native module describes it: a letter, `'char *'` for a pointer to characters that C may write, `[type,
 * count]`, the number of a struct, union or function type among `types`, or why there is none.
 */
type DescribedType = string | number | readonly [DescribedType, number] | { readonly unusable: string };

/** A function or variable. */
interface DescribedSymbol {
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

type DescribedField = readonly [
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
    if (record.size === 0) throw unusable(name, `${record.name} has no bytes`);
    const make = record.kind === 'union' ? Union : Struct;
    const fields = this.flattened(record.fields);
    const schema = make(this.fieldsOf(fields, record), {
      name: record.name,
      packed: record.packed,
      // What has no bytes has an alignment.
      align: fields.some(([, type]) => this.isUnsized(type)) ? record.align : record.least,
    });
    if (schema.size === record.size && schema.align === record.align) return schema;
    throw unusable(name, `${record.name}: a struct of this layout cannot be made`);
  }

  /** The fields, those of anonymous members without bytes among them: in such a one Linux has its flexible arrays. */
  private flattened(fields: readonly DescribedField[]): readonly DescribedField[] {
    return fields.flatMap((field) => {
      const [name, type] = field;
      const isOpened = name === null && typeof type === 'number' && this.isUnsized(type);
      return isOpened ? this.flattened((this.described[type] as DescribedRecord).fields ?? []) : [field];
    });
  }

  /** Whether it has no bytes: an array whose length is not said, or a struct of nothing. */
  private isUnsized(type: DescribedType): boolean {
    if (typeof type === 'number') return (this.described[type] as DescribedRecord).size === 0;
    return Array.isArray(type) && (type[1] === 0 || this.isUnsized(type[0]));
  }

  /** What `Struct` takes. What has no name in C gets one with a space in it, which no name of C's has. */
  private fieldsOf(fields: readonly DescribedField[], record: DescribedRecord): StructFields {
    const made: { [name: string]: any } = Object.create(null);
    let nameless = 0;
    fields.forEach(([name, type, how], index) => {
      // Of what has no bytes `Struct` takes a flexible array alone, which GNU C calls any at the end of a struct.
      const isTail = record.kind === 'struct' && index === fields.length - 1 && Array.isArray(type) && type[1] === 0;
      if (this.isUnsized(type) && !isTail) return this.checkLeftOut(fields, index, record);
      const resolved = this.typeOf(type, record.name) as any;
      if (name !== null) made[name] = how ? { type: resolved, ...how } : resolved;
      else if (how?.bits === undefined) made[`anonymous ${nameless++}`] = anonymous(resolved, how);
      else made[`padding ${nameless++}`] = { type: resolved, padding: true, ...how };
    });
    return made;
  }

  /** What has no bytes may be left out, unless it could move what follows. */
  private checkLeftOut(fields: readonly DescribedField[], index: number, record: DescribedRecord): void {
    const [name, type, how] = fields[index];
    const next = fields[index + 1];
    if (record.kind === 'union' || index === 0 || next === undefined) return;
    const align = Math.max(how?.align ?? 1, this.alignOf(type, record.name));
    if (align === 1 && next[2]?.bits === undefined) return;
    const what = Array.isArray(type) ? 'an array of no length' : 'a member without bytes';
    throw unusable(record.name, `${name}: ${what} is understood at the end of a struct`);
  }

  private alignOf(type: DescribedType, name: string): number {
    if (Array.isArray(type)) return this.alignOf(type[0], name);
    const align = typeof type === 'number' ? (this.described[type] as DescribedRecord).align : undefined;
    return align ?? Struct.alignof(this.typeOf(type, name) as FieldType);
  }
}

function unusable(name: string, reason: string): Error {
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: ${reason}`);
}
