/** JavaScript functions as C functions. */

import type { CallbackHandle } from '../host/bridge';
import { invokeWithValues, withValues } from './by_value';
import { checkKeys, readCallbackDeclaration } from '../signatures/declaration';
import type { Declaration } from '../signatures/declaration';
import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { ffiError, inNameOf, wrongType } from '../base/errors';
import type {
  AllToC,
  ArgumentType,
  AwaitedCallbackFunction,
  CallbackFunction,
  FromC,
  FunctionSignature,
} from '../signatures/mapping';
import { native } from '../base/native';

/** The type of a callback's result. */
type CallbackResult = NonNullable<FunctionSignature['returns']>;

/** The types of a callback, and who may call it. */
export interface CallbackDefinition<A extends readonly ArgumentType[], R> {
  /** The type of each argument that C passes, in order. None when absent. */
  readonly args?: readonly [...A];
  /** The type of the result that C gets. `void` when absent. */
  readonly returns?: R;
  /**
   * Whether C may call it from any thread. With `true` that thread waits for the result, for which the function may also
   * return a Promise. With `'post'`, for `void` only, nobody waits: the function runs later, in the order of the calls,
   * on copies of the arguments. False when absent.
   */
  readonly threadsafe?: boolean | 'post';
}

/**
 * A JavaScript function that C may call through `ptr`, until `close()`. Nothing else ends it: who made it closes it,
 * once C cannot call it any more.
 *
 * An exception in the function makes C get zero, and is thrown by the call into C that led to it. One that is not
 * `threadsafe` and is called from another thread gives C zero as well, and fails with `ERR_FFI_WRONG_THREAD`.
 *
 * @example
 * using compare = new JSCallback((a, b) => read(a) - read(b), { args: ['p', 'p'], returns: 'i' });
 * libc.symbols.qsort(values, values.length, 8, compare);
 */
export class JSCallback<
  A extends readonly ArgumentType[] = readonly ArgumentType[],
  R extends CallbackResult = CallbackResult,
> {
  /** Whether C may call it from any thread. */
  readonly threadsafe: boolean;
  private readonly handle: CallbackHandle;
  private readonly declaration: Declaration;

  /** @throws TypeError `ERR_FFI_BAD_SIGNATURE` for types that are not understood. */
  constructor(fn: CallbackFunction<A, R>, definition: CallbackDefinition<A, R>);
  constructor(fn: AwaitedCallbackFunction<A, R>, definition: CallbackDefinition<A, R> & { readonly threadsafe: true });
  constructor(fn: unknown, definition: CallbackDefinition<A, R>) {
    if (typeof fn !== 'function') throw wrongType('JSCallback: argument 1', 'a function', fn);
    const declaration = readCallbackDeclaration(definition, 'JSCallback');
    checkKeys(definition, ['args', 'returns', 'threadsafe'], 'JSCallback');
    const { threadsafe = false } = definition as { threadsafe?: unknown };
    if (typeof threadsafe !== 'boolean' && threadsafe !== 'post') {
      throw wrongType('JSCallback: threadsafe', "a boolean or 'post'", threadsafe);
    }
    this.threadsafe = threadsafe !== false;
    this.declaration = declaration;
    const plain = fn as (...args: unknown[]) => unknown;
    const callable = declaration.hasStructs ? withValues(plain, declaration) : plain;
    const { signature } = declaration;
    this.handle = inNameOf('JSCallback', () =>
      native.bindCallback(callable, signature.args.join(''), signature.returns, threadsafe),
    );
  }

  /**
   * The C function pointer. C may keep it for as long as the callback is open.
   * @throws Error `ERR_FFI_CALLBACK_CLOSED` once it is closed, so that a dead pointer is never handed to C.
   */
  get ptr(): number {
    try {
      return native.getCallbackPtr(this.handle);
    } catch (error) {
      throw ffiError('ERR_FFI_CALLBACK_CLOSED', 'JSCallback: its ptr was asked for after it was closed');
    }
  }

  /** Calls it as C would, through its pointer. */
  call(...args: AllToC<A>): FromC<R> {
    return invokeWithValues(this.handle, this.declaration, args) as FromC<R>;
  }

  /** Names this callback to the raw bridge. */
  getHandle(): CallbackHandle {
    return this.handle;
  }

  /** From now on the process stays alive while this is open. A callback is not `ref`'d when it is made. */
  ref(): this {
    native.holdCallback(this.handle, true);
    return this;
  }

  /** Undoes `ref`: the process ends when nothing else goes on. */
  unref(): this {
    native.holdCallback(this.handle, false);
    return this;
  }

  /** Ends it; a second time does nothing. If C calls the pointer afterwards it gets zero. */
  close(): void {
    native.destroyCallback(this.handle);
  }
}

export interface JSCallback<A extends readonly ArgumentType[], R extends CallbackResult> extends Closable {}
makeDisposable(JSCallback.prototype);
