/** C structs and unions: laid out as the platform's C compiler does, and read and written where they lie. */

import type { BufferLike } from './bridge';
import { ArrayCodec, ArrayView } from './array';
import { bitsCodec } from './bits';
import { CMemory } from './cmemory';
import { checkInteger, describe, ffiError, wrongType } from './errors';
import { FlexibleCodec } from './flexible';
import { assign, codecs, Memory, readAt } from './memory';
import type { Codec } from './memory';
import { native } from './native';
import { addressOf } from './pointer';
import type { AddressLike } from './pointer';
import { fieldsIn, movedBy, StructCodec } from './structcodec';
import type { Part } from './structcodec';
import { placeIn, placeOf, StructValueBase, valueClass } from './structvalue';
import type { ReservedName } from './structvalue';
import { valueCodeOf } from './types';
import type { CodeOf, FromC, PointerLike, ToC, ValueTypeName } from './types';
import { typeFacts } from './types.generated';

/** How a member lies in its struct, where not as its type alone has it. */
export interface MemberOptions {
  /** To how many bytes it is aligned at least, a power of two up to 4096, as by `_Alignas(16)` before it. */
  readonly align?: number;
  /** Whether it is aligned to a byte, and a bit-field to a bit, as by `__attribute__((packed))` behind it. */
  readonly packed?: boolean;
}

/** A type, and how a member of it lies. With both options it is aligned to `align` bytes, also where that is less than usual. */
export interface MemberField extends MemberOptions {
  readonly type: FieldType;
}

/** A bit-field: so many bits of an integer type. Of width 0, as in C, it only ends the unit that the ones before it share. */
export interface BitField extends MemberOptions {
  readonly type: ValueTypeName;
  readonly bits: number;
  /** Whether it has no name in C: then it has no value here, and its own name stands for nothing. */
  readonly padding?: boolean;
}

/**
 * The type of a field: a type, another struct, or a fixed array of either as `[type, count]`. The last field of a struct
 * may be a flexible array, `[type, 0]`: `create`, `at` and `fromPtr` say how many elements a value has.
 */
export type FieldType = ValueTypeName | StructSchema<any> | readonly [FieldType, number];

/** A struct or union inside a struct that has no name there: its fields are the struct's own. Made by `anonymous`. */
export class Anonymous<S extends StructSchema<any> = StructSchema<any>> {
  /** @internal */
  constructor(
    /** What is inside. */
    readonly schema: S,
    /** Its letters, with those for how it lies. @internal */
    readonly letters: string,
  ) {
    Object.freeze(this);
  }
}

/** The fields of a struct, in the order of their declaration in C. The name of an anonymous member stands for nothing. */
export interface StructFields {
  readonly [name: string]: FieldType | MemberField | BitField | Anonymous<any>;
}

/** The fields by the names that values have: those of anonymous members are among them. */
export type Promoted<F> = [Unnamed<F>] extends [never] ? F : Merged<Omit<F, Unnamed<F>> & All<Inner<F>[Unnamed<F>]>>;

/** The names of the anonymous members. */
type Unnamed<F> = 0 extends 1 & F ? never : { [Name in keyof F]: F[Name] extends Anonymous ? Name : never }[keyof F];

/** What each of them brings with it. */
type Inner<F> = { [Name in keyof F]: F[Name] extends Anonymous<StructSchema<infer G>> ? Promoted<G> : never };

/** Those of the names that are a choice, because their member is a union, or in one. */
type Chosen<F> = {
  [Name in keyof F]: F[Name] extends Anonymous<infer S>
    ? S extends StructSchema<infer G>
      ? S extends { readonly isUnion: true }
        ? keyof Promoted<G>
        : Chosen<G>
      : never
    : never;
}[keyof F];

type All<T> = (T extends unknown ? (each: T) => void : never) extends (all: infer Every) => void ? Every : never;
type Merged<F> = { [Name in keyof F]: F[Name] };

/** What `get` gives for a field: an array is a copy. */
export type FieldValue<T> = T extends ValueTypeName
  ? FromC<T>
  : T extends StructSchema<infer F>
    ? StructValue<F>
    : T extends readonly [infer Element, number]
      ? FieldValue<Element>[]
      : T extends { readonly type: infer Type }
        ? FieldValue<Type>
        : never;

