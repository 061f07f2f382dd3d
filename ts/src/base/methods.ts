/** Methods that programs call without their object: `const { symbols, close } = dlopen(…)`. */

import { ffiError } from './errors';
import { defineOwn } from './own';

type Method = (...args: unknown[]) => unknown;

/**
 * Makes each method of a prototype one that is bound to its object when it is read, so that making an object costs
 * nothing. A subclass may still replace the methods, and an object may have its own.
 */
export function bindWhenRead(prototype: object, names: readonly string[]): void {
  names.forEach((name) => {
    const { value: method } = Object.getOwnPropertyDescriptor(prototype, name) as { value: Method };
    defineOwn(prototype, name, {
      get(this: object): Method {
        return this === prototype ? method : method.bind(this);
      },
      set(this: object, value: unknown) {
        defineOwn(this, name, { value, writable: true, enumerable: true, configurable: true });
      },
      configurable: true,
    });
  });
}

/**
 * Binds methods to their object, whose methods are called more often than it is made. The bound methods are properties
 * of the object that are not listed, as methods are not.
 */
export function bindMethods(object: object, names: readonly string[]): void {
  names.forEach((name) => {
    const method = (object as { [name: string]: Method })[name];
    defineOwn(object, name, { value: method.bind(object), writable: true, configurable: true });
  });
}

/**
 * Checks, at the beginning of a method, that it is called as a method. `place` names it in the message.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`.
 */
export function mustHaveThis(self: unknown, place: string): void {
  if (self !== undefined) return;
  const method = place.slice(place.indexOf('.') + 1);
  const how = `write object.${method}(…), or (…args) => object.${method}(…args)`;
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: called without its object: ${how}`);
}
