/* Batches whose rows worker threads share.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_ASYNC_BATCH_H
#define ARKJS_ASYNC_BATCH_H

#include "async/pending.h"

/* Starts calling for each row of `columns`, as arkjs_batch_call does. On ARK_OK *promise settles with the typed array of the
 * results, or with undefined for a void function, and *handle is for cancelCall. Fails as arkjs_columns_take does, for
 * arrays that are resizable or overlap where they must not, and with ARK_NO_MEMORY: then the caller makes a rejected
 * promise of it. */
ark_status arkjs_async_batch_start(arkjs_function *function, napi_value columns, napi_value out, napi_value *promise,
                                   ark_handle *handle, ark_error *error);

#endif
