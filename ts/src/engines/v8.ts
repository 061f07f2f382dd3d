/**
 * The V8 engine: V8's optimised code calls C with nothing in between.
 *
 * V8 has a function for all C functions of the same types, which converts its arguments silently, and calls C at the
 * address that it gets last. It is called from JavaScript that checks the values first. That JavaScript is written as text
 * for the types of the function, and evaluated anew for each C function: V8 then knows the address, and optimises the calls
 * of each function for the values that it gets. Until V8 has optimised that code, and whenever a value is not plainly
 * right, a call takes the slow path, which gives the same results and errors.
 *
 * Strings and buffers are first brought to C by two functions of the native module, which V8 calls in the same way as
 * C. They read V8's memory, so they allocate nothing and run no JavaScript.
 */

import type { BoundFunction, Putter, Scalars, V8Access } from '../host/bridge';
import { compressesPointers } from '../host/host';
import { ffiError } from '../base/errors';
import { native } from '../base/native';
import { generated } from '../base/stack';
import type { QuickAccess } from '../memory/quick_access';
import type { Signature } from '../signatures/signature';
import { portable } from './portable';
import { choose, lastResult, slots, slowly } from './slots';
import { ofBigint, wide } from './texts';
import {
  argumentsOf,
  commonTools,
  passings as numberPassings,
  passNumber,
  resultOf,
  returnings as numberReturnings,
} from './thunk_texts';
import type { Argument, Passing, Returning } from './thunk_texts';

type AnyFunction = (...args: any[]) => unknown;
type Common = typeof commonTools & typeof lastResult;

let access: V8Access | undefined;

/**
 * Replaces functions of the native module that this V8 does not support. Its result makes the caller take another path.
 */
const nothing = (): undefined => undefined;
let putText: Putter = nothing;
let putAddress: Putter = nothing;
let tools: Tools;

/**
 * Sets the engine up, once for each JavaScript thread.
 * @throws Error `ERR_FFI_NO_ENGINE` if it cannot work.
 */
export function openV8(): void {
  // V8 lacks WebAssembly if it may not make code (--jitless), and then it optimises nothing.
  if (!('WebAssembly' in globalThis)) throw ffiError('ERR_FFI_NO_ENGINE', 'openV8: V8 optimises no code here');
  // As in Electron. The native module finds that out as well, from V8 itself.
  if (compressesPointers()) throw ffiError('ERR_FFI_NO_ENGINE', 'openV8: this V8 compresses its pointers');
  access = native.openV8();
  ({ putText = nothing, putAddress = nothing } = access.putters);
  tools = toolsOf(access);
}

/** The native module's part of the engine; undefined unless `openV8` has set it up. */
export function v8Access(): V8Access | undefined {
  return access;
}

/** The same with what strings and buffers need. */
interface RoomyArgument extends Argument {
  /** The index of the argument's slot. */
  readonly slot: string;
  /** The address of that slot. */
  readonly slotAddress: string;
  /** The address of room for text that is used by this argument only. */
  readonly textAddress: string;
}

/** The types that V8's functions take, by their letters. */
const passings: { readonly [letter: string]: Passing<RoomyArgument> } = {
  ...numberPassings,
  // The bytes of a buffer stay where they are while JavaScript refers to it. It refers to it until C has returned,
  // because the code after the call of C may still take the slow path with the same arguments.
  p: {
    check: ({ value, number, slot, slotAddress }) =>
      `isSafe(${number} = address(${value}, ${slotAddress}, ${slot})) && ${number} >= 0`,
    pass: passNumber,
  },
  s: {
    check: ({ value, textAddress }) => `(${value} === null || putText(${value}, ${textAddress}) === 1)`,
    pass: ({ value, textAddress }) => `${value} === null ? 0 : ${textAddress}`,
  },
};

/** While a callback is open, buffers take the slow path, which protects them from what the callback does. */
const passOpenPointer: Passing = {
  check: ({ value, number }) => `isSafe(${number} = addressOnly(${value})) && ${number} >= 0`,
  pass: passNumber,
};

/**
 * The address that a value stands for; NaN if the slow path must find it. `slotAddress` and `slot` are the argument's.
 */
const address = (value: unknown, slotAddress: number, slot: number): number => {
  if (typeof value === 'number') return +value;
  if (typeof value !== 'object') return +ofBigint(value);
  return value === null ? 0 : putAddress(value, slotAddress) === 1 ? slots[slot] : NaN;
};
const addressOnly = (value: unknown): number => (value === null ? 0 : wide(value));

