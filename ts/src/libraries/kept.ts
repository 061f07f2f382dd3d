/** Descriptions of C declarations: made of their text, or kept as JSON by a program. */

import { describe, ffiError, inNameOf, wrongType } from '../base/errors';
import { native } from '../base/native';
import type { Description } from './description';

/**
 * Parses C declarations, and gives what `cdef` takes instead of their text: JSON, which a program may keep in a file.
 * Opening it costs a part of the time of parsing. It is for platforms with the same types, and for the version of arkffi
 * that made it; another one may refuse it.
 *
 * @example
 * const declarations = parseDeclarations('double pow(double, double);');
 * cdef('libm.so.6', declarations).symbols.pow(2, 10); // 1024
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`, with line and column, for text that is not understood.
 */
export function parseDeclarations(text: string): string {
  if (typeof text !== 'string') throw wrongType('parseDeclarations: argument 1', 'a string', text);
  return parsed(text, 'parseDeclarations');
}

/** The JSON of a text. A byte order mark, which some editors write and nothing shows, is no part of it. */
function parsed(text: string, name: string): string {
  return inNameOf(name, () => native.parseDeclarations(text.startsWith('\ufeff') ? text.slice(1) : text));
}

/** What no text of C begins with. */
const KEPT = '{"arkffi":';

/** The description of a text for `cdef`, or the one that a program has kept. */
export function descriptionOf(text: string): Description {
  if (!text.startsWith(KEPT)) return JSON.parse(parsed(text, 'cdef')) as Description;
  const kept = readJson(text);
  const own = JSON.parse(native.parseDeclarations('')) as Description;
  ['arkffi', 'platform'].forEach((key) => {
    const wanted = (own as unknown as Value)[key];
    const got = kept[key];
    if (got === wanted) return;
    const what = key === 'arkffi' ? 'another version of arkffi made it' : 'it was made where C has other types';
    throw wrong(key, `expected ${describe(wanted)}, got ${describe(got)}: ${what}`);
  });
  try {
    return new Check(kept, false).description();
  } catch {
    // The names of places take time, so that only a second look at what is damaged makes them.
    return new Check(kept, true).description();
  }
}

function readJson(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `cdef: the declarations are no JSON: ${(error as Error).message}`);
  }
}

function wrong(place: string, what: string): Error {
  return ffiError('ERR_FFI_BAD_SIGNATURE', `cdef: the kept declarations are damaged: ${place}: ${what}`);
}

type Value = { readonly [key: string]: unknown };

/** What a part of the JSON must be: it throws if that is not so. `place` names the part. */
type Rule = (value: unknown, place: string) => void;

/**
 * Checks what a program has kept, as far as the code that uses a description relies on it. A part that is wrong in
 * itself, such as the letter of a type, is an error where it is used, as in a definition that a program writes.
 */
class Check {
  private readonly count: number;
  /** For each struct, whether its fields have been followed to their ends, or are being followed. */
  private readonly followed = new Map<number, boolean>();

  constructor(
    private readonly kept: Value,
    private readonly hasPlaces: boolean,
  ) {
    this.count = Array.isArray(kept.types) ? kept.types.length : 0;
  }

  description(): Description {
    const { kept } = this;
    boolean(kept.header, 'header');
    this.each(kept.symbols, 'symbols', this.symbol);
    this.each(kept.parameters, 'parameters', (value, place) => {
      const { names, ...targets } = object(value, place);
      optional(names, `${place}.names`, this.names);
      this.each(targets, place, (type, at) => (typeof type === 'number' ? this.target : this.type)(type, at));
    });
    this.each(kept.constants, 'constants', (value, place) => {
      if (typeof value !== 'number' && typeof value !== 'string') throw wrongPart(place, 'a number or a string', value);
    });
    this.each(kept.large, 'large', (value, place) => matching(value, place, /^-?\d{1,40}$/));
    this.each(kept.special, 'special', (value, place) => matching(value, place, /^(-?Infinity|NaN|-0)$/));
    this.each(kept.reasons, 'reasons', string);
    this.list(kept.inline, 'inline', string);
    this.each(kept.typedefs, 'typedefs', this.type);
    this.each(kept.pointers, 'pointers', this.target);
    const { types, symbols, fields, typedefs } = object(kept.enums, 'enums');
    this.list(types, 'enums.types', (type, place) => {
      const { name, constants } = object(type, place);
      string(name, `${place}.name`);
      this.list(constants, `${place}.constants`, string);
    });
    const index: Rule = (value, place) => {
      natural(value, place);
      if ((value as number) >= (types as unknown[]).length) throw wrong(place, `there is no enum ${String(value)}`);
    };
    this.each(symbols, 'enums.symbols', (uses, place) => this.each(uses, place, index));
    this.each(fields, 'enums.fields', (uses, place) => this.each(uses, place, index));
    this.each(typedefs, 'enums.typedefs', index);
    this.list(kept.types, 'types', (type, place) => {
      const { kind, fields } = object(type, place);
      if (kind !== undefined || fields !== undefined) this.record(type as Value, place);
      else this.symbol(type, place);
    });
    for (let i = 0; i < this.count; i++) this.follow(i, 0);
    return kept as unknown as Description;
  }

