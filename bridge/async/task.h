/* Asynchronous calls: converted on the JavaScript thread, run on a worker thread, settled on the JavaScript thread.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_TASK_H
#define ARKJS_TASK_H

#include "async/cancel_group.h"
#include "functions/function.h"

/* Starts a call. On ARK_OK *promise settles with its result. Fails as arkjs_arguments_take does; the caller then
 * rejects a promise with the error. */
ark_status arkjs_task_start(arkjs_function *function, napi_value *values, napi_value *promise, ark_error *error);

/* The same for a call in groups, as arkjs_pending_promise takes them. */
ark_status arkjs_task_start_cancellable(arkjs_function *function, napi_value *values,
                                        arkjs_cancel_group *const groups[], napi_value *promise, ark_error *error);

#endif