/** What `value.field` gives: structs and arrays share the memory. */
export type FieldView<T> = T extends readonly [infer Element, number]
  ? ArrayView<FieldView<Element>, FieldInput<Element>>
  : T extends { readonly type: infer Type }
    ? FieldView<Type>
    : FieldValue<T>;

/** What a field may be set to. A string field takes a string, the address of a text, or a buffer that holds one. */
export type FieldInput<T> = T extends ValueTypeName
  ? CodeOf<T> extends 's' | 'S' | 'w'
    ? string | PointerLike
    : CodeOf<T> extends 'p' | 'k'
      ? PointerLike
      : ToC<T>
  : T extends StructSchema<infer F>
    ? StructValue<F> | StructInit<F> | BufferLike
    : T extends readonly [infer Element, number]
      ? ArrayLike<FieldInput<Element>> | TextInput<Element>
      : T extends { readonly type: infer Type }
        ? FieldInput<Type>
        : never;

/** An array of `char` takes a string, which must fit with its NUL. */
type TextInput<Element> = Element extends ValueTypeName ? (CodeOf<Element> extends 'c' | 'C' ? string : never) : never;

/** First values for the fields of a struct. Those left out are zero. */
export type StructInit<F> = Partial<Inputs<Promoted<F>>>;

/** All fields of a struct, as a call takes them; of an anonymous union one, which TypeScript does not count. */
export type StructInput<F> = [Unnamed<F>] extends [never]
  ? Inputs<F>
  : Omit<Inputs<Promoted<F>>, Chosen<F> & string> & Partial<Pick<Inputs<Promoted<F>>, Chosen<F> & keyof Promoted<F>>>;

type Inputs<F> = { readonly [Name in keyof F]: FieldInput<F[Name]> };

/** A struct as plain objects and arrays. */
export type StructObject<F> = PlainValues<Promoted<F>>;

type PlainValues<F> = { [Name in keyof F]: PlainValue<F[Name]> };

type PlainValue<T> =
  T extends StructSchema<infer F>
    ? StructObject<F>
    : T extends readonly [infer Element, number]
      ? PlainValue<Element>[]
      : T extends { readonly type: infer Type }
        ? PlainValue<Type>
        : FieldValue<T>;

/**
 * One struct, in JavaScript's memory or C's: a view of it, whose fields are its properties. May be passed wherever C
 * takes a pointer to it, and by value. A field that is called like one of its own names, `ptr` say, is read by `get`
 * and set by `set` of its schema.
 */
export type StructValue<F extends object> = StructValueBase<F> & {
  -readonly [Name in Exclude<keyof Promoted<F>, ReservedName>]: FieldView<Promoted<F>[Name]>;
};

/** How to lay a struct out. */
export interface StructOptions {
  /** What messages call it. `Struct` or `Union` when absent. */
  readonly name?: string;
  /**
   * `true` for no padding between fields, as by `__attribute__((packed))`; a number for no field aligned to more than so
   * many bytes, as by `#pragma pack`.
   */
  readonly packed?: boolean | 1 | 2 | 4 | 8 | 16;
  /** To how many bytes it is aligned at least, a power of two up to 4096, as by `__attribute__((aligned(16)))`. */
  readonly align?: number;
}

/** A C struct or union: its layout, and what is done with values of it. Made by `Struct` and `Union`. */
export class StructSchema<F extends object> {
  /** What messages call it. */
  readonly name: string;
  /** The type of each field, as it was given. */
  readonly fields: F;
  /** Whether its fields lie beside each other in the same place. */
  readonly isUnion: boolean;
  /** In bytes, with the padding at its end. */
  readonly size: number;
  /** In bytes. */
  readonly align: number;
  /** Bytes from the start of the struct to each field; of a bit-field, to the byte that it begins in. */
  readonly offsets: { readonly [Name in keyof Promoted<F>]: number };

  /** How it is read and written, and passed by value. @internal */
  readonly codec: StructCodec;
  /** The array of unsaid length that it ends in, if it does. @internal */
  readonly flexible: FlexibleCodec | undefined;

