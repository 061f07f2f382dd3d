/**
 * Conversion of structs that are passed by value: the native module takes bytes, programs pass values, plain objects or
 * buffers.
 */

import { native } from '../base/native';
import { hasPointer } from '../base/pointer';
import { defineOwn } from '../base/own';
import { then } from '../base/promises';
import { bytesAt, Memory } from '../memory/memory';
import { Schema } from '../struct/schema';
import { placeIn } from '../struct/value';
import { Declaration } from '../signatures/declaration';
import type { DeclaredArgument } from '../signatures/declaration';
import type { Prepared, Wrappable } from './wrapped';

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * The bytes of a struct for the native module, which copies them at once.
 * @throws as writing a struct's field does; the message begins with `place`.
 */
function toBytes(schema: Schema<any>, value: unknown, place: string): unknown {
  const lies = placeIn(value, schema);
  if (lies !== undefined) return bytesAt(lies.memory, lies.offset, schema.size, place);
  const memory = Memory.zeros(schema.size);
  schema.codec.write(memory, 0, value, place, true);
  return memory.buffer;
}

/** The value of a struct from the bytes that the native module gives. It takes the ArrayBuffer over. */
export function fromBytes(schema: Schema<any>, bytes: unknown): unknown {
  return schema.codec.read(Memory.from(bytes as ArrayBuffer, schema.codec.align), 0);
}

/**
 * What a call of a function that returns a struct gives: its value, which is one of several properties if `errno` was
 * asked for or the call has passed out-parameters.
 */
export function answerOf(schema: Schema<any>, answer: unknown): unknown {
  if (!Object.prototype.hasOwnProperty.call(answer, 'value')) return fromBytes(schema, answer);
  const pair = answer as { readonly value: unknown };
  return { ...pair, value: fromBytes(schema, pair.value) };
}

/** Converts an argument for the native module. */
export function toNative(type: DeclaredArgument, value: unknown, place: string): unknown {
  if (type instanceof Schema) return toBytes(type, value, place);
  if (!(type instanceof Declaration && type.hasStructs)) return value;
  return typeof value === 'function' && !hasPointer(value) ? withValues(value as AnyFunction, type, place) : value;
}

/** Makes the function that prepares calls of a C function with structs. */
export function preparesStructs(fn: Wrappable, { args, returns }: Declaration): (given: unknown[]) => Prepared {
  const fixed = args[args.length - 1] === '...' ? args.length - 1 : args.length;
  const result = returns instanceof Schema ? returns : undefined;
  const finish = (answer: unknown): unknown => (result === undefined ? answer : answerOf(result, answer));

  return (given) => {
    // The native module reports a wrong number of arguments.
    const isWrong = given.length < fixed || (fixed === args.length && given.length > fixed);
    if (isWrong) return { fn, args: given, finish };
    const passed = given.map((value, i) =>
      i < fixed ? toNative(args[i], value, `${fn.name}: argument ${i + 1}`) : value,
    );
    // Keeps the arguments, and the memory that structs among them point to, alive until the call has finished, also on
    // a worker.
    return { fn, args: passed, finish: (answer) => (void passed, finish(answer)) };
  };
}

/**
 * Wraps a callback for the native module: `fn` gets structs as values, and the struct that it returns is converted to
 * bytes.
 */
export function withValues(fn: AnyFunction, { args, returns }: Declaration, place?: string): AnyFunction {
  const name = place ?? (fn.name ? `callback '${fn.name}'` : 'callback');
  // Keeps the last result alive: C may read what it points to until the next call.
  let last: unknown;
  const called = (...given: unknown[]): unknown => {
    const values = given.map((value, i) => {
      const type = args[i];
      return type instanceof Schema ? fromBytes(type, value) : value;
    });
    const result = Reflect.apply(fn, undefined, values);
    if (!(returns instanceof Schema)) return result;
    const give = (value: unknown): unknown => {
      last = toBytes(returns, value, `${name}: result`);
      return last;
    };
    return result instanceof Promise ? then(result, give) : give(result);
  };
  return defineOwn(called, 'name', { value: fn.name });
}

/** Calls a callback through its C function pointer, with structs as values. */
export function invokeWithValues(handle: number, { args, returns }: Declaration, given: readonly unknown[]): unknown {
  const passed = given.map((value, i) => toNative(args[i], value, `JSCallback: argument ${i + 1}`));
  const result = Reflect.apply(native.invokeCallback, undefined, [handle].concat(passed as number[]));
  return returns instanceof Schema ? fromBytes(returns, result) : result;
}
