/** Variables that a library exports. */

import type { LibraryHandle } from '../host/bridge';
import { bytesOf, CMemory } from '../memory/c_memory';
import type { Codec } from '../memory/codec';
import type { FieldInput, FieldType, FieldView } from '../struct/fields';
import { native } from '../base/native';

/** A variable of a library. */
export interface GlobalDefinition {
  /** Its type: any that a field of a struct may have. */
  readonly type: FieldType;
  /** Where the library lacks it, the symbol is `null`, and opening does not fail. */
  readonly optional?: boolean;
}

/** What is stored in variables by its address, by theirs: C has it until something else is stored there. */
const stored = new Map<number, Map<number, unknown>>();

/**
 * A variable of a library, at its place in C's memory.
 *
 * Each access throws `ERR_FFI_LIBRARY_CLOSED` once the library is closed.
 * Thread rule: belongs to the JavaScript thread that opened the library; C may change the variable at any time.
 */
export class Global<T extends FieldType = FieldType> {
  /** Variables are made by `dlopen`. @internal */
  constructor(
    private readonly name: string,
    private readonly library: LibraryHandle,
    private readonly address: number,
    private readonly codec: Codec,
  ) {}

  /** What the variable holds now. A struct and an array are views: what is written to them is written to the variable. */
  get value(): FieldView<T> {
    const memory = new CMemory(this, this.codec.size);
    return (this.codec.view ?? this.codec.read).call(this.codec, memory, 0) as FieldView<T>;
  }

  /**
   * Sets the variable. A string, a buffer, whatever is stored by its address is kept alive until something else is stored
   * there, or the JavaScript thread ends.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` or RangeError `ERR_FFI_OUT_OF_RANGE`, as the field of a struct does.
   */
  set value(value: FieldInput<T> | FieldView<T>) {
    const memory = bytesOf(this.codec, value, this.name);
    // Only now, because a getter of the value may have closed the library.
    new CMemory(this, this.codec.size).copy(0, memory, 0, this.codec.size);
  }

  /** @internal */
  kept(isMaking: boolean): Map<number, unknown> | undefined {
    if (isMaking && !stored.has(this.address)) stored.set(this.address, new Map());
    return stored.get(this.address);
  }

  /** Where it is. Valid until the library is closed. */
  get ptr(): number {
    native.checkOpen(this.library, this.name);
    return this.address;
  }
}
