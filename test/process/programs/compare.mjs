// Calls the same C functions by the engine in use and by the ordinary route, and compares what comes of each call. Wants
// --allow-natives-syntax.
import assert from 'node:assert/strict';
import { dlopen, ffi } from 'arkffi';

const echoes = { b: 'bool', c: 'i8', C: 'u8', h: 'i16', H: 'u16', i: 'i32', I: 'u32', l: 'i64', L: 'u64' };
Object.assign(echoes, { q: 'bigi64', Q: 'bigu64', f: 'f32', d: 'f64', p: 'pointer' });
const [mixed, narrow] = ['cdHflChdIi', 'cChHbcChHb'];

/** [name in the library, types of the arguments, type of the result] */
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
];

/** A generator that gives the same numbers each time. */
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

/** Short and long, of one kind of character or with one of another kind somewhere, and put together or cut out. */
function anyText(random) {
  const some = ['a', '~', '\u0001', '\u007f', '\u0080', 'é', '\u0100', '€', '\ud83d', '😀', '\0'];
  const pick = (end) => some[Math.floor(random() * end)];
  const text = pick(random() < 0.8 ? 4 : 11).repeat(Math.floor(random() * (random() < 0.8 ? 34 : 300)));
  const other = random() < 0.3 ? pick(11) : 'b';
  const at = Math.floor(random() * (text.length + 1));
  const whole = `${text.slice(0, at)}${other}${text.slice(at)}`;
  return random() < 0.3 ? whole.slice(1) : whole;
}

/** Small ones alone for functions that add, since C's integers must not overflow. */
function anyValue(random, isSmall) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const kind = random();
  if (kind < (isSmall ? 0.8 : 0.35)) return Math.floor(random() * 300) - 40;
  if (kind < 0.5) return Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 66));
  if (kind < 0.6) return (random() - 0.5) * 1e6;
  if (kind < 0.7 && !isSmall) return pick(big);
  return pick(pick(isSmall ? [odd, bad, tricky] : [edges, odd, bad, tricky]));
}

/** What fits each type; 1 where nothing is said. And what is rarer, so that code is optimised for that too. */
const usualOf = { b: true, s: 'a short text' };
const rareOf = { b: 1, d: 0.5, f: 0.5, l: -5n, L: 2 ** 40, q: 5n, Q: 5n, p: null, s: null };

/** What comes of a call, as text. */
function outcome(fn, args) {
  try {
    const value = fn(...args);
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

const optimize = new Function(
  'fn',
  'args',
  `%PrepareFunctionForOptimization(fn);
   for (let i = 0; i < 3; i++) fn(...args);
   %OptimizeFunctionOnNextCall(fn);
   fn(...args);`,
);

/** Compares `calls` calls with random arguments, before and after the call site and the function are optimised. */
export async function compare(engine, fixture, seed, calls) {
  assert.equal(ffi.engine, engine);
  let [answers, errors] = [0, 0];
  for (const [name, args, returns] of signatures) {
    const definition = { args: [...args], returns };
    const { symbols } = dlopen(fixture, { [name]: definition });
    const ordinary = dlopen(fixture, { [name]: { ...definition, fast: false } }).symbols[name];
    const random = randomizer(Number(seed));
    const usual = [...args].map((letter) => usualOf[letter] ?? 1);
    const rare = [...args].map((letter) => (letter in rareOf ? rareOf[letter] : 2));
    const site = siteOf(symbols[name], args.length);
    for (const isOptimized of [false, true]) {
      for (let i = 0; i < Number(calls); i++) {
        // Most arguments fit, else hardly a call of many would be answered.
        const values = usual.map((one) => {
          if (typeof one === 'string' && random() < 0.6) return anyText(random);
          return random() < 1.5 / args.length ? anyValue(random, name.startsWith('weigh')) : one;
        });
        if (random() < 0.02) values.pop();
        else if (random() < 0.02) values.push(1);
        if (isOptimized && i % 50 === 0) {
          const fitting = i % 100 === 0 ? usual : rare;
          optimize(symbols[name], fitting);
          optimize(site, fitting);
        }
        const expected = outcome(ordinary, values);
        const what = `${name}(${values.map((value) => outcome(() => value, []))})${isOptimized ? ', optimised' : ''}`;
        assert.equal(outcome(symbols[name], values), expected, what);
        if (values.length === args.length) assert.equal(outcome(site, values), expected, `${what}, by its own site`);
        if (/ERR_FFI|Error/.test(expected)) errors++;
        else answers++;
      }
    }
  }
  assert.ok(answers > 1000 && errors > 1000, `${answers} answers and ${errors} errors`);
  console.log('the same');
}
