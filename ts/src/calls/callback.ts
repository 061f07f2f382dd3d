/** JavaScript functions that C can call. */

import type { CallbackHandle } from '../host/bridge';
import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { ffiError, inNameOf, inNamesOf, wrongType } from '../base/errors';
import type { Renaming } from '../base/errors';
import { bindWhenRead } from '../base/methods';
import { native } from '../base/native';
import { optionsIn } from '../base/own';
import type { IfKnownIn } from '../signatures/exact';
import { checkKeys, readCallbackDeclaration } from '../signatures/declaration';
import type { Declaration } from '../signatures/declaration';
import type {
  AllToCallback,
  AwaitedCallbackFunction,
  CallbackArgumentType,
  CallbackFunction,
  FromC,
  FunctionSignature,
} from '../signatures/mapping';
import type { Abi } from '../signatures/signature';
import { invokeWithValues, withValues } from './by_value';
import { bindToOwner, canBeWeak, closeWhenCollected, forget, ownFunction } from './weak_callback';

/** The type of a callback's result. */
type CallbackResult = NonNullable<FunctionSignature['returns']>;

/** What the native module calls `JSCallback.call`. */
const CALL: readonly Renaming[] = [{ from: 'invokeCallback: ', to: 'JSCallback.call: ' }];

/** The types of a callback, and which threads may call it. */
export interface CallbackDefinition<A extends readonly CallbackArgumentType[], R> {
  /**
   * The type of each argument that C passes, in order. No arguments when absent. The function gets nothing for `'...'`.
   */
  readonly args?: readonly [...A];
  /** The type of the result that C gets. `void` when absent. */
  readonly returns?: R;
  /** The calling convention by which C calls it, as for a C function. The platform's own when absent. */
  readonly abi?: Abi;
  /**
   * Whether C may call it from other threads. `true`: the calling thread waits for the result, and the function may
   * return a Promise for it. `'post'`, only if it returns `void`: the calling thread does not wait; the function runs
   * later with copies of the arguments, in the order of the calls. False when absent.
   */
  readonly threadsafe?: boolean | 'post';
  /**
   * Whether the callback is closed when the `JSCallback` has been collected, so that the program need not close it. C
   * does not keep it: the program does, by a reference to the object. False when absent.
   */
  readonly weak?: boolean;
}

/** The types of a callback whose function may return a Promise, for which the calling thread waits. */
export interface AwaitedCallbackDefinition<A extends readonly CallbackArgumentType[], R> extends CallbackDefinition<
  A,
  R
> {
  readonly threadsafe: true;
}

/**
 * A JavaScript function that C may call through `ptr`, until `close()`. The program owns it: unless it is `weak`, it is
 * never collected, and must be closed when C cannot call it any more.
 *
 * If the function throws, C gets zero, and the call into C that led to it throws the error. If it is not `threadsafe`
 * and another thread calls it, C gets zero as well, and the call fails with `ERR_FFI_WRONG_THREAD`.
 *
 * Thread rule: belongs to the JavaScript thread that made it, where the function always runs.
 *
 * @example
 * using compare = new JSCallback((a, b) => read(a) - read(b), { args: ['p', 'p'], returns: 'i' });
 * libc.symbols.qsort(values, values.length, 8, compare);
 */
export class JSCallback<
  A extends readonly CallbackArgumentType[] = readonly CallbackArgumentType[],
  R extends CallbackResult = CallbackResult,
> {
  /** Whether C may call it from other threads. */
  readonly threadsafe: boolean;
  /** Whether it is closed when it has been collected. */
  readonly weak: boolean;
  private readonly handle: CallbackHandle;
  private readonly declaration: Declaration;

  /**
   * @throws TypeError `ERR_FFI_BAD_SIGNATURE` for a type or key that is unknown; TypeError `ERR_FFI_INVALID_ARG_TYPE`
   *   if `fn` is not a function.
   */
  constructor(fn: CallbackFunction<A, R>, definition: CallbackDefinition<A, R> & IfKnownIn<A>);
  constructor(fn: AwaitedCallbackFunction<A, R>, definition: AwaitedCallbackDefinition<A, R> & IfKnownIn<A>);
  constructor(fn: unknown, definition: CallbackDefinition<A, R>) {
    if (typeof fn !== 'function') throw wrongType('JSCallback: argument 1', 'a function', fn);
    const declaration = readCallbackDeclaration(definition, 'JSCallback');
    checkKeys(definition, ['args', 'returns', 'abi', 'threadsafe', 'weak'], 'JSCallback');
    const { threadsafe = false, weak = false } = optionsIn(definition, ['threadsafe', 'weak']);
    if (typeof threadsafe !== 'boolean' && threadsafe !== 'post') {
      throw wrongType('JSCallback: threadsafe', "a boolean or 'post'", threadsafe);
    }
    if (typeof weak !== 'boolean') throw wrongType('JSCallback: weak', 'a boolean', weak);
    this.threadsafe = threadsafe !== false;
    this.weak = weak;
    this.declaration = declaration;
    const plain = fn as (...args: unknown[]) => unknown;
    const converting = declaration.converts ? withValues(plain, declaration) : plain;
    const isPostedWeak = weak && canBeWeak && threadsafe === 'post';
    const callable = isPostedWeak ? ownFunction(converting) : converting;
    const { parameters, returns } = declaration.signature;
    this.handle = inNameOf('JSCallback', () =>
      native.bindCallback(callable, parameters, returns, threadsafe, weak && canBeWeak),
    );
    if (weak) closeWhenCollected(this, this.handle, callable);
    if (isPostedWeak) bindToOwner(callable, this);
  }

  /**
   * The C function pointer. C may keep it for as long as the callback is open.
   * @throws Error `ERR_FFI_CALLBACK_CLOSED` if it is closed, so that C never gets the pointer of a closed callback.
   */
  get ptr(): number {
    try {
      return native.getCallbackPtr(this.handle);
    } catch (error) {
      throw ffiError('ERR_FFI_CALLBACK_CLOSED', 'JSCallback: its ptr was asked for after it was closed');
    }
  }

  /** Calls the function as C would, through its pointer. */
  call(...args: AllToCallback<A>): FromC<R> {
    return inNamesOf(CALL, () => invokeWithValues(this.handle, this.declaration, args)) as FromC<R>;
  }

  /** The handle that the raw bridge knows the callback by. */
  getHandle(): CallbackHandle {
    return this.handle;
  }

  /**
   * Makes the callback keep the process alive while it is open. A new callback does not. A weak callback is collected
   * all the same.
   * @throws Error `ERR_FFI_CALLBACK_CLOSED` if it is closed.
   */
  ref(): this {
    inNameOf('JSCallback.ref', () => native.holdCallback(this.handle, true));
    return this;
  }

  /** Undoes `ref`. A closed callback does not keep the process alive, so nothing is done for it. */
  unref(): this {
    native.holdCallback(this.handle, false);
    return this;
  }

  /** Closes the callback; a second time does nothing. If C calls the pointer afterwards, it gets zero. */
  close(): void {
    native.destroyCallback(this.handle);
    if (this.weak) forget(this);
  }
}

export interface JSCallback<A extends readonly CallbackArgumentType[], R extends CallbackResult> extends Closable {}
makeDisposable(JSCallback.prototype);
bindWhenRead(JSCallback.prototype, ['call', 'getHandle', 'ref', 'unref', 'close']);
