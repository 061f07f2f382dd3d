/** C's enums as types: constants go to C by their names, and come from C as numbers or by their names. */

import { describe, ffiError, suggestion, wrongType } from '../base/errors';
import { keysOf } from '../base/lists';
import { has, optionsIn } from '../base/own';
import { valueCodeOf } from '../types/types';
import type { ValueTypeName } from '../types/types';
import { typeFacts } from '../types/types.generated';
import type { Codec } from './codec';
import { codecs } from './codecs';
import { ConvertedType } from './converted_type';
import { Memory } from './memory';

/** The constants of an enum. */
export interface EnumValues {
  readonly [name: string]: number | bigint;
}

/** Options of `enumType`. */
export interface EnumOptions {
  /** Whether C's values are given by their names. A value that no constant has stays a number. False when absent. */
  readonly names?: boolean;
  /** The integer type. `'uint'` when absent, and `'int'` if a constant is negative, as GCC and Clang choose it. */
  readonly type?: ValueTypeName;
  /** The name of the enum in messages. `'enum'` when absent. */
  readonly name?: string;
}

/** The codec of an enum: that of its integer type, with names. */
class EnumCodec implements Codec {
  readonly letters: string;
  readonly size: number;
  readonly align: number;
  readonly reach: number | undefined;
  /** The first name of each value; empty if values are given as numbers. */
  private readonly names = new Map<unknown, string>();

  constructor(
    private readonly cName: string,
    private readonly integer: Codec,
    private readonly byName: ReadonlyMap<string, number | bigint>,
    private readonly givesNames: boolean,
  ) {
    this.letters = integer.letters;
    this.size = integer.size;
    this.align = integer.align;
    this.reach = integer.reach;
    if (!givesNames) return;
    byName.forEach((value, name) => {
      if (!this.names.has(value)) this.names.set(value, name);
    });
  }

  /** The codec of the same enum in another integer: in a bit-field. */
  within(integer: Codec): EnumCodec {
    return new EnumCodec(this.cName, integer, this.byName, this.givesNames);
  }

  /** The integer for a name or an integer. */
  numberOf(value: unknown, place: string): unknown {
    if (typeof value === 'number' || typeof value === 'bigint') return value;
    if (typeof value !== 'string') throw wrongType(place, `a name of ${this.cName} or a number`, value);
    const found = this.byName.get(value);
    if (found !== undefined) return found;
    const hint = suggestion(value, keysOf(this.byName));
    throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${this.cName} has no ${describe(value)}${hint}`);
  }

  /** The name of an integer that C has given, or the integer. */
  valueOf(integer: unknown): unknown {
    return this.names.get(integer) ?? integer;
  }

  read(memory: Memory, offset: number): unknown {
    return this.valueOf(this.integer.read(memory, offset));
  }

  write(memory: Memory, offset: number, value: unknown, place: string): void {
    this.integer.write(memory, offset, this.numberOf(value, place), place);
  }
}

/** The type of an enum. Made by `enumType`. */
export class EnumType<In = any, Out = any> extends ConvertedType<In, Out> {
  /** @internal */
  declare readonly codec: EnumCodec;

  override toNative(value: unknown, place: string): unknown {
    return this.codec.numberOf(value, place);
  }

  override fromNative(given: unknown): unknown {
    return this.codec.valueOf(given);
  }
}

/** The numbers of an enum: bigints are among them where its constants need them. */
type NumbersOf<E> = E[keyof E] extends number ? number : number | bigint;

/**
 * The type of an enum, for arguments, results, fields, variables and callbacks. A value is the name of a constant or a
 * number of the integer type; what C gives is a number, or with `names` the name of the first constant that has it.
 *
 * @example
 * const Color = enumType({ RED: 0, GREEN: 1 }, { names: true });
 * const { paint } = dlopen(path, { paint: { args: [Color], returns: Color } }).symbols;
 * paint('GREEN');
 *
 * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for constants that are no integers of the type, and unknown options.
 */
export function enumType<E extends EnumValues, Options extends EnumOptions = {}>(
  constants: E,
  options?: Options,
): EnumType<
  (keyof E & string) | number | bigint,
  Options extends { readonly names: true } ? (keyof E & string) | NumbersOf<E> : NumbersOf<E>
>;
export function enumType(constants: unknown, options: EnumOptions = {}): EnumType {
  const known = ['names', 'type', 'name'];
  if (typeof options !== 'object' || options === null) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `enumType: argument 2: expected an object, got ${describe(options)}`);
  }
  Object.keys(options).forEach((key) => {
    if (known.includes(key)) return;
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `enumType: unknown key '${key}'${suggestion(key, known)}`);
  });
  const { names = false, name = 'enum', type } = optionsIn(options, known);
  if (typeof names !== 'boolean') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `enumType: names: expected a boolean, got ${describe(names)}`);
  }
  if (typeof name !== 'string') {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `enumType: name: expected a string, got ${describe(name)}`);
  }
  if (typeof constants !== 'object' || constants === null || Array.isArray(constants)) {
    const expected = 'expected an object with the constants';
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `enumType: argument 1: ${expected}, got ${describe(constants)}`);
  }
  const read = readConstants(constants);
  const integer = integerOf(type, read);
  return new EnumType(name, new EnumCodec(name, integer, checkConstants(read, integer), names));
}

type Constants = Map<string, unknown>;

/**
 * Reads each constant once. TypeScript's own enums have the names of their numbers as well, under the numbers, which no
 * constant of C can have as its name.
 */
function readConstants(constants: object): Constants {
  const read: Constants = new Map();
  Object.keys(constants).forEach((name) => {
    if (has(constants, name) && !/^-?\d+$/.test(name)) read.set(name, (constants as EnumValues)[name]);
  });
  return read;
}

function integerOf(type: unknown, constants: Constants): Codec {
  let isNegative = false;
  constants.forEach((value) => (isNegative ||= (typeof value === 'number' || typeof value === 'bigint') && value < 0));
  const code = type === undefined ? (isNegative ? 'i' : 'I') : valueCodeOf(type, 'enumType: type');
  const { kind } = typeFacts[code];
  if (kind === 'signed' || kind === 'unsigned') return codecs[code];
  throw ffiError('ERR_FFI_BAD_SIGNATURE', `enumType: type: an enum has an integer type, not ${describe(type)}`);
}

/** The constants as C's values of them are read, so that values are found by them. */
function checkConstants(constants: Constants, integer: Codec): Map<string, number | bigint> {
  const memory = Memory.zeros(integer.size);
  const checked = new Map<string, number | bigint>();
  constants.forEach((value, name) => {
    try {
      integer.write(memory, 0, value, `enumType: ${name}`);
    } catch (error) {
      throw ffiError('ERR_FFI_BAD_SIGNATURE', (error as Error).message);
    }
    checked.set(name, integer.read(memory, 0) as number | bigint);
  });
  return checked;
}
