/**
 * Sync calls with structs by value, or with encoded text. Plain objects and buffers are written to memory that is
 * allocated once for each function, because allocating a buffer costs more than the rest of a call. The call is then made
 * by way of the slots, or takes the slow path, to which structs are passed as buffers.
 */

import type { BoundFunction } from '../host/bridge';
import { Memory } from '../memory/memory';
import { Schema } from '../struct/schema';
import { placeIn } from '../struct/value';
import { argumentPlace } from '../signatures/declaration';
import type { Declaration } from '../signatures/declaration';
import { answerOf, byValueIn, CallKeeper, toNative } from './by_value';
import { LARGEST_POOLED, poolFor } from '../struct/pool';
import { DECLINED, structsBySlots } from './struct_slots';

type AnyFunction = (...args: unknown[]) => unknown;

/** Copies a result, in words of 4 bytes, to the pool, and returns the value there. */
function pooled(schema: Schema<any>, words: Int32Array): unknown {
  const size = words.length * 4;
  const pool = poolFor(size);
  const offset = pool.take(size);
  for (let i = 0, to = offset >> 2; i < words.length; i++) pool.words[to + i] = words[i];
  return schema.codec.read(pool, offset);
}

/** Makes the function that takes the slow path, and returns the result as a value. */
function resultOf(bound: BoundFunction, returns: unknown): (args: unknown[]) => unknown {
  const type = byValueIn(returns);
  if (type === undefined) return (args) => Reflect.apply(bound.call, undefined, args);
  if (!(type instanceof Schema) || type.size > LARGEST_POOLED) {
    return (args) => answerOf(type, Reflect.apply(bound.call, undefined, args));
  }
  const words = new Int32Array(Math.ceil(type.size / 4));
  const bytes = new Uint8Array(words.buffer, 0, type.size);
  const { callInto } = bound.more();
  return (args) => {
    const answer: object | undefined = Reflect.apply(callInto, bytes, args);
    const value = pooled(type, words);
    return answer === undefined ? value : { ...answer, value };
  };
}

/** Memory for a struct argument, and the value that lies in it. */
interface Room {
  readonly memory: Memory;
  readonly value: unknown;
}

function roomFor(type: unknown, { endings }: CallKeeper): Room | undefined {
  if (!(type instanceof Schema)) return undefined;
  const memory = Memory.zeros(type.size, type.codec.align);
  memory.endings = endings;
  return { memory, value: type.codec.read(memory, 0) };
}

/**
 * The argument as a value of the struct: itself if it is one, otherwise the value of the room that it is written to. If
 * it is a value whose memory is C's, or is detached, the result is its bytes.
 */
function valueIn({ memory, value }: Room, schema: Schema<any>, given: unknown, place: string): unknown {
  const lies = placeIn(given, schema);
  if (lies !== undefined)
    return lies.memory.addressForCall(lies.offset, schema.size) ? given : toNative(schema, given, place);
  schema.codec.write(memory, 0, given, place, true);
  return value;
}

/**
 * Makes the sync call of a function with structs or encoded text; undefined for a variadic one. `fast` is false if each call must take
 * the slow path.
 */
export function structCall(bound: BoundFunction, declaration: Declaration, fast: boolean): AnyFunction | undefined {
  const { args, returns, names } = declaration;
  if (args.includes('...')) return undefined;
  const { name } = bound.call;
  const bySlots = fast ? structsBySlots(bound, declaration) : undefined;
  const call = resultOf(bound, returns);
  const keeper = new CallKeeper();
  const rooms = args.map((type) => roomFor(type, keeper));
  const places = args.map((_, i) => argumentPlace(name, i, names));
  // A getter or callback may call the function again while the rooms are in use. Structs of that call get memory of
  // their own.
  let isBusy = false;

  const passed = (given: unknown[]): unknown => {
    const nested = new CallKeeper();
    try {
      return call(given.map((value, i) => toNative(args[i], value, places[i], nested)));
    } finally {
      nested.end();
    }
  };

  const viaRooms: AnyFunction = (...given) => {
    if (given.length !== args.length) return Reflect.apply(bound.call, undefined, given);
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
      if (keeper.endings.length > 0) keeper.end();
    }
  };
  return bySlots === undefined ? viaRooms : bySlots.before(viaRooms);
}
