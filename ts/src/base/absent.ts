/** Names that an object does not have, and what reading or setting them does. */

/**
 * Names that hosts, test frameworks and other libraries read from any object, to see what it is. What all objects have
 * is among them.
 */
const READ_OF_ANY: ReadonlySet<string> = new Set(
  Object.getOwnPropertyNames(Object.prototype).concat(
    ['then', 'toJSON', 'inspect', 'length', 'prototype', 'default', '__esModule'],
    ['asymmetricMatch', '_isMockFunction', 'getMockName', 'nodeType', 'nodeName', 'tagName', 'hasAttribute'],
    ['className', 'window', 'ownerDocument', 'isNode', 'href', 'stack', 'message', 'cause', 'splice', 'callee'],
    ['__v_isRef', '__v_isReactive', '__v_isReadonly', '__v_raw', '__v_skip', '_isVue'],
  ),
);

/**
 * Names that hosts read from data that programs hand them, to see whether it is a stream, a body or options. C has
 * functions of such names, so a table of symbols does not lack them without a word.
 */
export const READ_OF_DATA: ReadonlySet<string> = new Set(
  [
    'pipe',
    'on',
    'readable',
    'writable',
    'readableErrored',
    'writableErrored',
    '_readableState',
    '_writableState',
    'getReader',
  ].concat(['append', 'signal', 'method']),
);

/** Whether a name may be one that a program has written: an identifier of C that nothing else reads. */
function isMeant(name: string | symbol, others: ReadonlySet<string>): name is string {
  return typeof name === 'string' && /^[A-Za-z_]\w*$/.test(name) && !READ_OF_ANY.has(name) && !others.has(name);
}

/**
 * What objects inherit that throw where a name is read or set that they lack. As the last prototype it costs nothing
 * where a name is found. `name in object` throws nothing. `explain` makes the error, from the object too, because
 * several may inherit it. What `parent` has is found, and a symbol may be set where there is a parent: such objects are
 * not closed, they only take no names. `readToo` are further names that may be read.
 */
export function absentNames(
  explain: (name: string, object: object) => Error | undefined,
  parent: object | null = null,
  readToo: ReadonlySet<string> = new Set(),
): object {
  const handler: ProxyHandler<object> = Object.assign(Object.create(null), {
    get(target: object, name: string | symbol, object: object): unknown {
      if (parent !== null && name in target) return Reflect.get(target, name, object);
      const error = isMeant(name, readToo) ? explain(name, object) : undefined;
      if (error !== undefined) throw error;
      return undefined;
    },
    set(target: object, name: string | symbol, value: unknown, object: object): boolean {
      const isOpen = parent !== null && (typeof name === 'symbol' || name === '__proto__');
      if (isOpen) return Reflect.set(target, name, value, object);
      const error = typeof name === 'string' ? explain(name, object) : undefined;
      if (error !== undefined) throw error;
      return false;
    },
  });
  return new Proxy(Object.freeze(Object.create(parent)), handler);
}

/**
 * The constructor of objects that inherit no names, so that a property may be called `constructor` or `__proto__`, and
 * whose other names throw what `explain` makes. JavaScript engines look names up faster in such an object than in one made
 * by `Object.create`.
 */
export function tableOf(explain: (name: string, object: object) => Error): new () => { [name: string]: any } {
  const Table = function () {} as unknown as new () => { [name: string]: any };
  Table.prototype = Object.create(absentNames(explain));
  return Table;
}
