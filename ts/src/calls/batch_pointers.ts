/** Batches of functions with typed pointers: their columns are addresses, or one value for all rows. */

import type { Address } from '../host/bridge';
import { ffiError } from '../base/errors';
import { assignOwn } from '../base/own';
import { addressOf } from '../base/pointer';
import { then } from '../base/promises';
import { blockOf } from '../memory/bounds';
import { isBuffer } from '../memory/codecs';
import { argumentPlace, Declaration } from '../signatures/declaration';
import type { DeclaredArgument } from '../signatures/declaration';
import { Owned } from '../signatures/owned';
import { TypedPointer } from '../struct/typed_pointer';
import { CallKeeper } from './by_value';
import { refuseBatch } from './wrapped';
import type { Wrappable } from './wrapped';

type Columns = readonly unknown[];
type Batch = ((...given: unknown[]) => unknown) & { readonly async: (...given: unknown[]) => Promise<unknown> };

/** The columns for the native module, and what they are made of, which must be alive until C has finished. */
interface Taken {
  readonly columns: unknown;
  readonly kept: Columns;
  readonly call: CallKeeper;
}

/** Whether all types of a function are scalars or typed pointers, of which batches can be made. */
export function hasPointerColumns({ args, returns, signature }: Declaration): boolean {
  const isColumn = (type: unknown): boolean => typeof type === 'string' || type instanceof TypedPointer;
  return args.every(isColumn) && (returns === undefined || isColumn(returns)) && !signature.args.includes('.');
}

/** The batch of a function, whose types `hasPointerColumns` has found right. `fn` takes addresses. */
export function batchOfPointers(fn: Wrappable, { args, names }: Declaration): Batch {
  const native = () => fn.batch as Batch; // made when it is first read
  const take = (columns: unknown): Taken => {
    const call = new CallKeeper();
    if (!Array.isArray(columns) || columns.length !== args.length) return { columns, kept: [], call };
    const kept: unknown[] = args.map((type, i) => {
      const place = argumentPlace(`${fn.name}: batch`, i, names);
      return type instanceof TypedPointer ? toColumn(type, columns[i], place, call) : (columns as Columns)[i];
    });
    const passed = kept.map((value, i) => (isMade(args[i], value) ? addressOf(value as Address, fn.name) : value));
    return { columns: passed, kept, call };
  };
  const batch = (columns: unknown, out?: unknown): unknown => {
    const taken = take(columns);
    try {
      return native()(taken.columns, out);
    } finally {
      end(taken);
    }
  };
  const async = (columns: unknown, out?: unknown, options?: unknown): Promise<unknown> => {
    try {
      const taken = take(columns);
      return then(native().async(taken.columns, out, options), (result) => (end(taken), result));
    } catch (error) {
      return Promise.reject(error);
    }
  };
  return assignOwn(batch, { async });
}

/** Ends what was made for a batch. That it is used here keeps it alive until then. */
function end({ call, kept }: Taken): void {
  if (kept.length > 0) call.end();
}

/** Whether a column is a value whose address is passed. */
function isMade(type: DeclaredArgument, value: unknown): boolean {
  return type instanceof TypedPointer && value !== null && typeof value === 'object' && !ArrayBuffer.isView(value);
}

/**
 * A column of addresses as it is, or what has the address for all rows. Memory of JavaScript's that the program can
 * transfer is refused, as for other batches: nothing would hold it while C runs.
 */
function toColumn(type: TypedPointer, column: unknown, place: string, call: CallKeeper): unknown {
  if (column instanceof BigUint64Array) return column;
  const value = type.codec.toC(column, place, call);
  if (value !== column || (!isBuffer(value) && blockOf(value) === undefined)) return value;
  const what =
    'a batch takes no value in memory of JavaScript: pass a plain object or list, which is copied, or ptr(value)';
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${what}, or a BigUint64Array of addresses`);
}

/** The batch of a function that has none, whose error says why, and what to do instead. */
export function noBatch(fn: Wrappable, declaration: Declaration): Batch {
  return refuseBatch(fn.name, () => whyNoBatch(declaration));
}

function whyNoBatch({ args, returns }: Declaration): string {
  const all: readonly unknown[] = (args as readonly unknown[]).concat(returns);
  if (all.includes('...')) return 'a function with variable arguments is called one by one';
  if (all.some((type) => type instanceof Owned)) return 'a result that must be freed is given by single calls only';
  const instead = "declare it a second time, by its 'name', with";
  return (
    'structs by value, text in other encodings and out-parameters have no columns: call it one by one, or ' +
    `${instead} 'pointer' for text and out-parameters, which takes a BigUint64Array of addresses`
  );
}
