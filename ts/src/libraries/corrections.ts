/**
 * Corrections of declarations in C: what a program knows of functions, variables and fields, and C's types do not say.
 * A correction that contradicts the declaration is refused.
 */

import { describe, ffiError, suggestion, wrongType } from '../base/errors';
import { keysOf, listOf } from '../base/lists';
import { append } from '../base/own';
import type { CallBehaviour } from '../calls/function';
import type { Declaration } from '../signatures/declaration';
import type { ForeignSignature } from '../signatures/parameters';
import type { FieldType } from '../struct/fields';
import { DeclaredKinds, nameOfType } from './declared_kinds';
import { own, parametersOf, recordIndexes } from './description';
import type { DeclaredTypes, DescribedRecord, DescribedSymbol, DescribedType, Description } from './description';
import type { GlobalDefinition } from './globals';
import { readSymbol } from './library';
import type { WantedSymbol } from './symbols';

/** What is corrected of a function or variable: the keys of its definition that the program gives. */
export interface SymbolCorrection extends ForeignSignature, CallBehaviour {
  /** The type of a variable. */
  readonly type?: GlobalDefinition['type'];
  /** If the library does not export it, the symbol is `null` instead of an error. */
  readonly optional?: boolean;
}

/** Corrections of functions and variables, by name. */
export interface SymbolCorrections {
  readonly [name: string]: SymbolCorrection;
}

/** Corrections of fields: their types, by the name that the struct has in `structs`, and the field's name. */
export interface FieldCorrections {
  readonly [struct: string]: { readonly [field: string]: FieldType };
}

/** The types of corrected fields, by the number of their struct in the description and the field's name. */
export type FieldTypes = Map<number, Map<string, unknown>>;

/** An object whose properties have been read, once each. */
type Read = { readonly [name: string]: unknown };

/**
 * Reads the corrections of symbols: each makes a symbol to be looked up.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for one that is wrong or contradicts the text; Error `ERR_FFI_NOT_DEFINED`
 *   for a name that the text does not declare.
 */
export function correctSymbols(
  given: unknown,
  description: Description,
  types: DeclaredTypes,
): Map<string, WantedSymbol> {
  const wanted = new Map<string, WantedSymbol>();
  const corrections = readObject(given, 'cdef: options.symbols');
  Object.keys(corrections).forEach((name) => {
    const described = own(description.symbols, name);
    if (described === undefined) {
      const what = 'options.symbols: the text declares no function or variable';
      throw notDeclared(what, name, Object.keys(description.symbols));
    }
    wanted.set(name, correctSymbol(name, described, corrections[name], description, types));
  });
  return wanted;
}

function correctSymbol(
  name: string,
  described: DescribedSymbol,
  correction: unknown,
  description: Description,
  types: DeclaredTypes,
): WantedSymbol {
  const given = readObject(correction, name, 'ERR_FFI_BAD_SIGNATURE');
  const isVariable = described.type !== undefined;
  const wrong = (isVariable ? ['args', 'returns', 'fast', 'callbacks'] : ['type']).find((key) => key in given);
  if (wrong !== undefined) throw contradiction(`${name}: ${wrong}`, isVariable ? 'a variable' : 'a function');
  const parameters = parametersOf(description, name);
  const definition = { ...types.definitionOf(described, name, parameters), ...given };
  const symbol = readSymbol(described.symbol ?? name, definition, parameters?.names);
  const kinds = new DeclaredKinds(description.types, types);
  if (symbol.declaration !== undefined) {
    checkFunction(name, described, symbol.declaration, given, kinds, parameters ?? {});
  } else if ('type' in given) {
    checkField(given.type, described.type as DescribedType, `${name}: type`, kinds);
  }
  return symbol;
}

