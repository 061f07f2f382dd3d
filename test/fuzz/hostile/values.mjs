// Values that no function expects. Each is made anew for each use, by a function of the victims that it may work on.
import { runInNewContext } from 'node:vm';
import { Arena, dlopen, FFIType, JSCallback, out, Struct, Union } from 'arkffi';
import ffi from 'liblibrary.so';
import { collectGarbage } from '../../behaviour/hosts.mjs';
import { base, fixture, Point, text } from './victims.mjs';

/** What hostile values throw: whatever function is given one may throw it on. */
export const marker = new Error('thrown by a hostile value');
const throws = () => {
  throw marker;
};

const traps = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((name) => [name, throws]));

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detached(view) {
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

/** A view that ends past the end of a buffer that has shrunk. */
function outOfBounds() {
  const memory = new ArrayBuffer(64, { maxByteLength: 64 });
  const view = new Uint8Array(memory, 32, 32);
  memory.resize(16);
  return view;
}

const whenRead = (run) => ({
  get ptr() {
    return run();
  },
});

/** Makes values of another realm, whose classes are not those of this one. */
const foreign = runInNewContext(`({
  objects: [
    () => ({}), () => [], () => ['i'], () => (n) => n, () => new Error('foreign'), () => Promise.resolve(1),
    () => Symbol('foreign'), () => new Proxy({}, {}), () => new Date(0), () => ({ args: ['i'], returns: 'i' }),
  ],
  buffers: [() => new Uint8Array(8), () => new ArrayBuffer(8), () => new DataView(new SharedArrayBuffer(8))],
})`);

const constants = [
  ...[undefined, null, true, false, 0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 1e308, 2 ** 64],
  ...[0n, 1n, -1n, 2n ** 64n, -(2n ** 63n) - 1n, 1n << 1000n],
  ...['', ' ', '\0', 'a\0b', '\ud800', '\ufeff', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '../../x'],
  ...[
    '%s%n',
    'x'.repeat(70_000),
    '三'.repeat(5000),
    'i',
    'p',
    's',
    'v',
    '{',
    '{{',
    '{}',
    '{i',
    '[',
    'k(',
    'k(i',
    '...',
  ],
  ...[`${'{'.repeat(500)}i${'}'.repeat(500)}`, '{[0i]}', '{[99999999999999999999i]}', 'int', 'struct', '-1', '0x10'],
  ...['int f(void);', 'struct s { struct s *next; };', '#define A (1', 'int f(', 'echo_i32', 'no_such_symbol'],
].map((value) => () => value);

const objects = [
  () => Symbol('hostile'),
  () => Symbol.iterator,
  () => ({}),
  () => Object.create(null),
  () => [],
  () => [1],
  () => [undefined],
  () => [,],
  () => [[]],
  () => new Array(100),
  () => Array.from({ length: 2000 }, () => 'i'),
  () => Object.freeze([1, 2]),
  () => Object.freeze({ args: ['i'], returns: 'i' }),
  () => ({ length: 3 }),
  () => ({ length: -1 }),
  () => ({ length: NaN }),
  () => ({ length: '2' }),
  () => ({ length: 2 ** 53 }),
  () => ({
    get length() {
      return throws();
    },
  }),
  () => ({ [Symbol.iterator]: throws }),
  () => ({ [Symbol.toPrimitive]: throws, toString: throws, valueOf: throws, toJSON: throws }),
  () => ({ toString: () => 'echo_i32', valueOf: () => 1 }),
  () => ({ [Symbol.toStringTag]: 'Uint8Array', length: 8, byteLength: 8 }),
  () => ({ then: throws }),
  () => ({
    get then() {
      return throws();
    },
  }),
  () => ({ args: ['i'], returns: 'i' }),
  () => ({ args: 'i', returns: {} }),
  () => ({ args: [null], returns: [] }),
  () => ({ args: { length: 2 ** 31 }, returns: 'i' }),
  () => ({
    get args() {
      return throws();
    },
  }),
  () => ({
    get returns() {
      return throws();
    },
  }),
  () => ({ x: 1, y: 'text' }),
  () => ({
    get x() {
      return throws();
    },
  }),
  () => ({ x: { y: Symbol('y') } }),
  () => ({ signal: {}, timeout: NaN, errno: 1 }),
  () => ({ signal: AbortSignal.abort(marker) }),
  () => ({ signal: { aborted: false, addEventListener: throws, removeEventListener: throws } }),
  () => ({
    get signal() {
      return throws();
    },
  }),
  () => ({ timeout: 0 }),
  () => ({ threads: 1e9 }),
  () => ({ type: 'i', bits: 33, align: 3, packed: 1 }),
  () => ({ owner: 1 }),
  () => new Number(1),
  () => new String('i'),
  () => Object(1n),
  () => Object(Symbol('boxed')),
  () => new Boolean(true),
  () => new Date(NaN),
  () => /x/,
  () => new Map([['x', 1]]),
  () => new Set([1]),
  () => new Error('hostile'),
  () => Promise.resolve(1),
  () => globalThis,
  () => Math,
  () => arguments_(1, 2),
  () => () => 1,
  () => throws,
  () => async () => 1,
  () => function* () {},
  () => class {},
  () => throws.bind(null),
  () => Object.setPrototypeOf(() => 1, null),
  () => new Proxy({}, traps),
  () => new Proxy([], traps),
  () => new Proxy(() => 1, traps),
  () => new Proxy(class {}, traps),
  () => new Proxy([1, 2], {}),
  () => new Proxy(() => 1, {}),
  () => new Proxy(new Uint8Array(8), {}),
  () => new Proxy({}, { get: (_, key) => (key === 'length' ? 3 : undefined) }),
  () => new Proxy({}, { ownKeys: () => ['x', 'y', 'args'], getOwnPropertyDescriptor: () => undefined }),
  () => revoked({}),
  () => revoked([]),
  () => revoked(() => 1),
  () => Object.create(new Proxy({}, traps)),
  () => ({ ptr: -1 }),
  () => ({ ptr: NaN }),
  () => ({ ptr: 'x' }),
  () => ({ ptr: {} }),
  () => ({ ptr: Symbol('ptr') }),
  () => whenRead(throws),
  () =>
    whenRead(() => {
      throw undefined;
    }),
  () =>
    whenRead(function () {
      return this;
    }),
  ...Object.values(foreign.objects),
];

function arguments_() {
  return arguments;
}

const buffers = [
  () => detached(new Uint8Array(8)),
  () => detached(new DataView(new ArrayBuffer(8))),
  () => detached(new Uint8Array(8)).buffer,
  () => outOfBounds(),
  () => new Uint8Array(0),
  () => new ArrayBuffer(0),
  () => new SharedArrayBuffer(0),
  () => new Uint8Array(new ArrayBuffer(0, { maxByteLength: 8 })),
  () => new WebAssembly.Memory({ initial: 1 }).buffer,
  () => new Float64Array(3),
  () => new BigInt64Array(1),
  () => new DataView(new ArrayBuffer(9), 1),
  () => Object.setPrototypeOf(new Uint8Array(8), null),
  () => Object.create(Uint8Array.prototype),
  () => Buffer.alloc(3),
  ...foreign.buffers,
];

/** arkffi's own objects, where another is expected, and closed ones. */
const own = [
  () => base,
  () => base.symbols,
  () => base.symbols.echo_i32,
  () => base.symbols.echo_i32.async,
  () => base.symbols.counter,
  () => ffi,
  () => dlopen,
  () => Point,
  () => Point.create({ x: 1 }),
  () => Point.arrayOf(2),
  () => Struct({ x: ['i', 4] }).create().x,
  () => Union({ a: 'i', b: 'd' }),
  () => out('i'),
  () => FFIType,
  () => new Arena(),
  () => closedArena().struct,
  () => closedArena().bytes,
  () => JSCallback,
  () => closedCallback(),
  () => closedLibrary().symbols.echo_i32,
  () => closedLibrary().handle,
];

function closedArena() {
  const arena = new Arena();
  const struct = arena.struct(Point);
  const bytes = arena.buffer(8);
  arena.close();
  return { struct, bytes };
}

function closedCallback() {
  const callback = new JSCallback((n) => n, { args: ['i'], returns: 'i' });
  callback.close();
  return callback;
}

function closedLibrary() {
  const lib = dlopen(fixture, { echo_i32: { args: ['i'], returns: 'i' } });
  lib.close();
  return lib;
}

/** Objects with a place, 0 or `null` by default, that close what the call uses, or call it again, when it is read. */
const placed = (zero = 0, none = null) => [
  (victims) => whenRead(() => (victims.end(), zero)),
  (victims) => whenRead(() => (victims.transfer(), zero)),
  (victims) => whenRead(() => (victims.end(), collectGarbage(), none)),
  (victims) => whenRead(() => (victims.again?.(), zero)),
];

/** Other values that do so while they are read. */
const closers = [
  (victims) => new Proxy({}, { get: () => void victims.end(), has: () => true, ownKeys: () => (victims.end(), []) }),
  (victims) => ({
    get x() {
      return (victims.end(), 1);
    },
    y: 2,
  }),
  (victims) => ({
    get args() {
      return (victims.end(), ['i']);
    },
    returns: 'i',
  }),
  (victims) => ({
    get signal() {
      return void victims.end();
    },
  }),
  (victims) => Object.defineProperty([1, 2], 0, { get: () => (victims.end(), 1) }),
  (victims) => ({
    get length() {
      return (victims.end(), 2);
    },
    0: 'a',
    1: 'b',
  }),
];

/** Numbers that may be taken for addresses, or for offsets from one: only for functions that do not follow them. */
const addresses = [...[2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 65_536, -(2 ** 31) - 1], ...[2n ** 63n, 2n ** 53n + 1n]].map(
  (value) => () => value,
);

/** Values for NULL. */
const nulls = [() => ({ ptr: null }), ...placed()];

/** Memory with a text in it. */
const texts = [
  () => text,
  () => ({ ptr: text }),
  () => new Uint8Array(8),
  () => new Uint16Array(4),
  ...placed(text, text),
];

const isNull = (value) => value === undefined || value === null || value === 0 || value === 0n;

const mild = [...constants, ...objects, ...nulls, ...closers];
export const valuesOf = {
  /** Nothing is read or written through the value. */
  any: [...mild, ...buffers, ...own, ...addresses],
  /** C or arkffi follows the value if it is an address, so those that it may take for one are left out. */
  address: mild,
  /** C reads a text there, so those that it would take for NULL are left out, too. */
  text: [...constants.filter((make) => !isNull(make())), ...objects, ...texts, ...closers],
};
