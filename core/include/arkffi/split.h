/* Batches whose rows several workers share. Each takes some rows at a time, as many as keep it busy for a moment, so that
 * all have something to do until the end, however long the single calls take.
 *
 * Thread rule: any thread; nobody may be inside when it is freed.
 */
#ifndef ARKFFI_SPLIT_H
#define ARKFFI_SPLIT_H

#include "batch.h"
#include "crew.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_split ark_split;

/* The batch is copied, but for its `stop` and `last`, which are not used; what it points to must outlive the split. No
 * result may lie where another row has an argument. On ARK_OK the caller owns *out. Fails with ARK_NO_MEMORY. */
ark_status ark_split_create(const ark_batch *batch, ark_split **out, ark_error *error);

/* NULL is ignored. */
void ark_split_free(ark_split *split);

/* A worker's thread, inside a job: calls for rows that nobody else calls for, until none are left, the split is stopped,
 * or the worker should leave. */
void ark_split_work(ark_split *split, ark_worker *worker);

/* From now on no row is begun. The result of a row that is at hand is not kept. */
void ark_split_stop(ark_split *split);

/* Whether somebody must come to call for more rows. */
bool ark_split_has_rows(const ark_split *split);

#ifdef __cplusplus
}
#endif
#endif
