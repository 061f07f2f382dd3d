/* Buffers as arguments of calls by the V8 engine: finds the address of their bytes.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_BUFFER_ARGUMENT_H
#define ARKJS_V8_BUFFER_ARGUMENT_H

#include "env/env.h"
#include "v8/symbols.h"

/* Called by V8 with a value of any kind. Writes the address of the bytes of an ArrayBuffer, typed array or DataView,
 * as a number, to the double at the address `slot`. Returns 1, or 0 for values that the slow path must handle: those
 * of another kind, and buffers that are empty, detached, resizable, or on V8's heap, where their bytes may move.
 *
 * The bytes are outside V8's heap, so they stay in place until the buffer is collected. V8 keeps the buffer during
 * the call, because the JavaScript after the call refers to it.
 */
typedef int32_t arkjs_v8_put_address(const void *receiver, napi_value value, double slot);

/* The function for this version of V8, or NULL when the layout of buffers is not as expected. */
arkjs_v8_put_address *arkjs_v8_address_putter(arkjs_env *env, const arkjs_v8_symbols *symbols);

#endif
