/**
 * The V8 engine: V8's optimised code calls C with nothing in between.
 *
 * Each C function has a V8 function, whose conversions are silent, and around it JavaScript that checks the values first.
 * That JavaScript is written as text for the types of the function, and evaluated by the native module anew for each C
 * function: V8 calls C directly only where it knows for certain which function is called, so code that several functions
 * shared would be fast for none of them. A call takes the slow path, which gives the same results and errors, until V8
 * has optimised that code, and whenever a value is not plainly right.
 *
 * Strings and buffers are first brought to C by two functions of the native module, which V8 calls as it calls C. They
 * read V8's memory, so they allocate nothing and run no JavaScript.
 */

import type { BoundFunction, Putter, V8Access } from '../host/bridge';
import { ffiError } from '../base/errors';
import { native } from '../base/native';
import type { Signature } from '../signatures/signature';
import { slots } from './slots';

type AnyFunction = (...args: any[]) => unknown;

let access: V8Access | undefined;

/** Stands for a function of the native module that does not work in this V8: it does nothing, so another way is taken. */
const nothing = (): undefined => undefined;
let putText: Putter = nothing;
let putAddress: Putter = nothing;
let tools: Tools;

/**
 * Sets the engine up, once for each JavaScript thread.
 * @throws Error `ERR_FFI_NO_ENGINE` where it cannot work.
 */
export function openV8(): void {
  // V8 has no WebAssembly when it may make no code (--jitless), and then optimises nothing.
  if (!('WebAssembly' in globalThis)) throw ffiError('ERR_FFI_NO_ENGINE', 'openV8: V8 optimises no code here');
  access = native.openV8();
  ({ putText = nothing, putAddress = nothing } = access.putters);
  tools = toolsOf(access);
}

/** What the native module gave for the engine; undefined until `openV8` has set it up. */
export function v8Access(): V8Access | undefined {
  return access;
}

/** What the text of one argument is made from: JavaScript expressions. */
interface Argument {
  /** The parameter that holds the value that the program passed. */
  readonly value: string;
  /** A variable of its own, for the number that the value becomes. */
  readonly number: string;
  /** The value as the number that a 64-bit integer is passed as: NaN where it is none. */
  readonly wide: string;
  /** The index of the argument's slot in `slots`. */
  readonly slot: string;
  /** The address of that slot. */
  readonly slotAddress: string;
  /** The address of room for text that no other argument uses. */
  readonly textAddress: string;
}

/** How values of a type are checked, and passed to V8's function: JavaScript expressions, of which the first is true or false. */
interface Passing {
  readonly check: (argument: Argument) => string;
  readonly pass: (argument: Argument) => string;
}

const passValue = ({ value }: Argument): string => value;
const passNumber = ({ number }: Argument): string => number;

/** An integer of up to 32 bits. `wrap` is the expression that wraps a value into the range: one that fits stays as it is. */
function integer(wrap: (value: string) => string): Passing {
  return {
    check: ({ value, number }) => `typeof ${value} === 'number' && (${number} = ${wrap(value)}) === ${value}`,
    pass: passNumber,
  };
}

const float: Passing = { check: ({ value }) => `typeof ${value} === 'number'`, pass: passValue };
const signed: Passing = { check: ({ number, wide }) => `isSafe(${number} = ${wide})`, pass: passNumber };
const unsigned: Passing = {
  check: ({ number, wide }) => `isSafe(${number} = ${wide}) && ${number} >= 0`,
  pass: passNumber,
};

