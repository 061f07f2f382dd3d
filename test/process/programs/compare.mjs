// Calls the same C functions by the engine in use and by the slow path, and compares the outcome of each call. Also used
// by test/behaviour/engine.test.mjs, on every host.
import assert from 'node:assert/strict';
import { dlopen, ffi } from 'arkffi';
import { anyStruct, isStruct, signaturesWithStructs } from './structs.mjs';

const echoes = { b: 'bool', c: 'i8', C: 'u8', h: 'i16', H: 'u16', i: 'i32', I: 'u32', l: 'i64', L: 'u64' };
Object.assign(echoes, { q: 'bigi64', Q: 'bigu64', f: 'f32', d: 'f64', p: 'pointer' });
const [mixed, narrow] = ['cdHflChdIi', 'cChHbcChHb'];

/** [name in the library, types of the arguments: their letters or a list, type of the result] */
const signatures = [
  ...Object.entries(echoes).map(([letter, name]) => [`echo_${name}`, letter, letter]),
  ['weigh_i32_0', '', 'l'],
  ['weigh_i64_10', 'llllllllll', 'l'],
  ['weigh_i32_10', 'iiiiiiiiii', 'l'],
  ['weigh_f32_10', 'ffffffffff', 'd'],
  ['weigh_narrow_10', narrow, 'l'],
  ['weigh_mixed_3', mixed.slice(0, 3), 'd'],
  ['weigh_mixed_10', mixed, 'd'],
  ['weigh_mixed_16', mixed + mixed.slice(0, 6), 'd'],
  ['string_length', 's', 'l'],
  ['string_hash_both', 'sis', 'I'],
  ['echo_string', 's', 's'],
  ['buffer_address', 'p', 'L'],
  ...signaturesWithStructs,
];

/** A random generator with the same sequence for the same seed. */
function randomizer(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const edges = [7, 8, 15, 16, 31, 32, 53, 63, 64].flatMap((bits) => [
  2 ** bits - 1,
  2 ** bits,
  -(2 ** bits),
  -(2 ** bits) - 1,
]);
const odd = [NaN, Infinity, -Infinity, -0, 0.5, -1.5, 5e-324, 1e308, 1e-7];
const bad = [undefined, null, true, false, '1', '', Symbol('s'), {}, [], [1], () => 1, new Date(0), new Uint8Array(9)];
const big = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  -(2n ** 63n),
  2n ** 64n - 1n,
  2n ** 64n,
  -(2n ** 64n),
  2n ** 53n - 1n,
  2n ** 53n + 1n,
  -(2n ** 53n) + 1n,
  -(2n ** 53n),
  -(2n ** 53n) - 1n,
  2n ** 1100n,
  -7n,
  300n,
];
const tricky = [
  { valueOf: () => 1 },
  {
    get ptr() {
      return 4096;
    },
  },
  {
    get ptr() {
      throw new RangeError('a getter');
    },
  },
  new Proxy({}, {}),
];

/** Functions that make V8 store the same characters in different ways. */
const kinds = [
  (text) => text,
  (text) => text.slice(0, text.length >> 1) + text.slice(text.length >> 1), // a rope, if it is long enough
  (text) => Object.keys({ [text]: 1 })[0], // internalized
  (text) => ({ [text]: 1 }, text), // replaced by an internalized string
  (text) => `\u0100${text}`.slice(1), // a slice of a two-byte string
  (text) => Buffer.from(text, 'utf16le').toString('utf16le'), // flat
  (text) => [text, text].join('').slice(text.length),
];

/** Strings whose characters are outside V8's heap. */
const outside = [
  Buffer.alloc(3e6, 'a').toString('latin1'),
  Buffer.alloc(3e6, '\u0431\u0431', 'utf16le').toString('utf16le'),
];

