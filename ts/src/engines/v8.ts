/**
 * The V8 engine: V8's optimised code calls C with nothing in between.
 *
 * For each C function there is a function of V8's, which converts silently, and around it JavaScript that checks the
 * values first. That JavaScript is written for the types of the function and compiled by the native module, each time
 * with code of its own: V8 calls C directly only where it knows for certain which function is called, so code that
 * served several functions would serve none. Until V8 has optimised it, and for whatever is not plainly right, the call
 * takes the ordinary route, which comes to the same.
 *
 * Strings and buffers are first brought to C by functions of our own, which V8 calls as it calls C: they read V8's memory,
 * so that nothing is allocated and no JavaScript runs.
 */

import type { BoundFunction, Putter, V8Access } from '../host/bridge';
import { cells } from './cells';
import { ffiError } from '../base/errors';
import { native } from '../base/native';
import type { Signature } from '../signatures/signature';

type AnyFunction = (...args: any[]) => unknown;

let access: V8Access | undefined;

/** What V8 cannot bring to C, or from there, goes the ordinary way. */
const putNothing: Putter = () => undefined;
let putText = putNothing;
let putAddress = putNothing;

/** Sets the engine up. Throws where it cannot work. */
export function openV8(): void {
  // V8 has no WebAssembly when it may make no code (--jitless), and then optimises nothing.
  if (!('WebAssembly' in globalThis)) throw ffiError('ERR_FFI_NO_ENGINE', 'openV8: V8 optimises no code here');
  access = native.openV8();
  ({ putText = putNothing, putAddress = putNothing } = access.putters);
}

/** The engine, once it has been set up. */
export function v8Access(): V8Access | undefined {
  return access;
}

/**
 * How a value of each type is checked, written for `$`, and how it is passed on. `%` is a variable of its own, for what it
 * becomes. `#cell` and `#text` are the addresses of a cell and of room for text that each argument has to itself, and
 * `cells[#]` is that cell.
 */
interface Passing {
  readonly check: string;
  readonly pass: string;
}

const integer = (same: string): Passing => ({ check: `typeof $ === 'number' && (% = ${same}) === $`, pass: '%' });
const float: Passing = { check: `typeof $ === 'number'`, pass: '$' };
const signed: Passing = { check: 'isSafe(% = wide($))', pass: '%' };
const unsigned: Passing = { check: 'isSafe(% = wide($)) && % >= 0', pass: '%' };

const passings: { readonly [letter: string]: Passing } = {
  b: { check: '($ === true || $ === false || $ === 1 || $ === 0)', pass: '$ ? 1 : 0' },
  c: integer('$ << 24 >> 24'),
  C: integer('$ & 255'),
  h: integer('$ << 16 >> 16'),
  H: integer('$ & 65535'),
  i: integer('$ | 0'),
  I: integer('$ >>> 0'),
  f: float,
  d: float,
  l: signed,
  q: signed,
  L: unsigned,
  Q: unsigned,
  p: { check: 'isSafe(% = address($, #cell, #)) && % >= 0', pass: '%' },
  s: { check: '($ === null || putText($, #text) === 1)', pass: '$ === null ? 0 : #text' },
};

/* The bytes of a buffer stay where they are while JavaScript refers to it. It does until C has returned: behind the call of
 * C is one of the ordinary route with the same arguments, which V8 must be able to make. */

/** What V8 inlines has so many bytes of bytecode at most; so many of these arguments fit when bigints are looked after. */
const MOST_WIDE = 4;

/** A value for 64 bits as the number that holds it, and NaN where there is none. Beyond 2^53 it is not the same. */
const wide = (value: unknown): number => (typeof value === 'number' ? +value : +ofBigint(value));
const address = (value: unknown, cell: number, index: number): number => {
  if (typeof value === 'number') return +value;
  if (typeof value !== 'object') return +ofBigint(value);
  return value === null ? 0 : putAddress(value, cell) === 1 ? cells[index] : NaN;
};
const ofBigint = (value: unknown): number => (typeof value === 'bigint' ? Number(value) : NaN);

/**
 * What becomes of what V8's function gives: of a narrow integer C sets only the low bits. Then, where that result is when
 * the function gives nothing. And what is done to the result of the ordinary route: nothing to the value, but where V8
 * knows that both are numbers of a kind, it makes no object of them.
 */
const results: { readonly [letter: string]: readonly [value: string, stored: string, ordinary?: string] } = {
  v: ['undefined', 'undefined'],
  b: ['(r & 255) !== 0', 'ints[0]'],
  c: ['r << 24 >> 24', 'ints[0]', '| 0'],
  C: ['r & 255', 'ints[0]', '| 0'],
  h: ['r << 16 >> 16', 'ints[0]', '| 0'],
  H: ['r & 65535', 'ints[0]', '| 0'],
  i: ['r | 0', 'ints[0]', '| 0'],
  I: ['r >>> 0', 'ints[0]', '>>> 0'],
  f: ['r', 'floats[0]', '* 1'],
  d: ['r', 'doubles[0]', '* 1'],
  // An integer that a double may have rounded: only one within these bounds has not been.
  l: ['r >= -9007199254740991 && r <= 9007199254740991 ? r : signed[0]', 'doubles[1]'],
  q: ['signed[0]', 'undefined'],
  L: ['r >= 0 && r <= 9007199254740991 ? r : unsigned[0]', 'doubles[1]'],
  Q: ['unsigned[0]', 'undefined'],
  p: ['r >= 0 && r <= 9007199254740991 ? r : unsigned[0]', 'doubles[1]'],
  // What the text lies in is still there only because C cannot have come back to JavaScript during the call.
  s: [
    'rest > 0 ? (rest--, createText(memory) ?? newText()) : (r = recall(memory)) === 1 ? last : r === 2 ? null : ' +
      'r === 0 ? (last = keepText(memory) ?? newText()) : (r === 3 && (rest = 1000), createText(memory) ?? newText())',
    'undefined',
  ],
};

