// Random choices from a seed: the same seed makes the same choices on every host.

/** A generator of 32-bit numbers (mulberry32), and the choices that are made with it. */
export class Random {
  constructor(seed) {
    this.state = seed | 0;
  }

  bits() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `end` - 1. */
  below(end) {
    return Math.floor((this.bits() / 2 ** 32) * end);
  }

  /** True once in `n` times. */
  oneIn(n) {
    return this.below(n) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** A bigint of up to 64 bits, often at a limit. */
  wide() {
    const value = (BigInt(this.bits()) << 32n) | BigInt(this.bits());
    return value >> BigInt(this.below(64));
  }

  /** Text without NUL, of all lengths at which something changes, with characters of one to four bytes. */
  text() {
    const length = this.pick([0, 1, 3, 7, 15, 40, 127, 300, 2000]);
    const unit = this.pick(['a', 'é', '三', '😀', 'xyz ']);
    const text = unit.repeat(Math.ceil(length / unit.length));
    // A string that is still in pieces, or a slice of one, is another kind of object for the engine.
    return this.oneIn(3) ? text + this.pick(['', '-', 'ß']) : this.oneIn(3) ? text.slice(unit.length) : text;
  }
}

const EPHEMERAL = { c: [8, true], C: [8], h: [16, true], H: [16], i: [32, true], I: [32], l: [64, true], L: [64] };
const INTEGERS = { ...EPHEMERAL, q: [64, true], Q: [64] };

const isExact = (value) => value >= -(2n ** 53n) + 1n && value < 2n ** 53n;

/** What JavaScript gets for an integer of a type: a number where it is exact, always a bigint for `q` and `Q`. */
const fromC = (code, value) => (code !== 'q' && code !== 'Q' && isExact(value) ? Number(value) : value);

/** The names that the functions of the fixture library have for the types. */
export const typeNames = {
  ...{ b: 'bool', c: 'i8', C: 'u8', h: 'i16', H: 'u16', i: 'i32', I: 'u32', l: 'i64', L: 'u64', q: 'bigi64' },
  ...{ Q: 'bigu64', f: 'f32', d: 'f64', s: 'string', S: 'string16', w: 'wstring', t: 'latin1', p: 'pointer' },
};

/** A value that a type accepts, and what comes back from a C function that returns it: `[given, expected]`. */
export function validValue(random, code) {
  if (code in INTEGERS) {
    const [bits, isSigned] = INTEGERS[code];
    const value = isSigned ? BigInt.asIntN(bits, random.wide()) : BigInt.asUintN(bits, random.wide());
    const given = isExact(value) && random.oneIn(2) ? Number(value) : bits === 64 ? value : Number(value);
    return [given, fromC(code, value)];
  }
  if (code === 'b') {
    const given = random.pick([true, false, 0, 1]);
    return [given, Boolean(given)];
  }
  if (code === 'f' || code === 'd') {
    const given = random.pick([0, -0, 1.5, NaN, Infinity, -Infinity, 1e300, 5e-324, random.bits() / 7]);
    return [given, code === 'f' ? Math.fround(given) : given];
  }
  if (code === 'p') {
    const given = random.pick([null, 0, 1, 65_536, 2 ** 47, 2n ** 52n, 2n ** 64n - 1n]);
    return [given, given === null ? 0 : fromC('L', BigInt(given))];
  }
  const text = random.oneIn(8) ? null : random.text();
  const given = code === 't' && text !== null ? text.replace(/[^\x01-\xff]/g, 'ÿ') : text;
  return [given, given];
}

/** A value that a type refuses, and the code of the error: `[given, code]`. */
export function invalidValue(random, code) {
  const wrong = [undefined, Symbol('wrong'), {}, () => 1, []];
  if (!'sSwtp'.includes(code)) wrong.push(null, 'text', new Uint8Array(8));
  if ('sSwt'.includes(code)) wrong.push(1, 2n, 'with a \0 inside', true);
  if (code in EPHEMERAL && random.oneIn(2)) {
    const [bits, isSigned] = INTEGERS[code];
    const edge = 2n ** BigInt(isSigned ? bits - 1 : bits);
    const outside = random.pick([edge, -edge - 1n, 0.5, NaN, -Infinity, 2 ** 70]);
    const given = typeof outside === 'bigint' && bits < 64 ? Number(outside) : outside;
    return [given, 'ERR_FFI_OUT_OF_RANGE'];
  }
  const given = random.pick(wrong);
  // A function, like any object, may be an address only if it has one.
  return [given, 'ERR_FFI_INVALID_ARG_TYPE'];
}