/** A random string: short or long, of one kind of character or with another kind at one place, stored in any way. */
function anyText(random) {
  const some = [
    'a',
    '~',
    '\u0001',
    '\u007f',
    '\u0080',
    'é',
    'б',
    '\u0800',
    '€',
    '\uffff',
    '\ud83d',
    '\ude00',
    '😀',
    '\0',
  ];
  const pick = (end) => some[Math.floor(random() * end)];
  const length = random() < 0.8 ? 34 : random() < 0.9 ? 600 : 9000;
  const text = pick(random() < 0.8 ? 4 : some.length).repeat(Math.floor(random() * length));
  const other = random() < 0.3 ? pick(some.length) : 'b';
  const at = Math.floor(random() * (text.length + 1));
  const whole = `${text.slice(0, at)}${other}${text.slice(at)}`;
  if (random() < 0.002) return outside[Math.floor(random() * 2)];
  const kept = kinds[Math.floor(random() * kinds.length)](whole);
  return random() < 0.3 ? kept.slice(1) : kept;
}

const views = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];
views.push(Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView);

/** A random buffer or view, which may be on V8's heap, shared, resizable, out of bounds or detached. */
function anyBuffer(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const view = pick(views);
  const size = pick([0, 8, 64, 72, 1000]);
  const fill = (buffer) => (new Uint8Array(buffer.buffer ?? buffer).fill(7), buffer);
  const kind = random();
  if (kind < 0.2 && view !== DataView) return fill(new view(size >> 3));
  if (kind < 0.3) return new Uint8Array(pick([0, 8, 64, 65])); // on the heap, as long as its buffer is not accessed
  if (kind < 0.4) return Buffer.from('a'.repeat(size + 1)).subarray(1);
  if (kind < 0.5) return fill(new ArrayBuffer(size));
  if (kind < 0.6) return new view(fill(new SharedArrayBuffer(size)));
  if (kind < 0.7) return new view(fill(new ArrayBuffer(size + 16)), 8, size >> 3);
  if (kind < 0.75) return new view(new WebAssembly.Memory({ initial: 1 }).buffer, 8);
  if (kind < 0.85) {
    const gone = new ArrayBuffer(size + 8);
    const left = pick([gone, new view(gone), new view(gone, 8)]);
    structuredClone(gone, { transfer: [gone] });
    return left;
  }
  const resizable = fill(new ArrayBuffer(64, { maxByteLength: 128 }));
  const [whole, part] = [new view(resizable, 8), new view(resizable, 48, 1)];
  const resized = pick([64, 8, 0, 128, 16]);
  resizable.resize(resized);
  return pick(resized >= 56 ? [resizable, whole, part] : [whole, part]);
}

/** A random value; only small numbers for functions that add, since C's integers must not overflow. */
function anyValue(random, isSmall) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const kind = random();
  if (kind < (isSmall ? 0.8 : 0.35)) return Math.floor(random() * 300) - 40;
  if (kind < 0.5) return Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 66));
  if (kind < 0.6) return (random() - 0.5) * 1e6;
  if (kind < 0.7 && !isSmall) return pick(big);
  return pick(pick(isSmall ? [odd, bad, tricky] : [edges, odd, bad, tricky]));
}

/** Whether C would follow the number as the address of a text; smaller ones are refused, as are larger ones. */
const isAddress = (value) =>
  (typeof value === 'number' && Number.isInteger(value) && value >= 65_536 && value < 2 ** 53) ||
  (typeof value === 'bigint' && value >= 65_536n && value < 2n ** 64n);

/** The length in bytes, 0 also where a view is out of bounds. */
function lengthOf(buffer) {
  try {
    return buffer.byteLength;
  } catch {
    return 0;
  }
}

function isDetached(buffer) {
  if (lengthOf(buffer)) return false; // asked first, since access to the buffer of a view moves it off V8's heap
  try {
    return !new Uint8Array(buffer.buffer ?? buffer);
  } catch {
    return true;
  }
}

/** A random value for a string that is no string: C reads it up to a NUL if it is memory. */
function anyForText(random) {
  if (random() < 0.3) {
    const buffer = anyBuffer(random);
    if (isDetached(buffer)) return buffer;
    if (lengthOf(buffer)) return endByNul(buffer);
  }
  for (;;) {
    const value = anyValue(random, false);
    if (!isAddress(value)) return value;
  }
}

