/* Batches: calls of a function for each row of typed arrays, in one call from JavaScript.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BATCH_CALL_H
#define ARKJS_BATCH_CALL_H

#include "functions/function.h"

/* Calls the function for each row of `columns`. *result becomes the typed array of the results: `out`, or a new one
 * if that is undefined; undefined for a void function. Fails as arkjs_columns_take does, and with ARKJS_PENDING for
 * what a callback threw. */
ark_status arkjs_batch_call(arkjs_function *function, napi_value columns, napi_value out, napi_value *result,
                            ark_error *error);

#endif
