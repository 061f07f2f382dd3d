/* Stack traces across C: what a callback throws gets a line for the C function that called it.
 *
 * V8 sees JavaScript alone, so the trace of such an error goes from the callback straight to whoever called C. Only an
 * error that is thrown pays for this, and where a host writes its traces differently they stay as they are.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_TRACE_H
#define ARKJS_TRACE_H

#include "functions/function.h"

/* What a callback threw in a call of `function` that has just returned, to the JavaScript that is on the stack now: puts
 * "at function (file)" into error.stack above that JavaScript. Leaves alone what is no error, or has no such trace. */
void arkjs_trace_call(const arkjs_function *function, napi_value thrown);

/* The same where C ran on another thread: below all of the trace, because no JavaScript waited for it. */
void arkjs_trace_async_call(const arkjs_function *function, napi_value thrown);

/* Whether this host writes traces as V8 does. Called by JavaScript. */
bool arkjs_has_traces(arkjs_env *env);

#endif
