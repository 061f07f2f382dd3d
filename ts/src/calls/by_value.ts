/**
 * Conversion of structs that are passed by value and of typed pointers: the native module takes bytes and addresses,
 * programs pass values, plain objects or buffers. And of types that JavaScript converts, among them text in encodings that
 * the native module does not know: for it, the bytes of the text are the characters of Latin-1.
 */

import type { Address } from '../host/bridge';
import { native } from '../base/native';
import { hasPointer } from '../base/pointer';
import { defineOwn } from '../base/own';
import { then } from '../base/promises';
import { ownerOf } from '../memory/bounds';
import { ConvertedType } from '../memory/converted_type';
import { bytesAt, Memory } from '../memory/memory';
import type { Ending, Keeper } from '../memory/memory';
import { Schema } from '../struct/schema';
import { TypedPointer } from '../struct/typed_pointer';
import { placeIn } from '../struct/value';
import { argumentPlace, convertedIn, Declaration } from '../signatures/declaration';
import type { DeclaredArgument } from '../signatures/declaration';
import { Out } from '../signatures/out';
import { ownedPointer, ownedValue } from '../signatures/owned';
import type { Release } from '../signatures/owned';
import { asIs } from './wrapped';
import type { Prepared, Wrappable } from './wrapped';

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * The bytes of a struct for the native module, which copies them at once.
 * @throws as writing a struct's field does; the message begins with `place`.
 */
function toBytes(schema: Schema<any>, value: unknown, place: string, call?: Keeper): unknown {
  const lies = placeIn(value, schema);
  if (lies !== undefined) return bytesAt(lies.memory, lies.offset, schema.size, place);
  const memory = Memory.zeros(schema.size);
  memory.endings = call?.endings;
  schema.codec.write(memory, 0, value, place, true);
  return memory.buffer;
}

/** The value of a struct from the bytes that the native module gives. It takes the ArrayBuffer over. */
export function fromBytes(schema: Schema<any>, bytes: unknown): unknown {
  return schema.codec.read(Memory.from(bytes as ArrayBuffer, schema.codec.align), 0);
}

/** The value of a type, if the native module gives something else of it; otherwise what it gives. */
function fromNative(type: unknown, given: unknown): unknown {
  if (type instanceof Schema) return fromBytes(type, given);
  if (type instanceof TypedPointer) return type.codec.fromC(given as Address);
  return type instanceof ConvertedType ? type.fromNative(given) : given;
}

/** The type of a result of which the native module gives something else, if it is no pointer. */
export function byValueIn(returns: unknown): Schema<any> | ConvertedType | undefined {
  return returns instanceof Schema ? returns : convertedIn(returns);
}

/**
 * What a call gives whose result is a struct or a type that is converted: its value, which is one of several properties if `errno`
 * was asked for or the call has passed out-parameters.
 */
export function answerOf(type: Schema<any> | ConvertedType, answer: unknown): unknown {
  return convertAnswer(answer, (given) => fromNative(type, given));
}

function convertAnswer(answer: unknown, convert: (given: unknown) => unknown): unknown {
  const isPair = typeof answer === 'object' && answer !== null && Object.prototype.hasOwnProperty.call(answer, 'value');
  if (!isPair) return convert(answer);
  const pair = answer as { readonly value: unknown };
  return { ...pair, value: convert(pair.value) };
}

/** What is made for one call, and ends with it. */
export class CallKeeper implements Keeper {
  readonly endings: Ending[] = [];
  readonly canOwn = true;

  checkKeeps(): void {}

  /** Closes what was made for the call. */
  end(): void {
    for (let i = 0; i < this.endings.length; i++) this.endings[i].close();
    this.endings.length = 0;
  }
}

