/* The checked columns of a batch, typed arrays and single values, and the array for its results.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_BATCH_COLUMNS_H
#define ARKJS_BATCH_COLUMNS_H

#include "arkffi/batch.h"
#include "calls/pin.h"

typedef struct arkjs_columns {
  arkjs_function *function;
  arkjs_site site;     /* for messages; its arena has everything below */
  arkjs_array *arrays; /* one for each argument, and one for the results */
  ark_column *columns;
  ark_value *scalars;
  size_t rows;
  size_t rows_of;       /* the argument that set `rows`, counted from 1 */
  bool are_results_new; /* no other code has their array */
} arkjs_columns;

/* Takes `list`, an array with a typed array or a single value for each argument. *result is a typed array for the
 * results or undefined; it becomes that array or a new one, or undefined for a void function. Fails with
 * ARK_BAD_SIGNATURE for functions without batches, ARK_ARG_COUNT, ARK_INVALID_ARG_TYPE, ARK_OUT_OF_RANGE when lengths
 * differ or there are no rows, ARK_LIBRARY_CLOSED, ARK_NO_MEMORY, and ARKJS_PENDING for what a getter threw. */
ark_status arkjs_columns_take(arkjs_columns *batch, arkjs_function *function, ark_arena *arena, napi_value list,
                              napi_value *result, ark_error *error);

/* Whether the array of argument `index`, or of the results, still has the same bytes. True for a single value. */
bool arkjs_columns_stand(const arkjs_columns *batch, size_t index);

/* Fails with a message that begins with "function: batch: argument N: " or "function: batch: out: ". */
ark_status arkjs_columns_fail(const arkjs_columns *batch, size_t index, ark_status status, const char *what);

#endif
