/**
 * The engine that calls C by the host itself, where the host calls symbols of libraries only, as Deno.dlopen does.
 *
 * The native module has a symbol that can be aimed at any address, and is opened as a library for each function. The
 * address is that of a thunk, which takes a 64-bit integer as a double and leaves the result in the slots. So the host
 * has no value to convert that JavaScript has not checked, and no result to give to code that was deoptimised meanwhile.
 * To make the host's function takes long: it is made when a function has been called often, and kept for the next C
 * function that gets the same thunk. All else is as in `host_calls.ts`, except that no such call is made while a callback
 * is open.
 */

import type { BoundFunction, HostAccess } from '../host/bridge';
import type { HostFunction, SymbolType } from '../host/calls';
import { symbolCalls } from '../host/host';
import { ffiError } from '../base/errors';
import { native } from '../base/native';
import { GENERATED_CODE } from '../base/stack';
import type { Signature } from '../signatures/signature';
import { lastResult } from './slots';
import { ALL_KINDS, checks, endBy, hostCallText, MOST_WIDE, remembered, wide } from './texts';

type AnyFunction = (...args: any[]) => unknown;

/** A function is called this often by another engine before the host's function is made. */
const OFTEN = 500;

/** The host's type for each letter: one for all that travel in the same way, because they may get the same thunk. */
const types: { readonly [letter: string]: SymbolType } = {
  ...{ b: 'i32', c: 'i32', C: 'i32', h: 'i32', H: 'i32', i: 'i32', I: 'i32', f: 'f32', d: 'f64' },
  ...{ l: 'f64', q: 'f64', L: 'f64', Q: 'f64', p: 'f64' },
};

/** The check of an argument `a`, which also gives its number to the variable `x`, and what is passed for it. */
function checkOf(letter: string, a: string, x: string, takesBigints: boolean): string {
  if (types[letter] !== 'f64' || letter === 'd') return checks[letter](a);
  if (letter === 'p') return `isSafe(${x} = address(${a})) && ${x} >= 0`;
  const least = letter === 'l' || letter === 'q' ? '' : ` && ${x} >= 0`;
  return `isSafe(${x} = ${takesBigints ? `wide(${a})` : a})${least}`;
}

function passOf(letter: string, a: string, x: string): string {
  if (letter === 'b') return `${a} ? 1 : 0`;
  if (letter === 'f' || letter === 'd') return a;
  return types[letter] === 'i32' ? `${a} | 0` : x;
}

const SIGNED = '(r = doubles[1]) >= -9007199254740991 && r <= 9007199254740991 ? r : signed[0]';
const UNSIGNED = '(r = doubles[1]) >= 0 && r <= 9007199254740991 ? r : unsigned[0]';

/** The result that the program gets: of a narrow integer C sets only the low bits. */
const returnings: { readonly [letter: string]: string } = {
  ...{ v: 'undefined', b: '(ints[0] & 255) !== 0', c: 'ints[0] << 24 >> 24', C: 'ints[0] & 255' },
  ...{ h: 'ints[0] << 16 >> 16', H: 'ints[0] & 65535', i: 'ints[0]', I: 'ints[0] >>> 0', f: 'floats[0]' },
  ...{ d: 'doubles[0]', l: SIGNED, q: 'signed[0]', L: UNSIGNED, Q: 'unsigned[0]', p: UNSIGNED },
};

const { isView } = ArrayBuffer;

/** The address that a value stands for; NaN if the slow path must find it, as for a view without bytes. */
const address = (value: any): number => {
  if (typeof value === 'number') return +value;
  if (typeof value !== 'object') return NaN;
  return value === null ? 0 : isView(value) && (value as any)[0] !== undefined ? placeOf(value) || NaN : NaN;
};

/** The values that the code of every function uses, by the names that the code has for them. */
interface Tools extends Pick<HostAccess, 'gates'> {
  readonly end: (number: number, ...args: readonly unknown[]) => void;
  readonly apply: typeof Reflect.apply;
  readonly isSafe: (value: unknown) => boolean;
  readonly wide: typeof wide;
  readonly address: typeof address;
  readonly signed: BigInt64Array;
  readonly unsigned: BigUint64Array;
  readonly ints: Int32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
}

let access: HostAccess | undefined;
let placeOf: (view: ArrayBufferView) => number;
let tools: Tools;

/** The host's functions, by the addresses of the thunks that they call. */
const made = new Map<number, HostFunction>();

function functionAt(at: number, args: readonly SymbolType[], returns: SymbolType): HostFunction | undefined {
  const { path, symbol, aim } = access!.entry!;
  aim(at);
  const found = symbolCalls!.functionOf(path, symbol, args, returns);
  // Another copy of the native module, which has replaced the file meanwhile, has not been aimed.
  return aim(0) ? found : undefined;
}

function functionOf(number: number, { args }: Signature): HostFunction | undefined {
  const thunk = access!.thunkOf(number);
  if (thunk === undefined) return undefined;
  let found = made.get(thunk);
  if (!found) {
    const given: SymbolType[] = ['i32'];
    found = functionAt(thunk, given.concat(args.map((letter) => types[letter])), 'void');
    if (found) made.set(thunk, found);
  }
  return found;
}

