/** The constants of a description, and why a name is none. */

import { ffiError, suggestion } from '../base/errors';
import type { Description } from './description';

type Constants = { readonly [name: string]: any };

/**
 * Names that a constant of C may have: with a capital at the start, or with an underscore. Hosts read other names from any
 * object, to see what it is: `then`, `toJSON`, `href`, `constructor`.
 */
const LIKE_CONSTANT = /^[A-Z]|_/;

/**
 * The constants, frozen. What they lack is read from the last prototype, which throws and says why, so that known names
 * are as fast as those of any object.
 */
export function constantsOf(description: Description): Constants {
  const { constants, large, special } = description;
  const all = Object.assign(Object.create(null), constants);
  Object.keys(large).forEach((name) => void (all[name] = BigInt(large[name])));
  Object.keys(special).forEach((name) => void (all[name] = Number(special[name])));
  Object.setPrototypeOf(all, new Proxy(Object.freeze(Object.create(null)), missing(description)));
  return Object.freeze(all);
}

function missing(description: Description): ProxyHandler<object> {
  return Object.assign(Object.create(null), {
    get(_: object, name: string | symbol) {
      const error = typeof name === 'string' ? whyMissing(description, name) : undefined;
      if (error !== undefined) throw error;
      return undefined;
    },
  });
}

function whyMissing(
  { constants, large, special, reasons, symbols, typedefs }: Description,
  name: string,
): Error | undefined {
  const has = (group: object) => Reflect.getOwnPropertyDescriptor(group, name) !== undefined;
  if (has(reasons)) return notConstant(name, reasons[name]);
  if (has(symbols)) return notConstant(name, `it is a ${symbols[name].type === undefined ? 'function' : 'variable'}`);
  if (has(typedefs)) return notConstant(name, 'it is a type');
  if (!LIKE_CONSTANT.test(name)) return undefined;
  const near = suggestion(name, [constants, large, special].flatMap(Object.keys));
  return ffiError('ERR_FFI_NOT_DEFINED', `cdef: the text has no constant '${name}'${near}`);
}

function notConstant(name: string, reason: string): Error {
  return ffiError('ERR_FFI_BAD_SIGNATURE', `${name} is no constant: ${reason}`);
}
