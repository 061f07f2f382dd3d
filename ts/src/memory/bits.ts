/** Codecs of bit-fields: some of the bits of an integer, at the position that the native module computes. */

import { exact } from '../base/pointer';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import type { Codec } from './codec';
import { checkBool, integerCheckOf, LITTLE_ENDIAN } from './codecs';
import type { Memory } from './memory';

/** Used instead of BigInt literals, which the oldest supported host cannot parse. */
const big = BigInt;
const ALL = big.asUintN(64, big(-1));

/** Reads `count` bytes, the lowest first. It reads no further byte, because that may belong to another variable. */
function readBytes({ view }: Memory, offset: number, count: number): bigint {
  if (count === 8) return view.getBigUint64(offset, LITTLE_ENDIAN);
  let bits = big(0);
  for (let i = count - 1; i >= 0; i--) bits = (bits << big(8)) | big(view.getUint8(offset + i));
  return bits;
}

function writeBytes({ view }: Memory, offset: number, count: number, bits: bigint): void {
  for (let i = 0; i < count; i++) view.setUint8(offset + i, Number((bits >> big(8 * i)) & big(0xff)));
}

/**
 * The codec of a bit-field of that type. `width` is its number of bits, and `bit` the index of its lowest bit in the
 * byte at its offset. Only packed fields of 64-bit types reach into a ninth byte.
 */
export function bitsCodec(code: TypeCode, width: number, bit: number): Codec {
  const { kind, size, cName } = typeFacts[code];
  const bytes = Math.ceil((bit + width) / 8);
  const mask = (ALL >> big(64 - width)) << big(bit);
  const isBig = code === 'q' || code === 'Q';
  const checkInteger = integerCheckOf(code, width, `${cName}:${width}`);
  const check = kind === 'bool' ? checkBool : checkInteger;
  return {
    letters: `${code}:${width}`,
    size,
    align: size,
    reach: bytes,
    read(memory, offset) {
      const bits = (readBytes(memory, offset, bytes) & mask) >> big(bit);
      if (kind === 'bool') return bits !== big(0);
      const value = kind === 'signed' ? big.asIntN(width, bits) : bits;
      return isBig ? value : exact(value);
    },
    write(memory, offset, value, place) {
      const bits = (big(check(value, place)) << big(bit)) & mask;
      writeBytes(memory, offset, bytes, (readBytes(memory, offset, bytes) & ~mask) | bits);
    },
  };
}
