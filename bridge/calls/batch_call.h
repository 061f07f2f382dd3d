/* Batches: a function called for each row of typed arrays, in one crossing.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BATCH_CALL_H
#define ARKJS_BATCH_CALL_H

#include "functions/function.h"

/* Calls for each row of `columns`. *result is the typed array of the results: `out`, or a new one where that is undefined;
 * undefined for a void function.
 * Fails as arkjs_columns_take does, and with ARKJS_PENDING for what a callback threw. */
ark_status arkjs_batch_call(arkjs_function *function, napi_value columns, napi_value out, napi_value *result,
                            ark_error *error);

#endif
