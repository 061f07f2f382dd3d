/**
 * The native module where JavaScript has several realms. A host loads a native module once for each JavaScript thread,
 * but Jest, vitest and `node:vm` evaluate modules in contexts of their own, which have an `Error`, a `Promise` and so on
 * of their own. What the native module makes belongs to the context that loaded it first. In any other context it is
 * given the prototypes of that context here, so that `error instanceof TypeError` holds.
 *
 * In the first context nothing is changed, and nothing costs time.
 */

import type { HostAccess, NativeModule, SharedSlots, V8Access } from '../host/bridge';
import { defineOwn, setOwn } from './own';
import { then } from './promises';

type AnyFunction = (...args: unknown[]) => unknown;

/** The classes that the native module makes objects of. */
const CLASSES: readonly string[] = (
  'Object Array Function Promise ArrayBuffer Error TypeError RangeError ' +
  'Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array ' +
  'BigInt64Array BigUint64Array Float32Array Float64Array'
).split(' ');

type Classes = { readonly [name: string]: { readonly prototype: object } | undefined };

/** The native module as the code of this realm sees it. */
export function inThisRealm(native: NativeModule): NativeModule {
  return Reflect.getPrototypeOf(native.load) === Function.prototype ? native : new Realm(native).module();
}

class Realm {
  /** The prototypes of this realm, by those of the native module's realm. */
  private readonly prototypes = new Map<object | null, object>();

  constructor(private readonly native: NativeModule) {
    CLASSES.forEach((name) => {
      const ours = (globalThis as unknown as Classes)[name];
      const theirs = (native.globalOf(name) as Classes[string]) ?? ours;
      if (ours && theirs && ours !== theirs) this.prototypes.set(theirs.prototype, ours.prototype);
    });
  }

  /** The native module with functions of this realm. */
  module(): NativeModule {
    const { native } = this;
    const made = Object.create(Object.prototype) as { [name: string]: unknown };
    (Reflect.ownKeys(native) as (keyof NativeModule & string)[]).forEach((name) => {
      const own = Reflect.getOwnPropertyDescriptor(native, name)!;
      if (typeof own.value !== 'function') defineOwn(made, name, this.passing(name, own.enumerable));
      else defineOwn(made, name, Object.assign(own, { value: this.functionFor(own.value as AnyFunction) }));
    });
    defineOwn(made, 'engine', this.passing('engine'));
    const give = (name: string, value: () => unknown): object =>
      defineOwn(made, name, { value, writable: true, configurable: true });
    give('openSlots', () => this.slots(native.openSlots()));
    give('openWaves', () => undefined); // their Promises are those of the other realm
    const evaluate = (text: string): AnyFunction => {
      const maker = native.evaluate(text) as AnyFunction;
      return (...all) => Object.setPrototypeOf(Reflect.apply(maker, undefined, all), Function.prototype);
    };
    give('evaluate', this.functionFor(evaluate as AnyFunction));
    const openV8 = (): V8Access => this.access(native.openV8());
    give('openV8', this.functionFor(openV8));
    const openHostCalls = (): HostAccess => this.access(native.openHostCalls());
    give('openHostCalls', this.functionFor(openHostCalls));
    return made as unknown as NativeModule;
  }

  /** An accessor of a property of the native module. */
  private passing(name: string, enumerable = true): PropertyDescriptor {
    const target = this.native as unknown as { [name: string]: unknown };
    return {
      get: () => target[name],
      set: this.functionFor((value) => void (target[name] = value)),
      enumerable,
      configurable: true,
    };
  }

  /** The slots are shared with the other realms, and only arkffi sees them. */
  private slots(shared: SharedSlots): SharedSlots {
    return { ...shared, enter: this.functionFor(shared.enter) };
  }

  private access<A extends V8Access | HostAccess>(access: A): A {
    const settle = this.functionFor(access.settle as AnyFunction) as A['settle'];
    return { ...access, settle };
  }

  /** A function of this realm that calls one of the native module. */
  private functionFor<F extends (...args: any[]) => unknown>(called: F): F {
    const adopt = (value: unknown): unknown => this.adopt(value);
    const adoptError = (error: unknown): unknown => this.adoptError(error);
    const made = function (this: unknown): unknown {
      try {
        return adopt(Reflect.apply(called, this, arguments));
      } catch (error) {
        throw adoptError(error);
      }
    };
    return defineOwn(made, 'name', { value: called.name }) as unknown as F;
  }

  /** Makes a value that the native module has made one of this realm. */
  private adopt(value: unknown): unknown {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    const ours = this.prototypes.get(Reflect.getPrototypeOf(value));
    if (ours === undefined) return value;
    if (typeof value === 'function') return this.functionFor(value as AnyFunction);
    Reflect.setPrototypeOf(value, ours);
    if (ours === Promise.prototype) return this.adoptPromise(value as Promise<unknown>);
    if (ArrayBuffer.isView(value)) this.adopt(value.buffer);
    else if (ours === Object.prototype || ours === Array.prototype) this.adoptInside(value);
    return value;
  }

  private adoptInside(value: object): void {
    Reflect.ownKeys(value).forEach((key) => {
      const { value: inside } = Reflect.getOwnPropertyDescriptor(value, key)!;
      const adopted = this.adopt(inside);
      if (adopted !== inside) setOwn(value, key, adopted);
    });
  }

  private adoptPromise(promise: Promise<unknown>): Promise<unknown> {
    return then(
      promise,
      (value) => this.adopt(value),
      (error) => {
        throw this.adoptError(error);
      },
    );
  }

  /** Of what is thrown only arkffi's own errors: others are the program's. */
  private adoptError(error: unknown): unknown {
    if (typeof error !== 'object' || error === null) return error;
    const code = Reflect.getOwnPropertyDescriptor(error, 'code')?.value;
    return typeof code === 'string' && code.startsWith('ERR_FFI_') ? this.adopt(error) : error;
  }
}
