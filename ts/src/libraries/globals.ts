/** Variables that a library exports. */

import type { LibraryHandle } from '../host/bridge';
import { native } from '../base/native';
import { bytesOf, CMemory } from '../memory/c_memory';
import { readAt } from '../memory/codec';
import type { Codec } from '../memory/codec';
import type { FieldInput, FieldType, FieldView } from '../struct/fields';

/** The definition of a variable. */
export interface GlobalDefinition {
  /** The type of the variable: any type that a field of a struct may have. */
  readonly type: FieldType;
  /** If the library does not export it, the symbol is `null` instead of an error. */
  readonly optional?: boolean;
}

/**
 * For each variable, by address: the objects whose addresses are stored in it, by offset. They live until something
 * else is stored there, because C may read the addresses.
 */
const stored = new Map<number, Map<number, unknown>>();

/**
 * A variable of a library, in C's memory.
 *
 * Each access throws `ERR_FFI_LIBRARY_CLOSED` after the library has been closed. Thread rule: belongs to the JavaScript
 * thread that opened the library. C may change the variable at any time.
 */
export class Global<T extends FieldType = FieldType> {
  /** Variables are made by `dlopen` and `cdef` only. @internal */
  constructor(
    private readonly name: string,
    private readonly library: LibraryHandle,
    private readonly address: number,
    private readonly codec: Codec,
  ) {}

  /** The value of the variable. A struct or array is a view: what is written to it is written to the variable. */
  get value(): FieldView<T> {
    const memory = new CMemory(this, this.codec.size, this.name);
    return readAt(this.codec, 'view', memory, 0, this.name) as FieldView<T>;
  }

  /**
   * Sets the variable. An object whose address is stored, such as the copy of a string or a buffer, is kept alive until
   * something else is stored there, or the JavaScript thread ends.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` or RangeError `ERR_FFI_OUT_OF_RANGE`, as setting a field of a struct
   *   does.
   */
  set value(value: FieldInput<T> | FieldView<T>) {
    const memory = bytesOf(this.codec, value, this.name);
    // Checked only now, because a getter of the value may have closed the library.
    new CMemory(this, this.codec.size, this.name).copy(0, memory, 0, this.codec.size);
  }

  /** @internal */
  kept(isMaking: boolean): Map<number, unknown> | undefined {
    if (isMaking && !stored.has(this.address)) stored.set(this.address, new Map());
    return stored.get(this.address);
  }

  /** The address of the variable. It is valid until the library is closed. */
  get ptr(): number {
    native.checkOpen(this.library, this.name);
    return this.address;
  }
}
