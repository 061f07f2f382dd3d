/** Strings read from C's memory. */

import type { Address } from '../host/bridge';
import { checkInteger, inNameOf } from '../base/errors';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import { addressOf, definePlace, moved, movedFrom } from '../base/pointer';
import type { AddressLike } from '../base/pointer';
import { blockOf, checkBlock } from '../memory/bounds';
import type { Block } from '../memory/bounds';
import { encodeText } from '../memory/text';

/**
 * A UTF-8 string read from C's memory. The text is a copy, made by the constructor; the memory remains C's. Of a
 * JavaScript string it makes a copy that C can read, at `ptr`, for as long as this object lives.
 *
 * @example
 * new CString(lib.symbols.getenv_ptr('HOME')).toString();
 */
export class CString extends String {
  /** The address that was passed, without `byteOffset`; 0 for NULL. For a string that was passed, that of its copy. */
  readonly ptr: Address;
  /** The bytes of a string that was passed, with the NUL. */
  declare private readonly copy?: ArrayBuffer;
  /** Bytes between `ptr` and the first byte that was read. */
  readonly byteOffset: number;
  /**
   * The number of bytes that were read, without the NUL. `length` counts UTF-16 units, as for every JavaScript string.
   */
  readonly byteLength: number;

  /**
   * @param ptr The address of the string; NULL gives `''`. Or a JavaScript string.
   * @param byteOffset The number of bytes to skip. 0 when absent.
   * @param byteLength The number of bytes to read, NULs included. Up to the first NUL when absent.
   * @throws TypeError `ERR_FFI_NULL_POINTER` for an address from 1 to 65,535; Error `ERR_FFI_BAD_ADDRESS` in checked
   *   mode.
   */
  constructor(ptr: AddressLike | string, byteOffset = 0, byteLength?: number) {
    const copy = typeof ptr === 'string' ? encodeText(ptr, 's', 'CString: argument 1') : undefined;
    const base = copy ? native.ptr(copy) : addressOf(ptr, 'CString: argument 1');
    checkInteger(byteOffset, 'CString: argument 2', -Number.MAX_SAFE_INTEGER);
    if (byteLength !== undefined) checkInteger(byteLength, 'CString: argument 3', 0);
    const isNull = Number(base) === 0;
    const start = isNull ? base : movedFrom(base, byteOffset, 'CString: argument 2');
    const block = copy ? { buffer: copy, offset: 0 } : blockOf(ptr);
    if (block && !isNull) checkBlock(block, byteOffset, byteLength ?? untilNulIn(block, byteOffset), 'CString');
    super(isNull ? '' : inNameOf('CString', () => native.readCString(start, byteLength)));
    this.ptr = base;
    if (copy) defineOwn(this, 'copy', { value: copy });
    this.byteOffset = byteOffset;
    this.byteLength = isNull ? 0 : byteLength === undefined ? bytesOf(this.toString(), start) : byteLength;
  }
}

definePlace(CString.prototype, function (this: CString) {
  return this['copy'] ?? this.ptr;
});

/** The number of bytes of the text at an address, which has been read as `text`. */
function bytesOf(text: string, start: Address): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    // Bytes that are not UTF-8 are read as U+FFFD, which may stand for one, two or three bytes.
    if (point === 0xfffd) return untilNul(start);
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (point >= 0x10000) i++; // its second half
  }
  return bytes;
}

function untilNul(start: Address): number {
  let bytes = 0;
  const at = (): number => new Uint8Array(native.readMemory(moved(start, bytes, 'CString'), 1))[0];
  while (inNameOf('CString', at) !== 0) bytes++;
  return bytes;
}

/** The number of bytes up to the first NUL of a block, with the NUL; 1 more than there are if it has none. */
function untilNulIn(block: Block, byteOffset: number): number {
  if (block.offset + byteOffset < 0) return 0;
  const bytes = new Uint8Array(block.buffer).subarray(block.offset + byteOffset);
  const end = bytes.indexOf(0);
  return (end < 0 ? bytes.length : end) + 1;
}
