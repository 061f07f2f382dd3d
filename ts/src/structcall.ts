/**
 * Synchronous calls with structs, the shorter way: structs go to the native module and come from it in memory that is
 * made once for each function, because making a buffer costs more than all else in a call.
 */

import type { BoundFunction } from './bridge';
import { fromBytes, toNative } from './byvalue';
import { bytesAt, Memory } from './memory';
import { StructSchema } from './struct';
import { placeIn } from './structvalue';

type AnyFunction = (...args: unknown[]) => unknown;

/** Larger results get a buffer each, which is then the smaller part of what they cost. */
const LARGEST_POOLED = 256;
const CHUNK = 8192;

/** Results lie side by side, each aligned for any scalar, until somebody asks where. */
class Chunk extends Memory {
  override readonly isShared = true;
  readonly words = new Int32Array(this.buffer);

  constructor() {
    super(new ArrayBuffer(CHUNK));
  }
}

let chunk = new Chunk();
let used = 0;

/** Puts a result, in words of 4 bytes, into a chunk; gives the value. */
function pooled(schema: StructSchema<any>, words: Int32Array): unknown {
  const size = words.length * 4;
  if (used + size > CHUNK) {
    chunk = new Chunk();
    used = 0;
  }
  const offset = used;
  used += (size + 15) & ~15;
  for (let i = 0, to = offset >> 2; i < words.length; i++) chunk.words[to + i] = words[i];
  return schema.codec.read(chunk, offset);
}

/** How the result is taken, and which native function gives it. */
function resultOf(bound: BoundFunction, returns: unknown): (args: unknown[]) => unknown {
  if (!(returns instanceof StructSchema)) return (args) => bound.call(...args);
  if (returns.size > LARGEST_POOLED) return (args) => fromBytes(returns, bound.call(...args));
  const words = new Int32Array(Math.ceil(returns.size / 4));
  const bytes = new Uint8Array(words.buffer, 0, returns.size);
  const { callInto } = bound.more();
  return (args) => {
    Reflect.apply(callInto, bytes, args);
    return pooled(returns, words);
  };
}

/** A struct argument's bytes: those of a value that has a buffer to itself, or written into `room`, which is reused. */
function bytesIn(room: Memory, schema: StructSchema<any>, value: unknown, place: string): unknown {
  const lies = placeIn(value, schema);
  if (lies !== undefined) return bytesAt(lies.memory, lies.offset, schema.size, place);
  schema.codec.write(room, 0, value, place, true);
  return room.buffer;
}

/** The call of a function with structs, or undefined for a variadic one. */
export function structCall(
  bound: BoundFunction,
  { args = [], returns }: { readonly args?: readonly unknown[]; readonly returns?: unknown },
): AnyFunction | undefined {
  if (args.includes('...')) return undefined;
  const { name } = bound.call;
  const call = resultOf(bound, returns);
  const rooms = args.map((type) => (type instanceof StructSchema ? Memory.zeros(type.size) : undefined));
  const places = args.map((_, i) => `${name}: argument ${i + 1}`);
  // A getter or callback may call again, while the rooms are in use: then each struct gets memory of its own.
  let isBusy = false;

  return (...given) => {
    if (given.length !== args.length) return bound.call(...given);
    const isNested = isBusy;
    isBusy = true;
    try {
      for (let i = 0; i < given.length; i++) {
        const room = rooms[i];
        given[i] =
          room === undefined || isNested
            ? toNative(args[i], given[i], places[i])
            : bytesIn(room, args[i] as StructSchema<any>, given[i], places[i]);
      }
      return call(given);
    } finally {
      isBusy = isNested;
    }
  };
}