  private each(value: unknown, place: string, rule: Rule): void {
    const parts = object(value, place);
    Object.keys(parts).forEach((key) => rule(parts[key], this.hasPlaces ? `${place}.${key}` : ''));
  }

  private list(value: unknown, place: string, rule: Rule): void {
    if (!Array.isArray(value)) throw wrongPart(place, 'an array', value);
    value.forEach((part, index) => rule(part, this.hasPlaces ? `${place}[${index}]` : ''));
  }

  private readonly names: Rule = (value, place) => {
    this.list(
      value,
      place,
      (name, where) => void (name === null || matching(name, where, /^[\w$\u0080-\uffff]+$/, 'a name')),
    );
  };

  private readonly symbol: Rule = (value, place) => {
    const { args, returns, type, to } = object(value, place);
    if (type !== undefined) this.type(type, `${place}.type`);
    if (typeof to === 'number') this.target(to, `${place}.to`);
    else if (to !== undefined) this.each(to, `${place}.to`, this.target);
    if (args !== undefined) this.list(args, `${place}.args`, this.type);
    if (returns !== undefined) this.type(returns, `${place}.returns`);
    ['abi', 'symbol', 'unusable'].forEach((key) => optional(object(value, place)[key], `${place}.${key}`, string));
  };

  private record(record: Value, place: string): void {
    ['kind', 'name'].forEach((key) => string(record[key], `${place}.${key}`));
    ['tag', 'unusable', 'endian'].forEach((key) => optional(record[key], `${place}.${key}`, string));
    ['size', 'align', 'least', 'memory'].forEach((key) => optional(record[key], `${place}.${key}`, natural));
    if (record.fields === undefined) return;
    natural(record.size, `${place}.size`);
    natural(record.align, `${place}.align`);
    this.list(record.fields, `${place}.fields`, (field, where) => {
      if (!Array.isArray(field) || field.length < 2) throw wrongPart(where, '[name, type]', field);
      if (field[0] !== null) string(field[0], `${where}[0]`);
      this.type(field[1], `${where}[1]`);
      if (field[2] !== undefined) optional(object(field[2], `${where}[2]`).to, `${where}[2].to`, this.target);
    });
  }

  private readonly type: Rule = (type, place) => {
    if (typeof type === 'string') return;
    if (typeof type === 'number') {
      if (Number.isInteger(type) && type >= 0 && type < this.count) return;
      throw wrong(place, `there is no type ${type}`);
    }
    if (!Array.isArray(type)) return string(object(type, place).unusable, `${place}.unusable`);
    natural(type[1], `${place}[1]`);
    const element = elementOf(type);
    if (Array.isArray(element)) throw wrong(place, 'an array of too many dimensions');
    this.type(element, place);
  };

  /** What a pointer to a struct leads to. */
  private readonly target: Rule = (type, place) => {
    this.type(type, place);
    const isRecord = typeof type === 'number' && 'kind' in object((this.kept.types as unknown[])[type], place);
    if (!isRecord) throw wrongPart(place, 'the number of a struct', type);
  };

  /** Throws if a struct contains itself, which would have no end. */
  private follow(index: number, depth: number): void {
    if (this.followed.get(index) === true) return;
    const isInside = this.followed.get(index) === false;
    if (isInside || depth > MOST_LEVELS)
      throw wrong(`types[${index}]`, isInside ? 'contains itself' : 'nests too deep');
    this.followed.set(index, false);
    partsOf((this.kept.types as Value[])[index]).forEach((part) => {
      const element = elementOf(part);
      if (typeof element === 'number') this.follow(element, depth + 1);
    });
    this.followed.set(index, true);
  }
}

/** The types of a struct's fields, or of a function's arguments and result. */
function partsOf({ kind, fields, args, returns }: Value): unknown[] {
  if (kind === undefined) return ((args ?? []) as unknown[]).concat([returns]);
  return ((fields ?? []) as unknown[][]).map((field) => field[1]);
}

/** How deep structs contain each other in what is accepted, and how many dimensions an array has. */
const MOST_LEVELS = 500;

/** What an array of arrays has as elements in the end; an array if it has too many dimensions. Other types as they are. */
function elementOf(type: unknown): unknown {
  let element = type;
  for (let i = 0; i < MOST_LEVELS && Array.isArray(element); i++) element = element[0] as unknown;
  return element;
}

function wrongPart(place: string, expected: string, got: unknown): Error {
  return wrong(place, `expected ${expected}, got ${describe(got)}`);
}

function object(value: unknown, place: string): Value {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Value;
  throw wrongPart(place, 'an object', value);
}

function string(value: unknown, place: string): void {
  if (typeof value !== 'string') throw wrongPart(place, 'a string', value);
}

function boolean(value: unknown, place: string): void {
  if (typeof value !== 'boolean') throw wrongPart(place, 'a boolean', value);
}

function natural(value: unknown, place: string): void {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrongPart(place, 'a size', value);
}

function matching(value: unknown, place: string, pattern: RegExp, expected = 'a number in quotes'): void {
  if (typeof value !== 'string' || !pattern.test(value)) throw wrongPart(place, expected, value);
}

function optional(value: unknown, place: string, rule: Rule): void {
  if (value !== undefined) rule(value, place);
}
