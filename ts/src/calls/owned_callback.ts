/** Plain functions whose C function pointer belongs to data: to a struct's memory, or to one call. */

import type { CallbackHandle } from '../host/bridge';
import { inNameOf } from '../base/errors';
import { native } from '../base/native';
import type { Declaration } from '../signatures/declaration';
import { withValues } from './by_value';
import { canBeWeak, closeWhenCollected, forget } from './weak_callback';

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * The C function pointer of a plain function. The memory in which its address is stored keeps it; it is closed when it
 * has been collected, or with the call that it was made for. Other threads may call it, because C keeps data for any.
 */
export class OwnedCallback {
  /** The C function pointer. */
  readonly ptr: number;
  private readonly handle: CallbackHandle;

  constructor(fn: AnyFunction, declaration: Declaration, place: string) {
    const { parameters, returns } = declaration.signature;
    const callable = declaration.converts ? withValues(fn, declaration) : fn;
    // Weak, because the function may refer to the memory that keeps this object.
    this.handle = inNameOf(place, () => native.bindCallback(callable, parameters, returns, true, canBeWeak));
    closeWhenCollected(this, this.handle, callable);
    this.ptr = native.getCallbackPtr(this.handle);
  }

  /** Closes it; a second time does nothing. */
  close(): void {
    native.destroyCallback(this.handle);
    forget(this);
  }
}
