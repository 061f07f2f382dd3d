/** Signatures: read from what users write, checked, and turned into the letters that the native module takes. */

import { describe, ffiError, suggestion } from './errors';
import { StructSchema } from './struct';
import { codeOf, valueCodeOf } from './types';

/** The types of a C function, resolved. */
export class Signature {
  constructor(
    /** The letter of each argument; a callback that names its own signature is written out, as in `k(pp)i`. */
    readonly args: readonly string[],
    /** The letter of the result. */
    readonly returns: string,
  ) {
    Object.freeze(args);
    Object.freeze(this);
  }

  /** All of it as text: `(dd)d`. */
  toString(): string {
    return `(${this.args.join('')})${this.returns}`;
  }
}

/** As deep as the native module lets callbacks nest; ends the reading of a definition that contains itself. */
const MAX_NESTING = 12;

/** Reads `{ args, returns }`. `place` begins each message, and is empty where there is no name to give. */
export function readSignature(definition: unknown, place: string, depth = 0): Signature {
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: expected { args, returns }, got ${describe(definition)}`);
  }
  if (depth > MAX_NESTING) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: callbacks nest deeper than ${MAX_NESTING} levels`);
  }
  const { args = [], returns = 'v' } = definition as { args?: unknown; returns?: unknown };
  if (!Array.isArray(args)) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: args: expected an array of types, got ${describe(args)}`);
  }
  const letters = Array.from(args, (type, index) => readArgument(type, `${place}: args[${index}]`, depth));
  refuseStruct(returns, `${place}: returns`);
  return new Signature(letters, codeOf(returns, `${place}: returns`));
}

/** The letters of one argument. */
function readArgument(type: unknown, place: string, depth: number): string {
  refuseStruct(type, place);
  return typeof type === 'object' && type !== null && !Array.isArray(type)
    ? `k${readSignature(checkKeys(type, ['args', 'returns'], place), place, depth + 1)}`
    : valueCodeOf(type, place);
}

function refuseStruct(type: unknown, place: string): void {
  if (!(type instanceof StructSchema)) return;
  const advice = "declare 'p' and pass a value of the struct, which gives C its address";
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: structs by value are not supported yet: ${advice}`);
}

/** Refuses a key that means nothing here, which may be a slip of the pen or need a later version. */
export function checkKeys(definition: object, known: readonly string[], place: string): object {
  for (const key of Object.keys(definition)) {
    if (known.includes(key) || (definition as { [key: string]: unknown })[key] === undefined) continue;
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown key '${key}'${suggestion(key, known)}`);
  }
  return definition;
}
