/** Methods that programs call without their object: `const { symbols, close } = dlopen(…)`. */

import { ffiError } from './errors';

/**
 * Binds methods to their object. It is for objects that are made rarely; others call `mustHaveThis`. The bound methods
 * are properties of the object that are not listed, as methods are not.
 */
export function bindMethods(object: object, names: readonly string[]): void {
  for (const name of names) {
    const method = (object as { [name: string]: (...args: unknown[]) => unknown })[name];
    Object.defineProperty(object, name, { value: method.bind(object), writable: true, configurable: true });
  }
}

/**
 * Checks, at the beginning of a method, that it is called as a method. `place` names it in the message.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`.
 */
export function mustHaveThis(self: unknown, place: string): void {
  if (self !== undefined) return;
  const [, method] = place.split('.');
  const how = `write object.${method}(…), or (…args) => object.${method}(…args)`;
  throw ffiError('ERR_FFI_INVALID_ARG_TYPE', `${place}: called without its object: ${how}`);
}
