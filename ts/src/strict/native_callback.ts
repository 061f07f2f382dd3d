/** Callbacks whose functions have the types that the program has declared. */

import { makeDisposable } from '../base/disposable';
import type { Closable } from '../base/disposable';
import { inNamesOf, wrongType } from '../base/errors';
import type { Renaming } from '../base/errors';
import { bindWhenRead } from '../base/methods';
import { JSCallback } from '../calls/callback';
import { NativeSignature } from './native_type';

/** What `JSCallback` calls the arguments of `NativeCallback`. */
const NAMES: readonly Renaming[] = [
  { from: 'JSCallback: args', to: 'NativeCallback: argument 2: args' },
  { from: 'JSCallback: returns', to: 'NativeCallback: argument 2: returns' },
  { from: 'JSCallback: threadsafe: ', to: 'NativeCallback: argument 3: ' },
  { from: 'JSCallback: weak: ', to: 'NativeCallback: argument 4: ' },
  { from: 'JSCallback: ', to: 'NativeCallback: ' },
];

/**
 * A function of the program that C may call through `ptr`, until `close()`. It may be passed for a callback or pointer
 * parameter. What `JSCallback` says of threads, exceptions and closing holds here, too.
 *
 * @example
 * const twice = new NativeCallback((n: number): number => n * 2, new NativeSignature([FFIType.int32], FFIType.int32));
 * apply(twice, 21); // 42
 * twice.close();
 *
 * Thread rule: belongs to the JavaScript thread that made it, where the function always runs.
 */
export class NativeCallback {
  private readonly callback: JSCallback<any, any>;

  /**
   * @param fn The function. Its parameters are what C passes.
   * @param signature The types of its arguments and of its result.
   * @param threadsafe `true` if other threads may call it and wait for the result; `'post'` if they may call it without
   *   waiting.
   * @param weak Whether it is closed when the `NativeCallback` has been collected.
   * @throws as `JSCallback` does.
   */
  constructor(fn: Function, signature: NativeSignature, threadsafe: boolean | 'post' = false, weak: boolean = false) {
    if (!(signature instanceof NativeSignature)) {
      throw wrongType('NativeCallback: argument 2', 'a NativeSignature', signature);
    }
    const definition = { ...signature.describe(), threadsafe, weak };
    this.callback = inNamesOf(NAMES, () => new JSCallback(fn as any, definition));
  }

  /**
   * The C function pointer. C may keep it for as long as the callback is open.
   * @throws Error `ERR_FFI_CALLBACK_CLOSED` if it is closed.
   */
  get ptr(): number {
    return inNamesOf(NAMES, () => this.callback.ptr);
  }

  /** Closes the callback; a second time does nothing. If C calls the pointer afterwards, it gets zero. */
  close(): void {
    this.callback.close();
  }
}

export interface NativeCallback extends Closable {}
makeDisposable(NativeCallback.prototype);
bindWhenRead(NativeCallback.prototype, ['close']);
