/** Calls of functions with out-parameters. */

import { ffiError } from '../base/errors';
import { append } from '../base/own';
import type { Codec } from '../memory/codec';
import { BUFFER_ALIGN, Memory } from '../memory/memory';
import { Out } from '../signatures/out';
import { asIs } from './wrapped';
import type { Prepared, Wrappable } from './wrapped';

/** The place of an out-parameter in the memory of a call. */
interface Room {
  readonly codec: Codec;
  readonly offset: number;
}

/** The layout of the memory of a call: a place for each out-parameter, aligned for its type and at least to 16 bytes. */
class Rooms {
  readonly list: Room[];
  /** The size and the alignment of the memory, in bytes. */
  size: number;
  align: number;

  /** Begins with the places that `from` has. */
  constructor(from?: Rooms) {
    this.list = from ? from.list.slice() : [];
    this.size = from ? from.size : 0;
    this.align = from ? from.align : 1;
  }

  add({ codec }: Out): void {
    const align = Math.max(codec.align, BUFFER_ALIGN);
    const offset = Math.ceil(this.size / align) * align;
    append(this.list, { codec, offset });
    this.size = offset + codec.size;
    this.align = Math.max(this.align, align);
  }
}

/**
 * Makes the function that prepares calls of a C function with out-parameters. `args` are its declared arguments; if
 * they end with `'...'`, each call may have more out-parameters after them.
 */
export function preparesOut(fn: Wrappable, args: readonly unknown[]): (given: unknown[]) => Prepared {
  const isVariadic = args[args.length - 1] === '...';
  const declared = isVariadic ? args.slice(0, -1) : args;
  const own = new Rooms();
  declared.forEach((type) => type instanceof Out && own.add(type));
  const taken = declared.filter((type) => !(type instanceof Out) || type.takes).length;

  return (given) => {
    if (isVariadic ? given.length < taken : given.length !== taken) {
      const count = `${isVariadic ? 'at least ' : ''}${taken} argument${taken === 1 ? '' : 's'}`;
      throw ffiError('ERR_FFI_ARG_COUNT', `${fn.name}: expected ${count}, got ${given.length}`);
    }
    if (own.list.length === 0 && !hasOutBehind(given, taken)) return { fn, args: given, finish: asIs };
    const placeOf = (i: number): string => `${fn.name}: argument ${i + 1}`;
    const more = given.slice(taken).map((value, i) => readOut(value, placeOf(declared.length + i)));
    const all = more.length === 0 ? own : new Rooms(own);
    more.forEach((extra) => extra && all.add(extra.type));

    // Each call has memory of its own, because calls nest, and run on several threads.
    const memory = Memory.zeros(all.size, all.align);
    let next = 0;
    let room = 0;
    const pass = (type: Out, first: () => unknown, place: string): Uint8Array => {
      const { codec, offset } = all.list[room++];
      if (type.takes) codec.write(memory, offset, first(), place);
      return memory.bytes(offset, codec.size);
    };
    const passed = declared.map((type, i) =>
      type instanceof Out ? pass(type, () => given[next++], placeOf(i)) : given[next++],
    );
    const passedMore = more.map((extra, i) => {
      const place = placeOf(declared.length + i);
      return extra ? ['p', pass(extra.type, () => extra.first, place)] : given[taken + i];
    });
    const read = (): unknown[] => all.list.map(({ codec, offset }) => codec.read(memory, offset));
    return {
      fn,
      args: passed.concat(passedMore),
      finish: (result, isPair) => (isPair ? { ...(result as object), out: read() } : { value: result, out: read() }),
    };
  };
}

/**
 * Whether there is an out-parameter after the first `count` arguments. It allocates nothing, because each call asks it.
 */
function hasOutBehind(given: readonly unknown[], count: number): boolean {
  for (let i = count; i < given.length; i++) {
    const argument = given[i];
    if ((Array.isArray(argument) ? argument[0] : argument) instanceof Out) return true;
  }
  return false;
}

/** Reads a variable argument that is an out-parameter: `out(type)`, or `[inout(type), value]`. undefined for others. */
function readOut(argument: unknown, place: string): { readonly type: Out; readonly first?: unknown } | undefined {
  const given: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  const type = given[0];
  if (!(type instanceof Out)) return undefined;
  if (given.length === (type.takes ? 2 : 1)) return { type, first: type.takes ? given[1] : undefined };
  const expected = type.takes ? '[inout(type), value]' : 'out(type), which takes no value';
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected ${expected}`);
}

/** Whether there is an out-parameter among these types. */
export function hasOut(args: readonly unknown[]): boolean {
  return args.some((type) => type instanceof Out);
}
