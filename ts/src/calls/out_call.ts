/** Calls of functions with out-parameters. */

import { ffiError } from '../base/errors';
import { append } from '../base/own';
import type { Codec } from '../memory/codec';
import { Memory } from '../memory/memory';
import { Out } from '../signatures/out';
import { asIs } from './wrapped';
import type { Prepared, Wrappable } from './wrapped';

/** The alignment of out-parameters in the memory of a call, in bytes: it suits every C type. */
const ALIGNMENT = 16;

/** The place of an out-parameter in the memory of a call. */
interface Room {
  readonly codec: Codec;
  readonly offset: number;
}

/**
 * Makes the function that prepares calls of a C function with out-parameters. `args` are its declared arguments; if
 * they end with `'...'`, each call may have more out-parameters after them.
 */
export function preparesOut(fn: Wrappable, args: readonly unknown[]): (given: unknown[]) => Prepared {
  const isVariadic = args[args.length - 1] === '...';
  const declared = isVariadic ? args.slice(0, -1) : args;
  const rooms: Room[] = [];
  let declaredSize = 0;
  for (const type of declared) if (type instanceof Out) declaredSize = addRoom(rooms, declaredSize, type);
  const taken = declared.filter((type) => !(type instanceof Out) || type.takes).length;

  return (given) => {
    if (isVariadic ? given.length < taken : given.length !== taken) {
      const count = `${isVariadic ? 'at least ' : ''}${taken} argument${taken === 1 ? '' : 's'}`;
      throw ffiError('ERR_FFI_ARG_COUNT', `${fn.name}: expected ${count}, got ${given.length}`);
    }
    if (rooms.length === 0 && !hasOutBehind(given, taken)) return { fn, args: given, finish: asIs };
    const placeOf = (i: number): string => `${fn.name}: argument ${i + 1}`;
    const more = given.slice(taken).map((value, i) => readOut(value, placeOf(declared.length + i)));
    const all = rooms.slice();
    let size = declaredSize;
    for (const extra of more) if (extra) size = addRoom(all, size, extra.type);

    // Each call has memory of its own, because calls nest, and run on several threads.
    const memory = Memory.zeros(size);
    let [next, room] = [0, 0];
    const pass = (type: Out, first: () => unknown, place: string): Uint8Array => {
      const { codec, offset } = all[room++];
      if (type.takes) codec.write(memory, offset, first(), place);
      return new Uint8Array(memory.buffer, offset, codec.size);
    };
    const passed = declared.map((type, i) =>
      type instanceof Out ? pass(type, () => given[next++], placeOf(i)) : given[next++],
    );
    const passedMore = more.map((extra, i) => {
      const place = placeOf(declared.length + i);
      return extra ? ['p', pass(extra.type, () => extra.first, place)] : given[taken + i];
    });
    const read = (): unknown[] => all.map(({ codec, offset }) => codec.read(memory, offset));
    return {
      fn,
      args: passed.concat(passedMore),
      finish: (result, isPair) => (isPair ? { ...(result as object), out: read() } : { value: result, out: read() }),
    };
  };
}

/** Adds room for an out-parameter after the first `size` bytes. Returns the new size. */
function addRoom(rooms: Room[], size: number, { codec }: Out): number {
  append(rooms, { codec, offset: size });
  return size + Math.ceil(codec.size / ALIGNMENT) * ALIGNMENT;
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
  const [type, ...values] = Array.isArray(argument) ? argument : [argument];
  if (!(type instanceof Out)) return undefined;
  if (values.length === (type.takes ? 1 : 0)) return { type, first: values[0] };
  const expected = type.takes ? '[inout(type), value]' : 'out(type), which takes no value';
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: expected ${expected}`);
}

/** Whether there is an out-parameter among these types. */
export function hasOut(args: readonly unknown[]): boolean {
  return args.some((type) => type instanceof Out);
}
