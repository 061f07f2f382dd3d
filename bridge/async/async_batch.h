/* Asynchronous batches: worker threads share the rows.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_ASYNC_BATCH_H
#define ARKJS_ASYNC_BATCH_H

#include "async/pending.h"

/* Starts calls for each row of `columns`, as arkjs_batch_call does. On ARK_OK *promise settles with the typed array
 * of the results, or undefined for a void function; `groups` is as for arkjs_pending_promise. Fails as
 * arkjs_columns_take does, also for arrays that are resizable or overlap the results, and with ARK_NO_MEMORY. The
 * caller then rejects a promise with the error. */
ark_status arkjs_async_batch_start(arkjs_function *function, napi_value columns, napi_value out,
                                   arkjs_cancel_group *const groups[], napi_value *promise, ark_error *error);

#endif
