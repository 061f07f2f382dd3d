/**
 * Functions that are there several times, for the values of many structs. A JavaScript engine remembers, at each place of
 * a function, the layouts of the objects that it has met there: V8 up to four. The values of each struct have a layout
 * of their own, and with more of them than that each access searches for the property. Functions that are made by the
 * same text of the program share what is remembered; text that is evaluated anew does not.
 */

import { native } from '../base/native';
import { generated } from '../base/stack';

/** The number of structs that a copy is for. */
const STRUCTS = 4;

/** False once the host has turned out to compile no text. */
let compiles = true;

/** A function, and the copies of it. */
export class Copies<F extends (...args: any[]) => unknown> {
  /** The number of structs that the last copy is used for. */
  private structs = 0;

  /**
   * @param last The function itself, which serves the first structs, and all where the host compiles no text.
   * @param text The text of an expression for the same function, whose variables are `names`.
   * @param values The values of those variables.
   */
  constructor(
    private last: F,
    private readonly text: string,
    private readonly names: string,
    private readonly values: readonly unknown[],
  ) {}

  /** The copy for one more struct. */
  next(): F {
    if (++this.structs > STRUCTS && compiles) {
      this.last = this.evaluate() ?? this.last;
      this.structs = 1;
    }
    return this.last;
  }

  private evaluate(): F | undefined {
    const text = generated(`(function (${this.names}) { 'use strict'; return ${this.text}; })`);
    try {
      const maker = native.evaluate(text);
      if (typeof maker === 'function') return Reflect.apply(maker, undefined, this.values) as F;
    } catch {} // as for other results
    compiles = false;
    return undefined;
  }
}
