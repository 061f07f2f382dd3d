/**
 * The engine that calls C as the host itself does, such as by bun:ffi in Bun.
 *
 * The host compiles a function for each C function, which converts its arguments silently. As in the V8 engine, it is
 * called from JavaScript that checks the values and the gates first, which is written as text for the types of the
 * function and evaluated anew for each C function. Every other value takes the slow path, which gives the same results
 * and errors.
 *
 * C may call callbacks of arkffi during such a call: they pause it, and what they throw is left to `settle`. JavaScript
 * may also come back by the host's own callbacks, of which arkffi knows nothing. So a byte says whether such a call is
 * on the stack: until it is 0 again, no library is unmapped.
 */

import type { BoundFunction, HostAccess, Scalars } from '../host/bridge';
import { hostCalls } from '../host/host';
import type { HostCalls } from '../host/calls';
import { ffiError } from '../base/errors';
import { native } from '../base/native';
import { generated } from '../base/stack';
import type { QuickAccess } from '../memory/quick_access';
import type { Signature } from '../signatures/signature';
import { ALL_KINDS, remembered } from './texts';

type AnyFunction = (...args: any[]) => unknown;

/** Whether JavaScript has checked an argument well enough for the host, by the letter of its type. */
const checks: { readonly [letter: string]: (value: string) => string } = {
  b: (a) => `(typeof ${a} === 'boolean' || ${a} === 1 || ${a} === 0)`,
  c: (a) => `typeof ${a} === 'number' && ${a} << 24 >> 24 === ${a}`,
  C: (a) => `typeof ${a} === 'number' && (${a} & 255) === ${a}`,
  h: (a) => `typeof ${a} === 'number' && ${a} << 16 >> 16 === ${a}`,
  H: (a) => `typeof ${a} === 'number' && (${a} & 65535) === ${a}`,
  i: (a) => `typeof ${a} === 'number' && (${a} | 0) === ${a}`,
  I: (a) => `typeof ${a} === 'number' && ${a} >>> 0 === ${a}`,
  f: (a) => `typeof ${a} === 'number'`,
  d: (a) => `typeof ${a} === 'number'`,
  l: (a) => `isSigned(${a})`,
  q: (a) => `isSigned(${a})`,
  L: (a) => `isUnsigned(${a})`,
  Q: (a) => `isUnsigned(${a})`,
  // While a callback is open, buffers take the slow path, which protects them from what the callback does.
  p: (a) => {
    const bytes = `(settled.has(${a}) ? ${a}[0] !== undefined : hasBytes(${a}))`;
    return `(typeof ${a} === 'object' ? ${a} === null || gates[0] === 0 && ${bytes} : isAddress(${a}))`;
  },
};

/** What is passed for an argument that has been checked: of -0 and of numbers for a bool, what the host takes. */
const passes: { readonly [letter: string]: (value: string) => string } = {
  b: (a) => `typeof ${a} === 'boolean' ? ${a} : ${a} === 1`,
};

/** The result that the program gets, if the host's is `r`. */
const returnings: { readonly [letter: string]: string } = {
  ...{ v: 'undefined', b: 'r', c: 'r', C: 'r', h: 'r', H: 'r', i: 'r', I: 'r', f: 'r', d: 'r', q: 'r', Q: 'r' },
  ...{ l: "typeof r === 'number' ? r : narrow(r)", L: "typeof r === 'number' ? r : narrow(r)" },
  p: "typeof r === 'number' ? r : narrow(r)",
};

const { isSafeInteger: isSafe } = Number;
const { asIntN, asUintN } = BigInt;
const { isView } = ArrayBuffer;
const LEAST = BigInt(Number.MIN_SAFE_INTEGER);
const GREATEST = BigInt(Number.MAX_SAFE_INTEGER);

const isSigned = (value: unknown): boolean =>
  typeof value === 'number' ? isSafe(value) : typeof value === 'bigint' && asIntN(64, value) === value;
const isUnsigned = (value: unknown): boolean =>
  typeof value === 'number' ? isSafe(value) && value >= 0 : typeof value === 'bigint' && asUintN(64, value) === value;
const isAddress = (value: unknown): boolean => typeof value === 'number' && isSafe(value) && value >= 0;
/** A number where it is exact, as the native module returns one. */
const narrow = (value: bigint): number | bigint => (value >= LEAST && value <= GREATEST ? Number(value) : value);

/**
 * The typed arrays whose bytes stay where they are. JavaScriptCore moves those of a small one when its buffer is first
 * asked for, and C may have kept the address. One of them has bytes if it has a first element, which no property hides.
 */
const settled = new WeakSet<object>();
const bufferGetter = Reflect.getOwnPropertyDescriptor(Reflect.getPrototypeOf(Uint8Array.prototype)!, 'buffer')!.get!;

function settleBytes(view: ArrayBufferView): void {
  try {
    Reflect.apply(bufferGetter, view, []);
    settled.add(view);
  } catch {
    // a DataView, which is always made for a buffer
  }
}

