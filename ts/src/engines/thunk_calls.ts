/**
 * The engine that calls C by the host itself, where the host calls symbols of libraries only, as Deno.dlopen does.
 *
 * The native module has a symbol that can be aimed at any address, and is opened as a library for each function. The
 * address is that of a thunk, which takes a 64-bit integer as a double and stores the result. So the host has no value
 * to convert that JavaScript has not checked, and no result to give to code that was deoptimised meanwhile. To make the
 * host's function takes long: it is made when a function has been called often, and kept for the next C function that
 * gets the same thunk.
 *
 * The thunk also marks the call while it is on the stack, for the reasons that `host_calls.ts` gives. No such call is
 * made inside another, nor while a callback is open.
 */

import type { BoundFunction, HostAccess, Scalars } from '../host/bridge';
import type { HostFunction, SymbolType } from '../host/calls';
import { symbolCalls } from '../host/host';
import { ffiError } from '../base/errors';
import { native } from '../base/native';
import { generated } from '../base/stack';
import type { QuickAccess } from '../memory/quick_access';
import type { Signature } from '../signatures/signature';
import { resultsIn } from './slots';
import { ALL_KINDS, ofBigint, remembered } from './texts';
import { argumentsOf, commonTools, passings as numberPassings } from './thunk_texts';
import { passNumber, resultOf, returnings } from './thunk_texts';
import type { Passing } from './thunk_texts';

type AnyFunction = (...args: any[]) => unknown;
type Common = typeof commonTools;

/** A function is called this often by another engine before the host's function is made. */
const OFTEN = 500;

/** The host's type for each letter: one for all that travel in the same way, because they may get the same thunk. */
const types: { readonly [letter: string]: SymbolType } = {
  ...{ b: 'i32', c: 'i32', C: 'i32', h: 'i32', H: 'i32', i: 'i32', I: 'i32', f: 'f32', d: 'f64' },
  ...{ l: 'f64', q: 'f64', L: 'f64', Q: 'f64', p: 'f64' },
};

const passings: { readonly [letter: string]: Passing } = {
  ...numberPassings,
  I: { check: numberPassings.I.check, pass: ({ number }) => `${number} | 0` },
  // The bytes of a buffer stay where they are while JavaScript refers to it, and the code after the call refers to it.
  p: { check: ({ value, number }) => `isSafe(${number} = address(${value})) && ${number} >= 0`, pass: passNumber },
};

const { isView } = ArrayBuffer;

/** The address that a value stands for; NaN or -1 if the slow path must find it, as for a view without bytes. */
const address = (value: any): number => {
  if (typeof value === 'number') return +value;
  if (typeof value !== 'object') return +ofBigint(value);
  if (value === null) return 0;
  const place = isView(value) && (value as any)[0] !== undefined ? +placeOf(value) : 0;
  return place > 0 ? place : -1;
};

type Results = ReturnType<typeof resultsIn>;

