/* Batches whose rows several workers run at the same time. Each worker takes a few rows at once, as many as keep it
 * busy for a moment, so that all workers are busy until the end however long single calls take.
 *
 * Thread rule: any thread.
 */
#ifndef ARKFFI_SPLIT_H
#define ARKFFI_SPLIT_H

#include "batch.h"
#include "crew.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_split ark_split;

/* Copies a batch, apart from its `stop` and `last`, which are not used. What it points to stays the caller's and must
 * live until ark_split_free. The memory of no result may overlap an argument of another row. On ARK_OK the caller owns
 * *out and frees it with ark_split_free. Fails with ARK_NO_MEMORY. */
ark_status ark_split_create(const ark_batch *batch, ark_split **out, ark_error *error);

/* Frees it when no worker is inside ark_split_work. NULL is ignored. */
void ark_split_free(ark_split *split);

/* Called on a worker's thread, inside a job: calls the function for rows that no other worker has taken, until none are
 * left, ark_split_stop is called, or the worker should leave. */
void ark_split_work(ark_split *split, ark_worker *worker);

/* Makes workers begin no other row. The results of calls that are running are not stored. */
void ark_split_stop(ark_split *split);

/* Whether rows are left that no worker has taken, and ark_split_stop has not been called. */
bool ark_split_has_rows(const ark_split *split);

#ifdef __cplusplus
}
#endif
#endif
