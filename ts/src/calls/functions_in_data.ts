/** Pointers to functions in fields, arrays, variables and out-parameters: what they give and take. */

import type { Address } from '../host/bridge';
import { ffiError, wrongType } from '../base/errors';
import { native } from '../base/native';
import { append } from '../base/own';
import { hasPointer, placeIn } from '../base/pointer';
import type { PointerLike } from '../base/pointer';
import type { Codec } from '../memory/codec';
import { isBuffer } from '../memory/codecs';
import type { Keeper } from '../memory/memory';
import { checkKeys, readCallbackDeclaration } from '../signatures/declaration';
import type { Declaration } from '../signatures/declaration';
import { setFunctionCodec } from '../struct/function_type';
import { Handle } from '../struct/opaque';
import { PointerCodec } from '../struct/typed_pointer';
import { ValueBase } from '../struct/value';
import { callable } from './callable';
import { OwnedCallback } from './owned_callback';
import type { Wrappable } from './wrapped';

/** How many functions of one type are kept for the addresses that lead to them. */
const MOST_FUNCTIONS = 64;

/** The functions at addresses that data of one type has led to. */
class FunctionsInData {
  private readonly known = new Map<Address, Wrappable>();

  constructor(
    private readonly declaration: Declaration,
    private readonly name: string,
  ) {}

  /** The function at an address, which calls C. It is made once, unless its library has been closed meanwhile. */
  at(address: Address): Wrappable {
    const { known, declaration, name } = this;
    const before = known.get(address);
    if (before !== undefined && isOpen(before)) return before;
    const { signature } = declaration;
    const bound = native.bindAddress(address, name, signature.parameters, signature.returns);
    const made = callable(bound, declaration, true, {});
    if (known.size >= MOST_FUNCTIONS) known.clear();
    known.set(address, made);
    return made;
  }

  /** What has the address that C gets: a plain function gets a pointer that belongs to `keeper`. */
  pointerFor(value: unknown, place: string, keeper: Keeper | undefined): PointerLike {
    if (typeof value === 'number' || typeof value === 'bigint') return value;
    if (typeof value === 'function' && !(native.placeKey in value) && !hasPointer(value)) {
      return this.owned(value as () => unknown, place, keeper);
    }
    const isOther = isBuffer(value) || value instanceof ValueBase || value instanceof Handle;
    if (!isOther && hasPointer(value)) return value as PointerLike;
    throw wrongType(place, 'a function, a JSCallback, a C function, an address or null', value);
  }

  private owned(fn: (...args: unknown[]) => unknown, place: string, keeper: Keeper | undefined): PointerLike {
    if (keeper && !keeper.canOwn) {
      const why = "a function in C's memory would have no owner: pass a JSCallback, which the program closes";
      throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: ${why}`);
    }
    const callback = new OwnedCallback(fn, this.declaration, place);
    if (keeper?.endings) append(keeper.endings, callback);
    return callback;
  }
}

/** Whether a function may be called. One of a closed library may not; asking for its place says so. */
function isOpen(fn: Wrappable): boolean {
  try {
    return placeIn(fn) !== undefined;
  } catch {
    return false;
  }
}

setFunctionCodec((type: object, place: string): Codec => {
  const declaration = readCallbackDeclaration(type, place);
  checkKeys(type, ['args', 'returns', 'abi'], place);
  const functions = new FunctionsInData(declaration, place.replace(/: type$/, ''));
  return new PointerCodec(
    {
      valueAt: (address) => functions.at(address),
      pointerFor: (value, where, keeper) => functions.pointerFor(value, where, keeper),
    },
    'k',
  );
});
