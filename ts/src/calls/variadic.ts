/** Functions with `'...'`: each call says the types of its variable arguments. */

import type { BoundFunction } from '../host/bridge';
import { describe, ffiError } from '../base/errors';
import { keysOf } from '../base/lists';
import { readArgument } from '../signatures/declaration';
import { Typed } from '../signatures/typed';
import { toNative } from './by_value';
import type { Prepared, Wrappable } from './wrapped';

/**
 * The maximum number of variants that a function keeps. Real programs call a function with fewer combinations of types;
 * beyond that, the oldest is dropped.
 */
const MOST_SHAPES = 64;

/**
 * Makes the function that prepares calls of a variadic function. Each combination of variable types has a variant of
 * the function, which is kept for further calls. `bind` makes a JavaScript function of a variant.
 */
export function preparesVariadic(
  fn: Wrappable,
  bound: BoundFunction,
  bind: (bound: BoundFunction) => object,
): (given: readonly unknown[]) => Prepared {
  const { args, returns, parameters: letters } = fn.signature;
  const fixed = args.length - 1;
  const shapes = new Map<string, Wrappable>().set('', fn);

  const shapeOf = (extra: string): Wrappable => {
    let shape = shapes.get(extra);
    if (shape) return shape;
    shape = bind(bound.more().withTypes(letters + extra, returns)) as Wrappable;
    if (shapes.size > MOST_SHAPES) shapes.delete(keysOf(shapes)[1]); // the first is the function itself
    shapes.set(extra, shape);
    return shape;
  };

  return (given) => {
    const extra = given.slice(fixed).map((value, i) => readExtra(value, `${fn.name}: argument ${fixed + i + 1}`));
    const args = given.slice(0, fixed).concat(extra.map(({ value }) => value));
    return {
      fn: shapeOf(extra.map(({ type }) => type).join('')),
      args,
      // Keeps the arguments, and the memory that structs among them point to, alive until the call has finished, also
      // on a worker.
      finish: (answer) => (void args, answer),
    };
  };
}

/** Every variable argument must say its type: C would read a bare 1 as whatever type its format asks for. */
function readExtra(argument: unknown, place: string): { type: string; value: unknown } {
  if (argument instanceof Typed) return readPair(argument.type, argument.value, place);
  if (Array.isArray(argument) && argument.length === 2) return readPair(argument[0], argument[1], place);
  const expected = `[type, value] or typed(type, value), for its type is not declared`;
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected ${expected}, got ${describe(argument)}`);
}

function readPair(type: unknown, value: unknown, place: string): { type: string; value: unknown } {
  const argument = readArgument(type, place);
  return { type: argument.letters, value: toNative(argument.type, value, place) };
}