/** The values that the code of every function uses, by the names that the code has for them. */
interface Tools extends Common, Results, Pick<HostAccess, 'gates'> {
  readonly address: typeof address;
  /**
   * Ends a call inside which something has happened that must be settled. The arguments are given so that the host keeps
   * their memory until C has returned.
   */
  readonly settle: (number: number, ...args: readonly unknown[]) => void;
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
    const given = args.map((letter) => types[letter]);
    found = functionAt(thunk, given, 'void');
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
  const results = resultsIn(new Float64Array(gates.buffer, gates.length, 2));
  tools = { ...commonTools, ...results, gates, settle, address };
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

/** The values that the code of one function uses. */
interface Its {
  /** The name of the C function, for messages and stack traces. */
  readonly name: string;
  /** The number by which the native module knows the C function. */
  readonly number: number;
  /** Index in `gates` of the gate that says whether the function has been closed. */
  readonly gate: number;
  /**
   * The host's function, once it has been made. The property is missing until then and never changes, so that V8 takes
   * the function for a constant.
   */
  fast?: HostFunction;
  /** Makes a call by the other engine. */
  slow: AnyFunction;
}

/** The prototype of every `Its`, so that nothing is found in Object.prototype. */
const nothing = Object.freeze(Object.create(null)) as object;

type Maker = (its: Its, tools: Tools) => AnyFunction;

/**
 * The text of a function that makes the JavaScript function for a C function. What is rarely needed is a property of
 * `tools` or `its`: V8 makes no code for it, or none that is inlined.
 */
function textOf(signature: Signature): string {
  const given = argumentsOf(signature);
  const passing = (i: number): Passing => passings[signature.args[i]];
  const parameters = given.map(({ value }) => value);
  const variables = ['r', 'fast'].concat(given.map(({ number }) => number));
  const checks = [
    // One branch takes less time than three.
    '(fast = its.fast) !== undefined && (gates[0] | gates[2] | gates[gate]) === 0',
    `arguments.length === ${given.length}`,
  ].concat(given.map((argument, i) => passing(i).check(argument)));
  const passed = given.map((argument, i) => passing(i).pass(argument)).join();
  const settle = `if (gates[1] !== 0) tools.settle(${['number'].concat(parameters).join()});`;
  const { value, stored } = returnings[signature.returns];
  return generated(`(function (given, tools) {
  'use strict';
  const its = given, { name, number, gate } = given;
  const { gates, address, signed, unsigned, ints, floats, doubles, wide, isSafe, apply } = tools;
  return { [name](${parameters.join()}) {
    var ${variables.join()};
    if (${checks.join(' && ')}) {
      try {
        fast(${passed});
      } catch (thrown) {
        ${settle}
        throw thrown;
      }
      ${settle}
      r = ${stored};
      return ${value};
    }
    return ${resultOf('apply(its.slow, undefined, arguments)', signature)};
  } }[name];
})`);
}

const rememberedText = remembered(textOf);

function madeOf(
  { number, call }: BoundFunction,
  signature: Signature,
  ordinary: AnyFunction,
  often: number,
): AnyFunction | undefined {
  const { args, returns } = signature;
  if (!access || !(returns in returnings && args.every((letter) => letter in passings))) return undefined;
  const callee = access.calleeOf(number);
  if (!callee) return undefined;
  let left = often;
  const its = Object.create(nothing) as { -readonly [name in keyof Its]: Its[name] };
  its.name = call.name;
  its.number = number;
  its.gate = callee.gate;
  its.slow = (...all) => {
    if (--left === 0) {
      const fast = functionOf(number, signature);
      if (fast) its.fast = fast;
      its.slow = ordinary;
    }
    return Reflect.apply(ordinary, undefined, all);
  };
  const maker = native.evaluate(rememberedText(signature)) as Maker;
  return maker(its, tools);
}

/**
 * The function by this engine, or undefined if the host cannot pass its types. `portable` is the same function by the
 * portable engine.
 */
export function byThunk(bound: BoundFunction, signature: Signature, portable: AnyFunction): AnyFunction | undefined {
  return madeOf(bound, signature, portable, OFTEN);
}

/**
 * Numbers at addresses by this engine. `safe` is the same by the portable engine: as for functions, the host's own are made
 * when they have been called often.
 */
export function accessByThunk({ loadAddress, storeAddress }: Scalars, safe: QuickAccess): QuickAccess {
  let load: HostFunction | undefined;
  let store: HostFunction | undefined;
  let loads = OFTEN;
  let stores = OFTEN;
  return {
    load(address, code) {
      if (load !== undefined) return load(0, address, code) as number;
      if (--loads === 0) load = functionAt(loadAddress, ['i32', 'f64', 'i32'], 'f64');
      return safe.load(address, code);
    },
    store(address, value, code) {
      if (store !== undefined) return store(0, address, value, code) as number;
      if (--stores === 0) store = functionAt(storeAddress, ['i32', 'f64', 'f64', 'i32'], 'i32');
      return safe.store(address, value, code);
    },
  };
}
