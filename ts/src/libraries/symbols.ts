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

/** A definition that has been read. Definitions that say the same may share it, so it does not know its key. */
export interface WantedSymbol {
  /** The name in the library; undefined if it is the key of the definition. */
  readonly symbol?: string;
  readonly optional: boolean;
  /** Whether it is a function that can be made later, if the library has it: nothing can be wrong with it then. */
  readonly canBeLate: boolean;
  /** The types of a function. */
  readonly declaration?: Declaration | undefined;
  /** Makes the symbol with that name in the library, or throws if the library lacks it. */
  bind(handle: LibraryHandle, symbol: string): object;
}

/** A function that a program wants. */
export class WantedFunction implements WantedSymbol {
  readonly canBeLate: boolean;

  constructor(
    readonly declaration: Declaration,
    /** The names of its parameters, where they are known. */
    private readonly names?: readonly (string | null)[],
    readonly optional = false,
    /** Whether its calls may be fast. */
    private readonly fast = true,
    private readonly isPumped = false,
  ) {
    this.canBeLate = declaration.isPlain && !optional;
  }

  bind(handle: LibraryHandle, symbol: string): object {
    const { declaration, fast, isPumped, names } = this;
    const { signature } = declaration;
    const releases = releasesOf(declaration, symbol, handle);
    const parameters = names?.map((name) => name ?? '').join('\n');
    const numbered = new Numbered(symbol, signature);
    const { parameters: letters, returns } = signature;
    const bound = native.bind(handle, symbol, letters, returns, releases.text, parameters, numbered);
    return callable(isPumped ? bound.more().pumped() : bound, declaration, fast, releases);
  }
}

/** A symbol whose definition gives its name. It is small, because one of each function of a library may be kept. */
export class NamedSymbol implements WantedSymbol {
  constructor(
    readonly symbol: string,
    private readonly unnamed: WantedSymbol,
  ) {}

  get optional(): boolean {
    return this.unnamed.optional;
  }

  get canBeLate(): boolean {
    return this.unnamed.canBeLate;
  }

  get declaration(): Declaration | undefined {
    return this.unnamed.declaration;
  }

  bind(handle: LibraryHandle, symbol: string): object {
    return this.unnamed.bind(handle, symbol);
  }
}

/** The functions whose definitions say nothing but plain types. */
const plainFunctions = new WeakMap<Declaration, WantedFunction>();

/** A function whose definition says nothing but its types. It is the same object for the same types, if they are plain. */
export function functionOf(declaration: Declaration, names?: readonly (string | null)[]): WantedFunction {
  let wanted = plainFunctions.get(declaration);
  if (wanted !== undefined) return wanted;
  wanted = new WantedFunction(declaration, names);
  if (declaration.isPlain) plainFunctions.set(declaration, wanted);
  return wanted;
}

/**
 * Makes the symbol of the definition with that key. Messages begin with `maker`, whose argument 1 is the name; without
 * one, with the key.
 */
export function bindSymbol(handle: LibraryHandle, key: string, wanted: WantedSymbol, maker?: string): object | null {
  const { symbol = key, optional } = wanted;
  try {
    return wanted.bind(handle, symbol);
  } catch (error) {
    if (optional && hasCode(error, 'ERR_FFI_SYMBOL_NOT_FOUND')) return null;
    const place = maker ?? key;
    const argument = maker === undefined ? `${key}: its name` : `${maker}: argument 1`;
    const names = [
      { from: 'bind: argument 2: ', to: `${argument}: ` },
      { from: 'bind: ', to: `${place}: ` },
      { from: 'symbolPtr: argument 2: ', to: `${argument}: ` },
      { from: 'symbolPtr: ', to: `${place}: ` },
    ];
    throw inNames(names, error);
  }
}

const SymbolTable = tableOf(missingDefinition);

/**
 * Makes all symbols, `wanted` by the `keys`, or throws if the library lacks one. Of many functions, most are made when they
 * are first read. Until then a function takes little memory: nothing of its definition is kept but its key, because its
 * types are those of many functions, and its getter is one function for all, bound to the index.
 */
export function bindAll(
  handle: LibraryHandle,
  keys: readonly string[],
  wanted: readonly WantedSymbol[],
): { readonly [name: string]: unknown } {
  const symbols = new SymbolTable();
  const late = lateNames(handle, keys, wanted);
  const whenMade = late === undefined ? undefined : withoutShape(symbols, keys.length);
  function make(this: number): unknown {
    const value = bindSymbol(handle, keys[this], wanted[this]);
    setOwn(symbols, keys[this], value);
    whenMade?.();
    return value;
  }
  keys.forEach((key, index) => {
    if (late === undefined || late[index] === '') setOwn(symbols, key, bindSymbol(handle, key, wanted[index]));
    else defineGetter(symbols, key, make.bind(index));
  });
  Object.preventExtensions(symbols);
  return symbols;
}

/**
 * The names in the library of the functions that may be made later, because nothing can be wrong with them then; in place of
 * all others an empty text. Undefined if a program wants few symbols, or if one of those functions cannot be made.
 */
function lateNames(
  handle: LibraryHandle,
  keys: readonly string[],
  wanted: readonly WantedSymbol[],
): readonly string[] | undefined {
  if (keys.length < MANY) return undefined;
  const kinds = new Set<Declaration | undefined>();
  let last: Declaration | undefined;
  const names = wanted.map(({ canBeLate, symbol, declaration }, index) => {
    if (!canBeLate) return '';
    if (declaration !== last) kinds.add((last = declaration));
    return symbol ?? keys[index];
  });
  const types = keysOf(kinds).map((kind) => `${kind?.signature.parameters}\n${kind?.signature.returns}`);
  const canBind = (late: readonly string[]): boolean =>
    native.canBind(handle, late.join('\n'), late.length, types.join('\n'));
  if (kinds.size === 0) return undefined;
  if (canBind(names)) return names;
  // Names that no compiler makes have errors of their own.
  const usual = names.map((name) => (/^[\w$]+$/.test(name) ? name : ''));
  return usual.some((name, index) => name !== names[index]) && canBind(usual) ? usual : undefined;
}
