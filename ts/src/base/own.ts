/**
 * Properties of an object itself. An assignment runs a setter that a program may have put on `Object.prototype` or
 * `Array.prototype`, and reading finds what it has put there; these functions do neither.
 *
 * Nor does arkffi iterate: a loop with `of`, a spread list and a pattern for an array run the iterator of
 * `Array.prototype`, which a program may have changed. `make check` refuses them.
 */

const { prototype: objects } = Object;
const { prototype: functions } = Function;

/** `Object.defineProperty`, but the descriptor inherits nothing. */
export function defineOwn<T extends object>(target: T, key: PropertyKey, descriptor: PropertyDescriptor): T {
  return Object.defineProperty(target, key, Object.assign(Object.create(null), descriptor));
}

/** What objects inherit from that inherit nothing of the program's. */
const nothing: object = Object.freeze(Object.create(null));

/** A descriptor that inherits nothing. JavaScript engines make and read it faster than one without a prototype. */
const OwnValue = function (this: { [key: string]: unknown }, value: unknown) {
  this.value = value;
  this.writable = this.enumerable = this.configurable = true;
} as unknown as new (value: unknown) => PropertyDescriptor;
OwnValue.prototype = nothing;

/** Sets one property of an object, or element of an array. */
export function setOwn<T extends object>(target: T, key: PropertyKey, value: unknown): T {
  return Object.defineProperty(target, key, new OwnValue(value));
}

/** Where a host has it, it needs no descriptor, which takes the host longer to read than all the rest. */
const { __defineGetter__: define } = objects as {
  readonly __defineGetter__?: (key: PropertyKey, get: unknown) => void;
};
const defineBy = define && (Function.prototype.call.bind(define) as (target: object, ...how: unknown[]) => void);

/** Defines a property that a function gives. The next definition may replace it. */
export function defineGetter<T extends object>(target: T, key: PropertyKey, get: () => unknown): T {
  if (defineBy === undefined) return defineOwn(target, key, { get, enumerable: true, configurable: true });
  defineBy(target, key, get);
  return target;
}

/** Defines a property whose value is made when it is first read, and stays for good. */
export function defineLate<T extends object>(target: T, key: PropertyKey, make: () => unknown): T {
  return defineGetter(target, key, () => {
    const value = make();
    defineOwn(target, key, { value, enumerable: true, writable: false, configurable: false });
    return value;
  });
}

/** Sets the properties of `source` on another object, and returns that. */
export function assignOwn<T extends object, S extends object>(target: T, source: S): T & S {
  // Not a loop over indexes: Bun 1.4 leaves keys out of one that it has optimised.
  Reflect.ownKeys(source).forEach((key) => setOwn(target, key, (source as { [key: PropertyKey]: unknown })[key]));
  return target as T & S;
}

/** Adds a value to the end of an array. */
export function append<T>(list: T[], value: T): void {
  setOwn(list, list.length, value);
}

/**
 * Whether an object has a property, itself or by its class. What all objects or all functions inherit does not count,
 * such as `constructor`, or what a program has added to `Object.prototype`.
 */
export function has(value: object, key: PropertyKey): boolean {
  return key in value && (!(key in functions) || hasApart(value, key));
}

/** A property of an object that declares or chooses something, if `has` finds it; undefined if not. */
export function optionIn(options: object, key: string): unknown {
  return has(options, key) ? (options as { readonly [key: string]: unknown })[key] : undefined;
}

/** Those of the properties that `has` finds, each read once, in an object without a prototype. */
export function optionsIn(options: object, keys: readonly string[]): { readonly [key: string]: unknown } {
  const read: { [key: string]: unknown } = Object.create(null);
  for (let i = 0; i < keys.length; i++) {
    if (has(options, keys[i])) read[keys[i]] = (options as typeof read)[keys[i]];
  }
  return read;
}

function hasApart(value: object, key: PropertyKey): boolean {
  for (let at: object | null = value; at !== null; at = Reflect.getPrototypeOf(at)) {
    const isRoot = at === objects || at === functions || (at !== value && Reflect.getPrototypeOf(at) === null);
    if (!isRoot && Object.prototype.hasOwnProperty.call(at, key)) return true;
  }
  return false;
}
