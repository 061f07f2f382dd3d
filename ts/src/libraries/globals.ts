/** Variables that a library exports. */

import type { LibraryHandle } from '../host/bridge';
import { named, showAs } from '../base/inspect';
import { native } from '../base/native';
import { ffiError } from '../base/errors';
import { defineOwn } from '../base/own';
import { closings } from '../engines/slots';
import { bytesOf, CMemory } from '../memory/c_memory';
import { assign, readAt } from '../memory/codec';
import type { Codec } from '../memory/codec';
import type { Memory } from '../memory/memory';
import type { FieldInput, FieldType, FieldView } from '../struct/fields';
import { codecOf } from '../struct/members';

/** The definition of a variable. */
export interface GlobalDefinition {
  /**
   * The type of the variable: any type that a field of a struct may have. `[type, 0]` is an array of unknown length,
   * which has no `value` but a `ptr`; the value of `['char', 0]` is its text, up to the NUL.
   */
  readonly type: FieldType | readonly [FieldType, 0]; // the 0 makes TypeScript infer literal lengths
  /** If the library does not export it, the symbol is `null` instead of an error. */
  readonly optional?: boolean;
  /** The name of the symbol in the library, if it differs from the key of the definition. */
  readonly name?: string;
}

/** The type of `value`. */
type GlobalView<T> = T extends readonly ['char', 0] ? string : T extends readonly [FieldType, 0] ? never : FieldView<T>;

/** The codec of an array whose length is not declared. It can be read only if it is text. */
class UnsizedCodec implements Codec {
  readonly letters = '';
  readonly size = 0;
  readonly align: number;

  constructor(
    private readonly name: string,
    private readonly isText: boolean,
    element: Codec,
  ) {
    this.align = element.align;
  }

  read(memory: Memory, offset: number): unknown {
    if (!this.isText) throw this.refusal();
    return native.readText(memory.addressOf(offset, 0), 's');
  }

  write(): never {
    throw this.refusal();
  }

  private refusal(): Error {
    const instead = 'use its ptr, or declare it with a length';
    return ffiError(
      'ERR_FFI_BAD_SIGNATURE',
      `${this.name}: value: the length of the array is not declared: ${instead}`,
    );
  }
}

/**
 * The codec of a variable's type.
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE`; messages begin with `name`.
 */
export function globalCodecOf(type: unknown, name: string): Codec {
  const pair: unknown[] | undefined = Array.isArray(type) && type.length === 2 ? [type[0], type[1]] : undefined;
  if (!pair || pair[1] !== 0) return codecOf(pair ?? type, `${name}: type`);
  return new UnsizedCodec(name, pair[0] === 'char', codecOf(pair[0], `${name}: type[0]`));
}

/**
 * For each variable, by address: the objects whose addresses are stored in it, by offset. They live until something
 * else is stored there, because C may read the addresses.
 */
const stored = new Map<number, Map<number, unknown>>();

/** Key of the private property. */
const MEMORY = Symbol('arkffi.memory');

/**
 * A variable of a library, in C's memory.
 *
 * Each access throws `ERR_FFI_LIBRARY_CLOSED` after the library has been closed. Thread rule: belongs to the JavaScript
 * thread that opened the library. C may change the variable at any time.
 */
export class Global<T extends FieldType = FieldType> {
  declare private readonly [MEMORY]: CMemory;
  /** How many libraries had been closed when this one was last found open. */
  private openAt = NaN;

  /** Variables are made by `dlopen` and `cdef` only. @internal */
  constructor(
    private readonly name: string,
    private readonly library: LibraryHandle,
    private readonly address: number,
    private readonly codec: Codec,
  ) {
    defineOwn(this, MEMORY, { value: new CMemory(this, codec.size) });
  }

  /**
   * The value of the variable. A struct or array is a view: what is written to it is written to the variable.
   * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for an array of unknown length that is not of `char`.
   */
  get value(): GlobalView<T> {
    const { codec, name } = this;
    // A view has memory of its own, which is checked when the view is made.
    const memory = codec.plain ? new CMemory(this, codec.size, name) : this[MEMORY];
    return readAt(codec, 'view', memory, 0, name) as GlobalView<T>;
  }

  /**
   * Sets the variable. An object whose address is stored, such as the copy of a string or a buffer, is kept alive until
   * something else is stored there, or the JavaScript thread ends.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` or RangeError `ERR_FFI_OUT_OF_RANGE`, as setting a field of a struct
   *   does.
   */
  set value(value: FieldInput<T> | GlobalView<T>) {
    const { codec, name, [MEMORY]: own } = this;
    const isPlain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
    if (isPlain && codec.plain === undefined) {
      assign(codec, own, 0, value, name);
      own.keep(0, undefined);
      return;
    }
    const memory = bytesOf(codec, value, name);
    // Checked only now, because a getter of the value may have closed the library.
    new CMemory(this, codec.size, name).copy(0, memory, 0, codec.size);
  }

  /** @internal */
  kept(isMaking: boolean): Map<number, unknown> | undefined {
    if (isMaking && !stored.has(this.address)) stored.set(this.address, new Map());
    return stored.get(this.address);
  }

  /** The address of the variable. It is valid until the library is closed. */
  get ptr(): number {
    if (this.openAt !== closings[0]) {
      native.checkOpen(this.library, this.name);
      this.openAt = closings[0];
    }
    return this.address;
  }

  /** Its name and address, for `JSON.stringify`: reading the value would follow pointers. `console.log` prints the same. */
  toJSON(): { name: string; ptr: number } {
    return { name: this.name, ptr: this.address };
  }
}

showAs(Global.prototype, (variable) => named('Global', variable.toJSON()));
