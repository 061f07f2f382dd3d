/** What the accessors of a value's fields need of it. */

import type { Codec } from '../memory/codec';
import type { Memory, View } from '../memory/memory';

/** Keys of the private properties of values. They are symbols, so that they cannot collide with the names of fields. */
export const MEMORY = Symbol('arkffi.memory');
export const OFFSET = Symbol('arkffi.offset');
/** The view of the memory, which accesses would otherwise look for in memory of several kinds. */
export const VIEW = Symbol('arkffi.view');

export interface Placed {
  readonly [MEMORY]: Memory;
  readonly [VIEW]: View;
  readonly [OFFSET]: number;
}

export interface Accessor {
  get(this: Placed): unknown;
  set(this: Placed, value: unknown): void;
}

/**
 * What accessors of numbers seldom do. It is not written out in them: the shorter they are, the more of them V8 compiles
 * into the function that uses them.
 */
export class Rest {
  constructor(
    private readonly codec: Codec,
    private readonly at: number,
    private readonly place: string,
  ) {}

  /** Reads what an access of its own could not read, or throws what the program is to see. */
  read(value: Placed): unknown {
    try {
      return this.codec.read(value[MEMORY], value[OFFSET] + this.at);
    } catch (error) {
      throw value[MEMORY].failure(error, this.place);
    }
  }

  /** Writes what is not plainly right or could not be written, or throws what the program is to see. */
  write(value: Placed, to: unknown): void {
    try {
      this.codec.write(value[MEMORY], value[OFFSET] + this.at, to, this.place);
    } catch (error) {
      throw value[MEMORY].failure(error, this.place);
    }
  }
}

/** Makes the accessor of a number's field at that offset. */
export type AccessorMaker = (at: number, rest: Rest) => Accessor;
