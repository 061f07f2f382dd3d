/** Functions at addresses, several at once. */

import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { describe, ffiError, inNameOf } from '../base/errors';
import { bindMethods } from '../base/methods';
import type { AddressLike } from '../base/pointer';
import type { IfKnownArgs } from '../signatures/exact';
import type { ReturnsOf } from '../signatures/mapping';
import type { ForeignSignature } from '../signatures/parameters';
import type { Only, Refused } from '../types/exact';
import { CFunction } from '../calls/function';
import type { CallBehaviour, CFunctionDefinition, FunctionOf } from '../calls/function';

/** The types of a C function, and its address. */
export interface LinkedDefinition extends ForeignSignature, CallBehaviour {
  /** The function's address, or a value that has it. The code must stay valid while the function is used. */
  readonly ptr: AddressLike;
  /** The name of the function in messages. The key of the definition when absent. */
  readonly name?: string;
}

/** The functions of `linkSymbols`, by name. */
export type LinkedSymbols<D> = {
  readonly [Name in keyof D]: D[Name] extends { readonly args: infer A extends readonly unknown[] }
    ? FunctionOf<A, ReturnsOf<D[Name]>> & Closable
    : FunctionOf<[], ReturnsOf<D[Name]>> & Closable;
};

/** Definitions without unknown keys. */
type OnlyKnownLinked<D, Named = false> = {
  readonly [Name in keyof D]: Only<D[Name], keyof LinkedDefinition, Named> & IfKnownArgs<D[Name], Named>;
};

/** Functions at addresses, which are closed together. */
export class LinkedFunctions<D = any> {
  /** Made by `linkSymbols`. @internal */
  constructor(
    /** The functions by name. */
    readonly symbols: LinkedSymbols<D>,
  ) {
    bindMethods(this, ['close']);
  }

  /** Closes all functions. New calls throw, or reject with, `ERR_FFI_LIBRARY_CLOSED`; calls that have started finish. */
  close(): void {
    Object.values<Closable>(this.symbols as { readonly [name: string]: Closable }).forEach((fn) => fn.close());
  }
}

export interface LinkedFunctions<D> extends Closable {}
makeDisposable(LinkedFunctions.prototype);

/**
 * Makes the C functions at some addresses callable: a `CFunction` for each definition. The types must be right: arkffi
 * cannot check them.
 *
 * @example
 * const { symbols, close } = linkSymbols({ add: { args: ['d', 'd'], returns: 'd', ptr: lib.address('add') } });
 * symbols.add(2, 3); // 5
 *
 * @throws as `CFunction` does; messages name the key.
 */
export function linkSymbols<D extends { readonly [name: string]: LinkedDefinition }>(
  definitions: D & ([D] extends [OnlyKnownLinked<D>] ? unknown : Refused<D, OnlyKnownLinked<D, true>>),
): LinkedFunctions<D> {
  if (typeof definitions !== 'object' || definitions === null || Array.isArray(definitions)) {
    const expected = 'expected an object with the definition of each function';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `linkSymbols: ${expected}, got ${describe(definitions)}`);
  }
  const symbols: { [name: string]: unknown } = Object.create(null);
  Object.entries(definitions).forEach(({ 0: name, 1: definition }) => {
    symbols[name] = linked(name, definition);
  });
  return new LinkedFunctions(symbols as LinkedSymbols<D>);
}

function linked(name: string, definition: unknown): unknown {
  if (typeof definition !== 'object' || definition === null) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: expected { args, returns, ptr }, got ${describe(definition)}`);
  }
  return inNameOf(name, () => CFunction({ name, ...definition } as CFunctionDefinition<[], 'v'>));
}
