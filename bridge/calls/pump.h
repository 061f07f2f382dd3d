/* Synchronous calls during which callbacks of other threads can run: C runs on a thread of arkffi's, and the JavaScript
 * thread, which waits for it, sees to its messages meanwhile.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PUMP_H
#define ARKJS_PUMP_H

#include "functions/function.h"

/* As arkjs_call. Fails also with ARK_NO_MEMORY where the system has no thread to give. */
ark_status arkjs_pump(arkjs_function *function, napi_value *values, napi_value *result, ark_error *error);

/* Ends the threads, which are idle. */
void arkjs_pumps_end(arkjs_env *env);

#endif
