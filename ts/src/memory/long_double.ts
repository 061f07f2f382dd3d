/**
 * C's long double. On x86 it has 80 bits, on most other processors the 128 bits of IEEE 754's binary128; Apple's 64-bit
 * ARM has a double in its place.
 */

import type { BufferLike } from '../host/bridge';
import { ffiError, wrongType } from '../base/errors';
import { native } from '../base/native';
import { viewOf } from './bounds';
import type { Codec } from './codec';
import { codecs, isBuffer, LITTLE_ENDIAN } from './codecs';
import { ConvertedType } from './converted_type';
import type { Memory, View } from './memory';

/** Used instead of BigInt literals, which the oldest supported host cannot parse. */
const big = BigInt;
const ZERO = big(0);
const ONE = big(1);
const BIAS = 16383; // of the exponent, in both formats
const GREATEST = 0x7fff; // the exponent of infinities and of NaN
const HALF = big(64);

/** A number as its parts: `significand * 2 ** exponent`, or what has the greatest exponent in its format. */
interface Parts {
  readonly isNegative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
}

/** How the numbers of a format lie in memory. */
interface Format {
  /** The bits of the significand behind its highest one. */
  readonly fraction: number;
  /** The bytes that are no padding. */
  readonly bytes: number;
  /** Reads the biased exponent with the sign, 16 bits, and the significand, without the highest bit if that is hidden. */
  read(view: View, offset: number): { readonly top: number; readonly significand: bigint };
  write(view: View, offset: number, top: number, significand: bigint): void;
  /** Whether the highest bit of the significand is not stored. */
  readonly isHidden: boolean;
}

/** The format of x86: 64 bits of the significand, then sign and exponent, then padding. */
const X87: Format = {
  fraction: 63,
  bytes: 10,
  isHidden: false,
  read: (view, offset) => ({
    top: view.getUint16(offset + 8, LITTLE_ENDIAN),
    significand: view.getBigUint64(offset, LITTLE_ENDIAN),
  }),
  write(view, offset, top, significand) {
    view.setBigUint64(offset, significand, LITTLE_ENDIAN);
    view.setBigUint64(offset + 8, big(top), LITTLE_ENDIAN);
  },
};

/** binary128: 112 bits of the significand, then sign and exponent. */
const QUAD: Format = {
  fraction: 112,
  bytes: 16,
  isHidden: true,
  read(view, offset) {
    const low = view.getBigUint64(offset, LITTLE_ENDIAN);
    const high = view.getBigUint64(offset + 8, LITTLE_ENDIAN);
    return { top: Number(high >> big(48)), significand: (big.asUintN(48, high) << HALF) | low };
  },
  write(view, offset, top, significand) {
    view.setBigUint64(offset, big.asUintN(64, significand), LITTLE_ENDIAN);
    view.setBigUint64(offset + 8, (big(top) << big(48)) | big.asUintN(48, significand >> HALF), LITTLE_ENDIAN);
  },
};

const double = new DataView(new ArrayBuffer(8));

/** A double as its parts; `undefined` for infinities and NaN. */
function partsOf(value: number): Parts | undefined {
  if (!Number.isFinite(value)) return undefined;
  double.setFloat64(0, value);
  const bits = double.getBigUint64(0);
  const exponent = Number((bits >> big(52)) & big(0x7ff));
  const fraction = big.asUintN(52, bits);
  const significand = exponent === 0 ? fraction : fraction | (ONE << big(52));
  return { isNegative: bits >> big(63) !== ZERO, significand, exponent: Math.max(exponent, 1) - 1075 };
}

/** The number of bits of a positive integer. */
function widthOf(integer: bigint): number {
  return integer.toString(2).length;
}

/** Divides by a power of two, and rounds to the nearest integer, as C does: of two that are as near, to the even one. */
function roundedShift(integer: bigint, bits: number): bigint {
  const shift = big(bits);
  const quotient = integer >> shift;
  const rest = integer - (quotient << shift);
  const half = ONE << (shift - ONE);
  const goesUp = rest > half || (rest === half && big.asUintN(1, quotient) === ONE);
  return goesUp ? quotient + ONE : quotient;
}

/** The double that is nearest to `significand * 2 ** exponent`. */
function nearest(significand: bigint, exponent: number): number {
  if (significand === ZERO) return 0;
  const width = widthOf(significand);
  if (width + exponent > 1024) return Infinity;
  // The exponent of the last bit that the double has.
  const last = Math.max(width + exponent - 53, -1074);
  const shift = last - exponent;
  if (shift > width + 1) return 0;
  const rounded = shift > 0 ? roundedShift(significand, shift) : significand << big(-shift);
  return Number(rounded) * 2 ** last;
}

