/**
 * Synchronous calls with structs by the fast engines: structs travel through the cells as the addresses of their
 * memory, and C puts a result where it is to stay.
 *
 * All values are looked at before the first is written, since a proxy among them may run anything. Between the first
 * write and the entry no JavaScript of anybody else's runs, so that no memory goes away.
 */

import type { BoundFunction } from '../host/bridge';
import type { Declaration } from '../signatures/declaration';
import { engine } from '../engines/engine';
import { parameterAt, put, Result, resultOf, take } from '../engines/portable';
import type { Parameter } from '../engines/portable';
import { Schema } from '../struct/schema';
import type { Signature } from '../signatures/signature';
import { enter, slots } from '../engines/slots';
import { hasNumericAddresses, LARGEST_POOLED, POOL_ALIGN, poolFor, roomAt } from './struct_pool';
import { v8Access } from '../engines/v8';
import { addressForCall, isValueOf, keepAlive } from '../struct/value';
import type { ValueBase } from '../struct/value';

type AnyFunction = (...args: unknown[]) => unknown;

/** What calls give that the ordinary route has to make. */
export const DECLINED = Symbol('arkffi.declined');

/** How an argument travels: a struct, or what a cell holds as it is. */
interface Part {
  readonly schema: Schema<any> | undefined;
  readonly size: number;
  readonly parameter: Parameter;
}

function fits(part: Part, value: unknown): boolean {
  return part.schema === undefined || isValueOf(value, part.schema);
}

/** Writes an argument that fits; false where the ordinary route must look at it. */
function write(part: Part, value: unknown): boolean {
  if (part.schema === undefined) return put(part.parameter, value);
  const address = addressForCall(value as ValueBase, part.size);
  slots[part.parameter.slot] = address;
  return address !== 0;
}

/** To be called after C. */
function finish(part: Part, value: unknown): void {
  if (part.schema !== undefined) keepAlive(value as ValueBase);
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
      slots[0] = callee;
      return take(result, enterC(callee));
    };
  }
  const { size, codec } = returns;
  const slot = signature.args.length + 1;
  return () => {
    const pool = poolFor(size);
    const offset = pool.take(size);
    slots[slot] = roomAt(pool, offset, size);
    slots[0] = callee;
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
class StructSlots {
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
  return { schema, size: schema === undefined ? 0 : schema.size, parameter: parameterAt(letters[0], index + 1) };
}

/** The function by this way, or undefined where there is none. */
export function structsBySlots(
  bound: BoundFunction,
  { args, returns, signature }: Declaration,
): StructSlots | undefined {
  if (engine === 'napi' || !bound.number || !hasNumericAddresses()) return undefined;
  const isPooled = !(returns instanceof Schema) || (returns.size <= LARGEST_POOLED && returns.align <= POOL_ALIGN);
  if (!isPooled) return undefined;
  const parts = args.map((type, i) => partOf(type, signature.args[i], i));
  return new StructSlots(parts, callerOf(bound, signature, returns));
}