  /** @internal */
  constructor(fields: F, isUnion: boolean, { name = isUnion ? 'Union' : 'Struct', packed, align }: StructOptions) {
    // `fields` is a plain copy, whose properties are the same at each look.
    const entries: [string, unknown][] = Object.entries(fields);
    const last = entries.length - 1;
    const read = isUnion || last < 1 ? undefined : readField(entries[last][1], `${name}.${entries[last][0]}`);
    const tail = read && flexibleOf(read, entries[last][0], name);
    if (tail) entries.pop();
    const members = entries.map(([field, type], i) =>
      readMember(type, `${name}.${field}`, field, i === last ? read : undefined),
    );
    const inside = members.map((member) => member.letters).join('');
    const before = `${isUnion ? '|' : ''}${typeof packed === 'number' ? `!${packed}:` : packed ? '!' : ''}`;
    const textFor = (least: number | undefined, more = ''): string =>
      `{${before}${least === undefined ? '' : `@${least}:`}${inside}${more}}`;
    // One element shows where a flexible array begins, and what alignment the struct has of it.
    const probe = tail && native.layoutOf(textFor(align, tail.letters));
    const letters = textFor(probe ? probe.align : align);
    const layout = native.layoutOf(letters);

    this.flexible = tail && probe && new FlexibleCodec(tail.element, tail.field, probe.offsets[members.length]);
    const parts = members.flatMap(({ at }, i) => at(layout.offsets[i], layout.bits[i]));
    if (this.flexible) parts.push({ name: this.flexible.name, codec: this.flexible, offset: this.flexible.offset });
    const table = fieldsIn(parts);
    const offsets = Object.create(null);
    for (const { name: field, offset } of table) {
      if (field in offsets) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: two fields are called '${field}'`);
      offsets[field] = offset;
    }

    this.name = name;
    this.fields = Object.freeze(fields);
    this.isUnion = isUnion;
    this.size = layout.size;
    this.align = layout.align;
    this.offsets = Object.freeze(offsets);
    this.codec = new StructCodec(this, letters, parts, valueClass(this, table));
    Object.defineProperty(this, 'codec', { enumerable: false });
    Object.defineProperty(this, 'flexible', { enumerable: false });
    Object.freeze(this);
  }

  /**
   * Makes a value of zeros, and sets the fields that `init` names.
   * @param count How many elements the flexible array has, where the struct ends in one. As many as in `init` when absent.
   * @throws as `set` does.
   */
  create(init?: StructInit<F> | StructValue<F> | BufferLike, count?: number): StructValue<F> {
    const { flexible, codec } = this;
    const from = placeIn(init, this);
    const given = flexible && (from ? flexible.countIn(from.memory) : flexible.countGiven(init));
    const memory = this.room(this.countOf(count, 'create', given));
    if (init !== undefined) codec.write(memory, 0, init, this.name);
    if (flexible && from) {
      const end = flexible.end(Math.min(flexible.countIn(memory), flexible.countIn(from.memory)));
      memory.copy(0, from.memory, from.offset, end);
    }
    return codec.read(memory, 0) as StructValue<F>;
  }

  /**
   * Copies a struct from C's memory, which stays C's own, or another value; the copy does not change with it.
   * @param count How many elements the flexible array has, where the struct ends in one. None when absent.
   * @throws TypeError `ERR_FFI_NULL_POINTER` for an address up to 65,535, where nothing can be.
   */
  fromPtr(address: AddressLike, count?: number): StructValue<F> {
    // A value of this struct keeps alive what it points to, and so must its copy.
    if (placeIn(address, this)) return this.create(address as StructValue<F>, count);
    const elements = this.countOf(count, 'fromPtr');
    const from = addressOf(address, `${this.name}.fromPtr: argument 1`);
    const bytes = native.readMemory(from, this.flexible ? this.flexible.end(elements) : this.size);
    const memory = this.flexible ? this.room(elements) : new Memory(bytes);
    if (this.flexible) memory.setBytes(0, new Uint8Array(bytes));
    return this.codec.read(memory, 0) as StructValue<F>;
  }

  /**
   * The struct at an address, as a value whose every access reads or writes it there. The memory is C's, which must
   * leave it for as long as the value is used.
   * @param count As `fromPtr` takes it.
   * @throws as `fromPtr` does.
   */
  at(address: AddressLike, count?: number): StructValue<F> {
    const elements = this.countOf(count, 'at');
    const memory = new CMemory({ ptr: addressOf(address, `${this.name}.at: argument 1`) }, this.size);
    if (this.flexible) this.flexible.setCount(memory, elements);
    return this.codec.read(memory, 0) as StructValue<F>;
  }

  /** Zeros, with room for so many elements behind. */
  private room(count: number): Memory {
    const { flexible, size } = this;
    const memory = Memory.zeros(flexible ? Math.max(size, flexible.end(count)) : size);
    if (flexible) flexible.setCount(memory, count);
    return memory;
  }

  private countOf(count: number | undefined, method: string, absent = 0): number {
    if (count === undefined) return absent;
    const place = `${this.name}.${method}: argument 2`;
    checkInteger(count, place, 0);
    if (this.flexible) return count;
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: the struct does not end in a flexible array`);
  }

