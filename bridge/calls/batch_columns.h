/* The columns of a batch and where its results go: typed arrays and single values, checked.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BATCH_COLUMNS_H
#define ARKJS_BATCH_COLUMNS_H

#include "arkffi/batch.h"
#include "calls/pin.h"

typedef struct arkjs_columns {
  arkjs_function *function;
  arkjs_site site;     /* what messages say; its arena has all that is below */
  arkjs_array *arrays; /* one for each argument, and one for the results */
  ark_column *columns;
  ark_value *scalars;
  size_t rows;
  size_t rows_of;       /* the argument that has them, counted from 1 */
  bool are_results_new; /* nobody else has their array */
} arkjs_columns;

/* Takes `list`, an array with a typed array or a scalar for each argument. *result is where the results go: on the way in a
 * typed array or undefined, on the way out that array or a new one; undefined for a void function.
 * Fails with ARK_BAD_SIGNATURE for functions that have no batches, ARK_ARG_COUNT, ARK_INVALID_ARG_TYPE, ARK_OUT_OF_RANGE
 * where lengths differ or there are no rows, ARK_LIBRARY_CLOSED, ARK_NO_MEMORY, and ARKJS_PENDING for what a getter threw. */
ark_status arkjs_columns_take(arkjs_columns *batch, arkjs_function *function, ark_arena *arena, napi_value list,
                              napi_value *result, ark_error *error);

/* Whether the array of argument `index`, or the one of the results, is where it was, if it is one. */
bool arkjs_columns_stand(const arkjs_columns *batch, size_t index);

/* Fails with "function: batch: argument N: " or "…: out: " before the message. */
ark_status arkjs_columns_fail(const arkjs_columns *batch, size_t index, ark_status status, const char *what);

#endif
