/** Indexes of views, where no accessor is defined for them. */

/** What has elements by their index. */
interface Indexed {
  get(index: number): unknown;
  set(index: number, value: any): void;
}

/**
 * Makes every index of the objects with that prototype lead to their `get` and `set`. Whatever a typed array takes for an
 * index is one, also `1.5` and `-1`: what is no index of the object is for `set` to refuse. Indexes are looked for where
 * all other names have been, so that what has a name, or an accessor of its own, costs nothing more.
 */
export function giveIndexes(prototype: Indexed): void {
  const handler: ProxyHandler<object> = {
    get: (target, key, receiver: Indexed) =>
      isIndex(key) ? receiver.get(Number(key)) : Reflect.get(target, key, receiver),
    set(target, key, value, receiver: Indexed) {
      if (!isIndex(key)) return Reflect.set(target, key, value, receiver);
      receiver.set(Number(key), value);
      return true;
    },
  };
  Object.setPrototypeOf(prototype, new Proxy(Object.create(Object.prototype), handler));
}

/** Whether a key is a number as JavaScript writes it. */
function isIndex(key: string | symbol): key is string {
  return typeof key === 'string' && String(Number(key)) === key;
}