function checkFunction(
  name: string,
  { args: types = [], returns: result = 'v' }: DescribedSymbol,
  { args, returns = 'v' }: Declaration,
  given: Read,
  kinds: DeclaredKinds,
  targets: NonNullable<Description['parameters'][string]>,
): void {
  if ('args' in given) {
    if (args.length !== types.length || args.includes('...') !== types.includes('...')) {
      const list = listOf(types.length, (i) => kinds.nameOf(types[i], targets[i])).join(', ');
      const count = `${types.length} ${types.length === 1 ? 'argument' : 'arguments'}`;
      throw contradiction(`${name}: args`, `${count}, (${list})`, `${args.length}`);
    }
    args.forEach((type, i) => {
      if (kinds.accepts(types[i], type, targets[i])) return;
      throw contradiction(`${name}: args[${i}]`, kinds.nameOf(types[i], targets[i]), nameOfType(type));
    });
  }
  if (!('returns' in given) || kinds.accepts(result, returns, targets.returns)) return;
  throw contradiction(`${name}: returns`, kinds.nameOf(result, targets.returns), nameOfType(returns));
}

/**
 * Reads the corrections of fields.
 * @throws as `correctSymbols` does.
 */
export function correctFields(given: unknown, description: Description, types: DeclaredTypes): FieldTypes {
  const all: FieldTypes = new Map();
  const structs = readObject(given, 'cdef: options.fields');
  const indexes = recordIndexes(description);
  const kinds = new DeclaredKinds(description.types, types);
  Object.keys(structs).forEach((name) => {
    const index = indexes.get(name);
    if (index === undefined) {
      throw notDeclared('options.fields: the text defines no struct or union', name, keysOf(indexes));
    }
    const fields = readObject(structs[name], `cdef: options.fields.${name}`);
    Object.keys(fields).forEach((field) => {
      const names: string[] = [];
      const found = findField(description, index, field, names);
      if (found === undefined) throw notDeclared(`options.fields: ${name} has no field`, field, names);
      const type = readFieldType(fields[field]);
      checkField(type, found.type, `${name}.${field}`, kinds);
      const corrected = all.get(found.record) ?? new Map<string, unknown>();
      all.set(found.record, corrected.set(field, type));
    });
  });
  return all;
}

/** A field of a struct or of its anonymous members. The names of all fields that it meets are added to `names`. */
function findField(
  description: Description,
  record: number,
  name: string,
  names: string[],
): { readonly record: number; readonly type: DescribedType } | undefined {
  const { fields = [] } = description.types[record] as DescribedRecord;
  const at = fields.findIndex((field) => field[0] === name);
  if (at >= 0) return { record, type: fields[at][1] };
  for (let i = 0; i < fields.length; i++) {
    const { 0: inner, 1: type } = fields[i];
    if (inner !== null) append(names, inner);
    const found = inner === null && typeof type === 'number' ? findField(description, type, name, names) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A copy of `[type, count]`, so that its elements are read only once. */
function readFieldType(type: unknown): unknown {
  return Array.isArray(type) && type.length === 2 ? [readFieldType(type[0]), type[1]] : type;
}

function checkField(type: unknown, described: DescribedType, place: string, kinds: DeclaredKinds): void {
  if (kinds.acceptsField(described, type, place)) return;
  throw contradiction(place, kinds.nameOf(described), nameOfType(type));
}

/** The properties of an object, each read once, without those that are undefined. No properties for undefined. */
function readObject(value: unknown, place: string, code?: 'ERR_FFI_BAD_SIGNATURE'): Read {
  const read: { [name: string]: unknown } = Object.create(null);
  if (value === undefined) return read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (code === undefined) throw wrongType(place, 'an object', value);
    throw ffiError(code, `${place}: expected an object with what is corrected, got ${describe(value)}`);
  }
  Object.keys(value).forEach((key) => {
    const property = (value as Read)[key];
    if (property !== undefined) read[key] = property;
  });
  return read;
}

function notDeclared(what: string, name: string, names: readonly string[]): Error {
  return ffiError('ERR_FFI_NOT_DEFINED', `cdef: ${what} ${describe(name)}${suggestion(name, names)}`);
}

function contradiction(place: string, declared: string, got?: string): Error {
  const but = got === undefined ? '' : `, got ${got}`;
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: the text declares ${declared}${but}`);
}
