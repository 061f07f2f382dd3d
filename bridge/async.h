/* An asynchronous call: converted here, run on a worker thread, settled here.
 *
 * Thread rule: the environment's JavaScript thread, where nothing else is said.
 */
#ifndef ARKJS_ASYNC_H
#define ARKJS_ASYNC_H

#include "function.h"

/* One call in flight. */
typedef struct arkjs_task arkjs_task;

/* Starts a call. On ARK_OK *promise settles with its value. Fails as arkjs_arguments_take does: then the caller
 * makes a rejected promise of it. */
ark_status arkjs_start(arkjs_function *function, napi_value *values, napi_value *promise, ark_error *error);

/* The same, with a handle for cancelCall in *handle. */
ark_status arkjs_start_cancellable(arkjs_function *function, napi_value *values, napi_value *promise,
                                   ark_handle *handle, ark_error *error);

/* A promise that is rejected with the error. */
napi_value arkjs_rejected(arkjs_env *env, ark_status status, const ark_error *error);

/* Any thread: the call that this thread is running, or NULL. */
arkjs_task *arkjs_task_running(void);

/* Any thread: whose call it is. */
arkjs_env *arkjs_task_env(const arkjs_task *task);

/* The call's own thread: the promise will be rejected with the error, unless something went wrong before. */
void arkjs_task_fail(arkjs_task *task, ark_status status, const ark_error *error);

/* While the call's thread waits: the promise will be rejected with the value, likewise. */
void arkjs_task_throw(arkjs_task *task, napi_value thrown);

/* The call's own thread: whether one of these has happened. Then JavaScript is not entered again. */
bool arkjs_task_has_failed(const arkjs_task *task);

/* The module's function: rejects a call's promise at once. What has not begun never will; what has runs out. */
ark_status arkjs_cancel_call(const arkjs_request *request, napi_value *result);

#endif
