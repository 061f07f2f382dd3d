/** C's integers of 128 bits. */

import { ffiError, wrongType } from '../base/errors';
import type { Codec } from './codec';
import { LITTLE_ENDIAN } from './codecs';
import { ConvertedType } from './converted_type';
import type { Memory } from './memory';

/** Used instead of BigInt literals, which the oldest supported host cannot parse. */
const big = BigInt;
const HALF = big(64);

/** The codec of an integer of 128 bits; values are bigints. */
class WideIntegerCodec implements Codec {
  readonly size = 16;
  readonly align = 16;
  private readonly least: bigint;
  private readonly greatest: bigint;

  constructor(
    readonly letters: string,
    private readonly cName: string,
    private readonly isSigned: boolean,
  ) {
    const half = big(1) << big(127);
    this.least = isSigned ? -half : big(0);
    this.greatest = (isSigned ? half : half + half) - big(1);
  }

  read({ view }: Memory, offset: number): bigint {
    const low = view.getBigUint64(offset, LITTLE_ENDIAN);
    const high = this.isSigned
      ? view.getBigInt64(offset + 8, LITTLE_ENDIAN)
      : view.getBigUint64(offset + 8, LITTLE_ENDIAN);
    return (high << HALF) | low;
  }

  write({ view }: Memory, offset: number, value: unknown, place: string): void {
    const integer = this.integerOf(value, place);
    view.setBigUint64(offset, big.asUintN(64, integer), LITTLE_ENDIAN);
    view.setBigUint64(offset + 8, big.asUintN(64, integer >> HALF), LITTLE_ENDIAN);
  }

  private integerOf(value: unknown, place: string): bigint {
    if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType(place, 'number or bigint', value);
    const isInfinite = value === Infinity || value === -Infinity; // these are out of range
    if (typeof value === 'number' && !Number.isInteger(value) && !isInfinite) {
      throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${value} is not an integer, as ${this.cName} must be`);
    }
    if (value >= this.least && value <= this.greatest) return big(value);
    const range = this.isSigned ? '-2^127 to 2^127 - 1' : '0 to 2^128 - 1';
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${value} is out of range for ${this.cName} (${range})`);
  }
}

function typeOf(letter: string, cName: string, isSigned: boolean): ConvertedType<number | bigint, bigint> {
  return new ConvertedType<number | bigint, bigint>(cName, new WideIntegerCodec(letter, cName, isSigned));
}

/** C's `__int128`: takes numbers and bigints, and gives bigints. */
export const int128 = typeOf('x', '__int128', true);

/** C's `unsigned __int128`: takes numbers and bigints, and gives bigints. */
export const uint128 = typeOf('X', 'unsigned __int128', false);
