/* An asynchronous call: converted here, run on a worker thread, settled here.
 *
 * Thread rule: the environment's JavaScript thread, where nothing else is said.
 */
#ifndef ARKJS_TASK_H
#define ARKJS_TASK_H

#include "functions/function.h"

/* Starts a call. On ARK_OK *promise settles with its value. Fails as arkjs_arguments_take does: then the caller
 * makes a rejected promise of it. */
ark_status arkjs_task_start(arkjs_function *function, napi_value *values, napi_value *promise, ark_error *error);

/* The same, with a handle for cancelCall in *handle. */
ark_status arkjs_task_start_cancellable(arkjs_function *function, napi_value *values, napi_value *promise,
                                        ark_handle *handle, ark_error *error);

#endif
