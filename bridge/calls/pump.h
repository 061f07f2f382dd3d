/* Synchronous calls during which callbacks of other threads can run. C runs on a thread of arkffi, and the JavaScript
 * thread runs messages while it waits.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PUMP_H
#define ARKJS_PUMP_H

#include "functions/function.h"

/* As arkjs_call. Also fails with ARK_NO_MEMORY when the system cannot start a thread. */
ark_status arkjs_pump(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error);

/* Ends the threads, which must be idle. */
void arkjs_pumps_end(arkjs_env *env);

#endif
