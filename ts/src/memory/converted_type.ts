/** Types whose values JavaScript converts: the native module knows only their bytes, or another type of their size. */

import { brand } from '../base/brand';
import { defineOwn } from '../base/own';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import type { Codec } from './codec';
import { codecs } from './codecs';
import { Memory } from './memory';

/**
 * A C type for which the native module has no value of its own: it may stand in `args` and `returns`, for fields,
 * elements, variables, out-parameters and variable arguments, and in callbacks. `In` is what JavaScript passes, and `Out`
 * what it gets.
 */
export class ConvertedType<In = any, Out = any> {
  /** For TypeScript alone: no such property exists. */
  declare readonly values?: { readonly taken: In; readonly given: Out };
  /** Reads and writes values. @internal */
  declare readonly codec: Codec;

  /** @internal */
  constructor(
    /** The name of the type in C. */
    readonly cName: string,
    codec: Codec,
  ) {
    defineOwn(this, 'codec', { value: codec });
  }

  /** Whether the native module takes and gives the bytes of a value, as it does for structs. @internal */
  get hasBytes(): boolean {
    return typeFacts[this.codec.letters as TypeCode] === undefined;
  }

  /** What the native module gets for a value. @internal */
  toNative(value: unknown, place: string): unknown {
    const memory = Memory.zeros(this.codec.size);
    this.codec.write(memory, 0, value, place);
    return this.hasBytes ? memory.buffer : this.plain.read(memory, 0);
  }

  /** The value for what the native module gives. @internal */
  fromNative(given: unknown): unknown {
    if (this.hasBytes) return this.codec.read(Memory.from(given as ArrayBuffer, this.codec.align), 0);
    const memory = Memory.zeros(this.codec.size);
    this.plain.write(memory, 0, given, this.cName);
    return this.codec.read(memory, 0);
  }

  /** The codec of the type that the native module knows. */
  private get plain(): Codec {
    return codecs[this.codec.letters as Exclude<TypeCode, 'v'>];
  }
}

brand(ConvertedType.prototype, 'a type');
