/** Memory that is given back all at once. */

import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { checkInteger, ffiError, wrongType } from '../base/errors';
import { bindWhenRead } from '../base/methods';
import type { TypeCode } from '../types/types.generated';
import { encodingOf } from '../memory/encoded_text';
import { Memory } from '../memory/memory';
import { encodeText } from '../memory/text';
import type { StructInit, StructSchema, StructValue } from '../struct/fields';
import { Schema } from '../struct/schema';
import { StringArray } from './strings';

/**
 * Owns buffers, strings and structs for C: they live until the arena is closed, whether or not JavaScript still refers
 * to them. Closing detaches them: reading them then throws, and so does passing them to C. Those that an async call has
 * been given stay valid until the call has finished.
 *
 * Thread rule: belongs to its JavaScript thread. C may use the memory on any thread.
 *
 * @example
 * using arena = new Arena();
 * register(arena.string('name'), arena.struct(Point, { x: 1, y: 2 }));
 */
export class Arena {
  private readonly buffers = new Set<ArrayBuffer>();
  private isClosed = false;

  /** Zeroed memory of `byteLength` bytes, aligned to 16 bytes. */
  buffer(byteLength: number): Uint8Array {
    this.checkOpen('buffer');
    checkInteger(byteLength, 'Arena.buffer: argument 1', 0);
    const bytes = bytesOf(Memory.zeros(byteLength).buffer);
    this.keep(bytes.buffer as ArrayBuffer);
    return bytes;
  }

  /**
   * A string with its NUL, in an encoding that `text` takes. UTF-8 when absent.
   * @throws RangeError `ERR_FFI_OUT_OF_RANGE` for a character that the encoding has not.
   */
  string(text: string, encoding = 'utf8'): Uint8Array {
    const { code, charset } = encodingOf(encoding, 'Arena.string: argument 2');
    const isOther = charset !== undefined && typeof text === 'string';
    const bytes = isOther ? charset.encode(text, 'Arena.string: argument 1') : text;
    return new Uint8Array(this.encode(bytes, code, 'string'));
  }

  /** A string in UTF-16, with its NUL. */
  string16(text: string): Uint16Array {
    return new Uint16Array(this.encode(text, 'S', 'string16'));
  }

  /** A string of `wchar_t`, with its NUL. */
  wstring(text: string): Uint8Array {
    return new Uint8Array(this.encode(text, 'w', 'wstring'));
  }

  /** An array of strings that ends with NULL. */
  stringArray(texts: ArrayLike<string | null>): StringArray {
    this.checkOpen('stringArray');
    const array = new StringArray(texts, 'Arena.stringArray: argument 1');
    this.keep(array.memory);
    return array;
  }

  /**
   * A struct of zeros with the fields that `init` has. `count` is the number of elements of its flexible array, as for
   * `create`.
   */
  struct<F extends object>(schema: StructSchema<F>, init?: StructInit<F>, count?: number): StructValue<F> {
    this.checkOpen('struct');
    if (!(schema instanceof Schema)) throw wrongType('Arena.struct: argument 1', 'a Struct', schema);
    const value = schema.create(init, count);
    this.keep(value.buffer);
    return value;
  }

  /** Closes the arena: detaches all that it owns. A second time does nothing. */
  close(): void {
    this.isClosed = true;
    this.buffers.forEach((buffer) => Memory.end(buffer));
    this.buffers.clear();
  }

  private encode(text: string, type: TypeCode, method: string): ArrayBuffer {
    this.checkOpen(method);
    if (typeof text !== 'string') throw wrongType(`Arena.${method}: argument 1`, 'string', text);
    return this.keep(encodeText(text, type, `Arena.${method}: argument 1`));
  }

  private keep(buffer: ArrayBuffer): ArrayBuffer {
    this.buffers.add(buffer);
    return buffer;
  }

  private checkOpen(method: string): void {
    if (this.isClosed) throw ffiError('ERR_FFI_ARENA_CLOSED', `Arena.${method}: the arena has been closed`);
  }
}

/** All bytes of a buffer. Some JavaScript engines have longer buffers than typed arrays. */
function bytesOf(buffer: ArrayBuffer): Uint8Array {
  try {
    return new Uint8Array(buffer);
  } catch (error) {
    const why = 'this JavaScript engine has no typed arrays of that length';
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `Arena.buffer: argument 1: ${buffer.byteLength}: ${why}`);
  }
}

export interface Arena extends Closable {}
makeDisposable(Arena.prototype);
bindWhenRead(Arena.prototype, ['buffer', 'string', 'string16', 'wstring', 'stringArray', 'struct', 'close']);
