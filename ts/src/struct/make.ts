/** Makes the schema of a struct or union: reads its options and members, and lays it out. */

import { ffiError, wrongType } from '../base/errors';
import { native } from '../base/native';
import { append, optionIn, optionsIn } from '../base/own';
import { keyHint } from '../types/hints';
import type { StructFields, StructOptions, StructSchema as AnySchema } from './fields';
import { FlexibleCodec } from './flexible';
import { isAlignment, readMembers, readOrder } from './members';
import { Schema } from './schema';

function checkPacked(packed: unknown, place: string): asserts packed is StructOptions['packed'] {
  if (packed === undefined || typeof packed === 'boolean') return;
  if (typeof packed !== 'number') throw wrongType(place, 'a boolean or a number', packed);
  if (![1, 2, 4, 8, 16].includes(packed)) {
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${packed} is not true, 1, 2, 4, 8 or 16`);
  }
}

function checkBitFields(rules: unknown, place: string): asserts rules is StructOptions['bitFields'] {
  if (rules === undefined) return;
  if (typeof rules !== 'string') throw wrongType(place, 'a string', rules);
  if (rules !== 'ms' && rules !== 'gcc') {
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: '${rules}' is not 'ms' or 'gcc'`);
  }
}

/**
 * Computes the layout of a struct. `fields` must be a copy, so that its properties are the same each time they are
 * read.
 */
function layOut<F extends object>(
  fields: F,
  isUnion: boolean,
  { name, packed, bitFields, align, endian }: StructOptions & { readonly name: string },
): Schema<F> {
  const { tail, members } = readMembers(fields, isUnion, name, endian);
  const inside = members.map((member) => member.letters).join('');
  const rules = bitFields === undefined ? '' : bitFields === 'ms' ? '%' : '=';
  const before = `${isUnion ? '|' : ''}${rules}${typeof packed === 'number' ? `!${packed}:` : packed ? '!' : ''}`;
  const textFor = (least: number | undefined, more = ''): string =>
    `{${before}${least === undefined ? '' : `@${least}:`}${inside}${more}}`;
  // A layout with one element shows where the flexible array begins, and which alignment the struct gets from it.
  const probe = tail && native.layoutOf(textFor(align, tail.letters));
  const letters = textFor(probe ? probe.align : align);
  const layout = native.layoutOf(letters);

  const flexible = tail && probe && new FlexibleCodec(tail.element, tail.field, probe.offsets[members.length]);
  const parts = members.flatMap(({ at }, i) => at(layout.offsets[i], layout.bits[i]));
  if (flexible) append(parts, { name: flexible.name, codec: flexible, offset: flexible.offset });
  const { size, align: aligned } = layout;
  return new Schema({ name, fields, isUnion, size, align: aligned, letters, parts, flexible });
}

/** The options of `Struct` and `Union`. */
const OPTIONS: readonly string[] = ['name', 'packed', 'bitFields', 'align', 'endian'];

export function makeStruct<F extends StructFields>(fields: F, options: StructOptions, isUnion: boolean): AnySchema<F> {
  const maker = isUnion ? 'Union' : 'Struct';
  if (typeof options !== 'object' || options === null) throw wrongType(`${maker}: options`, 'an object', options);
  const { name = maker, packed, bitFields, align, endian } = optionsIn(options, OPTIONS);
  if (typeof name !== 'string') throw wrongType(`${maker}: options.name`, 'a string', name);
  checkPacked(packed, `${maker}: options.packed`);
  checkBitFields(bitFields, `${maker}: options.bitFields`);
  if (align !== undefined && typeof align !== 'number') throw wrongType(`${maker}: options.align`, 'a number', align);
  if (align !== undefined && !isAlignment(align)) {
    const range = 'a power of two from 1 to 4096';
    throw ffiError('ERR_FFI_OUT_OF_RANGE', `${maker}: options.align: ${align} is not ${range}`);
  }
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key) && optionIn(options, key) !== undefined);
  if (unknown !== undefined) {
    throw ffiError(
      'ERR_FFI_INVALID_ARG_TYPE',
      `${maker}: options.${unknown}: there is no such option${keyHint(unknown, OPTIONS)}`,
    );
  }
  const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  const copy = isObject ? { ...fields } : undefined;
  if (!copy || Object.keys(copy).length === 0) {
    throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: expected an object with the type of each field`);
  }
  // JavaScript objects list names like '0' first, so the position of such a field in the struct would be lost.
  const index = Object.keys(copy).find((field) => /^\d/.test(field));
  if (index !== undefined) throw ffiError('ERR_FFI_BAD_SIGNATURE', `${name}: '${index}' cannot name a field in C`);
  const order = readOrder(endian, `${maker}: options`);
  return layOut(copy, isUnion, { name, packed, bitFields, align, endian: order });
}
