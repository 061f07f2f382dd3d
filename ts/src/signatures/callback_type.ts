/** The types of callbacks, where a compiler does not infer those of an object that is written in a list. */

import type { IfKnown } from './exact';
import type { CallbackArgumentType, FunctionSignature } from './mapping';

/** The types of a callback, for `args`. Made by `callbackType`. */
export interface CallbackType<A extends readonly CallbackArgumentType[], R> {
  readonly args: A;
  readonly returns: R;
}

/**
 * The types of a callback: `callbackType(['p', 'p'], 'i')` is the same as `{ args: ['p', 'p'], returns: 'i' }`. ArkTS
 * does not accept an object as an element of `args`.
 *
 * @param args The type of each argument that C passes, in order; `'...'` last, if it passes any number.
 * @param returns The type of the result that C gets. `void` when absent.
 */
export function callbackType<
  A extends readonly CallbackArgumentType[],
  R extends NonNullable<FunctionSignature['returns']> = 'v',
>(args: readonly [...A] & IfKnown<A>, returns?: R): CallbackType<A, R> {
  return Object.freeze({ args: args as unknown as A, returns: (returns ?? 'v') as R });
}
