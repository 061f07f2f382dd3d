/* Batches: one function, called once for each row of columns of arguments.
 *
 * Thread rule: any thread. Everything that a batch points to stays the caller's, and no other thread may change it
 * during the run, apart from `stop`.
 */
#ifndef ARKFFI_BATCH_H
#define ARKFFI_BATCH_H

#include "plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A bool that any thread may set and read. C++ has no such type, so C++ code can only pass its address on. */
#ifdef __cplusplus
typedef struct ark_flag ark_flag;
#else
typedef _Atomic(bool) ark_flag;
#endif

/* The values of one argument as C represents them, one for each row; they need not be aligned. `stride` is the size of
 * the type in bytes, or 0 if every row has the first value. */
typedef struct ark_column {
  const void *memory; /* the caller's */
  size_t stride;
} ark_column;

typedef struct ark_batch {
  /* The plan's. ark_type_has_column must be true for all its types; the result may also be void. */
  const ark_signature *signature;
  const ark_plan *plan;
  ark_c_function function;
  const ark_column *columns; /* one for each parameter */
  void *results;             /* room for `rows` results, which need not be aligned; not used if the result is void */
  size_t rows;
  const ark_flag *stop; /* read after each call: if it is true, the run ends */
  ark_value *last; /* set to the result of the call after which `stop` was true; `results` may be invalid by then */
} ark_batch;

/* Whether a column can have values of a type: numbers, bool and addresses, but not strings and callbacks. */
bool ark_type_has_column(const ark_type *type);

/* Calls the function for the rows from `from` on, until all are done or `stop` is true. Returns the index of the first
 * row that it has not been called for. */
size_t ark_batch_run(const ark_batch *batch, size_t from);

#ifdef __cplusplus
}
#endif
#endif