/** The types that V8's functions take, by their letters. */
const passings: { readonly [letter: string]: Passing } = {
  b: {
    check: ({ value }) => `(${value} === true || ${value} === false || ${value} === 1 || ${value} === 0)`,
    pass: ({ value }) => `${value} ? 1 : 0`,
  },
  c: integer((value) => `${value} << 24 >> 24`),
  C: integer((value) => `${value} & 255`),
  h: integer((value) => `${value} << 16 >> 16`),
  H: integer((value) => `${value} & 65535`),
  i: integer((value) => `${value} | 0`),
  I: integer((value) => `${value} >>> 0`),
  f: float,
  d: float,
  l: signed,
  q: signed,
  L: unsigned,
  Q: unsigned,
  // The bytes of a buffer stay where they are while JavaScript refers to it. It does until C has returned: the slow path,
  // which comes after the call of C, has the same arguments, and V8 must be able to take it.
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

/**
 * V8 inlines functions up to a limit of bytecode. At most this many 64-bit and pointer arguments of a function fit into it
 * if their checks accept bigints as well; with more of them, bigints take the slow path.
 */
const MOST_WIDE = 4;

/** A value for 64 bits as the number that holds it, and NaN where there is none. Beyond 2^53 it is rounded. */
const wide = (value: unknown): number => (typeof value === 'number' ? +value : +ofBigint(value));
/** The address that a value stands for, and NaN where there is none. `slot` and `slotAddress` are the argument's. */
const address = (value: unknown, slotAddress: number, slot: number): number => {
  if (typeof value === 'number') return +value;
  if (typeof value !== 'object') return +ofBigint(value);
  return value === null ? 0 : putAddress(value, slotAddress) === 1 ? slots[slot] : NaN;
};
const ofBigint = (value: unknown): number => (typeof value === 'bigint' ? Number(value) : NaN);

/** How a result of a type comes to the program: JavaScript expressions. */
interface Returning {
  /** The result, made of `r`, what V8's function gave: C sets only the low bits of a narrow integer. */
  readonly value: string;
  /** Where `r` comes from when V8's function gives nothing. */
  readonly stored: string;
  /**
   * An operator that is applied to what the slow path gives. It changes no value, but V8 then knows that both results are
   * numbers of one kind, and allocates no object for them.
   */
  readonly slow?: string;
}

const NUMBER_OR_SIGNED = 'r >= -9007199254740991 && r <= 9007199254740991 ? r : signed[0]';
const NUMBER_OR_UNSIGNED = 'r >= 0 && r <= 9007199254740991 ? r : unsigned[0]';

/** The types that V8's functions give, by their letters. */
const returnings: { readonly [letter: string]: Returning } = {
  v: { value: 'undefined', stored: 'undefined' },
  b: { value: '(r & 255) !== 0', stored: 'ints[0]' },
  c: { value: 'r << 24 >> 24', stored: 'ints[0]', slow: '| 0' },
  C: { value: 'r & 255', stored: 'ints[0]', slow: '| 0' },
  h: { value: 'r << 16 >> 16', stored: 'ints[0]', slow: '| 0' },
  H: { value: 'r & 65535', stored: 'ints[0]', slow: '| 0' },
  i: { value: 'r | 0', stored: 'ints[0]', slow: '| 0' },
  I: { value: 'r >>> 0', stored: 'ints[0]', slow: '>>> 0' },
  f: { value: 'r', stored: 'floats[0]', slow: '* 1' },
  d: { value: 'r', stored: 'doubles[0]', slow: '* 1' },
  // V8's function gives a 64-bit integer as a double, which may have rounded it: within these bounds it has not.
  l: { value: NUMBER_OR_SIGNED, stored: 'doubles[1]' },
  q: { value: 'signed[0]', stored: 'undefined' },
  L: { value: NUMBER_OR_UNSIGNED, stored: 'doubles[1]' },
  Q: { value: 'unsigned[0]', stored: 'undefined' },
  p: { value: NUMBER_OR_UNSIGNED, stored: 'doubles[1]' },
  // The memory that the text lies in is still there, because C cannot have come back to JavaScript during the call.
  s: {
    value:
      'rest > 0 ? (rest--, createText(memory) ?? newText()) : (r = recall(memory)) === 1 ? last : r === 2 ? null : ' +
      'r === 0 ? (last = keepText(memory) ?? newText()) : (r === 3 && (rest = 1000), createText(memory) ?? newText())',
    stored: 'undefined',
  },
};

/** The result of the last call, as each type has it. */
const lastResult = {
  signed: new BigInt64Array(slots.buffer, 0, 1),
  unsigned: new BigUint64Array(slots.buffer, 0, 1),
  ints: new Int32Array(slots.buffer, 0, 1),
  floats: new Float32Array(slots.buffer, 0, 1),
  doubles: slots,
};

/** What the code of every function uses, by the names that it has there. */
interface Tools extends Pick<V8Access, 'gates' | 'settle' | 'recall'> {
  readonly signed: BigInt64Array;
  readonly unsigned: BigUint64Array;
  readonly ints: Int32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly wide: typeof wide;
  readonly address: typeof address;
  readonly isSafe: (value: unknown) => boolean;
  readonly apply: typeof Reflect.apply;
  readonly putText: Putter;
  readonly createText: (memory: number) => string | undefined;
  readonly keepText: (memory: number) => string | undefined;
}

function toolsOf({ gates, settle, recall, createText, keepText }: V8Access): Tools {
  return {
    ...{ ...lastResult, wide, address, isSafe: Number.isSafeInteger, apply: Reflect.apply },
    ...{ gates, settle, recall, putText, createText: createText ?? nothing, keepText: keepText ?? nothing },
  };
}

/** The ways of a call that the fast one does not take. */
interface OtherRoutes {
  /** The slow path. It is native code, which V8 does not inline: JavaScript would use up the room for inlining the fast path. */
  readonly ordinary: AnyFunction;
  /** While a callback is open, when C may come back to JavaScript. Made when it is first needed. */
  open: AnyFunction;
}

/** What the code of one function uses, by the names that it has there. */
interface Its {
  /** What the C function is called, for messages and stack traces. */
  readonly name: string;
  /** V8's function. */
  readonly fast: AnyFunction;
  readonly others: OtherRoutes;
  /** The number that slot 0 names the C function by. */
  readonly number: number;
  /** Of `gates`, the one that says whether the function has been closed. */
  readonly gate: number;
  /** Of a function that gives strings: the address of what is remembered of the last one. */
  readonly memory: number | undefined;
  /** Makes its string anew by Node-API, after the call. */
  readonly newText: (() => string | null) | undefined;
}

/** What a text evaluates to. */
type Maker = (its: Its, tools: Tools) => AnyFunction;

/** What the texts of the arguments are made from. */
function argumentsOf(signature: Signature, { cellAddress, textAddress, textSize }: V8Access): Argument[] {
  const wides = signature.args.filter((type) => type === 'p' || 'lqLQ'.includes(type));
  const takesBigints = wides.length <= MOST_WIDE;
  return signature.args.map((_, i) => ({
    value: `a${i}`,
    number: `x${i}`,
    wide: takesBigints ? `wide(a${i})` : `a${i}`,
    slot: String(1 + i),
    slotAddress: String(cellAddress + i * slots.BYTES_PER_ELEMENT),
    textAddress: String(textAddress + i * textSize),
  }));
}

/** The two parts of a function's text that depend on whether a callback is open. */
interface CallText {
  /** Statements that call C by V8's function, and return its result if it has called. */
  readonly call: string;
  /** The result by another route. */
  readonly otherwise: string;
}

/** The call while no callback is open, so that C cannot come back to JavaScript. */
function closedCall(args: string, { value, slow = '' }: Returning): CallText {
  return {
    call: `gates[1] = 1;
      r = fast(${args});
      if (gates[1] !== 1) settle(number);
      gates[1] = 0;
      if (r !== undefined) return ${value};`,
    otherwise: `apply(gates[0] === 0 ? ordinary : others.open, undefined, arguments) ${slow}`,
  };
}

/** The call in which C may come back to JavaScript. */
function openCall(args: string, { value, stored, slow = '' }: Returning): CallText {
  return {
    call: `fast(${args});
      if (gates[1] !== 0) {
        if (gates[1] !== 1) settle(number);
        gates[1] = 0;
        r = ${stored};
        return ${value};
      }`,
    otherwise: `apply(ordinary, undefined, arguments) ${slow}`,
  };
}

/**
 * The text of a function that makes what a program calls, the same for all functions of one signature. V8 inlines what is
 * made into its caller if it is short, and takes the constants around it for constant.
 */
function textOf(signature: Signature, isOpen: boolean, its: V8Access): string {
  const given = argumentsOf(signature, its);
  const passingOf = (i: number): Passing => passings[signature.args[i]];
  const parameters = given.map(({ value }) => value);
  const variables = ['r', ...given.map(({ number }) => number)];
  const checks = [
    isOpen ? 'gates[0] === 1' : 'gates[0] === 0',
    `arguments.length === ${given.length}`,
    'gates[gate] === 0',
    ...given.map((argument, i) => passingOf(i).check(argument)),
  ];
  const passed = given.map((argument, i) => passingOf(i).pass(argument)).join();
  const { call, otherwise } = (isOpen ? openCall : closedCall)(passed, returnings[signature.returns]);
  return `(function (its, tools) {
  'use strict';
  const { name, fast, others, number, gate, memory, newText } = its;
  const { ordinary } = others;
  const { gates, settle, recall, putText, createText, keepText } = tools;
  const { signed, unsigned, ints, floats, doubles, wide, address, isSafe, apply } = tools;
  let last, rest = 0;
  return { [name](${parameters.join()}) {
    var ${variables.join()};
    if (${checks.join(' && ')}) {
      ${call}
    }
    return ${otherwise};
  } }[name];
})`;
}

const texts = new Map<string, string>();

/** The same text, written once for each signature. */
function rememberedText(signature: Signature, isOpen: boolean, its: V8Access): string {
  const key = `${signature.args.join('')}:${signature.returns}${isOpen}`;
  let text = texts.get(key);
  if (text === undefined) texts.set(key, (text = textOf(signature, isOpen, its)));
  return text;
}

/**
 * The function by this engine, or undefined where it takes or gives something that V8 cannot pass on. `portable` is the
 * same function by the portable engine.
 */
export function byV8(bound: BoundFunction, signature: Signature, portable: AnyFunction): AnyFunction | undefined {
  if (!access) return undefined;
  if (!(signature.returns in returnings && signature.args.every((type) => type in passings))) return undefined;
  const { evaluate, entriesOf, memoryOf } = access;
  const { number, call: ordinary } = bound;
  const remembered = signature.returns === 's' ? memoryOf(number) : [];
  if (!remembered) return undefined;
  const entries = entriesOf(number);
  if (!entries) return undefined;
  const { fast, reentrant, gate } = entries;
  const [memory, newText] = remembered;
  const make = (entry: AnyFunction, isOpen: boolean, others: OtherRoutes): AnyFunction => {
    const maker = evaluate(rememberedText(signature, isOpen, access!)) as Maker;
    return maker({ name: ordinary.name, fast: entry, others, number, gate, memory, newText }, tools);
  };
  // The room for text is that of a single call, and so is what is remembered of a result.
  const mayReenter = reentrant && signature.returns !== 's' && !signature.args.includes('s');
  const others: OtherRoutes = { ordinary, open: portable };
  if (mayReenter) {
    others.open = (...args) => {
      others.open = make(reentrant, true, { ordinary, open: ordinary });
      return others.open(...args);
    };
  }
  return make(fast, false, others);
}
