/* The V8 engine: functions that V8's optimised code calls directly ("fast API calls").
 *
 * One such function serves all C functions whose types are passed in the same way, and gets the address of the C
 * function as its last argument. It has a thunk, which optimised code calls, and a slow callback for all other code,
 * which returns undefined; then the JavaScript around it calls by another engine. That JavaScript also checks the
 * gates, and the values, because V8 would convert them silently. Before V8 13, C must not re-enter JavaScript during
 * such a call, so none is made while a callback is open. From V8 13 on a second function is used then, which gives V8
 * no result (see v8_describe), and a callback pauses the call.
 *
 * A function of V8 is never freed, since V8 keeps it in the context anyway.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_H
#define ARKJS_V8_H

#include "functions/function.h"
#include "v8/gates.h"

/* Returns `{ gates, gateOf, settle, … }` the first time, and undefined later; see ts/src/engines/v8.ts.
 * Fails with ARK_NO_ENGINE when V8 is not as expected. */
ark_status arkjs_open_v8(const arkjs_request *request, napi_value *result);

/* For an environment whose host makes the calls: *out is a thunk that calls the C function, which keeps it until it is
 * released. The thunk leaves every result behind the gates, and marks the call in them (ARK_THUNK_MARKING). Fails with
 * ARK_NO_MEMORY. */
ark_status arkjs_v8_take_thunk(arkjs_function *function, ark_c_function *out, ark_error *error);

/* Frees the thunk and the gate of a C function. */
void arkjs_v8_release_function(arkjs_function *function);

/* Called when the environment ends, and when its last reference is released. */
void arkjs_v8_end(arkjs_env *env);
void arkjs_v8_free(arkjs_env *env);

#endif