/** The values that the code of every function uses, by the names that the code has for them. */
interface Tools extends Pick<HostAccess, 'gates'> {
  /**
   * Ends a call inside which C has come back to JavaScript. The arguments are given so that the host keeps their memory
   * until C has returned.
   */
  readonly end: (number: number, ...args: readonly unknown[]) => void;
  readonly apply: typeof Reflect.apply;
  readonly isSigned: typeof isSigned;
  readonly isUnsigned: typeof isUnsigned;
  readonly isAddress: typeof isAddress;
  readonly narrow: typeof narrow;
  readonly settled: WeakSet<object>;
  /** Whether a value is a view with bytes that C can have: one that is detached or out of bounds has none. */
  readonly hasBytes: (value: object) => boolean;
}

let access: HostAccess | undefined;
let tools: Tools;

/**
 * Sets the engine up, once for each JavaScript thread.
 * @throws Error `ERR_FFI_NO_ENGINE` if it cannot work.
 */
export function openHostCalls(): void {
  if (!hostCalls) throw ffiError('ERR_FFI_NO_ENGINE', 'openHostCalls: this host has no calls of its own');
  const opened = native.openHostCalls();
  const { gates, settle, samples } = opened;
  if (!passesAsC(hostCalls, opened)) {
    throw ffiError('ERR_FFI_NO_ENGINE', `openHostCalls: ${hostCalls.name} passes values in another way than expected`);
  }
  const sizeOf = hostCalls.sizeThrough(samples.word);
  const knows = sizeOf && knowsSizes(sizeOf);
  const hasBytes = (view: object): boolean => {
    if (!knows || !isView(view) || !(sizeOf!(view) > 0)) return false;
    settleBytes(view);
    return true;
  };
  const end = (number: number): void => {
    settle(number);
    gates[1] = 0;
  };
  tools = { gates, end, apply: Reflect.apply, isSigned, isUnsigned, isAddress, narrow, settled, hasBytes };
  access = opened;
}

/** Whether the host gives every sample the values that C would, and takes its results. */
function passesAsC(host: HostCalls, { samples: { word, double, single, sum } }: HostAccess): boolean {
  const trials: readonly (readonly [
    address: number,
    args: string,
    returns: string,
    given: unknown[],
    wanted: unknown,
  ])[] = [
    [word, 'c', 'i', [-5], -5],
    [word, 'C', 'i', [200], 200],
    [word, 'h', 'i', [-300], -300],
    [word, 'H', 'i', [65535], 65535],
    [word, 'i', 'l', [2 ** 31 - 1], 2 ** 31 - 1],
    [word, 'i', 'i', [-(2 ** 31)], -(2 ** 31)],
    [word, 'I', 'I', [2 ** 32 - 1], 2 ** 32 - 1],
    [word, 'I', 'L', [2 ** 31], 2 ** 31],
    [word, 'b', 'b', [true], true],
    [word, 'b', 'C', [false], 0],
    [word, 'l', 'c', [0x1ff80], -128],
    [word, 'l', 'C', [0x1ffff], 255],
    [word, 'l', 'h', [0x18000], -32768],
    [word, 'l', 'H', [0x1ffff], 65535],
    [word, 'l', 'i', [2 ** 32 + 7], 7],
    [word, 'l', 'I', [2 ** 33 - 1], 2 ** 32 - 1],
    [word, 'l', 'b', [0x100], false],
    [word, 'l', 'b', [2], true],
    [word, 'l', 'l', [Number.MAX_SAFE_INTEGER], Number.MAX_SAFE_INTEGER],
    [word, 'l', 'l', [Number.MIN_SAFE_INTEGER], Number.MIN_SAFE_INTEGER],
    [word, 'l', 'l', [-1], -1],
    [word, 'l', 'q', [-0], BigInt(0)],
    [word, 'q', 'l', [LEAST - BigInt(2)], LEAST - BigInt(2)],
    [word, 'q', 'L', [BigInt(-1)], asUintN(64, BigInt(-1))],
    [word, 'Q', 'q', [asUintN(64, BigInt(-1))], BigInt(-1)],
    [word, 'L', 'Q', [Number.MAX_SAFE_INTEGER], GREATEST],
    [word, 'p', 'p', [2 ** 47 + 1], 2 ** 47 + 1],
    [word, 'p', 'p', [null], 0],
    [word, 'q', 'p', [GREATEST + BigInt(2)], GREATEST + BigInt(2)],
    [word, 'i', 'v', [1], undefined],
    [double, 'd', 'd', [1], 1],
    [double, 'd', 'd', [-0.5], -0.5],
    [double, 'd', 'd', [-0], -0],
    [double, 'd', 'd', [NaN], NaN],
    [single, 'f', 'f', [3], 3],
    [single, 'f', 'f', [0.1], Math.fround(0.1)],
    [sum, ALL_KINDS.args, 'd', ALL_KINDS.given, ALL_KINDS.sum],
  ];
  return trials.every(({ 0: address, 1: args, 2: returns, 3: given, 4: wanted }) => {
    const called = host.functionAt(address, args.split(''), returns);
    const r: unknown = called && Reflect.apply(called, undefined, given);
    return called !== undefined && Object.is(typeof r === 'bigint' && 'lLp'.includes(returns) ? narrow(r) : r, wanted);
  });
}