  /** Does nothing, for memory is freed by itself: for programs that are written for libraries where it is not. */
  releasePtr(_value?: unknown): void {}

  /** So many structs one after the other, all zero, as C has them in an array. Its elements are views. */
  arrayOf(count: number): ArrayView<StructValue<F>, FieldInput<StructSchema<F>>> {
    const array = new ArrayCodec(this.codec, checkCount(count, `${this.name}.arrayOf: argument 1`));
    return new ArrayView(array, Memory.zeros(array.size), 0);
  }

  /**
   * Reads a field. A struct inside is a value that shares the memory of this one; an array is a copy.
   * A string is read where its address points, which must be alive.
   */
  get<Name extends keyof Promoted<F> & string>(value: StructValue<F>, field: Name): FieldValue<Promoted<F>[Name]> {
    const { memory, offset } = placeOf(value, this, 'get');
    const { codec, offset: inside } = this.codec.fieldOf(field, this.name);
    return readAt(codec, 'read', memory, offset + inside, `${this.name}.${field}`) as FieldValue<Promoted<F>[Name]>;
  }

  /**
   * Sets a field. A string is copied. The copy, a buffer, or anything else with a `ptr` that is stored by its address
   * is kept alive for as long as the memory of this value; memory known by a bare address is the caller's to keep.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` or RangeError `ERR_FFI_OUT_OF_RANGE`, naming the field.
   */
  set<Name extends keyof Promoted<F> & string>(
    value: StructValue<F>,
    field: Name,
    to: FieldInput<Promoted<F>[Name]>,
  ): void {
    const { memory, offset } = placeOf(value, this, 'set');
    const { codec, offset: inside } = this.codec.fieldOf(field, this.name);
    assign(codec, memory, offset + inside, to, `${this.name}.${field}`);
  }

  /** A copy as plain objects and arrays. Of a union it has all fields. */
  toObject(value: StructValue<F>): StructObject<F> {
    const { memory, offset } = placeOf(value, this, 'toObject');
    return readAt(this.codec, 'plain', memory, offset, this.name) as StructObject<F>;
  }
}

/** The schema of a union, of whose fields a plain object has one. */
export type UnionSchema<F extends object> = StructSchema<F> & { readonly isUnion: true };

/** What stands behind the letters of a member, for how it lies. */
function lettersFor(align: unknown, packed: unknown, place: string): string {
  if (packed !== undefined && typeof packed !== 'boolean') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: packed: expected a boolean, got ${describe(packed)}`);
  }
  if (align !== undefined && !isAlignment(align)) {
    const range = 'a power of two from 1 to 4096';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: align: expected ${range}, got ${describe(align)}`);
  }
  return `${packed ? '!' : ''}${align === undefined ? '' : `@${align}`}`;
}

function isAlignment(align: unknown): boolean {
  return typeof align === 'number' && Number.isInteger(Math.log2(align)) && align >= 1 && align <= 4096;
}

/** A field as it was given: its type, the letters for how it lies, and what makes it a bit-field, if it is one. */
interface Given {
  readonly type: unknown;
  readonly behind: string;
  readonly bits?: { readonly bits?: unknown; readonly padding?: unknown };
}

