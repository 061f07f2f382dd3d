/** Out-parameters: pointers that C writes a value through, which the call gives back. */

import { ffiError } from './errors';
import { Memory } from './memory';
import type { Codec } from './memory';
import { codecOf } from './struct';
import type { FieldType } from './struct';
import type { Prepared, Wrappable } from './wrapped';

/** The type of an argument that C writes to, and reads before where it takes a value. Made by `out` and `inout`. */
export class Out<T extends FieldType = FieldType, In extends boolean = boolean> {
  /** How the value is read and written. @internal */
  readonly codec: Codec;

  /** @internal */
  constructor(
    /** The type that C's pointer points to. */
    readonly type: T,
    /** Whether the call takes a first value. */
    readonly takes: In,
  ) {
    this.codec = codecOf(type, takes ? 'inout' : 'out');
    Object.defineProperty(this, 'codec', { enumerable: false });
    Object.freeze(this);
  }
}

/**
 * A pointer that C writes a value of that type through. The call does not take it; what C has written comes back beside
 * the result: `{ value, out: [...] }`, in the order of the arguments. It is zero where C writes nothing.
 *
 * @example
 * const { frexp } = dlopen('libm.so.6', { frexp: { args: ['d', out('i')], returns: 'd' } }).symbols;
 * frexp(40); // { value: 0.625, out: [6] }
 */
export function out<T extends FieldType>(type: T): Out<T, false> {
  return new Out<T, false>(type, false);
}

/** The same, with a first value that the call takes at this place and C may read. */
export function inout<T extends FieldType>(type: T): Out<T, true> {
  return new Out<T, true>(type, true);
}

/** What a call with out-parameters gives. */
export interface WithOut<Result, Values extends readonly unknown[]> {
  /** What the C function returned. */
  readonly value: Result;
  /** What it wrote, in the order of the arguments. */
  readonly out: Values;
}

/** Where out-parameters are given room: multiples of what suits any C type. */
const ALIGNMENT = 16;

/** How a call of a function with such parameters is made. `args` are the types of all its arguments. */
export function preparesOut(fn: Wrappable, args: readonly unknown[]): (given: unknown[]) => Prepared {
  const offsets: number[] = [];
  let size = 0;
  for (const type of args) {
    offsets.push(size);
    if (type instanceof Out) size += Math.ceil(type.codec.size / ALIGNMENT) * ALIGNMENT;
  }
  const outs = args.flatMap((type, i) => (type instanceof Out ? [{ codec: type.codec, offset: offsets[i] }] : []));
  const taken = args.filter((type) => !(type instanceof Out) || type.takes).length;

  return (given) => {
    if (given.length !== taken) {
      const plural = taken === 1 ? '' : 's';
      throw ffiError('ERR_FFI_ARG_COUNT', `${fn.name}: expected ${taken} argument${plural}, got ${given.length}`);
    }
    // Each call has memory of its own: calls nest, and run on several threads.
    const memory = Memory.zeros(size);
    let next = 0;
    const passed = args.map((type, i) => {
      if (!(type instanceof Out)) return given[next++];
      if (type.takes) type.codec.write(memory, offsets[i], given[next++], `${fn.name}: argument ${i + 1}`);
      return new Uint8Array(memory.buffer, offsets[i], type.codec.size);
    });
    const read = (): unknown[] => outs.map(({ codec, offset }) => codec.read(memory, offset));
    return {
      fn,
      args: passed,
      finish: (result, isPair) => (isPair ? { ...(result as object), out: read() } : { value: result, out: read() }),
    };
  };
}

/** Whether some argument is one. */
export function hasOut(args: readonly unknown[]): boolean {
  return args.some((type) => type instanceof Out);
}