/** The result of the last call, as each type has it. */
const lastResult = {
  signed: new BigInt64Array(cells.buffer, 0, 1),
  unsigned: new BigUint64Array(cells.buffer, 0, 1),
  ints: new Int32Array(cells.buffer, 0, 1),
  floats: new Float32Array(cells.buffer, 0, 1),
  doubles: cells,
};

const tools = { ...lastResult, wide, address, isSafe: Number.isSafeInteger, apply: Reflect.apply, none: putNothing };

/** The routes that take what the fast one does not. */
interface OtherRoutes {
  /** Native code, which V8 does not inline: else it would take up the room there is for inlining the fast route. */
  readonly ordinary: AnyFunction;
  /** While a callback is open, when C may come back to JavaScript. Made when it is first needed. */
  open: AnyFunction;
}

type Maker = (
  name: string,
  entry: AnyFunction,
  others: OtherRoutes,
  state: Pick<V8Access, 'gates' | 'settle' | 'recall' | 'createText' | 'keepText'>,
  number: number,
  gate: number,
  remembered: readonly unknown[],
  putText: Putter,
  its: typeof tools,
) => AnyFunction;

/** The check or the passing of each argument. */
function fill(signature: Signature, part: keyof Passing, { cellAddress, textAddress, textSize }: V8Access): string[] {
  const isShort =
    signature.args.filter((type) => passings[type] === passings.p || 'lqLQ'.includes(type)).length <= MOST_WIDE;
  return signature.args.map((type, i) => {
    const text = passings[type][part];
    return (isShort ? text : text.replace('wide($)', '$'))
      .replace(/\$/g, `a${i}`)
      .replace(/%/g, `x${i}`)
      .replace('#cell', String(cellAddress + i * cells.BYTES_PER_ELEMENT))
      .replace('#text', String(textAddress + i * textSize))
      .replace('#', String(1 + i));
  });
}

/** The call while no callback is open, and the ways of all else. */
const closedCall = (args: string, [value, , ordinary = '']: (typeof results)[string]): readonly string[] => [
  `gates[1] = 1;
      r = fast(${args});
      if (gates[1] !== 1) settle(number);
      gates[1] = 0;
      if (r !== undefined) return ${value};`,
  `apply(gates[0] === 0 ? ordinary : others.open, undefined, arguments) ${ordinary}`,
];

/** The call in which C may come back to JavaScript. */
const openCall = (args: string, [value, stored, ordinary = '']: (typeof results)[string]): readonly string[] => [
  `fast(${args});
      if (gates[1] !== 0) {
        if (gates[1] !== 1) settle(number);
        gates[1] = 0;
        r = ${stored};
        return ${value};
      }`,
  `apply(ordinary, undefined, arguments) ${ordinary}`,
];

/**
 * The text of a function that makes what a program calls, for all functions of one signature. V8 inlines that into what
 * calls it if it is short. What is constant there V8 takes for constant.
 */
function textOf(signature: Signature, isOpen: boolean, access: V8Access): string {
  const names = signature.args.map((_, i) => `a${i}`);
  const checks = [`arguments.length === ${names.length}`, 'gates[gate] === 0', ...fill(signature, 'check', access)];
  const args = fill(signature, 'pass', access).join();
  const [call, otherwise] = (isOpen ? openCall : closedCall)(args, results[signature.returns]);
  return `(function (name, entry, others, state, itsNumber, itsGate, remembered, put, tools) {
  'use strict';
  const { signed, unsigned, ints, floats, doubles, wide, address, isSafe, apply, none } = tools;
  const { ordinary } = others, { gates, settle, recall, createText = none, keepText = none } = state;
  const [memory, newText] = remembered;
  const fast = entry, number = itsNumber, gate = itsGate, putText = put;
  let last, rest = 0;
  return { [name](${names.join()}) {
    var ${['r', ...names.map((_, i) => `x${i}`)].join()};
    if (${[isOpen ? 'gates[0] === 1' : 'gates[0] === 0', ...checks].join(' && ')}) {
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

/** The function by this engine, or undefined where it takes or gives something that V8 cannot pass on. */
export function byV8(bound: BoundFunction, signature: Signature, portable: AnyFunction): AnyFunction | undefined {
  if (!access || !(signature.returns in results && signature.args.every((type) => type in passings))) return undefined;
  const remembered = signature.returns === 's' ? access.memoryOf(bound.number) : [];
  if (!remembered) return undefined;
  const { evaluate, entriesOf } = access;
  const entries = entriesOf(bound.number);
  if (!entries) return undefined;
  const { fast, reentrant, gate } = entries;
  const ordinary = bound.call;
  const make = (entry: AnyFunction, isOpen: boolean, others: OtherRoutes): AnyFunction => {
    const maker = evaluate(rememberedText(signature, isOpen, access!)) as Maker;
    return maker(ordinary.name, entry, others, access!, bound.number, gate, remembered, putText, tools);
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