/** Converts an argument for the native module. */
export function toNative(type: DeclaredArgument, value: unknown, place: string, call?: Keeper): unknown {
  if (type instanceof Schema) return toBytes(type, value, place, call);
  if (type instanceof TypedPointer) return isOut(value) ? value : type.codec.toC(value, place, call);
  if (type instanceof ConvertedType) return type.toNative(value, place);
  if (!(type instanceof Declaration && type.converts)) return value;
  return typeof value === 'function' && !hasPointer(value) ? withValues(value as AnyFunction, type, place) : value;
}

/** Whether an argument is `out(type)` or `[inout(type), value]`, which the native module converts. */
function isOut(argument: unknown): boolean {
  return (Array.isArray(argument) ? (argument[0] as unknown) : argument) instanceof Out;
}

/** What converts the result of a C function; undefined if the native module gives it as it is. */
function convertsResult(
  returns: unknown,
  release?: Release,
): ((given: unknown, passed: readonly unknown[]) => unknown) | undefined {
  const owned = ownedPointer(returns);
  if (owned && release) return (given) => ownedValue(owned, given as Address, release);
  // C often returns a pointer to memory that it was passed, which the value then keeps alive.
  if (returns instanceof TypedPointer) {
    return (given, passed) => returns.codec.fromC(given as Address, ownerOf(given as Address, passed));
  }
  const type = byValueIn(returns);
  return type && ((given) => fromNative(type, given));
}

/** Makes the function that prepares calls of a C function with structs, typed pointers or encoded text. */
export function preparesStructs(
  fn: Wrappable,
  { args, returns, names }: Declaration,
  release?: Release,
): (given: unknown[]) => Prepared {
  const fixed = args[args.length - 1] === '...' ? args.length - 1 : args.length;
  const convert = convertsResult(returns, release);
  const finish = (answer: unknown, passed: readonly unknown[]): unknown =>
    convert === undefined ? answer : convertAnswer(answer, (value) => convert(value, passed));

  return (given) => {
    // The native module reports a wrong number of arguments.
    const isWrong = given.length < fixed || (fixed === args.length && given.length > fixed);
    if (isWrong) return { fn, args: given, finish: asIs };
    const call = new CallKeeper();
    const passed = given.map((value, i) =>
      i < fixed ? toNative(args[i], value, argumentPlace(fn.name, i, names), call) : value,
    );
    // Keeps the arguments, and the memory that structs among them point to, alive until the call has finished, also on
    // a worker.
    const prepared = { fn, args: passed, finish: (answer: unknown) => finish(answer, passed) };
    return call.endings.length === 0 ? prepared : { ...prepared, end: () => call.end() };
  };
}

/**
 * Wraps a callback for the native module: `fn` gets structs and typed pointers as values and encoded text as strings, and
 * what it returns of these is converted for the native module.
 */
export function withValues(fn: AnyFunction, { args, returns }: Declaration, place?: string): AnyFunction {
  const name = place ?? (fn.name ? `callback '${fn.name}'` : 'callback');
  // Keeps the last result alive: C may read what it points to until the next call.
  let last: unknown;
  const called = (...given: unknown[]): unknown => {
    const values = given.map((value, i) => fromNative(args[i], value));
    const result = Reflect.apply(fn, undefined, values);
    if (!(returns instanceof Schema || returns instanceof TypedPointer || returns instanceof ConvertedType))
      return result;
    const give = (value: unknown): unknown => {
      last = toNative(returns, value, `${name}: result`);
      return last;
    };
    return result instanceof Promise ? then(result, give) : give(result);
  };
  return defineOwn(called, 'name', { value: fn.name });
}

/** Calls a callback through its C function pointer, with structs as values and encoded text as strings. */
export function invokeWithValues(handle: number, { args, returns }: Declaration, given: readonly unknown[]): unknown {
  const passed = given.map((value, i) => toNative(args[i], value, `JSCallback: argument ${i + 1}`));
  const result = Reflect.apply(native.invokeCallback, undefined, [handle].concat(passed as number[]));
  return fromNative(returns, result);
}
