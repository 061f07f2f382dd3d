/** The symbols of a library: an object of the functions and variables that a program has declared. */

import type { LibraryHandle } from '../host/bridge';
import { tableOf } from '../base/absent';
import { hasCode, inNames } from '../base/errors';
import { MANY, withoutShape } from '../base/late_table';
import { keysOf } from '../base/lists';
import { native } from '../base/native';
import { defineGetter, setOwn } from '../base/own';
import { callable } from '../calls/callable';
import { Numbered } from '../calls/numbered';
import type { Declaration } from '../signatures/declaration';
import { releasesOf } from '../signatures/out';
import { missingDefinition } from './missing';

/** A definition that has been read. `bind` makes the symbol, or throws if the library lacks it. */
export interface WantedSymbol {
  /** The key of the definition. */
  readonly name: string;
  /** The name in the library. */
  readonly symbol: string;
  readonly optional: boolean;
  /** The types of a function. */
  readonly types?: FunctionTypes;
  bind(handle: LibraryHandle): object;
}

/** What the definition of a function says, but for its name. */
export interface FunctionTypes {
  readonly declaration: Declaration;
  /** Whether its calls may be fast. */
  readonly fast: boolean;
  readonly isPumped: boolean;
  /** The names of its parameters, where they are known. */
  readonly names?: readonly (string | null)[];
}

/** What definitions of plain types and no options say. */
const known = new WeakMap<Declaration, FunctionTypes>();

/** What a definition says. It is the same object for definitions that say the same, if their types are plain. */
export function functionTypes(
  declaration: Declaration,
  fast: boolean,
  isPumped: boolean,
  names?: readonly (string | null)[],
): FunctionTypes {
  if (!fast || !declaration.isPlain) return { declaration, fast, isPumped, names };
  let types = known.get(declaration);
  if (types === undefined) known.set(declaration, (types = { declaration, fast, isPumped, names }));
  return types;
}

/** A function that a program wants. */
export class WantedFunction implements WantedSymbol {
  constructor(
    readonly name: string,
    readonly symbol: string,
    readonly optional: boolean,
    readonly types: FunctionTypes,
  ) {}

  bind(handle: LibraryHandle): object {
    return bindFunction(handle, this.symbol, this.types);
  }
}

/** Makes a function of a library. */
function bindFunction(handle: LibraryHandle, symbol: string, types: FunctionTypes): object {
  const { declaration, fast, isPumped, names } = types;
  const { signature } = declaration;
  const releases = releasesOf(declaration, symbol, handle);
  const parameters = names?.map((name) => name ?? '').join('\n');
  const numbered = new Numbered(symbol, signature);
  const { parameters: letters, returns } = signature;
  const bound = native.bind(handle, symbol, letters, returns, releases.text, parameters, numbered);
  return callable(isPumped ? bound.more().pumped() : bound, declaration, fast, releases);
}

/** Makes a symbol. Messages begin with `maker`, whose argument 1 is the name; without one, with the name. */
export function bindSymbol(handle: LibraryHandle, wanted: WantedSymbol, maker?: string): object | null {
  const { name, optional } = wanted;
  try {
    return wanted.bind(handle);
  } catch (error) {
    if (optional && hasCode(error, 'ERR_FFI_SYMBOL_NOT_FOUND')) return null;
    const place = maker ?? name;
    const argument = maker === undefined ? `${name}: its name` : `${maker}: argument 1`;
    const names = [
      { from: 'bind: argument 2: ', to: `${argument}: ` },
      { from: 'bind: ', to: `${place}: ` },
      { from: 'getSymbolPtr: argument 2: ', to: `${argument}: ` },
      { from: 'getSymbolPtr: ', to: `${place}: ` },
    ];
    throw inNames(names, error);
  }
}

const SymbolTable = tableOf(missingDefinition);

/** Makes all symbols, or throws if the library lacks one. Of many functions, most are made when they are first read. */
export function bindAll(handle: LibraryHandle, wanted: readonly WantedSymbol[]): { readonly [name: string]: unknown } {
  const symbols = new SymbolTable();
  const late = lateFunctions(handle, wanted);
  const whenMade = late.length > 0 ? withoutShape(symbols, wanted.length) : undefined;
  const define = whenMade && lateDefiner(symbols, handle, late, whenMade);
  let defined = 0;
  wanted.forEach((one) => {
    if (define && one === late[defined]) define(one.name, defined++);
    else setOwn(symbols, one.name, bindSymbol(handle, one));
  });
  Object.preventExtensions(symbols);
  return symbols;
}

type WantedLate = WantedSymbol & { readonly types: FunctionTypes };

/**
 * What defines a function that is made when it is first read, by its name and index. Until then a function takes little
 * memory: nothing of its definition is kept but the names, because its types are those of many functions, and its getter
 * is one function for all, bound to the index.
 */
function lateDefiner(
  symbols: object,
  handle: LibraryHandle,
  late: readonly WantedLate[],
  whenMade: () => void,
): (name: string, index: number) => void {
  const names = late.map((one) => one.name);
  const namesInLibrary = late.map((one) => one.symbol);
  const types = late.map((one) => one.types);
  function make(this: number): unknown {
    const name = names[this];
    const value = bindSymbol(handle, new WantedFunction(name, namesInLibrary[this], false, types[this]));
    setOwn(symbols, name, value);
    whenMade();
    return value;
  }
  return (name, index) => void defineGetter(symbols, name, make.bind(index));
}

/**
 * The functions that may be made later, because nothing can be wrong with them then. There are none if a program wants
 * few symbols, or if one of them cannot be made.
 */
function lateFunctions(handle: LibraryHandle, wanted: readonly WantedSymbol[]): readonly WantedLate[] {
  if (wanted.length < MANY) return [];
  const plain = wanted.filter(isPlain);
  const isUsual = /^[\w$\n]+$/.test(namesOf(plain));
  const late = isUsual ? plain : plain.filter((one) => /^[\w$]+$/.test(one.symbol));
  if (late.length === 0) return late;
  const kinds = new Set<FunctionTypes>();
  late.forEach((one) => void kinds.add(one.types));
  const letters = keysOf(kinds).map(
    ({ declaration: { signature } }) => `${signature.parameters}\n${signature.returns}`,
  );
  return native.canBind(handle, namesOf(late), late.length, letters.join('\n')) ? late : [];
}

function isPlain(one: WantedSymbol): one is WantedLate {
  return one.types !== undefined && one.types.declaration.isPlain && !one.optional;
}

function namesOf(wanted: readonly WantedSymbol[]): string {
  return wanted.map((one) => one.symbol).join('\n');
}
