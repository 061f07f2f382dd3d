/* Batches whose rows several workers run at the same time. Each worker takes a few rows at once, as many as keep it
 * busy for a moment, so that all workers are busy until the end however long single calls take.
 *
 * Thread rule: any thread.
 */
#ifndef ARKFFI_PARALLEL_BATCH_H
#define ARKFFI_PARALLEL_BATCH_H

#include "batch.h"
#include "worker_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_parallel_batch ark_parallel_batch;

/* Copies a batch, apart from its `stop` and `last`, which are not used. What it points to stays the caller's and must
 * live until ark_parallel_batch_free. The memory of no result may overlap an argument of another row. On ARK_OK the
 * caller owns *out and frees it with ark_parallel_batch_free. Fails with ARK_NO_MEMORY. */
ark_status ark_parallel_batch_create(const ark_batch *batch, ark_parallel_batch **out, ark_error *error);

/* Frees it when no worker is inside ark_parallel_batch_work. NULL is ignored. */
void ark_parallel_batch_free(ark_parallel_batch *parallel);

/* Called on a worker's thread, inside a job: calls the function for rows that no other worker has taken, until none are
 * left, ark_parallel_batch_stop is called, or the worker should leave. */
void ark_parallel_batch_work(ark_parallel_batch *parallel, ark_worker *worker);

/* Makes workers begin no other row. The results of calls that are running are not stored. */
void ark_parallel_batch_stop(ark_parallel_batch *parallel);

/* Whether rows are left that no worker has taken, and ark_parallel_batch_stop has not been called. */
bool ark_parallel_batch_has_rows(const ark_parallel_batch *parallel);

#ifdef __cplusplus
}
#endif
#endif
