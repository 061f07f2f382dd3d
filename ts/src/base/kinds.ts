/** How messages call a value that is of the wrong kind, and what they advise. */

import { has } from './own';

/** An object as arkffi looks at it; reading its properties may run code of the program. */
interface Unknown {
  readonly constructor?: { readonly name?: unknown };
  readonly then?: unknown;
  readonly length?: unknown;
  readonly [index: number]: unknown;
}

/** The end of a message about a wrong value: what it is, and what a program may pass instead of it. */
export function explain(expected: string, value: unknown): string {
  try {
    return `${kindOf(value)}${adviceFor(expected, value)}`;
  } catch {
    return typeof value; // code of the program has thrown
  }
}

/** `'number'`, `'null'`, `'an array'`, `'a Buffer'`; `'object'` for a plain one. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'an array';
  const name = nameOf(value);
  if (name === '' || name === 'Object') return 'object';
  return `${isHollow(value) ? 'a Proxy or heir of ' : ''}${/^([AEIO]|U(?!int|RL))/i.test(name) ? 'an' : 'a'} ${name}`;
}

const { isView } = ArrayBuffer;
const ArrayOfNumbers = Object.getPrototypeOf(Uint8Array) as new () => object;

/** Whether an object has the class of a typed array without being one, so that it has no memory of its own. */
function isHollow(value: object): boolean {
  return value instanceof ArrayOfNumbers && !isView(value);
}

/** The name of an object's class; `''` if it has none. */
function nameOf(value: object): string {
  const { constructor } = value as Unknown;
  const name = typeof constructor === 'function' ? (constructor as { readonly name?: unknown }).name : '';
  return typeof name === 'string' && name.length <= 40 ? name : '';
}

function adviceFor(expected: string, value: unknown): string {
  if (typeof value === 'object' && value !== null && isPromise(value)) {
    return '; await its result first';
  }
  if (/^an? (address|buffer)\b/.test(expected)) return adviceForPointer(value);
  return /^string\b/.test(expected) ? adviceForText(value) : '';
}

/** Whether an object has a `then`. One that all objects inherit does not count. */
function isPromise(value: object): boolean {
  return has(value, 'then') && typeof (value as Unknown).then === 'function';
}

function adviceForPointer(value: unknown): string {
  if (typeof value === 'function')
    return '; a plain function is taken where { args, returns } declare what it gets, and a JSCallback anywhere';
  if (typeof value === 'string') return "; C writes text into a StringBuffer, and only reads text of type 'cstring'";
  if (Array.isArray(value)) {
    if (typeof value[0] === 'string') return '; stringArray(…) has an address';
    return typeof value[0] === 'number' ? '; a typed array has an address, as Int32Array.of(…)' : '';
  }
  const isPlain = typeof value === 'object' && value !== null && nameOf(value) === 'Object';
  return isPlain ? "; a struct's value has an address, as Point.create(…)" : '';
}

function adviceForText(value: unknown): string {
  const isString = Object.prototype.toString.call(value) === '[object String]' && typeof value === 'object';
  return isString ? '; toString() gives its text' : '';
}