function readField(field: unknown, place: string): Given {
  const isType = typeof field !== 'object' || field === null || field instanceof StructSchema || Array.isArray(field);
  if (isType || !('type' in field || 'bits' in field)) return { type: readPair(field), behind: '' };
  const { type, align, packed, ...others } = field as { [key: string]: unknown };
  const bits = 'bits' in field ? others : undefined;
  const unknown = Object.keys(others).find((key) => !bits || (key !== 'bits' && key !== 'padding'));
  if (unknown !== undefined) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown key '${unknown}'`);
  return { type: readPair(type), behind: lettersFor(align, packed, place), bits };
}

/** `[type, count]` as an array of its own; what is none, as it is. */
function readPair(type: unknown): unknown {
  return Array.isArray(type) && type.length === 2 ? [type[0], type[1]] : type;
}

/** The array of unsaid length at the end of a struct; `letters` are those of one element where the array is. */
interface Tail {
  readonly field: string;
  readonly element: Codec;
  readonly letters: string;
}

/** What the last field of a struct is, if it is a flexible array. */
function flexibleOf({ type, behind }: Given, field: string, name: string): Tail | undefined {
  if (!Array.isArray(type) || type.length !== 2 || type[1] !== 0) return undefined;
  const element = codecOf(type[0], `${name}.${field}[0]`);
  return { field, element, letters: element.letters + behind };
}

/** A member as it is declared: its letters, and what it is once its offset is known, and of bits the lowest. */
interface Member {
  readonly letters: string;
  readonly at: (offset: number, bit: number) => readonly Part[];
}

/** `read` is what `readField` gave for the field, where it has been asked already. */
function readMember(field: unknown, place: string, name: string, read?: Given): Member {
  if (field instanceof Anonymous) {
    const { codec } = field.schema as StructSchema<any>;
    return { letters: field.letters, at: (offset) => [movedBy(offset, codec.whole)] };
  }
  const given = read ?? readField(field, place);
  if (given.bits) return readBits(given, given.bits, place, name);
  const codec = codecOf(given.type, place);
  return { letters: codec.letters + given.behind, at: (offset) => [{ name, codec, offset }] };
}

function readBits({ type, behind }: Given, how: NonNullable<Given['bits']>, place: string, name: string): Member {
  const { bits, padding = false } = how;
  const code = valueCodeOf(type, `${place}: type`);
  const { kind, size } = typeFacts[code];
  if (kind !== 'signed' && kind !== 'unsigned' && kind !== 'bool') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: a bit-field has an integer type, not ${describe(type)}`);
  }
  const most = kind === 'bool' ? 1 : 8 * size;
  if (typeof bits !== 'number' || !Number.isInteger(bits) || bits < 0 || bits > most) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected 0 to ${most} bits, got ${describe(bits)}`);
  }
  if (typeof padding !== 'boolean') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: padding: expected a boolean, got ${describe(padding)}`);
  }
  const hasNoName = padding || bits === 0;
  const letters = `${padding && bits ? '_' : ''}${code}:${bits}${behind}`;
  const at = (offset: number, bit: number): Part[] => [{ name, codec: bitsCodec(code, bits, bit), offset }];
  return { letters, at: hasNoName ? () => [] : at };
}

/** How a value of that type is read from memory and written to it; `place` begins messages about the type. */
export function codecOf(type: unknown, place: string): Codec {
  if (type instanceof StructSchema) return type.codec;
  if (Array.isArray(type)) return arrayOf(type, place);
  if (typeof type === 'object' && type !== null && 'bits' in type) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: only a struct has bit-fields`);
  }
  if (typeof type === 'object' && type !== null && ('align' in type || 'packed' in type)) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: only a field of a struct is aligned or packed`);
  }
  if (type instanceof Anonymous) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: only a struct has anonymous members`);
  }
  return codecs[valueCodeOf(type, place)];
}

function arrayOf(type: readonly unknown[], place: string): Codec {
  const [element, count] = type;
  if (type.length !== 2) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected [type, count], got an array of ${type.length}`);
  }
  if (count === 0) {
    const where = 'is a flexible array, which only the last of several fields of a struct can be';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: an array of 0 elements ${where}`);
  }
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}[1]: expected a count of 1 or more, got ${describe(count)}`);
  }
  return new ArrayCodec(codecOf(element, `${place}[0]`), count);
}

function checkCount(count: unknown, place: string): number {
  if (typeof count !== 'number') throw wrongType(place, 'a number', count);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: expected a count of 1 or more, got ${describe(count)}`);
}

function checkPacked(packed: unknown, place: string): asserts packed is StructOptions['packed'] {
  if (packed === undefined || typeof packed === 'boolean') return;
  if (typeof packed !== 'number') throw wrongType(place, 'a boolean or a number', packed);
  if (![1, 2, 4, 8, 16].includes(packed)) {
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${packed} is not true, 1, 2, 4, 8 or 16`);
  }
}

