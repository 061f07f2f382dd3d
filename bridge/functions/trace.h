/* Stack traces across C: an error that a callback throws gets a line for the C function that called it.
 *
 * V8 sees only JavaScript, so the trace of such an error continues from the callback directly with the code that
 * called C. Only errors that are thrown pay for this. Traces in another format, and errors without a line, are not
 * changed.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_TRACE_H
#define ARKJS_TRACE_H

#include "functions/function.h"

/* `thrown` was thrown by a callback during a call of `function` that has just returned to JavaScript. Inserts "at
 * function (file)" into error.stack above the JavaScript that is on the stack now. Ignores values that are not errors
 * or have no such trace. */
void arkjs_trace_call(const arkjs_function *function, napi_value thrown);

/* The same for C on another thread. The line goes to the end of the trace, because no JavaScript waited for the call.
 */
void arkjs_trace_async_call(const arkjs_function *function, napi_value thrown);

#endif
