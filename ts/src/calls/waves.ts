/**
 * Async calls whose arguments and results are numbers. Their arguments travel in the slots of the portable engine, this
 * code makes their Promises, and settles many of them at once: Node-API takes several times as long to make and to settle
 * a Promise. Values that are plainly right are passed in this way; all others take the slow path, which converts them or
 * says what is wrong.
 */

import type { BoundFunction, Waves } from '../host/bridge';
import { native } from '../base/native';
import { engineInUse } from '../engines/engine';
import { numericParameters, put } from '../engines/portable';
import { slots } from '../engines/slots';
import type { Signature } from '../signatures/signature';

type AnyFunction = (...args: unknown[]) => unknown;
type Settler = (value: unknown) => void;

/** How a call ended before its Promise was there. */
interface Early {
  readonly value: unknown;
  readonly isRejected: boolean;
}

/** What an entry says of its result in its two low bits, above which is the number of the Promise. */
const enum Kind {
  Number,
  Bool,
}

/** How many places are kept while no call is in flight. */
const KEPT_PLACES = 4096;

/** A list without a prototype, on which a program may have put setters. */
function bareList<T>(): T[] {
  const list: T[] = [];
  Reflect.setPrototypeOf(list, null);
  return list;
}

function ignore(): void {
  // there is no Promise to settle
}

function makeWaves(values: Float64Array, entries: Int32Array, start: () => unknown): Waves {
  /** Where the native module tells how many results there are, and this code the number of the Promise of a new call. */
  const countAt = entries.length - 2;
  const promiseAt = entries.length - 1;
  /** By the number of a Promise, what fulfils it; undefined until it is there. A free place has the next free number. */
  const resolvers = bareList<Settler | Early | number | undefined>();
  const rejecters = bareList<Settler | undefined>();
  let free = 0;
  let inFlight = 0;

  function release(promise: number): void {
    resolvers[promise] = free;
    rejecters[promise] = undefined;
    free = promise;
    if (--inFlight || resolvers.length <= KEPT_PLACES) return;
    resolvers.length = rejecters.length = free = 0;
  }

  function settleOne(promise: number, value: unknown, isRejected: boolean): void {
    const resolve = resolvers[promise];
    const reject = rejecters[promise];
    if (typeof resolve !== 'function') {
      resolvers[promise] = { value, isRejected };
      return;
    }
    release(promise);
    if (isRejected) reject!(value);
    else resolve(value);
  }

  function settle(): void {
    const count = entries[countAt];
    for (let i = 0; i < count; i++) {
      const entry = entries[i];
      const kind = entry & 3;
      settleOne(
        entry >>> 2,
        kind === Kind.Number ? values[i] : kind === Kind.Bool ? values[i] !== 0 : undefined,
        false,
      );
    }
  }

  function begin(callee: number): Promise<unknown> {
    const promise = free;
    const next = promise < resolvers.length ? (resolvers[promise] as number) : promise + 1;
    slots[0] = callee;
    entries[promiseAt] = promise;
    // Async hooks of the program run in `start` and before the Promise is there. They may start calls, and C that they call
    // may turn the event loop, so that this call ends.
    resolvers[promise] = undefined;
    free = next;
    inFlight++;
    let refused: unknown;
    let isKept = false;
    try {
      refused = start();
      if (refused !== undefined) return refused as Promise<never>;
      return new Promise((resolve, reject) => {
        isKept = true;
        const early = resolvers[promise] as Early | undefined;
        resolvers[promise] = resolve;
        rejecters[promise] = reject;
        if (early !== undefined) settleOne(promise, early.value, early.isRejected);
      });
    } finally {
      // The call was refused, or the stack is exhausted: there is no Promise, or one that is rejected already, even if the
      // call has begun. Not even a function can be called here.
      if (!isKept) {
        const hasBegun = refused === undefined && entries[promiseAt] !== promise;
        if (hasBegun && resolvers[promise] === undefined) {
          resolvers[promise] = rejecters[promise] = ignore;
        } else {
          resolvers[promise] = free; // it has ended, or not begun
          free = promise;
          inFlight--;
        }
      }
    }
  }

  return { begin, settle, settleOne };
}

let opened: Waves | undefined;

/** The function on a worker thread, or `slow` if its values are not all numbers. */
export function inWaves(bound: BoundFunction, signature: Signature, slow: AnyFunction): AnyFunction {
  const { number } = bound;
  const parameters = number && engineInUse() !== 'napi' ? numericParameters(signature, number) : undefined;
  if (parameters) opened ??= native.openWaves(makeWaves);
  if (!parameters || !opened) return slow;
  const { begin } = opened;
  const { length } = parameters;
  const { name } = slow;
  return {
    [name](): unknown {
      if (arguments.length !== length) return Reflect.apply(slow, undefined, arguments);
      for (let i = 0; i < length; i++) {
        if (!put(parameters[i], arguments[i])) return Reflect.apply(slow, undefined, arguments);
      }
      return begin(number);
    },
  }[name];
}
