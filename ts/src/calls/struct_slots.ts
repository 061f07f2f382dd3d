/**
 * Sync calls with structs by the fast engines. The slot of a struct holds the address of its memory, and C writes a
 * result to the memory where it stays.
 *
 * All values are inspected before the first is written, because a proxy among them may run code of the program. No such
 * code runs between the first write and the entry into C, so the memory of the structs stays valid.
 */

import type { BoundFunction } from '../host/bridge';
import { clearPadding, paddingOf } from '../struct/padding';
import { Schema } from '../struct/schema';
import { addressForCall, isValueOf, keepAlive } from '../struct/value';
import type { ValueBase } from '../struct/value';
import type { Declaration } from '../signatures/declaration';
import type { Signature } from '../signatures/signature';
import { engineInUse } from '../engines/engine';
import { parameterAt, put, Result, resultOf, take } from '../engines/portable';
import type { Parameter } from '../engines/portable';
import { enter, slots } from '../engines/slots';
import { v8Access } from '../engines/v8';
import { fitsPool, hasNumericAddresses, poolFor, roomAt } from '../struct/pool';

type AnyFunction = (...args: unknown[]) => unknown;

/** The result of a call that was not made, because it must take the slow path. */
export const DECLINED = Symbol('arkffi.declined');

/** How an argument is passed: as the address of a struct, or as a number in the parameter's slot. */
interface Part {
  readonly schema: Schema<any> | undefined;
  readonly size: number;
  readonly parameter: Parameter;
}

function fits(part: Part, value: unknown): boolean {
  return part.schema === undefined || isValueOf(value, part.schema);
}

/** Writes an argument to its slot. Returns false if the call must take the slow path. */
function write(part: Part, value: unknown): boolean {
  if (part.schema === undefined) return put(part.parameter, value);
  const address = addressForCall(value as ValueBase, part.size);
  slots[part.parameter.slot] = address;
  return address !== 0;
}

/** To be called for each argument after C has returned. */
function finish(part: Part, value: unknown): void {
  if (part.schema !== undefined) keepAlive(value as ValueBase);
}

/** Enters C by V8, if that is the engine in use. The result is that of `enter`. */
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

/** Makes the function that enters C after the arguments have been written, and returns the result. */
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
  const padding = paddingOf(returns);
  const slot = signature.args.length + 1;
  return () => {
    const pool = poolFor(size);
    const offset = pool.take(size);
    slots[slot] = roomAt(pool, offset, size);
    slots[0] = callee;
    enterC(callee);
    if (padding.length > 0) clearPadding(padding, pool.view, offset);
    return codec.read(pool, offset);
  };
}

/** Makes the JavaScript function. It calls `otherwise` if a value is not plainly right. */
type Maker = (call: () => unknown, otherwise: AnyFunction, p1: Part, p2: Part) => AnyFunction;

/** A maker for each small number of arguments, written out without a loop; most functions have no more. */
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

/** The calls of one function with structs by way of the slots. */
class StructSlots {
  constructor(
    private readonly parts: readonly Part[],
    private readonly call: () => unknown,
  ) {}

  /**
   * Makes a call if each struct among the arguments is a value of the struct. Otherwise returns `DECLINED`. The number
   * of arguments must be right.
   */
  attempt(given: ArrayLike<unknown>): unknown {
    const { parts, call } = this;
    const { length } = parts;
    for (let i = 0; i < length; i++) if (!fits(parts[i], given[i])) return DECLINED;
    for (let i = 0; i < length; i++) if (!write(parts[i], given[i])) return DECLINED;
    const result = call();
    for (let i = 0; i < length; i++) finish(parts[i], given[i]);
    return result;
  }

  /** The JavaScript function, which calls `otherwise` for all that it does not handle. */
  before(otherwise: AnyFunction): AnyFunction {
    const { parts, call } = this;
    if (parts.length < makers.length) return makers[parts.length](call, otherwise, parts[0], parts[1]);
    return (...given) => {
      const result = given.length === parts.length ? this.attempt(given) : DECLINED;
      return result === DECLINED ? Reflect.apply(otherwise, undefined, given) : result;
    };
  }
}

/** The parameter at that index. In functions with structs, arguments have the slots of their positions. */
function partOf(type: unknown, letters: string, index: number): Part {
  const schema = type instanceof Schema ? type : undefined;
  return { schema, size: schema === undefined ? 0 : schema.size, parameter: parameterAt(letters[0], index + 1) };
}

/** The calls of a function by way of the slots; undefined if it cannot be called in this way. */
export function structsBySlots(
  bound: BoundFunction,
  { args, returns, signature, hasConverted }: Declaration,
): StructSlots | undefined {
  if (hasConverted || engineInUse() === 'napi' || !bound.number || !hasNumericAddresses()) return undefined;
  const isPooled = !(returns instanceof Schema) || fitsPool(returns.size, returns.align);
  if (!isPooled) return undefined;
  const parts = args.map((type, i) => partOf(type, signature.args[i], i));
  return new StructSlots(parts, callerOf(bound, signature, returns));
}
