/** C functions that are known by a number, so that few native objects are made for each of them. */

import type { BoundExtras, BoundFunction } from '../host/bridge';
import { native } from '../base/native';
import { defineOwn } from '../base/own';
import type { Signature } from '../signatures/signature';

/** A `BoundFunction` whose parts are made when they are first needed. The native module sets its number and address. */
export class Numbered implements BoundFunction {
  declare readonly number: number;
  declare readonly ptr: number;

  /** What the V8 engine keeps here: how calls are made while a callback is open. */
  open: BoundFunction['call'] | undefined = undefined;

  constructor(
    readonly name: string,
    readonly signature: Signature,
  ) {}

  get call(): BoundFunction['call'] {
    const call = native.callOf(this.number);
    defineOwn(this, 'call', { value: call });
    return call;
  }

  more(): BoundExtras {
    return native.moreOf(this.number);
  }
}
