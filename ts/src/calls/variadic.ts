/** Functions with "...": the types of the arguments behind it come with each call. */

import type { BoundFunction } from '../host/bridge';
import { toNative } from './by_value';
import { readArgument } from '../signatures/declaration';
import { describe, ffiError } from '../base/errors';
import { Typed } from '../signatures/typed';
import type { Prepared, Wrappable } from './wrapped';

/** More kinds of calls than one function sees, unless a program makes up types; then the oldest is forgotten. */
const MOST_SHAPES = 64;

/**
 * How a call of a variadic function is made: by a function for the types of just this call, which is kept for the next
 * one with the same. `bind` makes it of what the native module makes.
 */
export function preparesVariadic(
  fn: Wrappable,
  bound: BoundFunction,
  bind: (bound: BoundFunction) => object,
): (given: readonly unknown[]) => Prepared {
  const { args, returns } = fn.signature;
  const fixed = args.length - 1;
  const letters = args.join('');
  const shapes = new Map<string, Wrappable>([['', fn]]);

  const shapeOf = (extra: string): Wrappable => {
    let shape = shapes.get(extra);
    if (shape) return shape;
    shape = bind(bound.more().withTypes(letters + extra, returns)) as Wrappable;
    const [oldest] = [...shapes.keys()].slice(1);
    if (shapes.size > MOST_SHAPES) shapes.delete(oldest);
    shapes.set(extra, shape);
    return shape;
  };

  return (given) => {
    const extra = given.slice(fixed).map((value, i) => readExtra(value, `${fn.name}: argument ${fixed + i + 1}`));
    const args = [...given.slice(0, fixed), ...extra.map(({ value }) => value)];
    return {
      fn: shapeOf(extra.map(({ type }) => type).join('')),
      args,
      // What structs point to lives as long as their bytes do: till the call is over, also one on another thread.
      finish: (answer) => (void args, answer),
    };
  };
}

/** One rule for all of them: each says its type. C would read a bare 1 as whatever the format says. */
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
