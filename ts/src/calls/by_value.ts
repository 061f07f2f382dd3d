/** Structs passed by value: to the native module they are bytes, here they are values, plain objects or buffers. */

import { Declaration } from '../signatures/declaration';
import type { DeclaredArgument } from '../signatures/declaration';
import { bytesAt, Memory } from '../memory/memory';
import { native } from '../base/native';
import { hasPointer } from '../base/pointer';
import { Schema } from '../struct/schema';
import { placeIn } from '../struct/value';
import type { Prepared, Wrappable } from './wrapped';

type AnyFunction = (...args: unknown[]) => unknown;

/** The bytes of a struct for the native module, which copies them at once. Throws where the value is not one. */
function toBytes(schema: Schema<any>, value: unknown, place: string): unknown {
  const lies = placeIn(value, schema);
  if (lies !== undefined) return bytesAt(lies.memory, lies.offset, schema.size, place);
  const memory = Memory.zeros(schema.size);
  schema.codec.write(memory, 0, value, place, true);
  return memory.buffer;
}

export function fromBytes(schema: Schema<any>, bytes: unknown): unknown {
  return schema.codec.read(new Memory(bytes as ArrayBuffer), 0);
}

/** What the native module gets for an argument. */
export function toNative(type: DeclaredArgument, value: unknown, place: string): unknown {
  if (type instanceof Schema) return toBytes(type, value, place);
  if (!(type instanceof Declaration && type.hasStructs)) return value;
  return typeof value === 'function' && !hasPointer(value) ? withValues(value as AnyFunction, type, place) : value;
}

/** How a call of such a function is made. */
export function preparesStructs(fn: Wrappable, { args, returns }: Declaration): (given: unknown[]) => Prepared {
  const fixed = args[args.length - 1] === '...' ? args.length - 1 : args.length;
  const result = returns instanceof Schema ? returns : undefined;
  const finish = (answer: unknown, isPair: boolean): unknown => {
    if (result === undefined) return answer;
    if (!isPair) return fromBytes(result, answer);
    const pair = answer as { value: unknown };
    return { ...pair, value: fromBytes(result, pair.value) };
  };

  return (given) => {
    // A wrong count is the native module's to refuse.
    const isWrong = given.length < fixed || (fixed === args.length && given.length > fixed);
    if (isWrong) return { fn, args: given, finish };
    const passed = given.map((value, i) =>
      i < fixed ? toNative(args[i], value, `${fn.name}: argument ${i + 1}`) : value,
    );
    // What structs point to lives as long as their bytes do: till the call is over, also one on another thread.
    return { fn, args: passed, finish: (answer, isPair) => (void passed, finish(answer, isPair)) };
  };
}

/** A function for the native module that gives `fn` structs as values, and gives back what it returns as bytes. */
export function withValues(fn: AnyFunction, { args, returns }: Declaration, place?: string): AnyFunction {
  const name = place ?? (fn.name ? `callback '${fn.name}'` : 'callback');
  // C may read what a result points to until the next one.
  let last: unknown;
  const called = (...given: unknown[]): unknown => {
    const values = given.map((value, i) => {
      const type = args[i];
      return type instanceof Schema ? fromBytes(type, value) : value;
    });
    const result = fn(...values);
    if (!(returns instanceof Schema)) return result;
    const give = (value: unknown): unknown => {
      last = toBytes(returns, value, `${name}: result`);
      return last;
    };
    return result instanceof Promise ? result.then(give) : give(result);
  };
  return Object.defineProperty(called, 'name', { value: fn.name });
}

/** Calls a callback as C would, with values. */
export function invokeWithValues(handle: number, { args, returns }: Declaration, given: readonly unknown[]): unknown {
  const passed = given.map((value, i) => toNative(args[i], value, `JSCallback: argument ${i + 1}`));
  const result = native.invokeCallback(handle, ...passed);
  return returns instanceof Schema ? fromBytes(returns, result) : result;
}
