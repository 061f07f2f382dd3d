/** The symbols of a library: an object of the functions and variables that a program has declared. */

import type { LibraryHandle } from '../host/bridge';
import { tableOf } from '../base/absent';
import { hasCode, inNames } from '../base/errors';
import { MANY, withoutShape } from '../base/late_table';
import { native } from '../base/native';
import { append, defineGetter, setOwn } from '../base/own';
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
  readonly bind: (handle: LibraryHandle) => object;
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

/** Makes a function of a library. */
export function bindFunction(handle: LibraryHandle, symbol: string, types: FunctionTypes): object {
  const { declaration, fast, isPumped, names } = types;
  const { signature } = declaration;
  const releases = releasesOf(declaration, symbol, handle);
  const parameters = names?.map((name) => name ?? '').join('\n');
  const numbered = new Numbered(symbol);
  const { parameters: letters, returns } = signature;
  const bound = native.bind(handle, symbol, letters, returns, releases.text, parameters, numbered);
  return callable(isPumped ? bound.more().pumped() : bound, declaration, fast, releases);
}

/** Makes a symbol. Messages begin with `maker`, whose argument 1 is the name; without one, with the name. */
export function bindSymbol(
  handle: LibraryHandle,
  { name, optional, bind }: Pick<WantedSymbol, 'name' | 'optional' | 'bind'>,
  maker?: string,
): object | null {
  try {
    return bind(handle);
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
  const late = lateTypes(handle, wanted);
  const whenMade = late && withoutShape(symbols, wanted.length);
  wanted.forEach((one, i) => {
    const types = late?.[i];
    if (types !== undefined) defineLateFunction(symbols, handle, one.name, one.symbol, types, whenMade!);
    else setOwn(symbols, one.name, bindSymbol(handle, one));
  });
  Object.preventExtensions(symbols);
  return symbols;
}

/**
 * Defines a function that is made when it is first read. Nothing of its definition is kept but the names, because its
 * types are those of many functions.
 */
function defineLateFunction(
  symbols: object,
  handle: LibraryHandle,
  name: string,
  symbol: string,
  types: FunctionTypes,
  whenMade: () => void,
): void {
  defineGetter(symbols, name, () => {
    const value = bindSymbol(handle, { name, optional: false, bind: () => bindFunction(handle, symbol, types) });
    setOwn(symbols, name, value);
    whenMade();
    return value;
  });
}

/**
 * If a program wants many symbols, the types of the functions that are made later, because nothing can be wrong with them then. The index is that of the
 * definition. If no function is made later, the list is undefined.
 */
function lateTypes(
  handle: LibraryHandle,
  wanted: readonly WantedSymbol[],
): readonly (FunctionTypes | undefined)[] | undefined {
  if (wanted.length < MANY) return undefined;
  const known = new Map<string, FunctionTypes>();
  const names: string[] = [];
  const letters: string[] = [];
  const late = wanted.map(({ symbol, optional, types }) => {
    const key = types !== undefined && !optional && /^[\w$]+$/.test(symbol) ? keyOf(types) : undefined;
    if (types === undefined || key === undefined) return undefined;
    append(names, symbol);
    const same = known.get(key);
    if (same !== undefined) return same;
    const { parameters, returns } = types.declaration.signature;
    append(letters, `${parameters}\n${returns}`);
    known.set(key, types);
    return types;
  });
  return names.length > 0 && native.canBind(handle, names.join('\n'), letters.join('\n')) ? late : undefined;
}

/** Equal for functions whose types are equal; undefined for those that JavaScript converts. */
function keyOf({ declaration, fast, isPumped, names }: FunctionTypes): string | undefined {
  const { args, returns, signature, converts } = declaration;
  const isPlain = (type: unknown) => typeof type === 'string' || type === undefined;
  if (names !== undefined || converts || !isPlain(returns) || !args.every(isPlain)) return undefined;
  return [signature.abi, fast, isPumped, returns].concat(args as string[]).join();
}
