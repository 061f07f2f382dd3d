/** Why a library's symbols, structs or types lack a name. */

import { ffiError, suggestion } from '../base/errors';
import { keysOf } from '../base/lists';
import type { DescribedRecord, Description } from './description';

function has(group: object, name: string): boolean {
  return Reflect.getOwnPropertyDescriptor(group, name) !== undefined;
}

/** The error for a name that is not among the definitions that `dlopen` was given. */
export function missingDefinition(name: string, symbols: object): Error {
  const near = suggestion(name, Object.keys(symbols));
  return ffiError('ERR_FFI_NOT_DEFINED', `dlopen: '${name}' is not among the definitions${near}`);
}

/** The error for a name that is none of the functions and variables of a text. */
export function missingSymbol(description: Description, name: string): Error {
  if (description.inline.includes(name)) return noCode(name, 'static or inline in the header');
  if (description.reasons[name] === 'it is a macro with parameters' && has(description.reasons, name)) {
    return noCode(name, 'a macro with parameters');
  }
  const elsewhere = whereElse(description, name, 'symbols');
  const near = elsewhere ?? suggestion(name, Object.keys(description.symbols));
  return notDefined('function or variable', name, near);
}

function noCode(name: string, what: string): Error {
  const way = '`npx arkffi bind --shim` makes a C function that calls it';
  return ffiError('ERR_FFI_SYMBOL_NOT_FOUND', `${name} is ${what}: no code in the library has that name; ${way}`);
}

/** The error for a name that is none of the structs and unions of a text. `indexes` has those. */
export function missingStruct(description: Description, indexes: ReadonlyMap<string, number>, name: string): Error {
  const { types, typedefs } = description;
  const isDeclared = types.some((type) => 'kind' in type && (type.name === name || type.tag === name) && !type.fields);
  if (isDeclared) {
    const why = `${name} is never defined in the text: only pointers to it can be used`;
    return ffiError('ERR_FFI_BAD_SIGNATURE', why);
  }
  const isType = has(typedefs, name) && !isRecord(description, name);
  const near = isType ? `; types.${name} is a type` : whereElse(description, name, 'structs');
  return notDefined('struct or union', name, near ?? suggestion(name, keysOf(indexes)));
}

/** The error for a name that no typedef of a text has. */
export function missingType(description: Description, indexes: ReadonlyMap<string, number>, name: string): Error {
  const near = indexes.has(name) ? `; structs.${name} is a struct` : whereElse(description, name, 'types');
  return notDefined('typedef', name, near ?? suggestion(name, Object.keys(description.typedefs)));
}

function isRecord({ types, typedefs }: Description, name: string): boolean {
  const type = typedefs[name];
  return typeof type === 'number' && (types[type] as DescribedRecord).fields !== undefined;
}

/** Where a name is that is looked for in another place; undefined if it is nowhere. */
function whereElse(description: Description, name: string, place: string): string | undefined {
  const { symbols, constants, large, special, typedefs } = description;
  if (place !== 'symbols' && has(symbols, name)) return `; symbols.${name} is a function or variable`;
  const isConstant = has(constants, name) || has(large, name) || has(special, name);
  if (isConstant) return `; constants.${name} is a constant`;
  return place === 'symbols' && has(typedefs, name) ? `; types.${name} is a type` : undefined;
}

function notDefined(what: string, name: string, hint: string): Error {
  return ffiError('ERR_FFI_NOT_DEFINED', `cdef: the text has no ${what} '${name}'${hint}`);
}
