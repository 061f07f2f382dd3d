/* The V8 engine: functions that V8 calls from optimised code with nothing in between ("fast API calls").
 *
 * Such a function has a machine-code entry, a thunk, which optimised code calls, and a slow callback for all other code,
 * which only gives undefined: then the JavaScript around it calls by another engine. That JavaScript also checks the
 * values, because V8 would convert them silently, and the gates. Before V8 13 C must not come back to JavaScript during
 * such a call, so there is none while a callback is open. From then on there is a second function for that, which gives V8
 * no result (see describe in fast.c), and a callback pauses the call.
 *
 * A function that V8 has made is never given up, since V8 keeps it in the context anyway: it waits for the next C
 * function with the same types.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_H
#define ARKJS_V8_H

#include "functions/function.h"
#include "v8/gates.h"

/* Answers with `{ gates, evaluate, entriesOf, settle, … }`, see ts/src/v8.ts; the first time only. Fails with
 * ARK_NO_ENGINE where V8 is not as it must be. */
ark_status arkjs_open_v8(const arkjs_request *request, napi_value *result);

/* The environment's V8 functions and gate for a C function are free again. */
void arkjs_v8_release_function(arkjs_function *function);

/* The environment ends; and later, nothing refers to it any more. */
void arkjs_v8_end(arkjs_env *env);
void arkjs_v8_free(arkjs_env *env);

#endif
