/** Calls of functions with out-parameters. */

import { ffiError } from '../base/errors';
import { append } from '../base/own';
import type { Codec } from '../memory/codec';
import { BUFFER_ALIGN, Memory } from '../memory/memory';
import { argumentPlace } from '../signatures/declaration';
import type { Declaration } from '../signatures/declaration';
import { Out } from '../signatures/out';
import { Owned } from '../signatures/owned';
import { typeFacts } from '../types/types.generated';
import type { TypeCode } from '../types/types.generated';
import { asIs } from './wrapped';
import type { Prepared, Wrappable } from './wrapped';

function isText(letter: string): boolean {
  return typeFacts[letter as TypeCode]?.kind === 'string';
}

/** The place of an out-parameter in the memory of a call. */
interface Room {
  readonly codec: Codec;
  readonly offset: number;
}

/** The layout of the memory of a call: a place for each out-parameter, aligned for its type and at least to 16 bytes. */
class Rooms {
  readonly list: Room[] = [];
  /** The size and the alignment of the memory, in bytes. */
  size = 0;
  align = 1;

  add({ codec }: Out): void {
    const align = Math.max(codec.align, BUFFER_ALIGN);
    const offset = Math.ceil(this.size / align) * align;
    append(this.list, { codec, offset });
    this.size = offset + codec.size;
    this.align = Math.max(this.align, align);
  }
}

/**
 * Makes the function that prepares calls of a C function with out-parameters. If its declared arguments end
 * with `'...'`, each call may have more out-parameters after them.
 *
 * The memory of declared out-parameters is made here, which is fast. The native module does it if a call passes others
 * as well, so that all values are in the order of the arguments, if C allocates one, which may only be freed when C has
 * returned, and if text that C gives may lie in an argument, whose copy ends with the call: `strtol` gives such text.
 */
export function preparesOut(fn: Wrappable, { args, names, signature }: Declaration): (given: unknown[]) => Prepared {
  const isVariadic = args[args.length - 1] === '...';
  const declared = isVariadic ? args.slice(0, -1) : args;
  const rooms = new Rooms();
  declared.forEach((type) => type instanceof Out && rooms.add(type));
  const isOwned = declared.some((type) => type instanceof Out && (type.type as unknown) instanceof Owned);
  const hasText = isVariadic || signature.args.some((letters) => letters[0] === '{' || isText(letters[0]));
  const givesText = declared.some((type) => type instanceof Out && type.codec.letters.split('').some(isText));
  const isNative = isOwned || (hasText && givesText);
  const taken = declared.filter((type) => !(type instanceof Out) || type.takes).length;

  return (given) => {
    if (isVariadic ? given.length < taken : given.length !== taken) {
      const count = `${isVariadic ? 'at least ' : ''}${taken} argument${taken === 1 ? '' : 's'}`;
      throw ffiError('ERR_FFI_ARG_COUNT', `${fn.name}: expected ${count}, got ${given.length}`);
    }
    if (isNative || hasOutIn(given)) return { fn, args: byNative(declared, given, taken), finish: asIs };
    if (rooms.list.length === 0) return { fn, args: given, finish: asIs };

    // Each call has memory of its own, because calls nest, and run on several threads.
    const memory = Memory.zeros(rooms.size, rooms.align);
    let next = 0;
    let room = 0;
    const passed = declared.map((type, i) => {
      if (!(type instanceof Out)) return given[next++];
      const { codec, offset } = rooms.list[room++];
      if (type.takes) codec.write(memory, offset, given[next++], argumentPlace(fn.name, i, names));
      return memory.bytes(offset, codec.size);
    });
    const read = (): unknown[] => rooms.list.map(({ codec, offset }) => codec.read(memory, offset));
    return {
      fn,
      args: taken === given.length ? passed : passed.concat(given.slice(taken)),
      finish: (result, isPair) => (isPair ? { ...(result as object), out: read() } : { value: result, out: read() }),
    };
  };
}

/** Whether there is an out-parameter among the arguments of a call. It allocates nothing, because each call asks it. */
function hasOutIn(given: readonly unknown[]): boolean {
  for (let i = 0; i < given.length; i++) {
    if (isOut(given[i])) return true;
  }
  return false;
}

/** Whether an argument is `out(type)` or `[inout(type), value]`. */
function isOut(argument: unknown): boolean {
  return (Array.isArray(argument) ? (argument[0] as unknown) : argument) instanceof Out;
}

/** The arguments with all out-parameters as a call passes them: variable ones with the type of a pointer. */
function byNative(declared: readonly unknown[], given: readonly unknown[], taken: number): unknown[] {
  let next = 0;
  const passed = declared.map((type) => {
    if (!(type instanceof Out)) return given[next++];
    return type.takes ? [type, given[next++]] : type;
  });
  return passed.concat(given.slice(taken).map((argument) => (isOut(argument) ? ['p', argument] : argument)));
}

/** Whether there is an out-parameter among these types. */
export function hasOut(args: readonly unknown[]): boolean {
  return args.some((type) => type instanceof Out);
}
