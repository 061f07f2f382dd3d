/* Batches: a function called for each row of typed arrays, in one crossing.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BATCH_H
#define ARKJS_BATCH_H

#include "function.h"

/* Calls for each row of `columns`, an array with a typed array or a scalar for each argument. *result is the typed array of
 * the results: `out`, or a new one where that is undefined; undefined for a void function.
 * Fails with ARK_BAD_SIGNATURE for functions that have no batches, ARK_ARG_COUNT, ARK_INVALID_ARG_TYPE, ARK_OUT_OF_RANGE
 * where lengths differ or there are no rows, ARK_LIBRARY_CLOSED, ARK_NO_MEMORY, and ARKJS_PENDING for what a getter or a
 * callback threw. */
ark_status arkjs_batch(arkjs_function *function, napi_value columns, napi_value out, napi_value *result,
                       ark_error *error);

#endif
