/** Bit-fields: some bits of an integer, which lie where the native module says. */

import type { Codec } from './codec';
import { checkBool, integerCheckOf, LITTLE_ENDIAN } from './codecs';
import type { Memory } from './memory';
import { exact } from '../base/pointer';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';

/** What BigInt literals would say, which the oldest host does not read. */
const big = BigInt;
const ALL = big.asUintN(64, big(-1));

/** Reads so many bytes, the first the lowest. Never one more: the next may be another variable's. */
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
 * The codec of a bit-field of that type, `width` bits wide, whose lowest bit is `bit` in the byte at its offset. Only
 * 64-bit types that are packed reach into a ninth byte.
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