/** The types that V8's functions return, by their letters. */
const returnings: { readonly [letter: string]: Returning } = {
  ...numberReturnings,
  // The memory of the text is still valid, because C cannot have called back into JavaScript during the call.
  s: {
    value:
      'rest > 0 ? (rest--, createText(memory) ?? newText()) : (r = recall(memory)) === 1 ? last : r === 2 ? null : ' +
      'r === 0 ? (last = keepText(memory) ?? newText()) : (r === 3 && (rest = 1000), createText(memory) ?? newText())',
    stored: 'undefined',
  },
};

/** The values that the code of every function uses, by the names that the code has for them. */
interface Tools extends Common, Pick<V8Access, 'gates' | 'settle' | 'recall'> {
  readonly address: typeof address;
  readonly addressOnly: typeof addressOnly;
  /** Puts the number of a function into slot 0. It is a call because a store there would make the fast path slower. */
  readonly choose: typeof choose;
  /**
   * The same; and returns what makes the call then, with the function as `this`. It is not in the text of each function,
   * because V8 inlines only short ones.
   */
  readonly route: (routed: Routed) => AnyFunction;
  /**
   * The slow path of the function whose number is in slot 0. It is native code, which V8 does not inline; JavaScript would
   * use up the inlining limit of the fast path.
   */
  readonly slowly: AnyFunction;
  readonly putText: Putter;
  readonly createText: (memory: number) => string | undefined;
  readonly keepText: (memory: number) => string | undefined;
}

function toolsOf({ gates, settle, recall, createText, keepText }: V8Access): Tools {
  return {
    ...commonTools,
    ...lastResult,
    ...{ address, addressOnly, choose, slowly, gates, settle, recall },
    route(routed) {
      choose(routed.number);
      return gates[0] === 0 ? slowly : routed.open!;
    },
    ...{ putText, createText: createText ?? nothing, keepText: keepText ?? nothing },
  };
}

/** A C function, with the other way in which its calls can be made. */
interface Routed extends BoundFunction {
  readonly signature: Signature;
  /** Used while a callback is open, when C may call back into JavaScript. It is made when it is first needed. */
  open: AnyFunction | undefined;
}

/** The values that the code of one function uses, by the names that the code has for them. */
interface Its {
  /** The name of the C function, for messages and stack traces. */
  readonly name: string;
  /** V8's function. */
  readonly fast: AnyFunction;
  /** The address of the C function. */
  readonly target: number;
  readonly routed: Routed;
  /** Index in `gates` of the gate that says whether the function has been closed. */
  readonly gate: number;
  /** For string results: the address of the record of the last string. */
  readonly memory: number | undefined;
  /** For string results: makes the string of the last call by Node-API. */
  readonly newText: (() => string | null) | undefined;
}

/** The function that a text evaluates to. */
type Maker = (its: Its, tools: Tools) => AnyFunction;

function roomyArgumentsOf(signature: Signature, { cellAddress, textAddress, textSize }: V8Access): RoomyArgument[] {
  return argumentsOf(signature).map((argument, i) => ({
    ...argument,
    slot: String(1 + i),
    slotAddress: String(cellAddress + i * slots.BYTES_PER_ELEMENT),
    textAddress: String(textAddress + i * textSize),
  }));
}

/** The code of a call, which depends on whether a callback is open. */
interface CallText {
  /** Statements that call V8's function, and return the result if it has called C. */
  readonly call: string;
  /** An expression for the result by another way. */
  readonly otherwise: string;
}

/**
 * A statement that completes a call that has left something to do. Like `tools.answer`, it is not in the optimised code
 * until it has been needed, so that the result stays in a register of the processor.
 */
const SETTLE = 'if (gates[1] !== 1) tools.settle(routed.number);';

/** The code of a call while no callback is open, so that C cannot call back into JavaScript. */
function closedCall(args: string, signature: Signature): CallText {
  const { value } = returnings[signature.returns];
  const call = 'apply(route(routed), routed, arguments)';
  return {
    call: `gates[1] = 1;
      r = fast(${args});
      ${SETTLE}
      gates[1] = 0;
      if (r !== undefined) return ${value};`,
    otherwise: resultOf(call, signature),
  };
}

/** The code of a call in which C may call back into JavaScript. */
function openCall(args: string, signature: Signature): CallText {
  const { value, stored } = returnings[signature.returns];
  return {
    call: `fast(${args});
      if (gates[1] !== 0) {
        ${SETTLE}
        gates[1] = 0;
        r = ${stored};
        return ${value};
      }`,
    otherwise: resultOf('apply(slowly, choose(routed.number), arguments)', signature),
  };
}

/**
 * The text of a function that makes the JavaScript function for a C function. It is the same for all C functions of one
 * signature. V8 inlines the JavaScript function into its callers if it is short, and treats the variables around it as
 * constants.
 */
