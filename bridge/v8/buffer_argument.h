/* Buffers as arguments of calls by V8: where their bytes are.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_BUFFER_ARGUMENT_H
#define ARKJS_V8_BUFFER_ARGUMENT_H

#include "env/env.h"
#include "v8/symbols.h"

/* Called by V8, with a value of any kind. Writes where the bytes of an ArrayBuffer, typed array or DataView begin, as a
 * number, to the double at the address `cell`. Answers 1, or 0 where the ordinary route must look at it: what is none of
 * these, is empty, detached or resizable, or has its bytes on V8's heap, where they may move.
 *
 * The bytes are outside V8's heap, so they stay where they are for as long as the buffer is not collected; V8 keeps it for
 * the call, because JavaScript behind the call refers to it. */
typedef int32_t arkjs_v8_put_address(const void *receiver, napi_value value, double cell);

/* The function for this V8, or NULL when buffers are not laid out here as they must be. */
arkjs_v8_put_address *arkjs_v8_address_putter(arkjs_env *env, const arkjs_v8_symbols *symbols);

#endif