/**
 * Sets the engine up, once for each JavaScript thread.
 * @throws Error `ERR_FFI_NO_ENGINE` if it cannot work.
 */
export function openThunkCalls(): void {
  const fail = (why: string): Error => ffiError('ERR_FFI_NO_ENGINE', `openHostCalls: ${why}`);
  if (!symbolCalls) throw fail('this host has no calls of its own');
  // V8 lacks WebAssembly if it may not make code (--jitless), and then it optimises nothing.
  if (!('WebAssembly' in globalThis)) throw fail('V8 optimises no code here');
  const opened = native.openHostCalls();
  const { gates, settle, samples, entry } = opened;
  if (!entry) throw fail("the system's loader cannot be aimed");
  access = opened;
  const place = functionAt(samples.place, ['buffer'], 'f64');
  if (!place) throw fail(`${symbolCalls.name} does not open the native module`);
  placeOf = place as typeof placeOf;
  tools = {
    ...{ gates, end: endBy(settle, gates), apply: Reflect.apply, isSafe: Number.isSafeInteger, wide, address },
    ...lastResult,
  };
  if (passesAsC(samples)) return;
  access = undefined;
  throw fail(`${symbolCalls.name} passes values in another way than expected`);
}

function passesAsC({ word, single, sum }: HostAccess['samples']): boolean {
  const bytes = new Uint8Array(16);
  const trials: readonly (readonly [at: number, args: string, returns: string, given: unknown[], wanted: unknown])[] = [
    [word, 'I', 'I', [2 ** 32 - 1], 2 ** 32 - 1],
    [word, 'l', 'l', [Number.MIN_SAFE_INTEGER], Number.MIN_SAFE_INTEGER],
    [single, 'f', 'f', [0.1], Math.fround(0.1)],
    [sum, ALL_KINDS.args, 'd', ALL_KINDS.given, ALL_KINDS.sum],
  ];
  const isRight = placeOf(bytes) + 8 === placeOf(bytes.subarray(8)) && placeOf(bytes) > 0;
  return (
    isRight &&
    trials.every(({ 0: at, 1: args, 2: returns, 3: values, 4: result }) => {
      const bound = native.bindAddress(at, 'sample', args, returns);
      const called = madeOf(bound, { args: args.split(''), returns } as unknown as Signature, () => undefined, 1);
      if (!called) return false;
      Reflect.apply(called, undefined, values);
      return Object.is(Reflect.apply(called, undefined, values), result);
    })
  );
}

/** The values that the code of one function uses, by the names that the code has for them. */
interface Its {
  /** The name of the C function, for messages and stack traces. */
  readonly name: string;
  /** Has the host make its function. */
  readonly make: () => HostFunction | undefined;
  /** The other engine. */
  readonly ordinary: AnyFunction;
  /** The number by which the native module knows the C function. */
  readonly number: number;
  /** Index in `gates` of the gate that says whether the function has been closed. */
  readonly gate: number;
  /** The number of calls before the host makes its function. */
  readonly often: number;
}

type Maker = (its: Its, tools: Tools) => AnyFunction;

function textOf({ args, returns }: Signature): string {
  const parameters = args.map((_, i) => `a${i}`);
  const takesBigints = args.filter((letter) => types[letter] === 'f64' && letter !== 'd').length <= MOST_WIDE;
  const tests = args.map((letter, i) => checkOf(letter, `a${i}`, `x${i}`, takesBigints));
  const passed = ['0'].concat(args.map((letter, i) => passOf(letter, `a${i}`, `x${i}`)));
  const variables = ['r', 'outer'].concat(args.map((_, i) => `x${i}`));
  const isOpen = ['fast !== undefined', 'gates[0] === 0', `arguments.length === ${args.length}`, 'gates[gate] === 0'];
  return `(function (its, tools) {
  'use strict';
  const { name, make, ordinary, number, gate, often } = its;
  const { gates, end, apply, isSafe, wide, address, signed, unsigned, ints, floats, doubles } = tools;
  let fast, left = often;
  return { [name](${parameters.join()}) {
    var ${variables.join()};
    if (${isOpen.concat(tests).join(' && ')}) {
      ${hostCallText(`fast(${passed.join()})`, parameters)}
      return ${returnings[returns]};
    }
    if (left > 0 && --left === 0) fast = make();
    return apply(ordinary, undefined, arguments);
  } }[name];
})
//# sourceURL=${GENERATED_CODE}`;
}

const rememberedText = remembered(textOf);

function madeOf(
  { number, call }: BoundFunction,
  signature: Signature,
  ordinary: AnyFunction,
  often: number,
): AnyFunction | undefined {
  const { args, returns } = signature;
  if (!access || !(returns in returnings && args.every((letter) => letter in types))) return undefined;
  const callee = access.calleeOf(number);
  if (!callee) return undefined;
  const make = (): HostFunction | undefined => functionOf(number, signature);
  const maker = native.evaluate(rememberedText(signature)) as Maker;
  return maker({ name: call.name, make, ordinary, number, gate: callee.gate, often }, tools);
}

/**
 * The function by this engine, or undefined if the host cannot pass its types. `portable` is the same function by the
 * portable engine.
 */
export function byThunk(bound: BoundFunction, signature: Signature, portable: AnyFunction): AnyFunction | undefined {
  return madeOf(bound, signature, portable, OFTEN);
}
