/** C's complex numbers, which lie in memory, and travel, as a struct of two numbers does. */

import { describe, ffiError, suggestion, wrongType } from '../base/errors';
import { insidePart } from './codec';
import type { Codec } from './codec';
import { codecs } from './codecs';
import { ConvertedType } from './converted_type';
import type { Memory } from './memory';

/** A complex number in JavaScript. */
export interface Complex {
  /** The real part. */
  readonly re: number;
  /** The imaginary part. */
  readonly im: number;
}

/** The codec of a complex number whose parts have the type of that codec. */
class ComplexCodec implements Codec {
  readonly letters: string;
  readonly size: number;
  readonly align: number;

  constructor(private readonly part: Codec) {
    this.letters = `{${part.letters}${part.letters}}`;
    this.size = 2 * part.size;
    this.align = part.align;
  }

  read(memory: Memory, offset: number): Complex {
    const { part } = this;
    return { re: part.read(memory, offset) as number, im: part.read(memory, offset + part.size) as number };
  }

  write(memory: Memory, offset: number, value: unknown, place: string): void {
    if (typeof value !== 'object' || value === null) throw wrongType(place, 'an object { re, im }', value);
    Object.keys(value).forEach((key) => {
      if (key === 're' || key === 'im') return;
      const hint = suggestion(key, ['re', 'im']);
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: a complex number has no ${describe(key)}${hint}`);
    });
    const { re, im } = value as Partial<Complex>;
    this.writePart(memory, offset, re, place, '.re');
    this.writePart(memory, offset + this.part.size, im, place, '.im');
  }

  private writePart(memory: Memory, offset: number, value: unknown, place: string, name: string): void {
    try {
      this.part.write(memory, offset, value, place);
    } catch (error) {
      throw insidePart(error, place, name);
    }
  }
}

/** C's `float _Complex`, whose values are `{ re, im }`. */
export const complexFloat = new ConvertedType<Complex, Complex>('float _Complex', new ComplexCodec(codecs.f));

/** C's `double _Complex`, whose values are `{ re, im }`. */
export const complexDouble = new ConvertedType<Complex, Complex>('double _Complex', new ComplexCodec(codecs.d));