/** Whether the function gives the sizes of views, also of those that have no bytes any more. */
function knowsSizes(sizeOf: (view: ArrayBufferView) => number): boolean {
  try {
    const gone = new ArrayBuffer(8);
    const views = [new Uint8Array(gone), new DataView(gone, 4)];
    native.detach(gone);
    return (
      views.every((view) => sizeOf(view) === 0) &&
      sizeOf(new Uint8Array(0)) === 0 &&
      sizeOf(new Float64Array(3)) === 24 &&
      sizeOf(new DataView(new ArrayBuffer(8), 3)) === 5
    );
  } catch {
    return false;
  }
}

/** The values that the code of one function uses, by the names that the code has for them. */
interface Its {
  /** The name of the C function, for messages and stack traces. */
  readonly name: string;
  /** Has the host make its function; the slow path if the host has none for these types. */
  readonly make: () => AnyFunction;
  /** The slow path. */
  readonly ordinary: AnyFunction;
  /** The number by which the native module knows the C function. */
  readonly number: number;
  /** Index in `gates` of the gate that says whether the function has been closed. */
  readonly gate: number;
}

/**
 * The statements of a call, inside which C may come back to JavaScript in ways of which arkffi knows nothing.
 *
 * Where the stack has overflowed nothing can be called, and nothing has to be: the call has not been made. JavaScript
 * engines inline a function only up to a limit of bytecode, and `finally` would take more of it.
 */
function callText(passed: readonly string[], parameters: readonly string[]): string {
  const end = `if (gates[1] === 1) gates[1] = 0; else end(${['number'].concat(parameters).join()});`;
  return `outer = gates[2];
      gates[1] = gates[2] = 1;
      try {
        r = fast(${passed.join()});
      } catch (thrown) {
        gates[2] = outer;
        ${end}
        throw thrown;
      }
      gates[2] = outer;
      ${end}`;
}

/** The function that a text evaluates to. */
type Maker = (its: Its, tools: Tools) => AnyFunction;

/**
 * The text of a function that makes the JavaScript function for a C function. The host's function is made in the
 * first call, so that functions which are never called cost little.
 */
function textOf({ args, returns }: Signature): string {
  const parameters = args.map((_, i) => `a${i}`);
  const tests = args.map((letter, i) => checks[letter](parameters[i]));
  const passed = args.map((letter, i) => (passes[letter] ?? String)(parameters[i]));
  const isOpen = [`arguments.length === ${args.length}`, 'gates[gate] === 0', 'gates[0] < 2'];
  return generated(`(function (its, tools) {
  'use strict';
  const { name, make, ordinary, number, gate } = its;
  const { gates, end, apply, isSigned, isUnsigned, isAddress, narrow, settled, hasBytes } = tools;
  let fast = (...all) => apply(fast = make(), undefined, all);
  return { [name](${parameters.join()}) {
    var r, outer;
    if (${isOpen.concat(tests).join(' && ')}) {
      ${callText(passed, parameters)}
      return ${returnings[returns]};
    }
    return apply(ordinary, undefined, arguments);
  } }[name];
})`);
}

const rememberedText = remembered(textOf);

/**
 * The function by this engine, or undefined if the host cannot pass its types. `portable` is the same function by the
 * portable engine.
 */
export function byHost(bound: BoundFunction, signature: Signature, portable: AnyFunction): AnyFunction | undefined {
  if (!access || !hostCalls) return undefined;
  const { args, returns } = signature;
  if (!(returns in returnings && args.every((letter) => letter in checks))) return undefined;
  const { number } = bound;
  const callee = access.calleeOf(number);
  if (!callee) return undefined;
  const make = (): AnyFunction => hostCalls!.functionAt(callee.address, args, returns) ?? portable;
  const maker = native.evaluate(rememberedText(signature)) as Maker;
  return maker({ name: bound.name!, make, ordinary: portable, number, gate: callee.gate }, tools);
}

/** Numbers at addresses by this engine; undefined if the host has no functions for them. */
export function accessByHost({ loadAddress, storeAddress }: Scalars): QuickAccess | undefined {
  const load = hostCalls!.functionAt(loadAddress, ['i', 'd', 'i'], 'd');
  const store = hostCalls!.functionAt(storeAddress, ['i', 'd', 'd', 'i'], 'i');
  if (!load || !store) return undefined;
  return {
    load: (address, code) => load(0, address, code) as number,
    store: (address, value, code) => store(0, address, value, code) as number,
  };
}