function textOf(signature: Signature, isOpen: boolean, its: V8Access): string {
  const given = roomyArgumentsOf(signature, its);
  const passingOf = (i: number): Passing<RoomyArgument> =>
    isOpen && signature.args[i] === 'p' ? passOpenPointer : passings[signature.args[i]];
  const parameters = given.map(({ value }) => value);
  const variables = ['r'].concat(given.map(({ number }) => number));
  const checks = [
    // A call that has not been paused by a callback is under way if C came back to JavaScript by another way.
    isOpen ? 'gates[0] === 1 && gates[1] === 0' : 'gates[0] === 0',
    `arguments.length === ${given.length}`,
    'gates[gate] === 0',
  ].concat(given.map((argument, i) => passingOf(i).check(argument)));
  const passed = given
    .map((argument, i) => passingOf(i).pass(argument))
    .concat('target')
    .join();
  const { call, otherwise } = (isOpen ? openCall : closedCall)(passed, signature);
  return generated(`(function (its, tools) {
  'use strict';
  const { name, fast, target, routed, gate, memory, newText } = its;
  const { gates, recall, putText, createText, keepText } = tools;
  const { signed, unsigned, ints, floats, doubles, wide, address, addressOnly, isSafe, apply, route, choose, slowly } = tools;
  let last, rest = 0;
  return { [name](${parameters.join()}) {
    var ${variables.join()};
    if (${checks.join(' && ')}) {
      ${call}
    }
    return ${otherwise};
  } }[name];
})`);
}

/** What all C functions of one signature share. */
interface Kind {
  readonly text: string;
  /** V8's function. */
  readonly fast: AnyFunction;
}

/** By signature, for calls while no callback is open, and for others. */
const closedKinds = new Map<string, Kind>();
const openKinds = new Map<string, Kind>();

/** undefined if V8 can have no function for the C function with that number. */
function kindOf(number: number, signature: Signature, isOpen: boolean): Kind | undefined {
  const { fastOf, reentrantOf } = access!;
  const kinds = isOpen ? openKinds : closedKinds;
  const key = `${signature}`;
  const known = kinds.get(key);
  if (known !== undefined) return known;
  const fast = (isOpen ? reentrantOf : fastOf)(number);
  if (!fast) return undefined;
  const kind = { text: textOf(signature, isOpen, access!), fast: fast as AnyFunction };
  kinds.set(key, kind);
  return kind;
}

/** For string results: the address of the record of the last string, and what makes the last string. */
type Remembered = NonNullable<ReturnType<V8Access['memoryOf']>> | undefined;

function make(routed: Routed, isOpen: boolean, gate: number, remembered: Remembered): AnyFunction | undefined {
  const { number, name, ptr: target } = routed;
  const kind = kindOf(number, routed.signature, isOpen);
  if (!kind) return undefined;
  const { text, fast } = kind;
  const maker = native.evaluate(text) as Maker;
  return maker({ name: name!, fast, target, routed, gate, memory: remembered?.[0], newText: remembered?.[1] }, tools);
}

/** Replaces itself, as `open` of its object, by the function that makes the calls, and calls that. */
function openLater(this: Routed, ...args: unknown[]): unknown {
  const { args: types, returns } = this.signature;
  // The room for text, and the record of the last string, serve a single call: a nested call would overwrite them.
  const mayReenter = returns !== 's' && !types.includes('s');
  const gate = mayReenter ? access!.gateOf(this.number) : undefined;
  const reentrant = gate === undefined ? undefined : make(this, true, gate, undefined);
  this.open = reentrant ?? portable(this, this.signature) ?? this.call;
  return Reflect.apply(this.open, undefined, args);
}

/** The function by this engine, or undefined if V8 cannot pass its types. */
export function byV8(bound: BoundFunction, signature: Signature): AnyFunction | undefined {
  if (!access) return undefined;
  if (!(signature.returns in returnings && signature.args.every((type) => type in passings))) return undefined;
  const { number, name } = bound;
  const remembered = signature.returns === 's' ? access.memoryOf(number) : undefined;
  if (name === undefined || (signature.returns === 's' && !remembered)) return undefined;
  const gate = access.gateOf(number);
  if (gate === undefined) return undefined;
  const routed = bound as Routed;
  routed.open = openLater;
  return make(routed, false, gate, remembered);
}

/** Numbers at addresses by this engine. `safe` is the same by the portable engine. */
export function accessByV8({ load, store }: Scalars, safe: QuickAccess): QuickAccess {
  if (!load || !store) return safe;
  return {
    load: (address, code) => load(address, code) ?? safe.load(address, code),
    store: (address, value, code) => store(address, value, code) ?? safe.store(address, value, code),
  };
}