/** The codec of long doubles as numbers: what is written is exact, and what is read is rounded to the nearest double. */
class LongDoubleCodec implements Codec {
  readonly letters = 'D';
  readonly size = 16;
  readonly align = 16;
  readonly reach: number;

  constructor(private readonly format: Format) {
    this.reach = format.bytes;
  }

  read({ view }: Memory, offset: number): number {
    const { fraction, isHidden } = this.format;
    const { top, significand } = this.format.read(view, offset);
    const exponent = top & GREATEST;
    const sign = top > GREATEST ? -1 : 1;
    // The processor takes what lacks the highest bit for no number. The smallest numbers have none.
    if (!isHidden && exponent > 0 && significand >> big(fraction) === ZERO) return NaN;
    if (exponent === GREATEST) return big.asUintN(fraction, significand) === ZERO ? sign * Infinity : NaN;
    const whole = isHidden && exponent > 0 ? significand | (ONE << big(fraction)) : significand;
    return sign * nearest(whole, Math.max(exponent, 1) - BIAS - fraction);
  }

  write({ view }: Memory, offset: number, value: unknown, place: string): void {
    if (typeof value !== 'number') throw wrongType(place, 'number', value);
    const { fraction, isHidden } = this.format;
    const parts = partsOf(value);
    const visible = isHidden ? ZERO : ONE << big(fraction);
    if (parts === undefined) {
      const quiet = Number.isNaN(value) ? ONE << big(fraction - 1) : ZERO;
      this.format.write(view, offset, GREATEST | (value < 0 ? 0x8000 : 0), visible | quiet);
      return;
    }
    const sign = parts.isNegative ? 0x8000 : 0;
    if (parts.significand === ZERO) {
      this.format.write(view, offset, sign, ZERO);
      return;
    }
    const shift = fraction + 1 - widthOf(parts.significand);
    const significand = parts.significand << big(shift);
    const exponent = parts.exponent - shift + fraction + BIAS;
    this.format.write(view, offset, sign | exponent, isHidden ? big.asUintN(fraction, significand) : significand);
  }
}

/** The codec of the bytes of a long double; those that are padding are zero. */
class BytesCodec implements Codec {
  readonly letters: string;
  readonly size: number;
  readonly align: number;
  readonly reach: number | undefined;

  constructor({ letters, size, align, reach }: Codec) {
    this.letters = letters;
    this.size = size;
    this.align = align;
    this.reach = reach;
  }

  read(memory: Memory, offset: number): Uint8Array {
    const bytes = memory.bytes(offset, this.size).slice();
    return bytes.fill(0, this.reach ?? this.size);
  }

  write(memory: Memory, offset: number, value: unknown, place: string): void {
    if (!isBuffer(value)) throw wrongType(place, `a buffer with the ${this.size} bytes of a long double`, value);
    const bytes = viewOf(value, place);
    if (bytes.length !== this.size) {
      const what = `expected a buffer of ${this.size} bytes, got one of ${bytes.length}`;
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${what}`);
    }
    memory.setBytes(offset, bytes);
  }
}

/** PowerPC's long double is two doubles. No platform that arkffi is built for has it. */
const NO_CODEC: Codec = {
  get letters(): string {
    throw ffiError('ERR_FFI_NOT_SUPPORTED', "long double: arkffi does not know this platform's");
  },
  size: 16,
  align: 16,
  read: () => NaN,
  write: () => {},
};

function codecHere(): Codec {
  switch (native.longDoubleDigits) {
    case 53:
      return codecs.d;
    case 64:
      return new LongDoubleCodec(X87);
    case 113:
      return new LongDoubleCodec(QUAD);
    default:
      return NO_CODEC;
  }
}

const codec = codecHere();

/**
 * C's `long double`, whose values are numbers. What JavaScript passes is exact; of what C gives, the nearest number, or an
 * infinity, as a conversion to `double` gives it in C.
 */
export const longDouble = new ConvertedType<number, number>('long double', codec);

/** C's `long double` as its bytes, which lose nothing: takes buffers of its size, and gives a `Uint8Array`. */
export const longDoubleBytes: ConvertedType<BufferLike, Uint8Array> = new ConvertedType(
  'long double',
  codec === NO_CODEC ? codec : new BytesCodec(codec),
);
