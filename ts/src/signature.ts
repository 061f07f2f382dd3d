/** Signatures: read from what users write, checked, and turned into the letters that the native module takes. */

import { describe, ffiError, suggestion } from './errors';
import { Out } from './out';
import { Owned } from './owned';
import { StructSchema } from './struct';
import { codeOf, valueCodeOf } from './types';

/** The types of a C function, resolved. */
export class Signature {
  constructor(
    /**
     * The letter of each argument; a callback that names its own signature is written out, as in `k(pp)i`, `'...'` is
     * a dot, an out-parameter is the pointer that C takes, and a struct by value is its fields, `{dd}`.
     */
    readonly args: readonly string[],
    /** The letter of the result, or a struct's fields. */
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

/** Reads `{ args, returns }` of a C function. `place` begins each message. */
export function readSignature(definition: unknown, place: string): Signature {
  const signature = readTypes(definition, place, 0);
  const { args = [] } = definition as { args?: readonly unknown[] };
  const dots = signature.args.indexOf('.');
  if (dots < 0) return signature;
  const wrong =
    dots === 0 ? 'a variadic function has an argument before it' : dots < args.length - 1 && 'it must be the last';
  if (wrong) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: args[${dots}]: '...': ${wrong}`);
  return signature;
}

/** Reads `{ args, returns }` of a callback: what C passes must be known. */
export function readCallbackSignature(definition: unknown, place: string, depth = 0): Signature {
  const signature = readTypes(definition, place, depth);
  const { args = [], returns } = definition as { args?: readonly unknown[]; returns?: unknown };
  const special = args.findIndex((type) => type === '...' || type instanceof Out);
  if (special >= 0) {
    const what = args[special] instanceof Out ? 'an out-parameter' : "'...'";
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: args[${special}]: a callback cannot have ${what}`);
  }
  if (!(returns instanceof Owned)) return signature;
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: returns: a callback's string is never C's to free`);
}

function readTypes(definition: unknown, place: string, depth: number): Signature {
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
  if (returns instanceof StructSchema) return new Signature(letters, returns.codec.letters);
  return new Signature(letters, codeOf(returns instanceof Owned ? returns.type : returns, `${place}: returns`));
}

/** The letters of one argument. */
export function readArgument(type: unknown, place: string, depth = 0): string {
  if (type === '...') return '.';
  if (type instanceof StructSchema) return type.codec.letters;
  if (type instanceof Out) return 'p';
  return typeof type === 'object' && type !== null && !Array.isArray(type)
    ? `k${readCallbackSignature(checkKeys(type, ['args', 'returns'], place), place, depth + 1)}`
    : valueCodeOf(type, place);
}

/** Refuses a key that means nothing here, which may be a slip of the pen or need a later version. */
export function checkKeys(definition: object, known: readonly string[], place: string): object {
  for (const key of Object.keys(definition)) {
    if (known.includes(key) || (definition as { [key: string]: unknown })[key] === undefined) continue;
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${place}: unknown key '${key}'${suggestion(key, known)}`);
  }
  return definition;
}