function make<F extends StructFields>(fields: F, options: StructOptions, isUnion: boolean): StructSchema<F> {
  const maker = isUnion ? 'Union' : 'Struct';
  if (typeof options !== 'object' || options === null) throw wrongType(`${maker}: options`, 'an object', options);
  const { name = maker, packed, align, ...others } = options as { [option: string]: unknown };
  if (typeof name !== 'string') throw wrongType(`${maker}: options.name`, 'a string', name);
  checkPacked(packed, `${maker}: options.packed`);
  if (align !== undefined && typeof align !== 'number') throw wrongType(`${maker}: options.align`, 'a number', align);
  if (align !== undefined && !isAlignment(align)) {
    const range = 'a power of two from 1 to 4096';
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${maker}: options.align: ${align} is not ${range}`);
  }
  const unknown = Object.keys(others).find((option) => others[option] !== undefined);
  if (unknown !== undefined) {
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${maker}: options.${unknown}: there is no such option`);
  }
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  const copy = isObject ? { ...fields } : undefined;
  if (!copy || Object.keys(copy).length === 0) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: expected an object with the type of each field`);
  }
  // An object lists names like '0' first, wherever they were written, so their place in the struct would be lost.
  const index = Object.keys(copy).find((field) => /^\d/.test(field));
  if (index !== undefined) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: '${index}' cannot name a field in C`);
  return new StructSchema(copy, isUnion, { name, packed, align });
}

/**
 * Describes a C struct. Size, alignment and offsets are those of the platform's C compiler.
 *
 * @param fields The type of each field, in the order of their declaration in C.
 *
 * @example
 * const Point = Struct({ x: 'i', y: 'i' });
 * const Path = Struct({ start: Point, heights: ['h', 3], closed: { type: 'I', bits: 1 } });
 * const path = Path.create({ start: { x: 1, y: 2 } });
 * path.heights[2] = 3;
 * path.start.y; // 2
 * dlopen(library, { draw: { args: ['p'] }, area: { args: [Path], returns: 'd' } });
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`, naming the field, for a type that is not understood.
 */
export function Struct<F extends StructFields>(fields: F, options: StructOptions = {}): StructSchema<F> {
  return make(fields, options, false);
}

/** Describes a C union: its fields all begin at its first byte. @throws as `Struct` does. */
export function Union<F extends StructFields>(fields: F, options: StructOptions = {}): UnionSchema<F> {
  return make(fields, options, true) as UnionSchema<F>;
}

/**
 * A member of a struct or union that has no name in C: what is inside is reached as if it were in the whole itself. The
 * name that it is written under stands for nothing.
 *
 * @example
 * const Value = Struct({ tag: 'i', _: anonymous(Union({ whole: 'l', real: 'd' })) });
 * Value.create({ tag: 1, real: 0.5 }).real; // 0.5
 *
 * @param options How it lies, where not as its own alignment has it.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for what is no struct, or no options; a name that is there twice fails in
 * `Struct`. `ERR_FFI_BAD_SIGNATURE` for an option that makes no sense.
 */
export function anonymous<S extends StructSchema<any>>(schema: S, options: MemberOptions = {}): Anonymous<S> {
  if (!(schema instanceof StructSchema)) throw wrongType('anonymous: argument 1', 'a Struct or Union', schema);
  if (typeof options !== 'object' || options === null) throw wrongType('anonymous: options', 'an object', options);
  const { behind } = readField({ ...options, type: schema }, 'anonymous: options');
  return new Anonymous(schema, schema.codec.letters + behind);
}

/** What C's `sizeof` gives for a type, in bytes. */
Struct.sizeof = (type: FieldType): number => codecOf(type, 'Struct.sizeof').size;

/** What C's `alignof` gives for a type, in bytes. */
Struct.alignof = (type: FieldType): number => native.layoutOf(`{${codecOf(type, 'Struct.alignof').letters}}`).align;

/** What C's `offsetof` gives for a field, in bytes. A bit-field has none. */
Struct.offsetof = <F extends object>(struct: StructSchema<F>, field: keyof Promoted<F> & string): number => {
  if (!(struct instanceof StructSchema)) throw wrongType('Struct.offsetof: argument 1', 'a struct', struct);
  return struct.codec.fieldOf(field, `Struct.offsetof: ${struct.name}`).offset;
};

/** Does nothing, whatever it is given; see `releasePtr` of a struct. */
Struct.releasePtr = (_value?: unknown): void => {};
