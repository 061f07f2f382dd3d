/**
 * Synchronous calls with structs. Plain objects and buffers are brought into memory that is made once for each function,
 * because making a buffer costs more than all else in a call; then the call goes by the cells, or takes the ordinary
 * route, where structs are buffers.
 */

import type { BoundFunction } from '../host/bridge';
import { fromBytes, toNative } from './by_value';
import type { Declaration } from '../signatures/declaration';
import { Memory } from '../memory/memory';
import { Schema } from '../struct/schema';
import { LARGEST_POOLED, poolFor } from './struct_pool';
import { DECLINED, structsBySlots } from './struct_slots';
import { placeIn } from '../struct/value';

type AnyFunction = (...args: unknown[]) => unknown;

/** Puts a result, in words of 4 bytes, where results are; gives the value. */
function pooled(schema: Schema<any>, words: Int32Array): unknown {
  const size = words.length * 4;
  const pool = poolFor(size);
  const offset = pool.take(size);
  for (let i = 0, to = offset >> 2; i < words.length; i++) pool.words[to + i] = words[i];
  return schema.codec.read(pool, offset);
}

/** How the result is taken, and which native function gives it. */
function resultOf(bound: BoundFunction, returns: unknown): (args: unknown[]) => unknown {
  if (!(returns instanceof Schema)) return (args) => bound.call(...args);
  if (returns.size > LARGEST_POOLED) return (args) => fromBytes(returns, bound.call(...args));
  const words = new Int32Array(Math.ceil(returns.size / 4));
  const bytes = new Uint8Array(words.buffer, 0, returns.size);
  const { callInto } = bound.more();
  return (args) => {
    Reflect.apply(callInto, bytes, args);
    return pooled(returns, words);
  };
}

/** Memory for a struct argument, and the value that lies in it. */
interface Room {
  readonly memory: Memory;
  readonly value: unknown;
}

function roomFor(type: unknown): Room | undefined {
  if (!(type instanceof Schema)) return undefined;
  const memory = Memory.zeros(type.size);
  return { memory, value: type.codec.read(memory, 0) };
}

/**
 * The argument as a value of the struct: the one that it is, or the room's, into which it is written. As bytes, where
 * its memory is C's, or has ended.
 */
function valueIn({ memory, value }: Room, schema: Schema<any>, given: unknown, place: string): unknown {
  const lies = placeIn(given, schema);
  if (lies !== undefined)
    return lies.memory.addressForCall(lies.offset, schema.size) ? given : toNative(schema, given, place);
  schema.codec.write(memory, 0, given, place, true);
  return value;
}

/** The call of a function with structs, or undefined for a variadic one. `fast` is whether an engine may make it. */
export function structCall(bound: BoundFunction, declaration: Declaration, fast: boolean): AnyFunction | undefined {
  const { args, returns } = declaration;
  if (args.includes('...')) return undefined;
  const { name } = bound.call;
  const bySlots = fast ? structsBySlots(bound, declaration) : undefined;
  const call = resultOf(bound, returns);
  const rooms = args.map(roomFor);
  const places = args.map((_, i) => `${name}: argument ${i + 1}`);
  // A getter or callback may call again, while the rooms are in use: then each struct gets memory of its own.
  let isBusy = false;

  const passed = (given: unknown[]): unknown => call(given.map((value, i) => toNative(args[i], value, places[i])));

  const viaRooms: AnyFunction = (...given) => {
    if (given.length !== args.length) return bound.call(...given);
    if (isBusy) return passed(given);
    isBusy = true;
    try {
      for (let i = 0; i < given.length; i++) {
        const room = rooms[i];
        if (room !== undefined) given[i] = valueIn(room, args[i] as Schema<any>, given[i], places[i]);
      }
      const result = bySlots === undefined ? DECLINED : bySlots.attempt(given);
      return result === DECLINED ? passed(given) : result;
    } finally {
      isBusy = false;
    }
  };
  return bySlots === undefined ? viaRooms : bySlots.before(viaRooms);
}
