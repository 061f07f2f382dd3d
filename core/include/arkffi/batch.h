/* Batches: one function, called once for each row of columns of arguments.
 *
 * Thread rule: any thread; what a batch points to is the caller's, and is not changed by another thread meanwhile.
 */
#ifndef ARKFFI_BATCH_H
#define ARKFFI_BATCH_H

#include "plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Something that any thread may set and look at. C++ has no such type, and can only pass it on. */
#ifdef __cplusplus
typedef struct ark_flag ark_flag;
#else
typedef _Atomic(bool) ark_flag;
#endif

/* The values of one argument, as C has them, one after the other; they need not be aligned. A `stride` of 0 bytes repeats
 * the first one in each row, any other is the type's size. */
typedef struct ark_column {
  const void *memory; /* the caller's */
  size_t stride;
} ark_column;

typedef struct ark_batch {
  const ark_signature *signature; /* the plan's; every type in it has a column, see ark_type_has_column */
  const ark_plan *plan;
  ark_entry entry;
  const ark_column *columns; /* one for each parameter */
  void *results;             /* room for `rows` results, which need not be aligned; not used by void functions */
  size_t rows;
  const ark_flag *stop; /* read after each call: true ends the loop, whoever set it */
  ark_value *last;      /* the result of that call: it is not put among the others, which may be gone */
} ark_batch;

/* Whether values of a type can stand in a column: numbers, bool and addresses. */
bool ark_type_has_column(const ark_type *type);

/* Calls from row `from` on, and gives the number of rows that have been called then, those before `from` counted: all of
 * them, unless it was stopped. */
size_t ark_batch_run(const ark_batch *batch, size_t from);

#ifdef __cplusplus
}
#endif
#endif
