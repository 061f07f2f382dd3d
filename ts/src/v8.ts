/**
 * The V8 engine: V8's optimised code calls C with nothing in between.
 *
 * For each C function there is a function of V8's, which converts silently, and around it JavaScript that checks the
 * values first. That JavaScript is written for the types of the function and compiled by the native module, each time
 * with code of its own: V8 calls C directly only where it knows for certain which function is called, so code that
 * served several functions would serve none. Until V8 has optimised it, and for whatever is not plainly right, the call
 * goes by the portable engine, which comes to the same.
 */

import type { BoundFunction, V8Access } from './bridge';
import { cells, putText, textsAddress, TEXT_SIZE } from './cells';
import { ffiError } from './errors';
import { native } from './native';
import type { Signature } from './signature';

type AnyFunction = (...args: any[]) => unknown;

let access: V8Access | undefined;

/** Sets the engine up. Throws where it cannot work. */
export function openV8(): void {
  // V8 has no WebAssembly when it may make no code (--jitless), and then optimises nothing.
  if (!('WebAssembly' in globalThis)) throw ffiError('ERR_FFI_NO_ENGINE', 'openV8: V8 optimises no code here');
  access = native.openV8();
}

/** How a value of each type is checked, written for `$`, and how it is passed on. `#` is where its text is put. */
interface Passing {
  readonly check: string;
  readonly pass: string;
}

const integer = (same: string): Passing => ({ check: `typeof $ === 'number' && ${same} === $`, pass: '$ | 0' });
const float: Passing = { check: `typeof $ === 'number'`, pass: '$' };
const signed: Passing = { check: 'isSafe($)', pass: '$' };
const unsigned: Passing = { check: 'isSafe($) && $ >= 0', pass: '$' };

const passings: { readonly [letter: string]: Passing } = {
  b: { check: '($ === true || $ === false || $ === 1 || $ === 0)', pass: '$ ? 1 : 0' },
  c: integer('$ << 24 >> 24'),
  C: integer('($ & 255)'),
  h: integer('$ << 16 >> 16'),
  H: integer('($ & 65535)'),
  i: integer('($ | 0)'),
  I: integer('$ >>> 0'),
  f: float,
  d: float,
  l: signed,
  q: signed,
  L: unsigned,
  Q: unsigned,
  p: { check: '($ === null || isSafe($) && $ >= 0)', pass: '+$' },
  s: { check: '($ === null || putText($, #))', pass: '$ === null ? 0 : textsAddress + #' },
};

/** What becomes of what V8's function gives: of a narrow integer C sets only the low bits. */
const results: { readonly [letter: string]: string } = {
  v: 'undefined',
  b: '(r & 255) !== 0',
  c: 'r << 24 >> 24',
  C: 'r & 255',
  h: 'r << 16 >> 16',
  H: 'r & 65535',
  i: 'r',
  I: 'r >>> 0',
  f: 'r',
  d: 'r',
  l: 'isSafe(r) ? r : signed[0]',
  q: 'signed[0]',
  L: 'isSafe(r) && r >= 0 ? r : unsigned[0]',
  Q: 'unsigned[0]',
  p: 'isSafe(r) && r >= 0 ? r : unsigned[0]',
};

/** The last result of 64 bits, exactly. */
const exact = { signed: new BigInt64Array(cells.buffer, 0, 1), unsigned: new BigUint64Array(cells.buffer, 0, 1) };

const tools = { ...exact, putText, textsAddress, isSafe: Number.isSafeInteger, apply: Reflect.apply };

type Maker = (
  name: string,
  entry: AnyFunction,
  slow: AnyFunction,
  gates: Uint8Array,
  gate: number,
  raise: () => never,
  its: typeof tools,
) => AnyFunction;

/** The text of a function that makes what a program calls, for all functions of one signature. */
function textOf(signature: Signature): string {
  const names = signature.args.map((_, i) => `a${i}`);
  const fill = (part: keyof Passing): string[] =>
    signature.args.map((type, i) => passings[type][part].replace(/\$/g, names[i]).replace('#', String(i * TEXT_SIZE)));
  return `(function (name, entry, slow, gates, gate, raise, tools) {
  'use strict';
  const { signed, unsigned, putText, textsAddress, isSafe, apply } = tools;
  return { [name](${names.join()}) {
    if (arguments.length !== ${names.length}) return apply(slow, undefined, arguments);
    if (${['gates[0] === 0', 'gates[gate] === 0', ...fill('check')].join(' && ')}) {
      gates[1] = 1;
      const r = entry(${fill('pass').join()});
      if (gates[1] !== 1) raise();
      gates[1] = 0;
      if (r !== undefined) return ${results[signature.returns]};
    }
    return slow(${names.join()});
  } }[name];
})`;
}

/** The function by this engine, or undefined where it takes or gives something that V8 cannot pass on. */
export function byV8(bound: BoundFunction, signature: Signature, slow: AnyFunction): AnyFunction | undefined {
  if (!access || !(signature.returns in results && signature.args.every((type) => type in passings))) return undefined;
  const found = access.entryOf(bound.number);
  if (!found) return undefined;
  const [entry, gate] = found;
  const make = access.evaluate(textOf(signature)) as Maker;
  return make(bound.call.name, entry, slow, access.gates, gate, access.raise, tools);
}
