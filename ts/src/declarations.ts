/** What the native module reads out of C declarations, and what becomes of it in this library's own terms. */

import { ffiError } from './errors';
import { Struct } from './struct';
import type { StructSchema } from './struct';

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
  readonly packed?: true;
  /** The alignment that it asks for itself. */
  readonly least?: number;
  readonly fields?: readonly (readonly [
    name: string | null,
    type: DescribedType,
    how?: { bits?: number; align?: number },
  ])[];
}

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
    if (record.kind === 'union') throw unusable(name, `${record.name}: unions are not supported yet`);
    const fields: { [name: string]: any } = {};
    for (const [field, type, how] of record.fields) {
      if (field === null || how !== undefined) {
        throw unusable(name, `${record.name}: bit-fields, anonymous and aligned members are not supported yet`);
      }
      fields[field] = this.typeOf(type, record.name);
    }
    const schema = Struct(fields, { name: record.name });
    if (schema.size === record.size && schema.align === record.align) return schema;
    throw unusable(name, `${record.name}: structs of this layout are not supported`);
  }
}

function unusable(name: string, reason: string): Error {
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: ${reason}`);
}