/** Makes the last element 0, by the view itself, since access to its buffer would move it off V8's heap. */
function endByNul(buffer) {
  if (buffer instanceof DataView) buffer.setUint8(buffer.byteLength - 1, 0);
  else if (!ArrayBuffer.isView(buffer)) new Uint8Array(buffer)[buffer.byteLength - 1] = 0;
  else buffer[buffer.length - 1] = typeof buffer[0] === 'bigint' ? 0n : 0;
  return buffer;
}

/**
 * A valid value for each type (1 for types that are not listed), and a less common one, so that code is optimised for
 * that too.
 */
const usualOf = { b: true, s: 'a short text' };
const rareOf = { b: 1, d: 0.5, f: 0.5, l: -5n, L: 2 ** 40, q: 5n, Q: 5n, p: null, s: null };

/** The outcome of a call, as text. */
function outcome(fn, args) {
  try {
    const value = fn(...args);
    if (isStruct(value)) return JSON.stringify(value);
    return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`;
  } catch (error) {
    return `${error.constructor.name} ${error.code} ${error.message}`;
  }
}

/** A function with a call site of its own, so that it can be optimised for one callee. */
function siteOf(callee, count) {
  const names = Array.from({ length: count }, (_, i) => `a${i}`).join();
  return new Function('callee', `return function site(${names}) { return callee(${names}); }`)(callee);
}

/** Needs --allow-natives-syntax. */
export async function compare(engine, fixture, seed, calls) {
  assert.equal(ffi.engine, engine);
  const { optimize } = await import('./optimize.mjs');
  compareCalls(fixture, seed, calls, optimize);
  console.log('the same');
}

/**
 * Compares `calls` calls of each function with random arguments, before and after `optimize` has been called for the call
 * site and the function.
 */
export function compareCalls(fixture, seed, calls, optimize) {
  let [results, errors] = [0, 0];
  for (const [name, args, returns] of signatures) {
    const definition = { args: [...args], returns };
    const { symbols } = dlopen(fixture, { [name]: definition });
    const slow = dlopen(fixture, { [name]: { ...definition, fast: false } }).symbols[name];
    const random = randomizer(Number(seed));
    const usual =
      name === 'buffer_address'
        ? [new Uint8Array(100)]
        : [...args].map((type) => (typeof type === 'string' ? (usualOf[type] ?? 1) : type.create()));
    const rare = [...args].map((type) => {
      if (typeof type !== 'string') return type.create().toObject();
      return type in rareOf ? rareOf[type] : 2;
    });
    const site = siteOf(symbols[name], args.length);
    for (const isOptimized of [false, true]) {
      for (let i = 0; i < Number(calls); i++) {
        // Most arguments are valid, since otherwise hardly any call would return a result.
        const values = usual.map((one) => {
          const isText = typeof one === 'string';
          if (isText && random() < 0.6) return anyText(random);
          if (isStruct(one)) return random() < 0.8 ? anyStruct(random, one) : one;
          if (typeof one === 'object' && random() < 0.9) return anyBuffer(random);
          if (random() >= 1.5 / args.length) return one;
          return isText ? anyForText(random) : anyValue(random, name.startsWith('weigh'));
        });
        if (random() < 0.02) values.pop();
        else if (random() < 0.02) values.push(1);
        if (isOptimized && i % 50 === 0) {
          const fitting = i % 100 === 0 ? usual : rare;
          optimize(symbols[name], fitting);
          optimize(site, fitting);
        }
        const what = `${name}(${values.map((value) => outcome(() => value, []))})${isOptimized ? ', optimised' : ''}`;
        const given = outcome(symbols[name], values); // first, since the slow path moves buffers off V8's heap
        const expected = outcome(slow, values);
        assert.equal(given, expected, what);
        if (values.length === args.length) assert.equal(outcome(site, values), expected, `${what}, by its own site`);
        if (/ERR_FFI|Error/.test(expected)) errors++;
        else results++;
      }
    }
  }
  assert.ok(results > 500 && errors > 500, `${results} results and ${errors} errors`);
}
