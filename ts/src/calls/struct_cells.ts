/**
 * Synchronous calls with structs by the fast engines: structs travel through the cells as the addresses of their
 * memory, and C puts a result where it is to stay.
 *
 * All values are looked at before the first is written, since a proxy among them may run anything. Between the first
 * write and the entry no JavaScript of anybody else's runs, so that no memory goes away.
 */

import type { BoundFunction } from '../host/bridge';
import { cells, enter } from '../engines/cells';
import type { Declaration } from '../signatures/declaration';
import { engine } from '../engines/engine';
import { put, Result, resultOf, slotAt, take } from '../engines/portable';
import type { Slot } from '../engines/portable';
import { Schema } from '../struct/schema';
import type { Signature } from '../signatures/signature';
import { hasReach, LARGEST_POOLED, POOL_ALIGN, poolFor, roomAt } from './struct_pool';
import { isValueOf, reachOf, release } from '../struct/value';
import type { ValueBase } from '../struct/value';
import { v8Access } from '../engines/v8';

type AnyFunction = (...args: unknown[]) => unknown;

/** What calls give that the ordinary route has to make. */
export const DECLINED = Symbol('arkffi.declined');

/** How an argument travels: a struct, or what a cell holds as it is. */
interface Part {
  readonly schema: Schema<any> | undefined;
  readonly size: number;
  readonly slot: Slot;
}

function fits(part: Part, value: unknown): boolean {
  return part.schema === undefined || isValueOf(value, part.schema);
}

/** Writes an argument that fits; false where the ordinary route must look at it. */
function write(part: Part, value: unknown): boolean {
  if (part.schema === undefined) return put(part.slot, value);
  const address = reachOf(value as ValueBase, part.size);
  cells[part.slot.cell] = address;
  return address !== 0;
}

/** To be called after C. */
function finish(part: Part, value: unknown): void {
  if (part.schema !== undefined) release(value as ValueBase);
}

/** The way into C by V8, where that engine is in use: `enter` gives what the portable engine's does. */
const enterAtOnce = ((): ((callee: number) => unknown) | undefined => {
  const access = v8Access();
  if (access === undefined) return undefined;
  const { gates, environment, settle, enter: enterByV8 } = access;
  return (callee) => {
    if (gates[0] !== 0) return enter();
    gates[1] = 1;
    const called = enterByV8(environment, callee);
    if (gates[1] !== 1) settle(callee);
    gates[1] = 0;
    return called === 1 ? undefined : enter();
  };
})();

/** Enters C with the arguments that have been written, and gives the result. */
function callerOf(bound: BoundFunction, signature: Signature, returns: unknown): () => unknown {
  const callee = bound.number;
  const result = resultOf(signature.returns);
  const isStruct = returns instanceof Schema;
  const canBeAtOnce = (isStruct || result !== Result.Either) && !signature.args.some((type) => type[0] === 'k');
  const enterC = (canBeAtOnce && enterAtOnce) || enter;
  if (!isStruct) {
    return () => {
      cells[0] = callee;
      return take(result, enterC(callee));
    };
  }
  const { size, codec } = returns;
  const cell = signature.args.length + 1;
  return () => {
    const pool = poolFor(size);
    const offset = pool.take(size);
    cells[cell] = roomAt(pool, offset, size);
    cells[0] = callee;
    enterC(callee);
    return codec.read(pool, offset);
  };
}

/** What a function is made from: what is not plainly right goes to `otherwise`. */
type Maker = (call: () => unknown, otherwise: AnyFunction, ...parts: Part[]) => AnyFunction;

/** For each number of arguments: the first few in full, because that is what most functions have. */
const makers: readonly Maker[] = [
  (call, otherwise) =>
    function (): unknown {
      if (arguments.length === 0) return call();
      return Reflect.apply(otherwise, undefined, arguments);
    },
  (call, otherwise, p1) =>
    function (a1: unknown): unknown {
      if (arguments.length === 1 && fits(p1, a1) && write(p1, a1)) {
        const result = call();
        finish(p1, a1);
        return result;
      }
      return Reflect.apply(otherwise, undefined, arguments);
    },
  (call, otherwise, p1, p2) =>
    function (a1: unknown, a2: unknown): unknown {
      if (arguments.length === 2 && fits(p1, a1) && fits(p2, a2) && write(p1, a1) && write(p2, a2)) {
        const result = call();
        finish(p1, a1);
        finish(p2, a2);
        return result;
      }
      return Reflect.apply(otherwise, undefined, arguments);
    },
];

/** A function that makes calls with structs by way of the cells. */
class StructCells {
  constructor(
    private readonly parts: readonly Part[],
    private readonly call: () => unknown,
  ) {}

  /** Calls with as many arguments as there are, where each struct is a value. Gives `DECLINED` when it does not. */
  attempt(given: ArrayLike<unknown>): unknown {
    const { parts, call } = this;
    const { length } = parts;
    for (let i = 0; i < length; i++) if (!fits(parts[i], given[i])) return DECLINED;
    for (let i = 0; i < length; i++) if (!write(parts[i], given[i])) return DECLINED;
    const result = call();
    for (let i = 0; i < length; i++) finish(parts[i], given[i]);
    return result;
  }

  /** The same as a function, which leaves everything else to `otherwise`. */
  before(otherwise: AnyFunction): AnyFunction {
    const { parts, call } = this;
    if (parts.length < makers.length) return makers[parts.length](call, otherwise, ...parts);
    return (...given) => {
      const result = given.length === parts.length ? this.attempt(given) : DECLINED;
      return result === DECLINED ? otherwise(...given) : result;
    };
  }
}

/** With structs among them, arguments have the cells of their positions. */
function partOf(type: unknown, letters: string, index: number): Part {
  const schema = type instanceof Schema ? type : undefined;
  return { schema, size: schema === undefined ? 0 : schema.size, slot: slotAt(letters[0], index + 1) };
}

/** The function by this way, or undefined where there is none. */
export function structsByCells(
  bound: BoundFunction,
  { args, returns, signature }: Declaration,
): StructCells | undefined {
  if (engine === 'napi' || !bound.number || !hasReach()) return undefined;
  const isPooled = !(returns instanceof Schema) || (returns.size <= LARGEST_POOLED && returns.align <= POOL_ALIGN);
  if (!isPooled) return undefined;
  const parts = args.map((type, i) => partOf(type, signature.args[i], i));
  return new StructCells(parts, callerOf(bound, signature, returns));
}
